using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Salesforce;

/// <summary>What work costs in API calls, and what is left of the quota.</summary>
internal sealed class SalesforceForecast(SalesforceApi api, SalesforceSettings settings)
{
    public async Task<ApiForecast> OfAsync(ApiWork work, CancellationToken cancellationToken)
    {
        var daily = (await api.Organization.LimitsAsync(cancellationToken)).DailyApiRequests;
        var (max, left) = (daily?.Max, daily?.Remaining);
        if (settings.DailyCalls is { } own && (max is null || own < max))
        {
            left = left is null ? own : Math.Max(0, own - (max!.Value - left.Value));
            max = own;
        }

        return new(CostOf(work), "calls") { Limit = max, Left = left, Reserve = (max ?? 0) * settings.ReservePercent / 100 };
    }

    /// <summary>The calls that work takes: a describe, the count, pages or a job; and for writes the batches, and a look at each for its version.</summary>
    public long CostOf(ApiWork work)
    {
        var cost = 1L;
        if (work is { Creates: 0, Updates: 0, Deletes: 0 })
        {
            var reads = work.Reads ?? 0;
            return cost + 3 + (reads < settings.BulkFrom ? Ceiling(reads, 2000) : 8 + Ceiling(reads, 50_000));
        }

        if (work.Creates + work.Updates + work.Deletes < settings.BulkFrom)
            return cost + (2 * Ceiling(work.Creates, 200)) + (3 * Ceiling(work.Updates, 200)) + Ceiling(work.Deletes, 200);
        var jobs = Ceiling(work.Creates, BulkLane.MostRecords) + Ceiling(work.Updates, BulkLane.MostRecords) + Ceiling(work.Deletes, BulkLane.MostRecords);
        return cost + (12 * jobs) + Ceiling(work.Creates + work.Updates, 2000);
    }

    private static long Ceiling(long count, long each) => (count + each - 1) / each;
}

using System.Runtime.CompilerServices;

namespace Crm.Integration.Connectors.Salesforce;

/// <summary>Reads what a query job of the Bulk API found, part by part.</summary>
internal sealed class BulkQuery(SalesforceApi api, TimeProvider clock)
{
    private const int PartSize = 50_000;

    /// <summary>The rows from a place on.</summary>
    /// <param name="select">What was asked for.</param>
    /// <param name="place">The place.</param>
    /// <param name="cancellationToken">Ends it between rows.</param>
    public async IAsyncEnumerable<BulkRow> ReadAsync(SelectList select, BulkPlace place, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var results = new BulkResults(api, $"jobs/query/{place.Id}/results?maxRecords={PartSize}{(place.Locator is null ? "" : $"&locator={Uri.EscapeDataString(place.Locator)}")}", clock);
            int[]? columns = null;
            await foreach (var parser in results.ReadAsync(place.Rows, cancellationToken))
            {
                columns ??= results.Columns(select.Columns.Select(column => column.Path));
                place = place with { Rows = place.Rows + 1 };
                yield return new(select.Read(columns, index => parser[index]), place);
            }

            if (results.Locator is not { } next)
                yield break;
            place = place with { Locator = next, Rows = 0 };
        }
    }
}

/// <summary>A row of a bulk job.</summary>
/// <param name="Reading">The row.</param>
/// <param name="Behind">The place behind it.</param>
internal readonly record struct BulkRow(SelectList.Reading Reading, BulkPlace Behind);

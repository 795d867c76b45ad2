using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Files;
using Crm.Integration.Connectors.Http;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Zoho;

/// <summary>
/// Bulk read jobs: a page of up to 200,000 records each, in a zip file that is kept for about a day. A job that was begun is found again
/// by the cursor, after a crash as well.
/// </summary>
internal sealed class ZohoBulkRead(ZohoApi api, ZohoRows rows, TimeProvider clock)
{
    private static readonly TimeSpan s_longest = TimeSpan.FromHours(6);

    /// <summary>The records since a time, from a place on. The rows of a page are in no order: the place tells what has been taken.</summary>
    /// <param name="since">The oldest change that is wanted; null for all.</param>
    /// <param name="from">Where an earlier pull stopped; null to begin.</param>
    /// <param name="most">The most rows at once.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Rows, and the place behind them; null once all pages are read.</returns>
    public async IAsyncEnumerable<(IReadOnlyList<Value[]> Rows, ZohoCursor.BulkPlace? Place)> ReadAsync(
        DateTimeOffset? since, ZohoCursor.BulkPlace? from, int most, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var place = from;
        if (place is null || await StateAsync(place.Job, cancellationToken) is "" or "FAILURE")
            place = await BeginAsync(since, null, cancellationToken);
        while (true)
        {
            var result = await WaitAsync(place.Job, cancellationToken);
            var more = result.IsTrue("more_records");
            var token = result.TextOf("next_page_token");
            var taken = 0;
            await foreach (var some in DownloadAsync(place, most, cancellationToken))
            {
                taken += some.Count;
                place = place with { Rows = place.Rows + some.Count };
                yield return (some, place);
            }

            if (!more)
                break;
            place = await BeginAsync(since, place with { Token = token }, cancellationToken);
        }

        yield return ([], null);
    }

    private async Task<ZohoCursor.BulkPlace> BeginAsync(DateTimeOffset? since, ZohoCursor.BulkPlace? last, CancellationToken cancellationToken)
    {
        var page = (last?.Page ?? 0) + 1;
        var query = new JsonObject
        {
            ["module"] = new JsonObject { ["api_name"] = rows.Module.Name },
            ["fields"] = new JsonArray([.. rows.Fields.Select(field => (JsonNode)field.Name)]),
        };
        if (last?.Token is { } token)
            query["page_token"] = token;
        else
            query["page"] = page;
        if (since is { } time)
            query["criteria"] = new JsonObject { ["field"] = new JsonObject { ["api_name"] = ZohoField.Modified }, ["comparator"] = "greater_equal", ["value"] = ZohoTime.Write(time) };
        // A job too many costs credits and nothing else, so it may be asked for again.
        using var reply = await api.SendAsync(ZohoCall.Post("/crm/bulk/v8/read", new JsonObject { ["query"] = query }) with { Cost = ZohoCredits.BulkRead }, cancellationToken);
        var details = reply.Data.Select(one => one.TryGetProperty("details", out var found) ? found : default).FirstOrDefault();
        var job = details.TextOf("id") ?? throw new ConnectorException(FailureKind.Transient, $"{rows.Module.Name}: Zoho began no bulk read job ({reply.Data.FirstOrDefault().TextOf("code")}).", "Run again; with `bulkReadFrom`: 0 no bulk jobs are used.");
        return new(job, page, 0) { Began = last?.Began ?? ZohoTime.Read(details.TextOf("created_time")) ?? reply.ServerTime };
    }

    private async Task<System.Text.Json.JsonElement> WaitAsync(string job, CancellationToken cancellationToken)
    {
        var (began, pause) = (clock.GetTimestamp(), TimeSpan.FromSeconds(1));
        while (true)
        {
            using (var reply = await api.SendAsync(ZohoCall.Get($"/crm/bulk/v8/read/{job}"), cancellationToken))
            {
                var answer = reply.Data.FirstOrDefault();
                switch (answer.TextOf("state"))
                {
                    case "COMPLETED":
                        return answer.TryGetProperty("result", out var result) ? result.Clone() : default;
                    case "FAILURE" or "FAILED":
                        throw new ConnectorException(FailureKind.Transient, $"{rows.Module.Name}: Zoho's bulk read job {job} failed.", "The next run begins a new one; with `bulkReadFrom`: 0 no bulk jobs are used.") { Code = "FAILURE" };
                    default:
                        break;
                }
            }

            if (clock.GetElapsedTime(began) > s_longest)
                throw new ConnectorException(FailureKind.Transient, $"{rows.Module.Name}: Zoho's bulk read job {job} is not done after {s_longest.TotalHours:N0} hours.", "The next run looks for it again.");
            await Task.Delay(pause, clock, cancellationToken);
            pause = pause * 1.5 is var longer && longer < TimeSpan.FromSeconds(30) ? longer : TimeSpan.FromSeconds(30);
        }
    }

    /// <summary>The state of a job that an earlier pull began; empty when Zoho knows it no longer.</summary>
    private async Task<string> StateAsync(string job, CancellationToken cancellationToken)
    {
        try
        {
            using var reply = await api.SendAsync(ZohoCall.Get($"/crm/bulk/v8/read/{Uri.EscapeDataString(job)}"), cancellationToken);
            return reply.Data.FirstOrDefault().TextOf("state") ?? "";
        }
        catch (ConnectorException exception) when (exception.Code is "RESOURCE_NOT_FOUND" or "INVALID_DATA")
        {
            // Its result was kept for a day, and the day is over: a new job is begun.
            return "";
        }
    }

    private IAsyncEnumerable<List<Value[]>> DownloadAsync(ZohoCursor.BulkPlace place, int most, CancellationToken cancellationToken) =>
        PageStream.Of<List<Value[]>>((pages, token) => DownloadAsync(place, most, pages, token), cancellationToken);

    private async Task DownloadAsync(ZohoCursor.BulkPlace place, int most, ChannelWriter<List<Value[]>> pages, CancellationToken cancellationToken)
    {
        await using var file = await ZohoZip.FetchAsync(api, $"/crm/bulk/v8/read/{place.Job}/result", cancellationToken);
        using var csv = ZohoZip.OpenCsv(file, rows.Module.Name);
        (int Ordinal, CellReader Read)[]? columns = null;
        var (page, row) = (new List<Value[]>(most), 0L);
        while (await ZohoZip.FillAsync(csv, rows.Module.Name, cancellationToken))
        {
            while (csv.TryRead())
            {
                if (columns is null)
                {
                    columns = [.. csv.Texts().Select(name => (rows.Ordinal(name), Reader(name)))];
                    continue;
                }

                if (csv.IsDamaged || csv.Count != columns.Length)
                    throw new ConnectorException(FailureKind.Transient, $"{rows.Module.Name}: the file of a bulk read job is damaged at row {row + 1}.", "The next run fetches it again.");
                if (row++ < place.Rows)
                    continue;
                page.Add(Values(csv, columns));
                if (page.Count < most)
                    continue;
                await pages.WriteAsync(page, cancellationToken);
                page = new(most);
            }
        }

        if (page.Count > 0)
            await pages.WriteAsync(page, cancellationToken);
    }

    private Value[] Values(CsvBody csv, (int Ordinal, CellReader Read)[] columns)
    {
        var values = rows.Empty();
        for (var i = 0; i < columns.Length; i++)
        {
            if (columns[i].Ordinal is >= 0 and var at)
                values[at] = columns[i].Read(csv[i]);
        }

        return values;
    }

    private CellReader Reader(string name) =>
        rows.Ordinal(name) is >= 0 and var at ? new CellCache(cell => ZohoValues.ReadCell(Encoding.UTF8.GetString(cell), rows.Fields[at])).Read : _ => Value.Null;
}

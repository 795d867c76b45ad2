using System.Threading.Channels;
using Crm.Integration.Connectors.Files;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Salesforce;

/// <summary>Reads what a query job of the Bulk API found, part by part, a few pages ahead of whoever takes them.</summary>
internal sealed class BulkQuery(SalesforceApi api, TimeProvider clock)
{
    private const int PartSize = 50_000;

    /// <summary>The rows from a place on.</summary>
    /// <param name="select">What was asked for.</param>
    /// <param name="place">The place.</param>
    /// <param name="pageSize">The most rows in a page.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public IAsyncEnumerable<BulkPage> ReadAsync(SelectList select, BulkPlace place, int pageSize, CancellationToken cancellationToken) =>
        PageStream.Of<BulkPage>((pages, token) => ReadAsync(select, place, pageSize, pages, token), cancellationToken);

    private async Task ReadAsync(SelectList select, BulkPlace place, int pageSize, ChannelWriter<BulkPage> pages, CancellationToken cancellationToken)
    {
        while (true)
        {
            var part = $"jobs/query/{place.Id}/results?maxRecords={PartSize}{(place.Locator is null ? "" : $"&locator={Uri.EscapeDataString(place.Locator)}")}";
            using var results = new BulkResults(api, part, place.Rows, clock);
            BulkRowReader? reader = null;
            var rows = new List<SourceRow>(pageSize);
            while (await results.FillAsync(cancellationToken))
            {
                while (results.TryRead())
                {
                    reader ??= new BulkRowReader(select, results.Columns(select.Columns.Select(column => column.Path)));
                    rows.Add(reader.Read(results.Row));
                    if (rows.Count < pageSize)
                        continue;
                    place = place with { Rows = place.Rows + rows.Count };
                    await pages.WriteAsync(new(rows, place), cancellationToken);
                    rows = new(pageSize);
                }
            }

            place = results.Locator is { } next ? place with { Locator = next, Rows = 0 } : place with { Rows = place.Rows + rows.Count };
            if (rows.Count > 0)
                await pages.WriteAsync(new(rows, place), cancellationToken);
            if (results.Locator is null)
                return;
        }
    }
}

/// <summary>Rows of a bulk job.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="Behind">The place behind them.</param>
internal sealed record BulkPage(IReadOnlyList<SourceRow> Rows, BulkPlace Behind);

using System.Runtime.CompilerServices;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Salesforce;

/// <summary>Reads what a query job of the Bulk API found.</summary>
internal sealed class BulkQuery(SalesforceApi api, TimeProvider clock)
{
    private const int PartSize = 50_000;
    private const int Tries = 5;

    /// <summary>The rows from a place on. A part that breaks off is asked for again, behind the rows that came.</summary>
    /// <param name="select">What was asked for.</param>
    /// <param name="place">The place.</param>
    /// <param name="cancellationToken">Ends it between rows.</param>
    public async IAsyncEnumerable<BulkRow> ReadAsync(SelectList select, BulkPlace place, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var failures = 0;
        while (true)
        {
            using var response = await api.DownloadAsync($"jobs/query/{place.Id}/results?maxRecords={PartSize}{(place.Locator is null ? "" : $"&locator={Uri.EscapeDataString(place.Locator)}")}", cancellationToken);
            var broken = false;
            await using (var rows = RowsAsync(response, select, place.Rows, cancellationToken).GetAsyncEnumerator(cancellationToken))
            {
                while (true)
                {
                    try
                    {
                        if (!await rows.MoveNextAsync())
                            break;
                    }
                    catch (ConnectorException exception) when (exception is { Kind: FailureKind.Transient, PausedUntil: null } && ++failures < Tries)
                    {
                        broken = true;
                        break;
                    }

                    place = place with { Rows = place.Rows + 1 };
                    yield return new(rows.Current, place);
                }
            }

            if (broken)
            {
                await Task.Delay(TimeSpan.FromSeconds(failures), clock, cancellationToken);
                continue;
            }

            failures = 0;
            if (BulkResults.Locator(response) is not { } next)
                yield break;
            place = place with { Locator = next, Rows = 0 };
        }
    }

    private static async IAsyncEnumerable<SelectList.Reading> RowsAsync(HttpResponseMessage response, SelectList select, long skip, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int[]? columns = null;
        await foreach (var parser in BulkResults.ReadAsync(response, cancellationToken))
        {
            if (columns is null)
                columns = BulkResults.Columns(parser, select.Columns.Select(column => column.Path));
            else if (skip-- <= 0)
                yield return select.Read(columns, index => parser[index]);
        }
    }
}

/// <summary>A row of a bulk job.</summary>
/// <param name="Reading">The row.</param>
/// <param name="Behind">The place behind it.</param>
internal readonly record struct BulkRow(SelectList.Reading Reading, BulkPlace Behind);

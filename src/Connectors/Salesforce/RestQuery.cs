using System.Runtime.CompilerServices;
using System.Text.Json;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Salesforce;

/// <summary>Reads records by REST queries, in the order of their age.</summary>
internal sealed class RestQuery(SalesforceApi api, SelectList select)
{
    // The address and the headers of a request may have 16,384 bytes together: a part of a long list, 200 ids and a token stay below.
    private const int LongestPart = 7_500;
    private const int IdsInAddress = 200;
    private const int MaxRestarts = 20;

    private readonly IReadOnlyList<IReadOnlyList<SelectList.Column>> _parts = select.Parts(LongestPart);

    /// <summary>The records from a place on, page by page.</summary>
    /// <param name="orderBy">The cursor field; empty to go by id alone.</param>
    /// <param name="from">The first instant; null for everything.</param>
    /// <param name="afterId">The last record read at that instant.</param>
    /// <param name="pageSize">The most records in a page.</param>
    /// <param name="cancellationToken">Ends it between pages.</param>
    public async IAsyncEnumerable<IReadOnlyList<SelectList.Reading>> ReadAsync(string orderBy, DateTimeOffset? from, string? afterId, int pageSize, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var restarts = 0; ; restarts++)
        {
            var where = orderBy.Length > 0 ? Soql.From(orderBy, from, afterId) : afterId is null ? null : $"Id > {Soql.Quote(afterId)}";
            var soql = Soql.Select(_parts[0].Select(column => column.Path), select.Target.Name, where, orderBy.Length > 0 ? $"{orderBy} ASC,Id ASC" : "Id ASC");
            await using var pages = api.QueryAsync(soql, deletedToo: false, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (true)
            {
                try
                {
                    if (!await pages.MoveNextAsync())
                        yield break;
                }
                catch (ConnectorException exception) when (exception.Code == "INVALID_QUERY_LOCATOR" && restarts < MaxRestarts)
                {
                    // Salesforce keeps a query for two days and ten of them a user: begin again behind the last record.
                    break;
                }

                foreach (var chunk in pages.Current.Records.Chunk(pageSize))
                {
                    var readings = Array.ConvertAll(chunk, select.Read);
                    if (readings.Length > 0 && (orderBy.Length == 0 || readings[^1].At is not null))
                        (from, afterId) = (readings[^1].At, readings[^1].Id);
                    yield return _parts.Count == 1 ? readings : await CompleteAsync(readings, cancellationToken);
                }
            }
        }
    }

    /// <summary>The records of some ids; those that are gone are not among them.</summary>
    public async IAsyncEnumerable<SelectList.Reading> ByIdAsync(IReadOnlyList<string> ids, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var some in ids.Chunk(IdsInAddress))
        {
            var readings = new List<SelectList.Reading>();
            await foreach (var record in RecordsAsync(_parts[0], some, cancellationToken))
                readings.Add(select.Read(record));
            foreach (var reading in _parts.Count == 1 ? readings : await CompleteAsync(readings, cancellationToken))
                yield return reading;
        }
    }

    // What did not fit into the address of the first query is fetched by id. A record that is gone by then is left out: its deletion is read later.
    private async Task<IReadOnlyList<SelectList.Reading>> CompleteAsync(IReadOnlyList<SelectList.Reading> readings, CancellationToken cancellationToken)
    {
        var complete = new HashSet<string>(readings.Select(reading => reading.Id), StringComparer.Ordinal);
        foreach (var some in readings.Chunk(IdsInAddress))
        {
            var rows = some.ToDictionary(reading => reading.Id, reading => reading.Row, StringComparer.Ordinal);
            foreach (var part in _parts.Skip(1))
            {
                var missing = new HashSet<string>(rows.Keys, StringComparer.Ordinal);
                await foreach (var record in RecordsAsync(part, rows.Keys, cancellationToken))
                {
                    if (record.GetProperty("Id").GetString() is { } id && rows.TryGetValue(id, out var row) && missing.Remove(id))
                        select.Complete(row, record, part);
                }

                complete.ExceptWith(missing);
            }
        }

        return complete.Count == readings.Count ? readings : [.. readings.Where(reading => complete.Contains(reading.Id))];
    }

    private async IAsyncEnumerable<JsonElement> RecordsAsync(IReadOnlyList<SelectList.Column> columns, IEnumerable<string> ids, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var paths = columns.Select(column => column.Path);
        var soql = Soql.Select(columns.Any(column => column.Path == "Id") ? paths : paths.Prepend("Id"), select.Target.Name, Soql.In("Id", ids));
        await foreach (var page in api.QueryAsync(soql, deletedToo: false, cancellationToken))
        {
            foreach (var record in page.Records)
                yield return record;
        }
    }
}

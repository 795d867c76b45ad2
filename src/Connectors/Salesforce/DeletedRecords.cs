using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Salesforce;

/// <summary>Finds the records of an object that are gone: those in the recycle bin, with whom they were merged into, and those that were purged from it.</summary>
internal sealed class DeletedRecords(SalesforceApi api, SelectList select)
{
    // Salesforce tells of deletions for so long.
    private static readonly TimeSpan s_kept = TimeSpan.FromDays(29);
    private static readonly TimeSpan s_window = TimeSpan.FromDays(7);

    /// <summary>Whether the object tells of its deletions at all.</summary>
    public bool CanTell => select.Target.KeepsDeleted || IsReplicated;

    // The list of purged records knows ids only.
    private bool IsReplicated => select.Target.Replicateable && select.KeyField == "Id";

    /// <summary>Whether Salesforce still knows all deletions since an instant; else only a look over all ids tells what is gone.</summary>
    public async Task<bool> ReachesBackAsync(DateTimeOffset from, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (now - from > s_kept)
            return false;
        if (!IsReplicated || now - from < s_window)
            return true;
        try
        {
            var answer = await PurgedAsync(from, from + TimeSpan.FromHours(1), cancellationToken);
            return FieldValues.Instant(answer.EarliestDateAvailable) is not { } earliest || earliest <= from;
        }
        catch (ConnectorException exception) when (exception.Code == "INVALID_REPLICATION_DATE")
        {
            return false;
        }
    }

    /// <summary>The records that were deleted since an instant, each once.</summary>
    public async IAsyncEnumerable<SourceRow> ReadAsync(DateTimeOffset from, DateTimeOffset now, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        if (select.Target is { KeepsDeleted: true, CursorField: { } changed })
        {
            await foreach (var row in InBinAsync($"IsDeleted = true AND {changed.Name} >= {FieldValues.Text(from)}", cancellationToken))
            {
                if (seen.Add(row["Id"].AsText!))
                    yield return row;
            }
        }

        if (!IsReplicated)
            yield break;
        for (var start = from; start < now; start += s_window)
        {
            var end = start + s_window < now ? start + s_window : now;
            foreach (var record in (await PurgedAsync(start, end, cancellationToken)).DeletedRecords ?? [])
            {
                if (record?.Id is { } id && seen.Add(id))
                    yield return select.KeyRow(id, Value.Text(id), isGone: true, aliasOf: null);
            }
        }
    }

    /// <summary>Which of some ids are in the recycle bin.</summary>
    public async IAsyncEnumerable<SourceRow> AmongAsync(IReadOnlyList<string> ids, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!select.Target.KeepsDeleted)
            yield break;
        foreach (var some in ids.Chunk(200))
        {
            await foreach (var row in InBinAsync($"IsDeleted = true AND {Soql.In("Id", some)}", cancellationToken))
                yield return row;
        }
    }

    private async IAsyncEnumerable<SourceRow> InBinAsync(string where, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var byId = select.KeyField == "Id";
        var merges = select.Target.Find("MasterRecordId") is not null;
        List<string> fields = ["Id"];
        if (!byId)
            fields.Add(select.KeyField);
        if (merges)
            fields.Add(byId ? "MasterRecordId" : $"MasterRecord.{select.KeyField}");
        await foreach (var page in api.QueryAsync(Soql.Select(fields, select.Target.Name, where), deletedToo: true, cancellationToken))
        {
            foreach (var record in page.Records)
            {
                var id = Text(record, "Id")!;
                var master = byId ? Text(record, "MasterRecordId") : record.TryGetProperty("MasterRecord", out var winner) && winner.ValueKind == JsonValueKind.Object ? Text(winner, select.KeyField) : null;
                yield return select.KeyRow(id, Value.Text(byId ? id : Text(record, select.KeyField)), isGone: true, master);
            }
        }
    }

    // A window has to be a minute long at least, and goes by whole seconds.
    private Task<DeletedList> PurgedAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        api.Organization.DeletedAsync(select.Target.Name, Second(to - from < TimeSpan.FromMinutes(2) ? to.AddMinutes(-2) : from), Second(to), cancellationToken);

    private static string Second(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

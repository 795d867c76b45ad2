using System.Text.Json;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Salesforce;

/// <summary>
/// Makes writes ready to be sent: values in Salesforce's form, the id of each record that has one, and a look at whether somebody changed it since
/// the hub saw it. Afterwards it finds out which version each record has.
/// </summary>
internal sealed class WritePlan(SalesforceApi api, WriteFields fields, TimeProvider clock)
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(1050);

    private const int IdsInAddress = 300;
    private const int KeysInAddress = 100;

    private SalesforceObject Target => fields.Target;

    /// <summary>Sorts writes into those to send, and those of which the outcome is known already.</summary>
    public async Task<(List<PlannedWrite> Ready, List<WriteOutcome> Known)> MakeAsync(IReadOnlyList<Write> writes, CancellationToken cancellationToken)
    {
        var known = new List<WriteOutcome>();
        var ready = new List<PlannedWrite>(writes.Count);
        var byKey = await IdsOfAsync([.. writes.Where(write => write.ExternalId is null && write.Kind != WriteKind.Create).Select(write => write.Key).Distinct(StringComparer.Ordinal)], cancellationToken);
        foreach (var write in writes)
        {
            if (string.IsNullOrWhiteSpace(write.Key) && write.ExternalId is null)
                known.Add(new(write.Id, FailureKind.Rejected, $"the key field {fields.Key.Name} is empty") { Field = fields.Key.Name, Fault = WriteFault.RequiredMissing });
            else if (byKey.TryGetValue(write.Key, out var found) && found.Count > 1)
                known.Add(new(write.Id, FailureKind.Rejected, $"{found.Count} records of {Target.Name} have the key: {string.Join(", ", found.Take(3))}; make the field unique, or merge them") { Field = fields.Key.Name, Fault = WriteFault.Ambiguous });
            else if (Plan(write, write.ExternalId ?? found?[0], out var planned) is { } outcome)
                known.Add(outcome);
            else
                ready.Add(planned!);
        }

        await RefuseChangedAsync(ready, known, cancellationToken);
        return (ready, known);
    }

    /// <summary>
    /// Of writes whose records are gone those that make them anew. Not those that somebody merged into another one, and not those of which the hub had
    /// seen a version: there it reads first what became of them.
    /// </summary>
    public async Task<List<PlannedWrite>> AnewAsync(IReadOnlyList<PlannedWrite> gone, CancellationToken cancellationToken)
    {
        var lost = gone.Where(planned => planned is { Way: WriteWay.Update, Id: not null, Write: { Kind: WriteKind.Update, ExpectedVersion: null } }).ToList();
        var merged = new HashSet<string>(StringComparer.Ordinal);
        if (lost.Count > 0 && Target.Find("MasterRecordId") is not null)
        {
            await foreach (var page in api.QueryAsync(Soql.Select(["Id", "MasterRecordId"], Target.Name, $"IsDeleted = true AND {Soql.In("Id", lost.Select(planned => planned.Id!))}"), deletedToo: true, cancellationToken))
                merged.UnionWith(page.Records.Where(record => Text(record, "MasterRecordId") is not null).Select(record => Text(record, "Id")!));
        }

        return
        [
            .. lost.Where(planned => !merged.Contains(planned.Id!))
                .Select(planned => (Planned: planned with { Way = WriteWay.Upsert, Id = null, Cells = fields.Convert(planned.Write, asNew: true, out var refusal) }, refusal))
                .Where(each => each.refusal is null)
                .Select(each => each.Planned),
        ];
    }

    /// <summary>
    /// The versions of records that we just wrote. They are whole seconds: only once that second is over a later change shows by another one, so it is waited for.
    /// None for a record that somebody else has changed since, for that is no version of ours.
    /// </summary>
    public async Task<Dictionary<string, string>> VersionsAsync(IEnumerable<string> ids, string? me, CancellationToken cancellationToken)
    {
        var versions = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!await HaveVersionsAsync(me, cancellationToken))
            return versions;
        foreach (var some in ids.Distinct(StringComparer.Ordinal).Chunk(IdsInAddress))
            await CollectAsync(Soql.Select(["Id", "SystemModstamp", "LastModifiedById"], Target.Name, Soql.In("Id", some)), me!, versions, cancellationToken);
        return versions;
    }

    /// <summary>The same for very many: by the time since which they were written.</summary>
    public async Task<Dictionary<string, string>> VersionsSinceAsync(DateTimeOffset since, string? me, CancellationToken cancellationToken)
    {
        var versions = new Dictionary<string, string>(StringComparer.Ordinal);
        if (await HaveVersionsAsync(me, cancellationToken))
            await CollectAsync(Soql.Select(["Id", "SystemModstamp", "LastModifiedById"], Target.Name, $"SystemModstamp >= {FieldValues.Text(since)} AND LastModifiedById = {Soql.Quote(me!)}"), me!, versions, cancellationToken);
        return versions;
    }

    private async Task<bool> HaveVersionsAsync(string? me, CancellationToken cancellationToken)
    {
        if (me is null || Target.Find("SystemModstamp") is null || Target.Find("LastModifiedById") is null)
            return false;
        await Task.Delay(s_tick, clock, cancellationToken);
        return true;
    }

    private async Task CollectAsync(string soql, string me, Dictionary<string, string> versions, CancellationToken cancellationToken)
    {
        await foreach (var page in api.QueryAsync(soql, deletedToo: false, cancellationToken))
        {
            foreach (var record in page.Records)
            {
                if (Text(record, "LastModifiedById") is { } author && OutboundMessage.SameId(author, me) && FieldValues.Instant(Text(record, "SystemModstamp")) is { } at && IsOver(at, page.At))
                    versions[Text(record, "Id")!] = FieldValues.Text(at);
            }
        }
    }

    private static bool IsOver(DateTimeOffset at, DateTimeOffset? now) => now is null || at.ToUnixTimeSeconds() < now.Value.ToUnixTimeSeconds();

    private WriteOutcome? Plan(Write write, string? id, out PlannedWrite? planned)
    {
        planned = null;
        WriteOutcome? refusal = null;
        if (write.Kind == WriteKind.Delete)
        {
            // Nobody has the key: it is gone already.
            if (id is null)
                return new(write.Id);
            planned = new(write, WriteWay.Delete, [], id);
            return null;
        }

        var way = id is null ? WriteWay.Upsert : WriteWay.Update;
        var cells = fields.Convert(write, asNew: id is null || write.Kind == WriteKind.Create, out refusal);
        planned = new(write, way, cells, id);
        // A record that is as it shall be costs no call.
        return refusal ?? (id is not null && cells.All(cell => ReferenceEquals(cell, WriteFields.Untouched)) ? new(write.Id) { ExternalId = id } : null);
    }

    private async Task<Dictionary<string, List<string>>> IdsOfAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        var ids = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var some in keys.Where(key => !string.IsNullOrWhiteSpace(key)).Chunk(KeysInAddress))
        {
            await foreach (var page in api.QueryAsync(Soql.Select(["Id", fields.Key.Name], Target.Name, Soql.In(fields.Key.Name, some)), deletedToo: false, cancellationToken))
            {
                foreach (var record in page.Records)
                {
                    // Salesforce finds keys in whatever case; ours are told apart by it.
                    var key = some.FirstOrDefault(each => string.Equals(each, Text(record, fields.Key.Name), StringComparison.OrdinalIgnoreCase));
                    if (key is not null && Text(record, "Id") is { } id)
                        (ids.TryGetValue(key, out var list) ? list : ids[key] = []).Add(id);
                }
            }
        }

        return ids;
    }

    private async Task RefuseChangedAsync(List<PlannedWrite> ready, List<WriteOutcome> known, CancellationToken cancellationToken)
    {
        var watched = ready.Where(planned => planned is { Id: not null, Write.ExpectedVersion: not null }).Select(planned => planned.Id!).Distinct(StringComparer.Ordinal).ToList();
        if (watched.Count == 0 || Target.Find("SystemModstamp") is null)
            return;
        var now = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var some in watched.Chunk(IdsInAddress))
        {
            await foreach (var page in api.QueryAsync(Soql.Select(["Id", "SystemModstamp"], Target.Name, Soql.In("Id", some)), deletedToo: false, cancellationToken))
            {
                foreach (var record in page.Records)
                {
                    if (FieldValues.Instant(Text(record, "SystemModstamp")) is { } at)
                        now[Text(record, "Id")!] = FieldValues.Text(at);
                }
            }
        }

        ready.RemoveAll(planned =>
        {
            if (planned is not { Id: { } id, Write: { ExpectedVersion: { } expected } write } || !now.TryGetValue(id, out var version) || version == expected)
                return false;
            known.Add(new(write.Id, FailureKind.Rejected, "somebody changed the record since the hub last read it; nothing was written") { Fault = WriteFault.ChangedMeanwhile, ExternalId = id, Version = version });
            return true;
        });
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

using System.Text.Json.Nodes;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Http;

namespace Crm.Integration.Connectors.Zoho;

/// <summary>Sends batches of up to a hundred writes and tells what became of each.</summary>
internal sealed class ZohoWriting(ZohoApi api, ZohoTarget target, ZohoSettings settings, TimeProvider clock)
{
    // A lock is mostly another program's write that takes a moment.
    private static readonly TimeSpan[] s_lockWaits = [TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(8)];

    private readonly string _path = $"/crm/v8/{Uri.EscapeDataString(target.Module.Name)}";

    /// <summary>Makes records; one that has the key already is changed.</summary>
    public Task<IReadOnlyList<WriteOutcome>> CreateAsync(IReadOnlyList<Write> writes, CancellationToken cancellationToken) => Prepared(writes, isNew: true, ready =>
        SendAsync(ready, part =>
        {
            var body = Body(part);
            body["duplicate_check_fields"] = new JsonArray(target.Key.Name);
            return ZohoCall.Post($"{_path}/upsert", body) with { Cost = ZohoCredits.Written(part.Count) };
        }, cancellationToken));

    /// <summary>Changes records; one that is gone is made anew, unless the hub had seen it: there it reads first what became of it.</summary>
    public async Task<IReadOnlyList<WriteOutcome>> UpdateAsync(IReadOnlyList<Write> writes, CancellationToken cancellationToken)
    {
        var outcomes = new List<WriteOutcome>();
        var located = await LocateAsync(writes, outcomes, cancellationToken);
        var again = located.Where(write => write.ExternalId is null).ToList();
        outcomes.AddRange(await Prepared([.. located.Where(write => write.ExternalId is not null)], isNew: false, async ready =>
        {
            var done = new List<WriteOutcome>();
            var empty = ready.Where(one => one.Record.Count <= 1).ToList();
            done.AddRange(empty.Select(one => new WriteOutcome(one.Write.Id) { ExternalId = one.Write.ExternalId, Version = one.Write.ExpectedVersion, Created = false }));
            var rest = ready.Except(empty).ToList();
            done.AddRange(await SendAsync([.. rest.Where(one => one.Write.ExpectedVersion is null)], part => Put(part, null), cancellationToken));
            done.AddRange(await GuardedAsync([.. rest.Where(one => one.Write.ExpectedVersion is not null)], cancellationToken));
            return done;
        }));
        var gone = outcomes.Where(outcome => outcome.Fault == WriteFault.NotFound && outcome.Code != "CONVERTED_RECORD").Select(outcome => outcome.Id).ToHashSet();
        var anew = writes.Where(write => write.ExpectedVersion is null && gone.Contains(write.Id)).ToDictionary(write => write.Id);
        again.AddRange(anew.Values);
        outcomes.RemoveAll(outcome => anew.ContainsKey(outcome.Id));
        if (again.Count > 0)
            outcomes.AddRange(await CreateAsync(again, cancellationToken));
        return outcomes;
    }

    /// <summary>Removes records; one that is gone is a success.</summary>
    public async Task<IReadOnlyList<WriteOutcome>> DeleteAsync(IReadOnlyList<Write> writes, CancellationToken cancellationToken)
    {
        var outcomes = new List<WriteOutcome>();
        var located = await LocateAsync(writes, outcomes, cancellationToken);
        outcomes.AddRange(located.Where(write => write.ExternalId is null).Select(write => new WriteOutcome(write.Id)));
        List<Ready> ready = [.. located.Where(write => write.ExternalId is not null).Select(write => new Ready(write, []))];
        var workflows = settings.RunWorkflows ? "true" : "false";
        var deleted = await SendAsync(ready, part => new ZohoCall(HttpMethod.Delete, $"{_path}?ids={string.Join(',', part.Select(one => Uri.EscapeDataString(one.Write.ExternalId!)))}&wf_trigger={workflows}") { Cost = ZohoCredits.Written(part.Count) }, cancellationToken);
        outcomes.AddRange(deleted.Select(outcome => outcome.Fault == WriteFault.NotFound ? new WriteOutcome(outcome.Id) : outcome with { Version = null }));
        return outcomes;
    }

    /// <summary>
    /// Writes over no later change: looks at the versions first, and lets Zoho refuse what changes between the look and the write. One time
    /// serves for the whole request: the newest that was seen, which every later change is later than.
    /// </summary>
    private async Task<IReadOnlyList<WriteOutcome>> GuardedAsync(IReadOnlyList<Ready> writes, CancellationToken cancellationToken)
    {
        var outcomes = new List<WriteOutcome>();
        var open = writes;
        for (var attempt = 1; open.Count > 0; attempt++)
        {
            var versions = await VersionsAsync([.. open.Select(one => one.Write.ExternalId!)], cancellationToken);
            outcomes.AddRange(open.Where(one => !versions.ContainsKey(one.Write.ExternalId!)).Select(one => new WriteOutcome(one.Write.Id, FailureKind.Rejected, "the record is gone.") { Fault = WriteFault.NotFound }));
            outcomes.AddRange(open.Where(one => versions.TryGetValue(one.Write.ExternalId!, out var version) && version != ZohoTime.Read(one.Write.ExpectedVersion)).Select(one => ZohoRefusal.Changed(one.Write.Id)));
            open = [.. open.Where(one => versions.TryGetValue(one.Write.ExternalId!, out var version) && version == ZohoTime.Read(one.Write.ExpectedVersion))];
            if (open.Count == 0)
                break;
            var newest = open.Max(one => versions[one.Write.ExternalId!]);
            try
            {
                outcomes.AddRange(await SendAsync(open, part => Put(part, newest) with { Repeatable = false }, cancellationToken));
                break;
            }
            catch (ConnectorException exception) when (exception.MayHaveActed && attempt == 1)
            {
                // The answer was lost. Whether the write was taken shows by the record itself.
                open = await UnwrittenAsync(open, outcomes, cancellationToken);
            }
        }

        return outcomes;
    }

    /// <summary>Answers the writes whose values stand in the records already; gives the others.</summary>
    private async Task<IReadOnlyList<Ready>> UnwrittenAsync(IReadOnlyList<Ready> writes, List<WriteOutcome> outcomes, CancellationToken cancellationToken)
    {
        var names = writes.SelectMany(one => one.Record.Select(member => member.Key)).Append(ZohoField.Modified).Distinct(StringComparer.Ordinal).Take(ZohoApi.FieldsAtOnce);
        using var reply = await api.SendAsync(ZohoCall.Get($"{_path}?fields={string.Join(',', names)}&ids={string.Join(',', writes.Select(one => one.Write.ExternalId))}"), cancellationToken);
        var there = reply.Data.ToDictionary(record => record.TextOf(ZohoField.Id) ?? "", StringComparer.Ordinal);
        var unwritten = new List<Ready>();
        foreach (var one in writes)
        {
            if (there.TryGetValue(one.Write.ExternalId!, out var record) && one.Record.All(member => target.Holds(record, member.Key, member.Value)))
                outcomes.Add(new(one.Write.Id) { ExternalId = one.Write.ExternalId, Version = ZohoTime.Version(record.TextOf(ZohoField.Modified)), Created = false });
            else
                unwritten.Add(one);
        }

        return unwritten;
    }

    private async Task<Dictionary<string, DateTimeOffset>> VersionsAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var converted = target.Module.Name == "Leads" ? "&converted=both" : "";
        using var reply = await api.SendAsync(ZohoCall.Get($"{_path}?fields={ZohoField.Modified}&ids={string.Join(',', ids)}{converted}"), cancellationToken);
        return reply.Data.ToDictionary(record => record.TextOf(ZohoField.Id) ?? "", record => ZohoTime.Read(record.TextOf(ZohoField.Modified)) ?? default, StringComparer.Ordinal);
    }

    /// <summary>Finds the ids of records that are known by their key only, fifty a query; those that are not there keep none.</summary>
    private async Task<IReadOnlyList<Write>> LocateAsync(IReadOnlyList<Write> writes, List<WriteOutcome> outcomes, CancellationToken cancellationToken)
    {
        var unknown = writes.Where(write => write.ExternalId is null).ToList();
        if (unknown.Count == 0)
            return writes;
        var ids = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var keys in unknown.Select(write => write.Key).Distinct(StringComparer.OrdinalIgnoreCase).Chunk(Coql.InValues))
        {
            using var reply = await api.QueryAsync(Coql.Holding(target.Module.Name, $"id, {target.Key.Name}", target.Key.Name, keys), ZohoApi.PageRows, cancellationToken);
            foreach (var record in reply.Data)
            {
                if (record.TextOf(target.Key.Name) is { } key && !ids.TryAdd(key, record.TextOf(ZohoField.Id)))
                    ids[key] = null;
            }
        }

        var ambiguous = unknown.Where(write => ids.TryGetValue(write.Key, out var id) && id is null).ToHashSet();
        outcomes.AddRange(ambiguous.Select(write => new WriteOutcome(write.Id, FailureKind.Rejected, $"more than one record of {target.Module.Name} has this {target.Key.Name}.") { Fault = WriteFault.Ambiguous, Field = target.Key.Name }));
        return [.. writes.Except(ambiguous).Select(write => write.ExternalId is null && ids.TryGetValue(write.Key, out var id) ? write with { ExternalId = id } : write)];
    }

    /// <summary>Makes records of the writes, answers those whose values cannot be, and sends the others.</summary>
    private async Task<IReadOnlyList<WriteOutcome>> Prepared(IReadOnlyList<Write> writes, bool isNew, Func<IReadOnlyList<Ready>, Task<IReadOnlyList<WriteOutcome>>> send)
    {
        var outcomes = new List<WriteOutcome>();
        var ready = new List<Ready>();
        foreach (var write in writes)
        {
            if (target.TryMake(write, isNew, out var record, out var refused))
                ready.Add(new(write, record));
            else
                outcomes.Add(refused!);
        }

        if (ready.Count > 0)
            outcomes.AddRange(await send(ready));
        return outcomes;
    }

    /// <summary>
    /// Sends a request and reads an answer for each record. A request that is refused as a whole is halved until the record at fault is found;
    /// records that are locked are sent again after a while.
    /// </summary>
    private async Task<IReadOnlyList<WriteOutcome>> SendAsync(IReadOnlyList<Ready> writes, Func<IReadOnlyList<Ready>, ZohoCall> call, CancellationToken cancellationToken)
    {
        var outcomes = await BisectedAsync(writes, call, cancellationToken);
        foreach (var wait in s_lockWaits)
        {
            var locked = outcomes.Where(outcome => outcome.Fault == WriteFault.Locked).Select(outcome => outcome.Id).ToHashSet();
            if (locked.Count == 0)
                break;
            await Task.Delay(wait, clock, cancellationToken);
            var again = await BisectedAsync([.. writes.Where(one => locked.Contains(one.Write.Id))], call, cancellationToken);
            outcomes = [.. outcomes.Where(outcome => !locked.Contains(outcome.Id)), .. again];
        }

        return outcomes;
    }

    private Task<IReadOnlyList<WriteOutcome>> BisectedAsync(IReadOnlyList<Ready> writes, Func<IReadOnlyList<Ready>, ZohoCall> call, CancellationToken cancellationToken) => Bisection.SendAsync(
        writes,
        (part, token) => SendOnceAsync(part, call(part), token),
        failure => failure.Kind == FailureKind.Rejected,
        (one, failure) => new WriteOutcome(one.Write.Id, FailureKind.Rejected, failure.Message) { Code = failure.Code, Fault = failure.Code is "LIMIT_EXCEEDED" or "LIMIT_REACHED" ? WriteFault.LimitReached : WriteFault.None },
        cancellationToken);

    private async Task<IReadOnlyList<WriteOutcome>> SendOnceAsync(IReadOnlyList<Ready> writes, ZohoCall call, CancellationToken cancellationToken)
    {
        using var reply = await api.SendAsync(call, cancellationToken);
        var answers = reply.Data.ToList();
        return answers.Count == writes.Count
            ? [.. answers.Select((answer, i) => Outcome(writes[i].Write, ZohoRefusal.Of(answer)))]
            : throw new ConnectorException(FailureKind.Transient, $"{target.Module.Name}: Zoho answered {answers.Count} of {writes.Count} records of a write.", "The next run finds out which were written.") { MayHaveActed = true };
    }

    private WriteOutcome Outcome(Write write, ZohoRefusal answer)
    {
        var outcome = answer.Outcome(write.Id, target.Module);
        return answer.Succeeded ? outcome with { ExternalId = answer.Id ?? write.ExternalId, Created = outcome.Created ?? false } : outcome;
    }

    private ZohoCall Put(IReadOnlyList<Ready> part, DateTimeOffset? unmodifiedSince) =>
        new(HttpMethod.Put, _path) { Body = Body(part), Cost = ZohoCredits.Written(part.Count), UnmodifiedSince = unmodifiedSince };

    private JsonObject Body(IReadOnlyList<Ready> part)
    {
        var body = new JsonObject { ["data"] = new JsonArray([.. part.Select(one => (JsonNode)one.Record.DeepClone())]) };
        // Left out, Zoho would run every workflow of the organisation, e-mails to customers among them.
        if (!settings.RunWorkflows)
            body["trigger"] = new JsonArray();
        return body;
    }

    /// <summary>A write and the record that is sent for it.</summary>
    private sealed record Ready(Write Write, JsonObject Record);
}

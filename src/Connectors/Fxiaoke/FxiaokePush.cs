using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.OneByOne;

namespace Crm.Integration.Connectors.Fxiaoke;

/// <summary>
/// Carries out writes, a record a request. Fxiaoke knows no upsert, no condition, and tells no version in its answers: a write looks at the
/// record before and after. Each look and the write are counted by another of Fxiaoke's limits, so none waits for the other.
/// </summary>
internal sealed class FxiaokePush(FxiaokeApi api, FxiaokeObject known, PushRequest request, string userId, TimeProvider clock)
{
    private const int Tries = 3;
    private const string DefaultRecordType = "default__c";

    // A record that was just made may not be found at once.
    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(2);

    private readonly FxiaokeField[] _fields = [.. request.Fields.Select(name => name == FxiaokeObject.Id && name == request.KeyField ? known.Fields[name] : known.RequireWritable(name))];
    private readonly List<string> _projection = [.. request.Fields.Append(FxiaokeObject.Id).Append(FxiaokeObject.Modified).Append(FxiaokeObject.LifeStatus).Append(FxiaokeObject.IsDeleted).Distinct()];

    /// <summary>Carries out a write.</summary>
    /// <exception cref="ConnectorException">It concerns the destination as a whole.</exception>
    public async Task<WriteOutcome> WriteAsync(Write write, CancellationToken cancellationToken)
    {
        try
        {
            return write.Kind switch
            {
                WriteKind.Delete => await DeleteAsync(write, cancellationToken),
                WriteKind.Update when write.ExternalId is not null => await UpdateAsync(write, cancellationToken),
                _ => await CreateAsync(write, cancellationToken),
            };
        }
        catch (RefusedException refused)
        {
            return refused.Outcome;
        }
        catch (ConnectorException failure) when (failure.PausedUntil is null && (failure.Kind != FailureKind.Configuration || FxiaokeCodes.IsDenied(failure)))
        {
            var field = request.Fields.Where(name => failure.Message.Contains(name, StringComparison.Ordinal) || (known.Fields.GetValueOrDefault(name)?.Label is { Length: > 1 } label && failure.Message.Contains(label, StringComparison.Ordinal))).MaxBy(name => name.Length);
            var outcome = Refusal.Of(write, failure, FxiaokeCodes.Fault(failure), field);
            return outcome switch
            {
                { Fault: WriteFault.Denied } => outcome with { Failure = FailureKind.Rejected },
                // Until somebody unlocks it: the next run tries again.
                { Fault: WriteFault.Locked } => outcome with { Failure = FailureKind.Transient },
                _ => outcome,
            };
        }
    }

    private async Task<WriteOutcome> CreateAsync(Write write, CancellationToken cancellationToken)
    {
        for (var tried = 1; ; tried++)
        {
            if (await FindAsync(write, cancellationToken) is { } found)
                return await ChangeAsync(write, found, [.. write.Values.Select((value, at) => write.Changed.ElementAtOrDefault(at) && !value.IsEmpty)], expected: null, created: tried > 1, cancellationToken);
            try
            {
                if (await api.CreateAsync(known.Name, Body(write, at => !write.Values[at].IsEmpty, isNew: true), cancellationToken) is { } id)
                    return await DoneAsync(write, id, created: true, at => !write.Values[at].IsEmpty, cancellationToken);

                // The answer for objects of the company's own may lack the id: the key finds it.
                await Task.Delay(s_settle, clock, cancellationToken);
                return await FindAsync(write, cancellationToken) is { } made
                    ? new(write.Id) { ExternalId = FxiaokePull.Id(made), Version = FxiaokeValues.Version(made), Created = true }
                    : new(write.Id) { Created = true };
            }
            catch (ConnectorException exception) when (exception.MayHaveActed && tried < Tries)
            {
                await Task.Delay(s_settle * tried, clock, cancellationToken);
            }
        }
    }

    private async Task<WriteOutcome> UpdateAsync(Write write, CancellationToken cancellationToken)
    {
        if (await LookAsync(write.ExternalId!, cancellationToken) is { } record)
            return await ChangeAsync(write, record, write.Changed, write.ExpectedVersion, created: false, cancellationToken);

        // It is gone, or in the recycle bin: it is made anew, with all fields and under a new id. Not where the hub had seen it: there it reads first what became of it.
        return write.ExpectedVersion is null
            ? await CreateAsync(write with { ExternalId = null, Changed = [.. write.Values.Select(_ => true)] }, cancellationToken)
            : throw Refused(write, WriteFault.NotFound, "The record is gone from Fxiaoke since the hub last saw it; it was not made anew.");
    }

    private async Task<WriteOutcome> ChangeAsync(Write write, JsonElement record, IReadOnlyList<bool> fields, string? expected, bool created, CancellationToken cancellationToken)
    {
        var id = FxiaokePull.Id(record);
        for (var tried = 1; ; tried++)
        {
            // What is as it should be needs no write: the answer to an earlier one was lost, or somebody was quicker.
            bool Differs(int at) => fields[at] && !IsAsWanted(record, at, write);
            var differing = Enumerable.Range(0, _fields.Length).Where(Differs).ToList();
            if (differing.Count == 0)
                return new(write.Id) { ExternalId = id, Version = FxiaokeValues.Version(record), Created = created };
            if (expected is not null && FxiaokeValues.Version(record) != expected)
                throw Refused(write, WriteFault.ChangedMeanwhile, "Somebody changed the record in Fxiaoke since the hub last saw it; nothing was written.");
            try
            {
                if (differing.Any(at => _fields[at].Name != FxiaokeObject.Owner))
                    await api.UpdateAsync(known.Name, id, Body(write, at => fields[at] && _fields[at].Name != FxiaokeObject.Owner, isNew: false), cancellationToken);
                if (differing.FirstOrDefault(at => _fields[at].Name == FxiaokeObject.Owner, -1) is >= 0 and var owner)
                    await api.ChangeOwnerAsync(known.Name, id, Wire(write, owner) ?? new JsonArray(), cancellationToken);
                return await DoneAsync(write, id, created, at => fields[at], cancellationToken);
            }
            catch (ConnectorException exception) when (tried < Tries && (exception.MayHaveActed || FxiaokeCodes.Fault(exception) == WriteFault.Locked))
            {
                // A lock may be a short one, of an approval that is just being worked on.
                await Task.Delay(s_settle, clock, cancellationToken);
                if (await LookAsync(id, cancellationToken) is not { } now)
                    throw;
                record = now;
            }
        }
    }

    private async Task<WriteOutcome> DeleteAsync(Write write, CancellationToken cancellationToken)
    {
        var expected = write.ExpectedVersion;
        for (var tried = 1; ; tried++)
        {
            var record = write.ExternalId is { } id ? await LookAsync(id, cancellationToken, evenInvalid: true) : await FindAsync(write, cancellationToken);
            if (record is not { } found || FxiaokeObject.Member(found, FxiaokeObject.IsDeleted).ValueKind == JsonValueKind.True)
                return new(write.Id) { ExternalId = write.ExternalId };
            id = FxiaokePull.Id(found);
            try
            {
                if (!FxiaokeValues.IsGone(found))
                {
                    if (expected is not null && FxiaokeValues.Version(found) != expected)
                        throw Refused(write, WriteFault.ChangedMeanwhile, "Somebody changed the record in Fxiaoke since the hub last saw it; it was not removed.");
                    await api.InvalidateAsync(known.Name, id, cancellationToken);
                }

                await api.DeleteAsync(known.Name, id, cancellationToken);
                return new(write.Id) { ExternalId = id };
            }
            catch (ConnectorException exception) when (exception.MayHaveActed && tried < Tries)
            {
                // Looked at once more; what was done is not done again. Our own first half is no change of somebody else.
                write = write with { ExternalId = id };
            }
        }
    }

    private async Task<JsonElement?> LookAsync(string id, CancellationToken cancellationToken, bool evenInvalid = false) =>
        (await api.QueryAsync(known.Name, [new(FxiaokeObject.Id, "EQ", id)], _projection, limit: 1, cancellationToken)).Records
            .Where(record => FxiaokePull.Id(record) == id && (evenInvalid || !FxiaokeValues.IsGone(record)))
            .Select(record => (JsonElement?)record)
            .FirstOrDefault();

    private async Task<JsonElement?> FindAsync(Write write, CancellationToken cancellationToken)
    {
        if (request.KeyField == FxiaokeObject.Id)
            return await LookAsync(write.Key, cancellationToken);
        var key = known.RequireReadable(request.KeyField);
        var found = (await api.QueryAsync(known.Name, [new(key.Name, "EQ", write.Key)], _projection, limit: 10, cancellationToken)).Records
            .Where(record => !FxiaokeValues.IsGone(record) && FxiaokeValues.Read(FxiaokeObject.Member(record, key.Name), key).ToText() == write.Key)
            .ToList();
        return found.Count switch
        {
            0 => null,
            1 => found[0],
            _ => throw Refused(write, WriteFault.Ambiguous, $"More than one record of {known.Name} has this {key.Name}: {string.Join(", ", found.Select(FxiaokePull.Id))}. Merge them in Fxiaoke, or clear the field in all but one.", key.Name),
        };
    }

    // Fxiaoke answers a write without the record's new time of change; only the record itself tells it.
    private async Task<WriteOutcome> DoneAsync(Write write, string id, bool created, Func<int, bool> written, CancellationToken cancellationToken)
    {
        var outcome = new WriteOutcome(write.Id) { ExternalId = id, Created = created };
        try
        {
            // Not ours any more when somebody has changed it since: then the version is for the next pull to tell.
            return await api.GetAsync(known.Name, id, cancellationToken) is { } record && Enumerable.Range(0, _fields.Length).All(at => !written(at) || IsAsWanted(record, at, write))
                ? outcome with { Version = FxiaokeValues.Version(record) }
                : outcome;
        }
        catch (ConnectorException exception) when (exception.Kind != FailureKind.Configuration)
        {
            // The write itself is done; its answer must say so, with or without a version.
            return outcome;
        }
    }

    private JsonObject Body(Write write, Func<int, bool> takes, bool isNew)
    {
        var body = new JsonObject();
        for (var at = 0; at < _fields.Length; at++)
        {
            if (takes(at) && _fields[at].Writable)
                body[_fields[at].Name] = Wire(write, at);
        }

        if (!isNew)
            return body;
        if (known.Fields.ContainsKey(FxiaokeObject.Owner) && !body.ContainsKey(FxiaokeObject.Owner))
            body[FxiaokeObject.Owner] = new JsonArray(userId);
        if (known.Fields.ContainsKey(FxiaokeObject.RecordType) && !body.ContainsKey(FxiaokeObject.RecordType))
            body[FxiaokeObject.RecordType] = DefaultRecordType;
        return body;
    }

    private JsonNode? Wire(Write write, int at) => FxiaokeValues.Write(write.Values[at], _fields[at], out var json) is { } wanted
        ? throw Refused(write, WriteFault.BadValue, $"The value of {_fields[at].Name} is not {wanted}, as Fxiaoke wants it.", _fields[at].Name)
        : json;

    private bool IsAsWanted(JsonElement record, int at, Write write)
    {
        var there = FxiaokeValues.Read(FxiaokeObject.Member(record, _fields[at].Name), _fields[at]);
        if (write.Values[at].IsEmpty)
            return there.IsEmpty;
        return FxiaokeValues.Write(write.Values[at], _fields[at], out var json) is null && FxiaokeValues.Read(JsonSerializer.SerializeToElement(json), _fields[at]) == there;
    }

    private static RefusedException Refused(Write write, WriteFault fault, string message, string? field = null) => new(Refusal.Of(write, fault, message, field));
}

using System.Buffers;
using System.Text.Json;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Http;

namespace Crm.Integration.Connectors.Salesforce;

/// <summary>Writes up to 200 records with a call; each is accepted or refused on its own.</summary>
internal sealed class CollectionsLane(SalesforceApi api, WriteFields fields, SalesforceSettings settings, TimeProvider clock)
{
    public const int MostRecords = 200;
    private const int LockTries = 5;
    private static readonly TimeSpan s_lockPause = TimeSpan.FromMilliseconds(400);

    private SalesforceObject Target => fields.Target;

    /// <summary>Sends writes.</summary>
    public async Task<IReadOnlyList<(PlannedWrite Planned, SaveResult Result)>> SendAsync(IReadOnlyList<PlannedWrite> writes, CancellationToken cancellationToken)
    {
        var results = new List<(PlannedWrite Planned, SaveResult Result)>(writes.Count);
        foreach (var way in writes.GroupBy(planned => planned.Way).OrderBy(group => group.Key))
        {
            foreach (var batch in way.Chunk(MostRecords))
                results.AddRange(await UnlockAsync(batch, cancellationToken));
        }

        if (settings.OnDuplicateRule == DuplicateRuleAction.Link)
        {
            for (var i = 0; i < results.Count; i++)
            {
                if (results[i] is { Planned.Way: WriteWay.Upsert, Result.Error: { Code: "DUPLICATES_DETECTED" } error })
                    results[i] = (results[i].Planned, await LinkAsync(results[i].Planned, error, cancellationToken));
            }
        }

        return results;
    }

    // A row that somebody holds is tried again after a while, one batch after the other: in parallel they would lock each other out.
    private async Task<IEnumerable<(PlannedWrite Planned, SaveResult Result)>> UnlockAsync(PlannedWrite[] batch, CancellationToken cancellationToken)
    {
        var results = new Dictionary<PlannedWrite, SaveResult>(ReferenceEqualityComparer.Instance);
        for (var attempt = 1; ; attempt++)
        {
            foreach (var (planned, result) in await Bisection.SendAsync(batch, CallAsync, exception => exception is { Kind: FailureKind.Rejected, PausedUntil: null }, Refused, cancellationToken))
                results[planned] = result;
            batch = [.. batch.Where(planned => results[planned].Error is { Code: "UNABLE_TO_LOCK_ROW" })];
            if (batch.Length == 0 || attempt == LockTries)
                return results.Select(pair => (pair.Key, pair.Value));
            await Task.Delay(s_lockPause * Math.Pow(2, attempt - 1) * (0.75 + (Random.Shared.NextDouble() / 2)), clock, cancellationToken);
        }
    }

    private static (PlannedWrite Planned, SaveResult Result) Refused(PlannedWrite planned, ConnectorException exception) =>
        (planned, new(null, null, new(exception.Code ?? "", exception.Message, [])));

    private async Task<IReadOnlyList<(PlannedWrite Planned, SaveResult Result)>> CallAsync(IReadOnlyList<PlannedWrite> batch, CancellationToken cancellationToken)
    {
        var way = batch[0].Way;
        var path = way switch
        {
            WriteWay.Upsert => $"composite/sobjects/{Target.Name}/{fields.Key.Name}",
            WriteWay.Update => "composite/sobjects",
            _ => $"composite/sobjects?ids={string.Join(',', batch.Select(planned => planned.Id))}&allOrNone=false",
        };
        var answer = await api.SendAsync(way == WriteWay.Delete ? HttpMethod.Delete : HttpMethod.Patch, path, way == WriteWay.Delete ? null : Body(batch), cancellationToken, DuplicateRules());
        if (answer.Json.ValueKind != JsonValueKind.Array || answer.Json.GetArrayLength() != batch.Count)
            throw new ConnectorException(FailureKind.Transient, $"Salesforce answered for {(answer.Json.ValueKind == JsonValueKind.Array ? answer.Json.GetArrayLength() : 0)} of {batch.Count} records.", "Run again: what was written is recognised by its key.") { Code = "BAD_ANSWER" };
        return [.. batch.Select((planned, index) => (planned, ResultOf(planned, answer.Json[index])))];
    }

    private (string Name, string Value)? DuplicateRules() => settings.OnDuplicateRule switch
    {
        DuplicateRuleAction.Allow => ("Sforce-Duplicate-Rule-Header", "allowSave=true"),
        DuplicateRuleAction.Link => ("Sforce-Duplicate-Rule-Header", "allowSave=false; includeRecordDetails=false"),
        _ => null,
    };

    private byte[] Body(IReadOnlyList<PlannedWrite> batch)
    {
        var buffer = new ArrayBufferWriter<byte>(batch.Count * 256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteBoolean("allOrNone", false);
            json.WriteStartArray("records");
            foreach (var planned in batch)
                fields.WriteRecord(json, planned.Cells, planned.Id, planned.Way == WriteWay.Upsert ? planned.Write.Key : null);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static SaveResult ResultOf(PlannedWrite planned, JsonElement json)
    {
        var id = json.TryGetProperty("id", out var own) && own.ValueKind == JsonValueKind.String ? own.GetString() : planned.Id;
        if (json.TryGetProperty("success", out var success) && success.ValueKind == JsonValueKind.True)
            return new(id, json.TryGetProperty("created", out var created) && created.ValueKind is JsonValueKind.True or JsonValueKind.False ? created.GetBoolean() : planned.Way == WriteWay.Upsert ? null : false, null);
        var error = SalesforceError.Of(json) ?? new("UNKNOWN_EXCEPTION", "no reason was given", []);
        return planned.Way == WriteWay.Delete && WriteFaults.IsGone(error) ? new(id, false, null) : new(id, null, error);
    }

    // The rule found records that look the same. Exactly one, and nobody else's: that is the one we mean.
    private async Task<SaveResult> LinkAsync(PlannedWrite planned, SalesforceError error, CancellationToken cancellationToken)
    {
        var matches = error.Matches;
        if (matches.Count == 0)
        {
            // An answer for many tells that there are matches; an answer for one tells which.
            (var done, matches) = await ProbeAsync(planned, cancellationToken);
            if (done is not null)
                return done;
        }

        var candidates = new List<(string Id, string? Key)>();
        if (matches.Count is > 0 and <= 50)
        {
            await foreach (var page in api.QueryAsync(Soql.Select(["Id", fields.Key.Name], Target.Name, Soql.In("Id", matches)), deletedToo: false, cancellationToken))
                candidates.AddRange(page.Records.Select(record => (record.GetProperty("Id").GetString()!, record.TryGetProperty(fields.Key.Name, out var key) ? key.GetString() : null)));
        }

        var free = candidates.Where(each => string.IsNullOrEmpty(each.Key) || each.Key == planned.Write.Key).ToList();
        if (free.Count != 1)
            return new(null, null, error with { Code = free.Count > 1 ? "MULTIPLE_CHOICES" : error.Code, Message = free.Count > 1 ? $"the duplicate rule finds {free.Count} records: {string.Join(", ", free.Take(3).Select(each => each.Id))}" : "the records that the duplicate rule finds belong to other customers of the hub" });
        var linked = planned with { Way = WriteWay.Update, Id = free[0].Id };
        return (await UnlockAsync([linked], cancellationToken)).First().Result;
    }

    private async Task<(SaveResult? Done, IReadOnlyList<string> Matches)> ProbeAsync(PlannedWrite planned, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
            fields.WriteRecord(json, [.. planned.Cells.Select((cell, index) => fields.IsKey(index) ? WriteFields.Untouched : cell)], null, null);
        try
        {
            var answer = await api.SendAsync(HttpMethod.Patch, $"sobjects/{Target.Name}/{fields.Key.Name}/{Uri.EscapeDataString(planned.Write.Key)}", buffer.WrittenMemory, cancellationToken, DuplicateRules());
            return (ResultOf(planned, answer.Json), []);
        }
        catch (ConnectorException exception) when (exception.Code == "DUPLICATES_DETECTED")
        {
            return (null, SalesforceAnswers.MatchesOf(exception));
        }
        catch (ConnectorException exception) when (exception is { Kind: FailureKind.Rejected, PausedUntil: null })
        {
            return (new(null, null, new(exception.Code ?? "", exception.Message, [])), []);
        }
    }
}

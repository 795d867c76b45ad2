using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.OneByOne;

namespace Crm.Integration.Connectors.Insightly;

/// <summary>
/// Carries out writes, a record a request. Insightly knows no upsert and no condition: a create looks for its key first, and an update
/// looks at the record, both to see whether somebody changed it and because custom fields are replaced as a set.
/// </summary>
internal sealed class InsightlyPush(InsightlyApi api, InsightlyStream stream, PushRequest request, TimeProvider clock)
{
    private const int Tries = 3;

    // A record that was just made may not be found at once.
    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(1);

    private readonly InsightlyField[] _fields = [.. request.Fields.Select(name => name == stream.IdField && name == request.KeyField ? stream.Require(name) : stream.RequireWritable(name))];

    /// <summary>Carries out a write.</summary>
    /// <exception cref="ConnectorException">It concerns the destination as a whole.</exception>
    public async Task<WriteOutcome> WriteAsync(Write write, CancellationToken cancellationToken)
    {
        try
        {
            return write.Kind switch
            {
                WriteKind.Delete => await DeleteAsync(write, cancellationToken),
                WriteKind.Update when write.ExternalId is not null => await UpdateAsync(write, write.ExternalId, write.Changed, cancellationToken),
                _ => await CreateAsync(write, cancellationToken),
            };
        }
        catch (RefusedException refused)
        {
            return refused.Outcome;
        }
        catch (ConnectorException failure) when (failure.PausedUntil is null && (failure.Kind != FailureKind.Configuration || failure.Code is "403"))
        {
            var outcome = Refusal.Of(write, failure, InsightlyErrors.Fault(failure), InsightlyErrors.Field(failure, request.Fields));
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
                return await UpdateAsync(write, Id(found), [.. write.Values.Select((value, at) => write.Changed.ElementAtOrDefault(at) && !value.IsEmpty)], cancellationToken, found, tried > 1);
            try
            {
                return Done(write, await api.CreateAsync(stream.Name, Body(write, at => !write.Values[at].IsEmpty, []), cancellationToken), created: true);
            }
            catch (ConnectorException exception) when (exception.MayHaveActed && tried < Tries)
            {
                await Task.Delay(s_settle * tried, clock, cancellationToken);
            }
        }
    }

    private async Task<WriteOutcome> UpdateAsync(Write write, string id, IReadOnlyList<bool> fields, CancellationToken cancellationToken, JsonElement? found = null, bool ourOwn = false)
    {
        if (!fields.Contains(true))
            return new(write.Id) { ExternalId = id, Version = found is { } same ? InsightlyValues.Version(same) : write.ExpectedVersion, Created = false };
        var expected = found is null ? write.ExpectedVersion : null;
        var looks = expected is not null || Enumerable.Range(0, _fields.Length).Any(at => fields[at] && _fields[at].IsCustom);
        for (var tried = 1; ; tried++)
        {
            if (found is null && (looks || tried > 1) && (found = await api.GetAsync(stream.Name, id, cancellationToken)) is null)
                return await AnewAsync(write, cancellationToken);
            if (found is { } record)
            {
                // What is as it should be needs no write: the answer to an earlier one was lost, or somebody was quicker.
                if (Enumerable.Range(0, _fields.Length).All(at => !fields[at] || IsAsWanted(record, at, write)))
                    return Done(write, record, created: ourOwn);
                if (expected is not null && InsightlyValues.Version(record) != expected)
                    throw Refused(write, WriteFault.ChangedMeanwhile, "Somebody changed the record in Insightly since the hub last saw it; nothing was written.");
            }

            try
            {
                return Done(write, await api.UpdateAsync(stream.Name, id, Body(write, at => fields[at], Custom(found), id), cancellationToken), created: false);
            }
            catch (ConnectorException exception) when (exception.Code == "404")
            {
                return await AnewAsync(write, cancellationToken);
            }
            catch (ConnectorException exception) when (exception.MayHaveActed && tried < Tries)
            {
                found = null;
            }
        }
    }

    // The record is gone: it is made anew, with all fields and under a new id. Not where the hub had seen it: there it reads first what became of it.
    private Task<WriteOutcome> AnewAsync(Write write, CancellationToken cancellationToken) => write.ExpectedVersion is null
        ? CreateAsync(write with { ExternalId = null, Changed = [.. write.Values.Select(_ => true)] }, cancellationToken)
        : throw Refused(write, WriteFault.NotFound, "The record is gone from Insightly since the hub last saw it; it was not made anew.");

    private async Task<WriteOutcome> DeleteAsync(Write write, CancellationToken cancellationToken)
    {
        var id = write.ExternalId;
        if (id is null || write.ExpectedVersion is not null)
        {
            var record = id is null ? await FindAsync(write, cancellationToken) : await api.GetAsync(stream.Name, id, cancellationToken);
            if (record is null)
                return new(write.Id) { ExternalId = id };
            id = Id(record.Value);
            if (write.ExpectedVersion is { } expected && InsightlyValues.Version(record.Value) != expected)
                throw Refused(write, WriteFault.ChangedMeanwhile, "Somebody changed the record in Insightly since the hub last saw it; it was not removed.");
        }

        await api.DeleteAsync(stream.Name, id, cancellationToken);
        return new(write.Id) { ExternalId = id };
    }

    private async Task<JsonElement?> FindAsync(Write write, CancellationToken cancellationToken)
    {
        if (request.KeyField == stream.IdField)
            return await api.GetAsync(stream.Name, write.Key, cancellationToken);

        // Insightly's search need not be exact; what it finds is compared again. Three are enough to tell one from several.
        var key = stream.Require(request.KeyField);
        var found = (await api.FindAsync(stream.Name, key.Name, write.Key, top: 3, cancellationToken))
            .Where(record => InsightlyValues.Read(Member(record, key), key).ToText() is { } text && string.Equals(text, write.Key, StringComparison.Ordinal))
            .ToList();
        return found.Count switch
        {
            0 => null,
            1 => found[0],
            _ => throw Refused(write, WriteFault.Ambiguous, $"More than one record of {stream.Name} has this {key.Name}: {string.Join(", ", found.Select(Id))}. Merge them in Insightly, or clear the field in all but one.", key.Name),
        };
    }

    private JsonObject Body(Write write, Func<int, bool> takes, IReadOnlyList<JsonNode> custom, string? id = null)
    {
        var body = new JsonObject();
        if (id is not null)
            body[stream.IdField] = long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : id;
        var set = custom.ToDictionary(field => field["FIELD_NAME"]!.GetValue<string>(), StringComparer.Ordinal);
        var setChanged = false;
        for (var at = 0; at < _fields.Length; at++)
        {
            var field = _fields[at];
            if (!takes(at) || !field.Writable)
                continue;
            if (InsightlyValues.Write(write.Values[at], field, out var json) is { } wanted)
                throw Refused(write, WriteFault.BadValue, $"The value of {field.Name} is not {wanted}, as Insightly wants it.", field.Name);
            if (!field.IsCustom)
            {
                body[field.Name] = json;
                continue;
            }

            set[field.Name] = new JsonObject { ["FIELD_NAME"] = field.Name, ["FIELD_VALUE"] = json };
            setChanged = true;
        }

        // The set replaces what is there: fields that are not the pipeline's go along as they are.
        if (setChanged)
            body[InsightlyObjects.CustomFields] = new JsonArray([.. set.Values]);
        return body;
    }

    private static List<JsonNode> Custom(JsonElement? record) =>
        record is { } found && found.TryGetProperty(InsightlyObjects.CustomFields, out var fields) && fields.ValueKind == JsonValueKind.Array
            ? [.. fields.EnumerateArray()
                .Where(field => field.ValueKind == JsonValueKind.Object && field.TryGetProperty("FIELD_NAME", out var name) && name.ValueKind == JsonValueKind.String)
                .Select(field => (JsonNode)new JsonObject { ["FIELD_NAME"] = field.GetProperty("FIELD_NAME").GetString(), ["FIELD_VALUE"] = field.TryGetProperty("FIELD_VALUE", out var value) ? JsonNode.Parse(value.GetRawText()) : null })]
            : [];

    private bool IsAsWanted(JsonElement record, int at, Write write)
    {
        var field = _fields[at];
        var there = InsightlyValues.Read(Member(record, field), field);
        if (write.Values[at].IsEmpty)
            return there.IsEmpty;
        if (InsightlyValues.Write(write.Values[at], field, out var json) is not null)
            return false;
        return InsightlyValues.Read(JsonSerializer.SerializeToElement(json), field) == there;
    }

    private static JsonElement Member(JsonElement record, InsightlyField field)
    {
        if (!field.IsCustom)
            return record.TryGetProperty(field.Name, out var member) ? member : default;
        return record.TryGetProperty(InsightlyObjects.CustomFields, out var fields) && fields.ValueKind == JsonValueKind.Array
            ? fields.EnumerateArray().FirstOrDefault(custom => custom.TryGetProperty("FIELD_NAME", out var name) && name.ValueEquals(field.Name)) is { ValueKind: JsonValueKind.Object } found && found.TryGetProperty("FIELD_VALUE", out var value) ? value : default
            : default;
    }

    private WriteOutcome Done(Write write, JsonElement record, bool created) =>
        new(write.Id) { ExternalId = Id(record), Version = InsightlyValues.Version(record), Created = created };

    private string Id(JsonElement record) => record.ValueKind == JsonValueKind.Object && record.TryGetProperty(stream.IdField, out var id) && id.ValueKind is JsonValueKind.Number or JsonValueKind.String
        ? id.ToString()
        : throw new ConnectorException(FailureKind.Transient, $"Insightly answered with a record of {stream.Name} without {stream.IdField}.", "Run again; the next run looks whether the record is there.") { MayHaveActed = true };

    private static RefusedException Refused(Write write, WriteFault fault, string message, string? field = null) => new(Refusal.Of(write, fault, message, field));
}

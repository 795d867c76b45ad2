using System.Buffers;
using System.Text.Json;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.TwoWay;
using Crm.Integration.Hub.Undo;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.Pipelines;

/// <summary>What an outbound pipeline has to do about one master.</summary>
/// <param name="MasterId">The master's number.</param>
/// <param name="Fate">What.</param>
internal sealed record PlannedDelivery(long MasterId, DeliveryFate Fate)
{
    /// <summary>What.</summary>
    public DeliveryFate Fate { get; set; } = Fate;

    /// <summary>Of a stream that is pulled as well: which record it is there, and what becomes of its fields.</summary>
    public TwoWayDelivery? TwoWay { get; init; }

    /// <summary>The pipeline's fields, where they are needed with it.</summary>
    public List<string> Fields { get; init; } = [];

    /// <summary>The destination's key.</summary>
    public string Key { get; init; } = "";

    /// <summary>The key under which it was sent before, where that is another one: that record is removed.</summary>
    public string? OldKey { get; init; }

    /// <summary>The values as they shall be, by the pipeline's fields.</summary>
    public Value[] Values { get; init; } = [];

    /// <summary>The values as last sent, by the pipeline's fields.</summary>
    public Value[] Sent { get; init; } = [];

    /// <summary>The destination's own id, where known.</summary>
    public string? ExternalId { get; init; }

    /// <summary>Whether the hub made it there.</summary>
    public bool Made { get; init; }

    /// <summary>Of a write that is taken back: what is not to be sent again from then on; null for nothing.</summary>
    public Hold? Hold { get; init; }

    /// <summary>Of a write that is to be taken back: what is left as it is, field by field, and why; no field for the whole record.</summary>
    public IReadOnlyList<(string? Field, string Why)> Kept { get; init; } = [];

    /// <summary>Why it is refused without asking the destination.</summary>
    public string? Refusal { get; init; }

    /// <summary>What to do about that.</summary>
    public string Fix { get; init; } = OwnKey;

    /// <summary>What to do about two records that claim one key.</summary>
    public const string OwnKey = "give each record a key of its own at its source, or map another field to the key";

    /// <summary>Which fields differ from what was last sent.</summary>
    public bool[] Changed() => TwoWay is { Target: not null } ? [.. Values.Select((_, i) => TwoWay.Writes(i))] : [.. Values.Select((value, i) => Fate == DeliveryFate.Create || Sent.Length == 0 || !value.Equals(Sent[i]))];

    /// <summary>What a field was at the destination, as far as the hub knows.</summary>
    public Value Before(int field) =>
        TwoWay?.Target?.Counterpart is { } counterpart ? counterpart.Theirs(Fields[field])
        : field < Sent.Length ? Sent[field]
        : Value.Null;

    /// <summary>What the write changes, as it is kept: field → before and after.</summary>
    public string? Changes(IReadOnlyList<string> fields)
    {
        var changed = Fate == DeliveryFate.Delete ? null : Changed();
        var count = Fate == DeliveryFate.Delete ? fields.Count : Values.Length;
        return FieldValues.ToJson(Enumerable.Range(0, count)
            .Select(i => (Field: fields[i], Before: Before(i), After: i < Values.Length ? Values[i] : Value.Null, Written: changed?[i] ?? true))
            .Where(one => one.Written && !(one.Before.IsNull && one.After.IsNull))
            .ToDictionary(one => one.Field, one => Value.List(one.Before, one.After)));
    }

    /// <summary>Whether something has to be sent.</summary>
    public bool IsWrite => Fate is DeliveryFate.Create or DeliveryFate.Update or DeliveryFate.Delete;

    /// <summary>The master and what was done about it, from the number of a write; nothing else has to be kept until the answer comes.</summary>
    public static (long MasterId, DeliveryFate Fate) Of(long write) => (write >> 3, (DeliveryFate)(write & 7));

    /// <summary>The number of a write.</summary>
    public static long Number(long master, DeliveryFate fate) => (master << 3) | (long)fate;

    /// <summary>The write that removes the record under the key it had before, or null.</summary>
    public Write? Removal() => OldKey is null ? null : new Write(Number(MasterId, DeliveryFate.Rekey), WriteKind.Delete, OldKey, [], []);

    /// <summary>The write that does it.</summary>
    public Write ToWrite() => new(
        Number(MasterId, Fate),
        Fate switch { DeliveryFate.Create => WriteKind.Create, DeliveryFate.Update => WriteKind.Update, _ => WriteKind.Delete },
        Key,
        Fate == DeliveryFate.Delete ? [] : Values,
        Fate == DeliveryFate.Delete ? [] : Changed())
    {
        ExternalId = ExternalId,
        ExpectedVersion = TwoWay?.Target?.Counterpart?.LatestVersion,
    };

    /// <summary>The values as they are remembered: a JSON object by field.</summary>
    public static string ToJson(IReadOnlyList<string> fields, IReadOnlyList<Value> values)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            for (var i = 0; i < values.Count; i++)
            {
                if (values[i].IsNull)
                    continue;
                writer.WritePropertyName(fields[i]);
                RecordJson.WriteValue(writer, values[i]);
            }

            writer.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>What was remembered, by the pipeline's fields of today.</summary>
    public static Value[] FromJson(IReadOnlyList<string> fields, byte[] json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        var members = RecordJson.ReadValue(ref reader).AsObject!;
        return [.. fields.Select(field => members.TryGetValue(field, out var value) ? value : Value.Null)];
    }
}

/// <summary>What has to be done about a master at a destination.</summary>
internal enum DeliveryFate
{
    /// <summary>Nothing: it is there as it shall be.</summary>
    Unchanged,

    /// <summary>Nothing: the pipeline does not take it.</summary>
    Filtered,

    /// <summary>Make it.</summary>
    Create,

    /// <summary>Change it.</summary>
    Update,

    /// <summary>Remove it.</summary>
    Delete,

    /// <summary>It cannot be sent as it is.</summary>
    Refused,

    /// <summary>Remove the record under the key it had before; the record itself is created apart.</summary>
    Rekey,
}

using Crm.Integration.Hub.TwoWay;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.Undo;

/// <summary>
/// The word of a person that something is not to be sent: a write was taken back, and is not made again for as long as the hub would send the same.
/// Once the master says something else, that is news, and is sent. Pure.
/// </summary>
/// <param name="Kind">What is not to be done.</param>
/// <param name="Fields">What the hub would send, by the destination's fields.</param>
internal sealed record Hold(HoldKind Kind, IReadOnlyDictionary<string, Value> Fields)
{
    /// <summary>Whether a field is not to be written.</summary>
    public bool Holds(string field) => Kind != HoldKind.Remove && Fields.ContainsKey(field);

    /// <summary>What is left of it, now that the hub would send these values; null for nothing.</summary>
    /// <param name="fields">The pipeline's fields.</param>
    /// <param name="values">What the hub would send; null when it would send nothing.</param>
    public Hold? Remaining(IReadOnlyList<string> fields, IReadOnlyList<Value>? values)
    {
        if (values is null)
            return this;
        var same = Enumerable.Range(0, fields.Count).Where(i => Fields.TryGetValue(fields[i], out var held) && FieldValues.Same(held, values[i])).Select(i => fields[i]).ToHashSet(StringComparer.Ordinal);
        return Kind switch
        {
            // Whoever was gone is back.
            HoldKind.Remove => null,
            HoldKind.Make => same.Count == fields.Count ? this : null,
            _ when same.Count == 0 => null,
            _ when same.Count == Fields.Count => this,
            _ => this with { Fields = Fields.Where(pair => same.Contains(pair.Key)).ToDictionary() },
        };
    }

    /// <summary>What is to be sent: what is held stays as the destination has it.</summary>
    /// <param name="fields">The pipeline's fields.</param>
    /// <param name="values">What the hub would send.</param>
    /// <param name="there">What the destination has.</param>
    public Value[] Over(IReadOnlyList<string> fields, Value[] values, IReadOnlyList<Value> there) =>
        [.. values.Select((value, i) => Kind == HoldKind.Write && i < there.Count && Holds(fields[i]) ? there[i] : value)];
}

/// <summary>What is not to be done once more.</summary>
internal enum HoldKind
{
    /// <summary>The record is not to be made.</summary>
    Make,

    /// <summary>The fields are not to be written.</summary>
    Write,

    /// <summary>The record is not to be removed.</summary>
    Remove,
}

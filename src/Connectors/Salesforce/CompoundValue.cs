using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Salesforce;

/// <summary>An address or a location: the fields of the row that it is made of, by other names. Nothing is copied, and what is empty is no member.</summary>
/// <param name="row">The row's values.</param>
/// <param name="parts">Where each member stands in it.</param>
internal sealed class CompoundValue(Value[] row, IReadOnlyList<(int Ordinal, string Member)> parts) : IReadOnlyDictionary<string, Value>
{
    public int Count => parts.Count(part => !row[part.Ordinal].IsNull);

    public IEnumerable<string> Keys => this.Select(member => member.Key);

    public IEnumerable<Value> Values => this.Select(member => member.Value);

    public Value this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"'{key}' is not among the parts.");

    /// <summary>The value of a compound field; null when all its parts are empty.</summary>
    public static Value Of(Value[] row, IReadOnlyList<(int Ordinal, string Member)> parts)
    {
        for (var i = 0; i < parts.Count; i++)
        {
            if (!row[parts[i].Ordinal].IsNull)
                return Value.Object(new CompoundValue(row, parts));
        }

        return Value.Null;
    }

    public bool ContainsKey(string key) => TryGetValue(key, out _);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out Value value)
    {
        value = default;
        foreach (var (ordinal, member) in parts)
        {
            if (member == key)
                value = row[ordinal];
        }

        return !value.IsNull;
    }

    public IEnumerator<KeyValuePair<string, Value>> GetEnumerator()
    {
        foreach (var (ordinal, member) in parts)
        {
            if (!row[ordinal].IsNull)
                yield return new(member, row[ordinal]);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

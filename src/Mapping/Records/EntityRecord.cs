namespace Crm.Integration.Mapping.Records;

/// <summary>A record of an entity: what a mapping makes of a source row, and what survivorship makes of several.</summary>
/// <param name="type">Its type.</param>
public sealed class EntityRecord(EntityType type) : IEquatable<EntityRecord>
{
    private readonly Value[] _values = new Value[type.Fields.Count];

    /// <summary>Its type.</summary>
    public EntityType Type { get; } = type;

    /// <summary>The values by ordinal of the type's fields.</summary>
    public ReadOnlySpan<Value> Values => _values;

    /// <summary>The value of a field.</summary>
    /// <param name="ordinal">An ordinal of the type's fields.</param>
    public Value this[int ordinal]
    {
        get => _values[ordinal];
        set => _values[ordinal] = value;
    }

    /// <summary>The value of a field by path; null for a path that the type does not have.</summary>
    /// <param name="path">A dotted path.</param>
    /// <exception cref="KeyNotFoundException">Set: the type has no such field.</exception>
    public Value this[string path]
    {
        get => Type.Find(path) is { } field ? _values[field.Ordinal] : Value.Null;
        set => _values[(Type.Find(path) ?? throw new KeyNotFoundException($"entity '{Type.Name}' has no field '{path}'")).Ordinal] = value;
    }

    /// <summary>A copy that can be changed alone.</summary>
    public EntityRecord Copy()
    {
        var copy = new EntityRecord(Type);
        _values.CopyTo(copy._values.AsSpan());
        return copy;
    }

    /// <inheritdoc/>
    public bool Equals(EntityRecord? other) => other is not null && other.Type.Name == Type.Name && _values.AsSpan().SequenceEqual(other._values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as EntityRecord);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var value in _values)
            hash.Add(value);
        return hash.ToHashCode();
    }
}

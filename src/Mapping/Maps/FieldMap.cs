using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Maps;

/// <summary>
/// The map of an inbound pipeline: which expression fills which field of the entity. Values are converted to the type of
/// their field; one that cannot be converted stays as text and is caught by validation (rule <c>type</c>).
/// A list field takes its primary's value first (<c>emails[]</c> begins with <c>email</c>), without duplicates.
/// </summary>
public sealed class FieldMap
{
    private readonly (EntityField Field, Expression Expression)[] _fields;

    /// <summary>A compiled map.</summary>
    /// <param name="type">The entity it fills.</param>
    /// <param name="fields">An expression a field, by path; every path exists in the type.</param>
    public FieldMap(EntityType type, IReadOnlyDictionary<string, Expression> fields)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(fields);
        Type = type;
        _fields = [.. fields
            .Select(pair => (Field: type.Find(pair.Key) ?? throw new ArgumentException($"entity '{type.Name}' has no field '{pair.Key}'", nameof(fields)), pair.Value))
            .OrderBy(pair => pair.Field.Ordinal)];
        Paths = [.. _fields.SelectMany(pair => pair.Expression.Paths).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The entity it fills.</summary>
    public EntityType Type { get; }

    /// <summary>Every source path that any expression reads.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>The fields it fills, each with the source paths that its expression reads.</summary>
    public IEnumerable<(EntityField Field, IReadOnlyList<string> Paths)> Reads => _fields.Select(pair => (pair.Field, pair.Expression.Paths));

    /// <summary>Ties the expressions to a shape, as far as it has grown. Bind anew when <see cref="Shape.Count"/> has changed.</summary>
    /// <param name="shape">The names of the rows to come.</param>
    public BoundFieldMap Bind(Shape shape) => Bind(shape, null);

    /// <summary>Ties the expressions to a shape, and reports to a trace what is lost on the way.</summary>
    /// <param name="shape">The names of the rows to come.</param>
    /// <param name="trace">Who watches, or null.</param>
    public BoundFieldMap Bind(Shape shape, MapTrace? trace)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return new BoundFieldMap(
            [.. _fields.Select(pair => new BoundField(pair.Field, pair.Expression.Bind(shape.Find, trace, pair.Field.Path), pair.Expression.TimeZone))],
            [.. Type.Fields.Where(field => field.Primary is not null && Type.Find(field.Primary) is not null).Select(field => (field.Ordinal, Type.Find(field.Primary!)!.Ordinal))],
            trace);
    }
}

/// <summary>A field map tied to a shape. Safe to share between threads.</summary>
public sealed class BoundFieldMap
{
    private readonly BoundField[] _fields;
    private readonly (int List, int Primary)[] _primaries;
    private readonly MapTrace? _trace;

    internal BoundFieldMap(BoundField[] fields, (int List, int Primary)[] primaries, MapTrace? trace)
    {
        _fields = fields;
        _primaries = primaries;
        _trace = trace;
    }

    /// <summary>Maps one row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="record">The record to fill; all its fields are empty.</param>
    public void Apply(SourceRow row, EntityRecord record)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(record);
        ReadOnlySpan<Value> values = row.Values;
        foreach (var bound in _fields)
        {
            var value = bound.Expression.Evaluate(values);
            if (value.IsEmpty)
                continue;
            var converted = FieldConversion.Convert(value, bound.Field.Type, bound.TimeZone, out var understood);
            if (!understood)
                _trace?.Lost(bound.Field.Path, TraceLoss.NotConverted, null);
            record[bound.Field.Ordinal] = converted;
        }

        foreach (var (list, primary) in _primaries)
        {
            if (!record[primary].IsEmpty)
                record[list] = FieldConversion.WithPrimary(record[primary], record[list]);
        }
    }
}

/// <param name="Field">What is filled.</param>
/// <param name="Expression">With what.</param>
/// <param name="TimeZone">The zone of times that do not say.</param>
internal sealed record BoundField(EntityField Field, BoundExpression Expression, TimeZoneInfo TimeZone);

using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Maps;

/// <summary>
/// The map of an inbound pipeline: which expression fills which field of the entity. Values are converted to the type of
/// their field; one that cannot be converted stays as text and is caught by validation (rule <c>type</c>).
/// A list field takes its primary's value first (<c>emails[]</c> begins with <c>email</c>), without duplicates.
/// </summary>
public sealed class FieldMap
{
    /// <summary>A compiled map.</summary>
    /// <param name="type">The entity it fills.</param>
    /// <param name="fields">An expression a field, by path; every path exists in the type.</param>
    public FieldMap(EntityType type, IReadOnlyDictionary<string, Expression> fields) => throw new NotImplementedException();

    /// <summary>The entity it fills.</summary>
    public EntityType Type => throw new NotImplementedException();

    /// <summary>Every source path that any expression reads.</summary>
    public IReadOnlyList<string> Paths => throw new NotImplementedException();

    /// <summary>Ties the expressions to a shape, as far as it has grown. Bind anew when <see cref="Shape.Count"/> has changed.</summary>
    /// <param name="shape">The names of the rows to come.</param>
    public BoundFieldMap Bind(Shape shape) => throw new NotImplementedException();
}

/// <summary>A field map tied to a shape. Safe to share between threads.</summary>
public sealed class BoundFieldMap
{
    /// <summary>Maps one row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="record">The record to fill; all its fields are empty.</param>
    public void Apply(SourceRow row, EntityRecord record) => throw new NotImplementedException();
}

namespace Crm.Integration.Mapping.Records;

/// <summary>
/// One row as a connector pulled it, before mapping: values by ordinal of a <see cref="Records.Shape"/>, and where it stood,
/// so that an error can name the place.
/// </summary>
/// <param name="shape">The names of the values.</param>
/// <param name="values">The values; may be shorter than the shape when the shape grew after this row.</param>
public sealed class SourceRow(Shape shape, Value[] values)
{
    /// <summary>The names of the values.</summary>
    public Shape Shape { get; } = shape;

    /// <summary>The values by ordinal; may be shorter than the shape.</summary>
    public Value[] Values { get; } = values;

    /// <summary>Where the row stood, for people: "customers.csv line 17". Null where the source has no such notion.</summary>
    public RowPosition Position { get; init; }

    /// <summary>What is wrong with the row itself (ragged, bad bytes, broken JSON), or null. Such a row is quarantined unmapped.</summary>
    public RowFault? Fault { get; init; }

    /// <summary>The source says that this record is gone; only the key is of interest.</summary>
    public bool IsDelete { get; init; }

    /// <summary>Of a record that is gone because the source merged or converted it: the source's id of the record that stands in its place.</summary>
    public string? AliasOf { get; init; }

    /// <summary>The record is there, and nothing else is known of it: only the key is of interest. Part of a sweep that finds out what is gone.</summary>
    public bool IsSighting { get; init; }

    /// <summary>The version or modified time of the record, in the same words in which the system answers a write; null where it has none.</summary>
    public string? Version { get; init; }

    /// <summary>The value at an ordinal; null beyond the row's end.</summary>
    /// <param name="ordinal">An ordinal of <see cref="Shape"/>, or -1 for a field that does not exist.</param>
    public Value this[int ordinal] => (uint)ordinal < (uint)Values.Length ? Values[ordinal] : Value.Null;

    /// <summary>The value of a field by name; null when there is no such field.</summary>
    /// <param name="name">The field's name as the source writes it.</param>
    public Value this[string name] => this[Shape.Find(name)];
}

/// <summary>Where a row stood in its source.</summary>
/// <param name="File">The file's name, or null.</param>
/// <param name="Line">The first line of the row, counted from 1; 0 where unknown.</param>
public readonly record struct RowPosition(string? File, long Line)
{
    /// <summary>"customers.csv line 17", or empty text.</summary>
    public override string ToString() => (File, Line) switch
    {
        (null, 0) => "",
        (null, _) => $"line {Line}",
        (_, 0) => File,
        _ => $"{File} line {Line}",
    };
}

/// <summary>A fault of the row itself, found while reading it.</summary>
/// <param name="Code">A stable kebab-case code: <c>ragged-row</c>, <c>bad-bytes</c>, <c>bad-quotes</c>, <c>bad-json</c>, <c>field-too-large</c>.</param>
/// <param name="Message">What is wrong, in words for an IT person.</param>
/// <param name="RawText">The row as it stood, as far as it could be read; at most 64 KB.</param>
/// <param name="Fix">What to do about it.</param>
public sealed record RowFault(string Code, string Message, string RawText, string Fix);

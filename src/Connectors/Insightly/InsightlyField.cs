using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Insightly;

/// <summary>What the values of a field are on the wire.</summary>
internal enum InsightlyKind
{
    /// <summary>As the JSON says.</summary>
    Plain,

    /// <summary>Text.</summary>
    Text,

    /// <summary>A JSON number.</summary>
    Number,

    /// <summary>A JSON boolean.</summary>
    Boolean,

    /// <summary>A date, written with a time of midnight.</summary>
    Date,

    /// <summary>A date with time in UTC, written without a zone.</summary>
    Instant,

    /// <summary>Several choices in one text, joined by semicolons.</summary>
    Choices,

    /// <summary>A list of objects of which one member counts: tags, e-mail domains.</summary>
    Names,
}

/// <summary>A field of an object of Insightly.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What its values are on the wire.</param>
internal sealed record InsightlyField(string Name, InsightlyKind Kind)
{
    public bool Required { get; init; }

    public bool Writable { get; init; } = true;

    public bool Readable { get; init; } = true;

    /// <summary>Whether it stands in CUSTOMFIELDS.</summary>
    public bool IsCustom { get; init; }

    public string? Label { get; init; }

    public string? NativeType { get; init; }

    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>For <see cref="InsightlyKind.Names"/>: the member that counts.</summary>
    public string? Member { get; init; }

    public StreamField Describe() => new(Name, Kind switch
    {
        InsightlyKind.Number => StreamFieldType.Number,
        InsightlyKind.Boolean => StreamFieldType.Boolean,
        InsightlyKind.Date => StreamFieldType.Date,
        InsightlyKind.Instant => StreamFieldType.Instant,
        InsightlyKind.Choices or InsightlyKind.Names => StreamFieldType.List,
        _ => StreamFieldType.Text,
    })
    {
        Required = Required,
        Writable = Writable,
        Readable = Readable,
        Label = Label,
        NativeType = NativeType,
        Choices = Choices,
    };
}

namespace Crm.Integration.Connectors.Contract;

/// <summary>One kind of thing that a connection offers.</summary>
/// <param name="Name">The name by which pipelines refer to it.</param>
/// <param name="Fields">Its fields, in the source's order.</param>
public sealed record StreamDescription(string Name, IReadOnlyList<StreamField> Fields)
{
    /// <summary>How many records it has, where that is known or cheap to estimate.</summary>
    public long? ApproximateCount { get; init; }

    /// <summary>The fields that look fit to identify a record, best first.</summary>
    public IReadOnlyList<string> KeyCandidates { get; init; } = [];

    /// <summary>The field by which it is pulled incrementally; null when that is not possible.</summary>
    public string? CursorField { get; init; }

    /// <summary>The time zone (IANA) of its date-times without an offset.</summary>
    public string? TimeZone { get; init; }

    /// <summary>What the system calls it on its screens; null where that is not known.</summary>
    public string? Label { get; init; }

    /// <summary>What was noticed while looking: encoding, delimiter, odd rows.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Why it could not be described, or null.</summary>
    public string? Problem { get; init; }
}

/// <summary>One field of a stream.</summary>
/// <param name="Name">Its name, exactly as the source writes it.</param>
/// <param name="Type">What its values look like.</param>
public sealed record StreamField(string Name, StreamFieldType Type)
{
    /// <summary>A few distinct values, for people and for proposals.</summary>
    public IReadOnlyList<string> Examples { get; init; } = [];

    /// <summary>The share of records in which it is filled, 0 to 1; null where unknown.</summary>
    public double? FillRate { get; init; }

    /// <summary>Whether every value seen was different and none was empty.</summary>
    public bool Unique { get; init; }

    /// <summary>The longest value seen or allowed, in characters; null where unknown.</summary>
    public int? MaxLength { get; init; }

    /// <summary>Whether the system demands a value.</summary>
    public bool Required { get; init; }

    /// <summary>Whether the user of the connection may read it.</summary>
    public bool Readable { get; init; } = true;

    /// <summary>Whether it can be written.</summary>
    public bool Writable { get; init; } = true;

    /// <summary>The values of a list to choose from; empty when any value will do.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>What the system calls it on its screens; null where that is not known.</summary>
    public string? Label { get; init; }

    /// <summary>The system's own word for its type, for people.</summary>
    public string? NativeType { get; init; }
}

/// <summary>What the values of a field look like.</summary>
public enum StreamFieldType
{
    /// <summary>Text.</summary>
    Text,

    /// <summary>Numbers.</summary>
    Number,

    /// <summary>True and false, yes and no, 0 and 1.</summary>
    Boolean,

    /// <summary>Dates.</summary>
    Date,

    /// <summary>Dates with time.</summary>
    Instant,

    /// <summary>Lists.</summary>
    List,

    /// <summary>Nested objects.</summary>
    Object,
}

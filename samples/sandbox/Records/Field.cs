namespace Crm.Integration.Sandbox.Records;

/// <summary>What the values of a field are, before a vendor gives them its own form.</summary>
internal enum FieldKind
{
    Text,
    LongText,
    Email,
    Phone,
    Url,
    Integer,
    Number,
    Money,
    Boolean,
    Date,
    DateTime,
    Choice,
    Choices,
    Reference,
    User,
}

/// <summary>A field of a kind of record.</summary>
internal sealed record Field(string Name, FieldKind Kind)
{
    public string Label { get; init; } = Name.Replace('_', ' ');
    public int Length { get; init; } = 255;
    public bool Required { get; init; }
    public bool Unique { get; init; }
    public bool ReadOnly { get; init; }
    public bool Custom { get; init; }
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>The kind of record that a reference points to.</summary>
    public string? Target { get; init; }
}

namespace Crm.Integration.Mapping.Records;

/// <summary>What a <see cref="Value"/> holds.</summary>
public enum ValueKind
{
    /// <summary>Nothing there.</summary>
    Null,

    /// <summary>Text, as the source wrote it or as a function left it.</summary>
    Text,

    /// <summary>A decimal number.</summary>
    Number,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A calendar date without a time or zone.</summary>
    Date,

    /// <summary>An instant, always kept as UTC.</summary>
    Instant,

    /// <summary>An ordered list of values.</summary>
    List,

    /// <summary>A nested object of named values, as JSON sources give them.</summary>
    Object,
}

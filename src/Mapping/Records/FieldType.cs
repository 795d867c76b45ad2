namespace Crm.Integration.Mapping.Records;

/// <summary>The type of an entity's field.</summary>
public enum FieldType
{
    /// <summary>Text.</summary>
    Text,

    /// <summary>A decimal number.</summary>
    Number,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A calendar date.</summary>
    Date,

    /// <summary>An instant in UTC.</summary>
    Instant,

    /// <summary>A list of texts, without duplicates, in order of importance.</summary>
    TextList,
}

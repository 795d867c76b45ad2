using System.ComponentModel;

namespace Crm.Integration.Mapping.Records;

/// <summary>The type of an entity's field.</summary>
public enum FieldType
{
    /// <summary>Text.</summary>
    [Description("Text.")]
    Text,

    /// <summary>A decimal number.</summary>
    [Description("A decimal number.")]
    Number,

    /// <summary>True or false.</summary>
    [Description("True or false.")]
    Boolean,

    /// <summary>A calendar date.</summary>
    [Description("A calendar date.")]
    Date,

    /// <summary>An instant in UTC.</summary>
    [Description("An instant in UTC.")]
    Instant,

    /// <summary>A list of texts, without duplicates, in order of importance.</summary>
    [Description("A list of texts, without duplicates, in order of importance.")]
    TextList,
}

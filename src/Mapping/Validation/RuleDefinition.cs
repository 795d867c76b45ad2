using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Crm.Integration.Mapping.Validation;

/// <summary>One validation rule, as a pipeline's <c>validate</c> lists it.</summary>
public sealed record RuleDefinition
{
    /// <summary>The field that is checked.</summary>
    [Description("The field that is checked, by its path in the entity.")]
    public string? Field { get; init; }

    /// <summary>For <c>required</c>: at least one of these fields must be filled.</summary>
    [Description("For `required`: at least one of these fields must be filled.")]
    public IReadOnlyList<string>? Any { get; init; }

    /// <summary>What is checked.</summary>
    [Description("What is checked.")]
    public required RuleKind Rule { get; init; }

    /// <summary>What happens to a record that breaks the rule.</summary>
    [Description("What happens to a record that breaks the rule.")]
    public Otherwise Otherwise { get; init; } = Otherwise.Reject;

    /// <summary>For <c>pattern</c>.</summary>
    [Description("For `pattern`: a regular expression that the whole value must match.")]
    public string? Pattern { get; init; }

    /// <summary>For <c>range</c>, <c>length</c> and <c>dateRange</c>: the least value.</summary>
    [Description("For `range`, `length` and `dateRange`: the least value allowed; for dates yyyy-MM-dd, `today`, or `today-120y` / `today+30d`."), DataType("NumberOrText")]
    public string? Min { get; init; }

    /// <summary>For <c>range</c>, <c>length</c> and <c>dateRange</c>: the greatest value.</summary>
    [Description("For `range`, `length` and `dateRange`: the greatest value allowed."), DataType("NumberOrText")]
    public string? Max { get; init; }

    /// <summary>For <c>oneOf</c>.</summary>
    [Description("For `oneOf`: the values allowed."), DataType("NumberOrText")]
    public IReadOnlyList<string>? Values { get; init; }

    /// <summary>For <c>exists</c>: the entity that the value must be a source id of.</summary>
    [Description("For `exists`: the entity of which the value must be a source id in the same connection. By default the one that the field refers to.")]
    public string? Entity { get; init; }

    /// <summary>For <c>expression</c>: must be true.</summary>
    [Description("For `expression`: an expression over the entity's fields that must be true. With `field` it is asked only when that field is filled.")]
    public string? Expression { get; init; }

    /// <summary>Words of your own for the message.</summary>
    [Description("Words of your own for the message.")]
    public string? Message { get; init; }
}

/// <summary>What a rule checks.</summary>
public enum RuleKind
{
    /// <summary>The field, or one of several, is filled.</summary>
    [Description("The field, or with `any` at least one of several, is filled.")]
    Required,

    /// <summary>The value is of the field's type.</summary>
    [Description("The value could be converted to the field's type. Every mapped field has this rule with `blank`; write it to choose otherwise.")]
    Type,

    /// <summary>An e-mail address that could be written to.</summary>
    [Description("An e-mail address that could be written to.")]
    Email,

    /// <summary>A possible phone number in E.164 form.</summary>
    [Description("A possible phone number in E.164 form.")]
    Phone,

    /// <summary>Matches a regular expression.</summary>
    [Description("The whole value matches `pattern`.")]
    Pattern,

    /// <summary>A number between two bounds.</summary>
    [Description("A number between `min` and `max`, bounds included.")]
    Range,

    /// <summary>Text of a certain length.</summary>
    [Description("Text of `min` to `max` characters.")]
    Length,

    /// <summary>One of a list.</summary>
    [Description("One of `values`.")]
    OneOf,

    /// <summary>A date between two bounds.</summary>
    [Description("A date between `min` and `max`, bounds included.")]
    DateRange,

    /// <summary>No other record of the source has the value.</summary>
    [Description("No other record of this pipeline's source has the value.")]
    Unique,

    /// <summary>The record referred to is in the store.</summary>
    [Description("The record referred to is in the store: reject an order without its customer.")]
    Exists,

    /// <summary>A custom condition.</summary>
    [Description("`expression` is true.")]
    Expression,
}

/// <summary>What happens to a record that breaks a rule.</summary>
public enum Otherwise
{
    /// <summary>The record waits in quarantine.</summary>
    [Description("The record waits in quarantine, whole; the last good version stays in use.")]
    Reject,

    /// <summary>The field is emptied, and the record goes on.</summary>
    [Description("The field is emptied, of a list only the bad elements, and the record goes on.")]
    Blank,

    /// <summary>The record goes on; the run reports it.</summary>
    [Description("The record goes on as it is; the run reports it.")]
    Warn,
}

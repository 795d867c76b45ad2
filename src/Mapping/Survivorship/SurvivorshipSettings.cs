using System.ComponentModel;

namespace Crm.Integration.Mapping.Survivorship;

/// <summary>How golden records are chosen.</summary>
public sealed record SurvivorshipSettings
{
    /// <summary>Connections, most trusted first.</summary>
    [Description("Connections, the most trusted first; those not named come last, all alike.")]
    public IReadOnlyList<string> Priority { get; init; } = [];

    /// <summary>The rule for fields without one of their own.</summary>
    [Description("The rule for fields without one of their own. Lists are united, consent is restrictive and notes are the longest all the same, until `fields` says otherwise.")]
    public SurvivorshipRule Default { get; init; } = SurvivorshipRule.Recent;

    /// <summary>Rules by field.</summary>
    [Description("Rules by field, or by group (`name`, `address`), whose fields come from one record together. A field of a group with a rule of its own leaves the group.")]
    public IReadOnlyDictionary<string, FieldSurvivorship> Fields { get; init; } = new Dictionary<string, FieldSurvivorship>();
}

/// <summary>How one field is chosen.</summary>
public sealed record FieldSurvivorship
{
    /// <summary>The rule.</summary>
    [Description("The rule; without it the one that the field has otherwise.")]
    public SurvivorshipRule? Rule { get; init; }

    /// <summary>Rules for ties.</summary>
    [Description("Rules that are asked one after the other while those before leave a tie: `[\"longest\", \"frequent\"]`. The first that decides counts.")]
    public IReadOnlyList<SurvivorshipRule> Then { get; init; } = [];

    /// <summary>Connections, most trusted first, for this field only.</summary>
    [Description("For `priority`: connections, the most trusted first, for this field only. A field without a value there falls back on the next.")]
    public IReadOnlyList<string>? Priority { get; init; }

    /// <summary>Connections that verify the value.</summary>
    [Description("Connections whose values of this field are verified. A verified value comes before every other; `\"verified\"` among the rules gives it another place.")]
    public IReadOnlyList<string> VerifiedBy { get; init; } = [];

    /// <summary>A field that says whether the value is verified.</summary>
    [Description("A field of the same record that says whether this one is verified: yes, or the day on which it was. `custom.emailVerified`.")]
    public string? VerifiedWhen { get; init; }
}

/// <summary>A rule by which a golden field is chosen. Ties go on to: recent, priority, frequent, complete, the lowest record number.</summary>
public enum SurvivorshipRule
{
    /// <summary>From the record that its source changed last.</summary>
    [Description("From the record in which its source changed this field last; where the hub has not seen the field change, in which it changed anything last.")]
    Recent,

    /// <summary>From the most trusted connection.</summary>
    [Description("From the most trusted connection.")]
    Priority,

    /// <summary>The value that most members have.</summary>
    [Description("The value that most members have.")]
    Frequent,

    /// <summary>From the record with the most fields filled (in the group, if the field is in one).</summary>
    [Description("From the record with the most fields filled (of the group, where the field is in one).")]
    Complete,

    /// <summary>The longest value.</summary>
    [Description("The longest value.")]
    Longest,

    /// <summary>The lowest number or the earliest day.</summary>
    [Description("The lowest number, the earliest day: `customer since`.")]
    Min,

    /// <summary>The highest number or the latest day.</summary>
    [Description("The highest number, the latest day.")]
    Max,

    /// <summary>A value that is verified.</summary>
    [Description("A value that a source (`verifiedBy`), a field (`verifiedWhen`) or a steward says is verified.")]
    Verified,

    /// <summary>All values, without duplicates. The rule of lists.</summary>
    [Description("All values without duplicates: the rule of lists.")]
    Union,

    /// <summary>For consent: a no from anyone is a no.</summary>
    [Description("For consent: a no from anyone is a no.")]
    Restrictive,
}

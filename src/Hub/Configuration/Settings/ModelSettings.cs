using System.ComponentModel;
using Crm.Integration.Mapping.Matching;
using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Survivorship;

namespace Crm.Integration.Hub.Configuration.Settings;

/// <summary><c>model/ENTITY.json</c>: changes a built-in entity, or makes a new one.</summary>
public sealed record ModelSettings
{
    /// <summary>Id prefix.</summary>
    [Description("For a new entity: what its master ids begin with, one or two capital letters.")]
    public string? IdPrefix { get; init; }

    /// <summary>Kind.</summary>
    [Description("For a new entity: how its records find their master.")]
    public EntityKind? Kind { get; init; }

    /// <summary>Fields.</summary>
    [Description("Fields by path. For a built-in entity they come after its own; for a new one they are all it has.")]
    public IReadOnlyDictionary<string, FieldSettings> Fields { get; init; } = new Dictionary<string, FieldSettings>();

    /// <summary>Matching.</summary>
    [Description("How records are matched.")]
    public MatchSettings Matching { get; init; } = new();

    /// <summary>Survivorship.</summary>
    [Description("How golden records are chosen.")]
    public SurvivorshipSettings Survivorship { get; init; } = new();
}

/// <summary>A field of your own.</summary>
public sealed record FieldSettings
{
    /// <summary>Type.</summary>
    [Description("Its type.")]
    public FieldType Type { get; init; } = FieldType.Text;

    /// <summary>Description.</summary>
    [Description("What it means.")]
    public string Description { get; init; } = "A field of your own.";

    /// <summary>Role.</summary>
    [Description("What it means to the matcher.")]
    public FieldRole Role { get; init; } = FieldRole.None;

    /// <summary>Personal.</summary>
    [Description("Whether it holds personal data: masked in logs, errors and reports.")]
    public bool Personal { get; init; }

    /// <summary>Group.</summary>
    [Description("Fields of one group are taken from one record.")]
    public string? Group { get; init; }

    /// <summary>Primary.</summary>
    [Description("For a list: the field that holds its first element, as `email` does for `emails[]`.")]
    public string? Primary { get; init; }

    /// <summary>References.</summary>
    [Description("The entity whose source id this field carries.")]
    public string? References { get; init; }
}

using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Crm.Integration.Mapping.Validation;

namespace Crm.Integration.Hub.Configuration.Settings;

/// <summary><c>pipelines/NAME.json</c>: inbound with <see cref="From"/>, outbound with <see cref="To"/>.</summary>
public sealed record PipelineSettings
{
    /// <summary>What it is for.</summary>
    [Description("What it is for, in your words.")]
    public string? Description { get; init; }

    /// <summary>Inbound: where records come from.</summary>
    [Description("Inbound: where records come from.")]
    public FromSettings? From { get; init; }

    /// <summary>The entity.</summary>
    [Description("What the records are: `customer`, `account`, `deal`, `order`, `interaction`, or an entity of your own.")]
    public required string Entity { get; init; }

    /// <summary>Outbound: where records go.</summary>
    [Description("Outbound: where records go.")]
    public ToSettings? To { get; init; }

    /// <summary>Which records it takes.</summary>
    [Description("An expression: which records it takes. Inbound over the source's fields, outbound over the entity's.")]
    public string? Where { get; init; }

    /// <summary>The mapping.</summary>
    [Description("The mapping: a target field and the expression that fills it. Inbound the targets are the entity's fields, outbound the destination's.")]
    public required IReadOnlyDictionary<string, string> Map { get; init; }

    /// <summary>The rules.</summary>
    [Description("Inbound: what a mapped record must satisfy, in order.")]
    public IReadOnlyList<RuleDefinition> Validate { get; init; } = [];

    /// <summary>Look-up tables.</summary>
    [Description("Look-up tables for `lookup('name')`, by name.")]
    public IReadOnlyDictionary<string, LookupSettings> Lookups { get; init; } = new Dictionary<string, LookupSettings>();

    /// <summary>Conflicts.</summary>
    [Description("Outbound, of a stream that is pulled as well: who wins when a field was edited at the destination and the hub says otherwise; `default` (`hub` unless given), and fields by name.")]
    public IReadOnlyDictionary<string, ConflictPolicy> Conflict { get; init; } = new Dictionary<string, ConflictPolicy>();

    /// <summary>Deletes.</summary>
    [Description("Outbound: what happens at the destination when a customer is gone or no longer taken by `where`.")]
    public DeletesPolicy Deletes { get; init; } = DeletesPolicy.Ignore;

    /// <summary>When it runs by itself.</summary>
    [Description("When it runs by itself in `hub serve`: one trigger, or a list of them. None: when it is asked to."), OneOrMany]
    public IReadOnlyList<TriggerSettings> Trigger { get; init; } = [];

    /// <summary>Limits of its own.</summary>
    [Description("Limits of its own, in place of those of hub.json.")]
    public LimitSettings? Limits { get; init; }
}

/// <summary>Where records come from.</summary>
public sealed record FromSettings
{
    /// <summary>Connection.</summary>
    [Description("The connection: the name of a file under connections/.")]
    public required string Connection { get; init; }

    /// <summary>Stream.</summary>
    [Description("The stream, as `hub discover` lists it: for CSV the name of the file.")]
    public required string Stream { get; init; }

    /// <summary>Key.</summary>
    [Description("The source's field that identifies a record, or an expression over its fields.")]
    public required string Key { get; init; }

    /// <summary>Cursor.</summary>
    [Description("The field that tells how new a record is; null reads everything each time and sees what is gone.")]
    public string? Cursor { get; init; }

    /// <summary>Lag.</summary>
    [Description("With a cursor: how many seconds to read back behind it, for records that are committed late."), Range(0, 604800)]
    public int LagSeconds { get; init; } = 300;

    /// <summary>Sweep.</summary>
    [Description("Where a source does not tell what is gone: after how many hours all its ids are looked over again; 0 for never."), Range(0, 8760)]
    public int SweepHours { get; init; } = 24;

    /// <summary>Modified.</summary>
    [Description("An expression for when the source last changed the record, for survivorship: `Modified_Time | instant`.")]
    public string? Modified { get; init; }
}

/// <summary>Where records go.</summary>
public sealed record ToSettings
{
    /// <summary>Connection.</summary>
    [Description("The connection: the name of a file under connections/.")]
    public required string Connection { get; init; }

    /// <summary>Stream.</summary>
    [Description("The stream: an object of a CRM, a file name.")]
    public required string Stream { get; init; }

    /// <summary>Key.</summary>
    [Description("The destination's field that identifies a record. Filled with the master id unless the map fills it.")]
    public required string Key { get; init; }

    /// <summary>What an empty value does.</summary>
    [Description("What an empty value does to a field that is filled at the destination.")]
    public BlankPolicy Blank { get; init; } = BlankPolicy.Clear;

    /// <summary>What becomes of removed records.</summary>
    [Description("Of a stream that is pulled as well: whether a record that its users removed at the destination is made again.")]
    public bool Recreate { get; init; }
}

/// <summary>What an empty value does to a filled field of the destination.</summary>
public enum BlankPolicy
{
    /// <summary>Empties it.</summary>
    [Description("Empties it.")]
    Clear,

    /// <summary>Leaves it alone.</summary>
    [Description("Leaves it alone.")]
    Ignore,

    /// <summary>The hub only fills.</summary>
    [Description("Leaves it alone; and a value only fills what is empty there, and changes nothing that is filled.")]
    OnlyIfEmpty,
}

/// <summary>A look-up table.</summary>
public sealed record LookupSettings
{
    /// <summary>File.</summary>
    [Description("A CSV file, relative to the hub folder: first column key, second value; a header line.")]
    public string? File { get; init; }

    /// <summary>Entries.</summary>
    [Description("The entries themselves.")]
    public IReadOnlyDictionary<string, string>? Entries { get; init; }
}

/// <summary>Who wins when a field was changed at both ends.</summary>
public enum ConflictPolicy
{
    /// <summary>The hub.</summary>
    [Description("The hub's value.")]
    Hub,

    /// <summary>The destination.</summary>
    [Description("The destination's value.")]
    Source,

    /// <summary>The newest.</summary>
    [Description("The value changed last.")]
    Newest,

    /// <summary>A person.</summary>
    [Description("A person decides.")]
    Ask,
}

/// <summary>What happens at the destination when a customer is gone.</summary>
public enum DeletesPolicy
{
    /// <summary>Nothing.</summary>
    [Description("Nothing: the record stays as it is.")]
    Ignore,

    /// <summary>It is removed.</summary>
    [Description("The record is deleted at the destination.")]
    Delete,
}

using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Mapping.Maps;
using Crm.Integration.Mapping.Matching;
using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Survivorship;
using Crm.Integration.Mapping.Validation;

namespace Crm.Integration.Hub.Configuration;

/// <summary>A hub folder, read, checked and compiled: nothing in it can fail for a reason that reading could have found.</summary>
/// <param name="Folder">The absolute path of the hub folder.</param>
/// <param name="Settings">hub.json.</param>
/// <param name="Entities">The entities by name.</param>
/// <param name="Connections">The connections by name.</param>
/// <param name="Pipelines">The pipelines, inbound before outbound, then by name; inbound ones of entities that others refer to come first.</param>
internal sealed record HubConfiguration(
    string Folder,
    HubSettings Settings,
    IReadOnlyDictionary<string, EntityConfiguration> Entities,
    IReadOnlyDictionary<string, ConnectionConfiguration> Connections,
    IReadOnlyList<Pipeline> Pipelines)
{
    /// <summary>Reads a hub folder.</summary>
    /// <param name="folder">The hub folder.</param>
    /// <exception cref="ConfigurationException">There are mistakes in it; it carries them all.</exception>
    public static HubConfiguration Load(string folder) => ConfigurationLoader.Load(folder).OrThrow();
}

/// <summary>An entity with its matching and survivorship.</summary>
/// <param name="Type">Its type, with the custom fields that pipelines map.</param>
/// <param name="Matcher">Its matcher; null for keyed entities.</param>
/// <param name="Survivor">Its survivorship.</param>
internal sealed record EntityConfiguration(EntityType Type, Matcher? Matcher, Survivor Survivor);

/// <summary>A configured connection.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Connector">Its connector.</param>
/// <param name="Settings">Its settings, of the connector's settings type, references resolved.</param>
internal sealed record ConnectionConfiguration(string Name, IConnector Connector, object Settings);

/// <summary>A pipeline.</summary>
/// <param name="Name">Its name: that of its file.</param>
/// <param name="Entity">Its entity.</param>
/// <param name="Connection">Its connection.</param>
/// <param name="Stream">The stream at that connection.</param>
/// <param name="Settings">As written.</param>
/// <param name="Limits">Its own limits or those of the hub.</param>
/// <param name="Fingerprint">A hash of everything that decides what it makes of a record; a new one makes it look at every record again.</param>
internal abstract record Pipeline(
    string Name,
    EntityConfiguration Entity,
    ConnectionConfiguration Connection,
    string Stream,
    PipelineSettings Settings,
    LimitSettings Limits,
    ulong Fingerprint);

/// <summary>An inbound pipeline.</summary>
internal sealed record InboundPipeline(
    string Name,
    EntityConfiguration Entity,
    ConnectionConfiguration Connection,
    string Stream,
    PipelineSettings Settings,
    LimitSettings Limits,
    ulong Fingerprint) : Pipeline(Name, Entity, Connection, Stream, Settings, Limits, Fingerprint)
{
    /// <summary>The source id of a row.</summary>
    public required Expression Key { get; init; }

    /// <summary>Which rows it takes; null for all.</summary>
    public required Expression? Where { get; init; }

    /// <summary>When the source changed a row; null when it does not say.</summary>
    public required Expression? Modified { get; init; }

    /// <summary>The mapping.</summary>
    public required FieldMap Map { get; init; }

    /// <summary>The rules.</summary>
    public required RuleSet Rules { get; init; }

    /// <summary>"pipelines/shop.json:12" of a rule by its index, and of the map under -1, for messages.</summary>
    public required Func<int, string> RulePlace { get; init; }

    /// <summary>The outbound pipelines that write to the same stream: it is a two-way one when there are any.</summary>
    public IReadOnlyList<OutboundPipeline> Counterparts { get; init; } = [];
}

/// <summary>An outbound pipeline.</summary>
internal sealed record OutboundPipeline(
    string Name,
    EntityConfiguration Entity,
    ConnectionConfiguration Connection,
    string Stream,
    PipelineSettings Settings,
    LimitSettings Limits,
    ulong Fingerprint) : Pipeline(Name, Entity, Connection, Stream, Settings, Limits, Fingerprint)
{
    /// <summary>Which masters it takes; null for all. Reads the entity's paths, and <c>id</c> for the master id.</summary>
    public required Expression? Where { get; init; }

    /// <summary>The destination's fields in order, the key field first, each with its expression; null for the key filled with the master id.</summary>
    public required IReadOnlyList<(string Field, Expression? Expression)> Map { get; init; }

    /// <summary>The inbound pipelines that read the same stream: it is a two-way one when there are any.</summary>
    public IReadOnlyList<InboundPipeline> Counterparts { get; init; } = [];

    /// <summary>Who wins when a field was edited at the destination and the hub says otherwise.</summary>
    public ConflictPolicy PolicyOf(string field) =>
        Settings.Conflict.TryGetValue(field, out var own) ? own : Settings.Conflict.GetValueOrDefault("default", ConflictPolicy.Hub);
}

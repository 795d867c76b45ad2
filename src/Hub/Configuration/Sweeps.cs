using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Configuration.Settings;

namespace Crm.Integration.Hub.Configuration;

/// <summary>Systems drop webhooks, and nobody notices: what takes webhooks is pulled as well, whether or not somebody thought of it.</summary>
internal static class Sweeps
{
    /// <summary>When a pipeline runs by itself: by its own triggers or, where webhooks come from outside and it has none, by the sweep.</summary>
    public static IReadOnlyList<TriggerSettings> TriggersOf(Pipeline pipeline, HubSettings hub) => pipeline.Settings.Trigger.Count == 0 && IsSwept(pipeline, hub)
        ? [new TriggerSettings { Every = FormattableString.Invariant($"{hub.Service.Hooks.SweepMinutes}m") }]
        : pipeline.Settings.Trigger;

    private static bool IsSwept(Pipeline pipeline, HubSettings hub) => pipeline is InboundPipeline
        && hub.Service is { PublicAddress: not null, Hooks.SweepMinutes: > 0 }
        && pipeline.Connection.Connector.Declaration.Capabilities.HasFlag(ConnectorCapabilities.Webhook | ConnectorCapabilities.Pull);
}

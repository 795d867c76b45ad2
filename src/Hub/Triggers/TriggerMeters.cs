using System.Diagnostics.Metrics;
using Crm.Integration.Hub.Telemetry;

namespace Crm.Integration.Hub.Triggers;

/// <summary>What is counted about triggers and the runs that come of them.</summary>
internal static class TriggerMeters
{
    /// <summary>Instants that made a request.</summary>
    public static Counter<long> Fired { get; } = HubTelemetry.Meter.CreateCounter<long>("hub.trigger.fired", "{instant}", "Instants of schedules that fired.");

    /// <summary>Instants that had fired before.</summary>
    public static Counter<long> FiredAgain { get; } = HubTelemetry.Meter.CreateCounter<long>("hub.trigger.fired_again", "{instant}", "Instants that had fired before, here or on another node: nothing came of them.");

    /// <summary>Requests that joined another.</summary>
    public static Counter<long> Joined { get; } = HubTelemetry.Meter.CreateCounter<long>("hub.trigger.joined", "{request}", "Requests that joined one that was waiting or running already.");

    /// <summary>Instants that were missed.</summary>
    public static Counter<long> Missed { get; } = HubTelemetry.Meter.CreateCounter<long>("hub.trigger.missed", "{instant}", "Instants that passed while nobody was there, and were made up for by one run or skipped.");

    /// <summary>Runs that were carried out, by how they ended.</summary>
    public static Counter<long> Ended { get; } = HubTelemetry.Meter.CreateCounter<long>("hub.run.ended", "{run}", "Runs that the service carried out, by their last state.");

    /// <summary>How long requests waited.</summary>
    public static Histogram<double> Waited { get; } = HubTelemetry.Meter.CreateHistogram<double>("hub.run.waited", "s", "How long a request was due before its run began.");

    /// <summary>Requests of nodes that were not heard of any more.</summary>
    public static Counter<long> TakenOver { get; } = HubTelemetry.Meter.CreateCounter<long>("hub.run.taken_over", "{run}", "Runs whose node was not heard of any more, and that another node begins again.");
}

using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Crm.Integration.Hub.Telemetry;

/// <summary>Where all parts of the hub measure and trace. Each part keeps its own instruments beside its code.</summary>
internal static class HubTelemetry
{
    /// <summary>The name of the meter and of the trace source.</summary>
    public const string Name = "Crm.Integration.Hub";

    /// <summary>What the names of the meters and trace sources of the hub and its connectors begin with.</summary>
    public const string Own = "Crm.Integration.";

    // Not that of each request: its price would be paid by every webhook.
    private static readonly string[] s_others = ["Microsoft.AspNetCore.Server.Kestrel", "System.Runtime"];

    /// <summary>The meter. Instruments are named <c>hub.subject.what</c>, with a unit; labels have few values, never personal ones.</summary>
    public static Meter Meter { get; } = new(Name);

    /// <summary>The source of traces.</summary>
    public static ActivitySource Traces { get; } = new(Name);

    /// <summary>The meters of the web server and of the runtime that are collected.</summary>
    public static IReadOnlyList<string> OtherMeters => s_others;

    /// <summary>Whether the instruments of a meter are collected.</summary>
    public static bool IsCollected(string meter) => meter.StartsWith(Own, StringComparison.Ordinal) || s_others.Contains(meter);
}

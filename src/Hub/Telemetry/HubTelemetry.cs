using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Crm.Integration.Hub.Telemetry;

/// <summary>Where all parts of the hub measure and trace. Each part keeps its own instruments beside its code.</summary>
internal static class HubTelemetry
{
    /// <summary>The name of the meter and of the trace source.</summary>
    public const string Name = "Crm.Integration.Hub";

    /// <summary>The meter. Instruments are named <c>hub.subject.what</c>, with a unit; labels have few values, never personal ones.</summary>
    public static Meter Meter { get; } = new(Name);

    /// <summary>The source of traces.</summary>
    public static ActivitySource Traces { get; } = new(Name);
}

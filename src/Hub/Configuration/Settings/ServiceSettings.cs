using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Crm.Integration.Hub.Configuration.Settings;

/// <summary>What <c>hub serve</c> goes by.</summary>
public sealed record ServiceSettings
{
    /// <summary>Where it listens.</summary>
    [Description("Where the service listens.")]
    public string Listen { get; init; } = "http://127.0.0.1:8090";

    /// <summary>What others call it.</summary>
    [Description("The address at which systems outside reach the service, given to those that send webhooks: `https://hub.example.com`. Null where nothing is to be subscribed to.")]
    public string? PublicAddress { get; init; }

    /// <summary>Runs side by side.</summary>
    [Description("How many runs a node carries out side by side."), Range(1, 64)]
    public int ParallelRuns { get; init; } = 4;

    /// <summary>Alerts.</summary>
    [Description("Who is told when something is wrong.")]
    public AlertSettings Alerts { get; init; } = new();

    /// <summary>How long what is kept.</summary>
    [Description("How long the hub keeps what it remembers of its work. Golden records, source records and what people decided stay.")]
    public RetentionSettings Retention { get; init; } = new();

    /// <summary>Open connections.</summary>
    [Description("How many network connections may be open at once. Beyond it the one that has been idle longest is closed."), Range(10, 100000)]
    public int Connections { get; init; } = 1000;

    /// <summary>Webhooks.</summary>
    [Description("How webhooks are taken.")]
    public HookSettings Hooks { get; init; } = new();

    /// <summary>Calendars.</summary>
    [Description("Calendars by name: days on which the pipelines that name them in `blackout` do not run by themselves.")]
    public IReadOnlyDictionary<string, CalendarSettings> Calendars { get; init; } = new Dictionary<string, CalendarSettings>();

    /// <summary>Who may read the metrics.</summary>
    [Description("Who may read `/metrics`.")]
    public MetricsSettings Metrics { get; init; } = new();

    /// <summary>Where traces and metrics are sent.</summary>
    [Description("Where traces and metrics are sent.")]
    public OtlpSettings Otlp { get; init; } = new();

    /// <summary>When it is not ready.</summary>
    [Description("From when on the service says that it is not ready.")]
    public HealthSettings Health { get; init; } = new();

    /// <summary>The certificate.</summary>
    [Description("The certificate for `https://` in `listen`.")]
    public TlsSettings? Tls { get; init; }

    /// <summary>Plain HTTP to others.</summary>
    [Description("Lets the service listen without TLS where others than this machine reach it: behind a proxy that speaks TLS, on a network that nobody else listens to. Tokens travel readably.")]
    public bool AllowPlainHttp { get; init; }

    /// <summary>Who may reach it.</summary>
    [Description("Who may reach the service, and how often.")]
    public AccessSettings Access { get; init; } = new();
}

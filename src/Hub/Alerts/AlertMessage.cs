using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Crm.Integration.Hub.Configuration.Settings;

namespace Crm.Integration.Hub.Alerts;

/// <summary>What a message says; each kind of channel makes its own form of it.</summary>
internal sealed record AlertMessage
{
    /// <summary>As it is stored and as a webhook posts it.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>What happened to the alert.</summary>
    public required AlertEvent Event { get; init; }

    /// <summary>Which alert; null for a digest.</summary>
    public string? Alert { get; init; }

    /// <summary>How bad; null for a digest.</summary>
    public AlertSeverity? Severity { get; init; }

    /// <summary>One line.</summary>
    public required string Title { get; init; }

    /// <summary>The text, in lines.</summary>
    public required string Text { get; init; }

    /// <summary>What to do.</summary>
    public string? Fix { get; init; }

    /// <summary>Since when it is so.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Which hub: the machine and the hub folder.</summary>
    public required string Hub { get; init; }

    /// <summary>The same for people who read mail with pictures and tables; null where the text is enough.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Html { get; init; }

    /// <summary>The line by which people find it among others.</summary>
    public string Subject => Event switch
    {
        AlertEvent.Recovered => $"[hub] recovered: {Title}",
        AlertEvent.Digest or AlertEvent.Test => $"[hub] {Title}",
        AlertEvent.Repeated => $"[hub] still {Word}: {Title}",
        _ => $"[hub] {Word}: {Title}",
    };

    /// <summary>Everything as plain text.</summary>
    public string Plain => string.Join("\n\n", new[] { Text, Fix is null ? null : $"What to do: {Fix}", Since is { } since ? FormattableString.Invariant($"Since {since:yyyy-MM-dd HH:mm zzz} on {Hub}") : $"On {Hub}" }.OfType<string>());

    private string Word => Severity == AlertSeverity.Error ? "error" : "warning";
}

/// <summary>What happened to an alert.</summary>
internal enum AlertEvent
{
    /// <summary>It is new.</summary>
    Opened,

    /// <summary>It is still so.</summary>
    Repeated,

    /// <summary>It is over.</summary>
    Recovered,

    /// <summary>No alert: what the last day was like.</summary>
    Digest,

    /// <summary>No alert: a person tries the channel.</summary>
    Test,
}

using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Hub.Configuration.Settings;

/// <summary>Who is told when something is wrong.</summary>
public sealed record AlertSettings
{
    /// <summary>Channels.</summary>
    [Description("Where messages go, by name.")]
    public IReadOnlyDictionary<string, AlertChannelSettings> Channels { get; init; } = new Dictionary<string, AlertChannelSettings>();

    /// <summary>Repetition.</summary>
    [Description("Hours after which an alert that is still open is sent again; 0 for never."), Range(0, 720)]
    public int RepeatHours { get; init; } = 24;

    /// <summary>Quarantine.</summary>
    [Description("From so many rows that wait in quarantine on, there is a warning; 0 for never."), Range(0, 100000000)]
    public int QuarantineRows { get; init; } = 1000;

    /// <summary>Inbox.</summary>
    [Description("Minutes that a webhook, or a run that is due, may wait before there is a warning."), Range(1, 10080)]
    public int WaitMinutes { get; init; } = 15;

    /// <summary>Disk.</summary>
    [Description("Gigabytes below which free space on the disk of the hub folder is an error."), Range(0.0, 10000)]
    public double DiskGigabytes { get; init; } = 1;

    /// <summary>Digest.</summary>
    [Description("When, each day, a digest of the last 24 hours goes to the channels that want one: HH:mm in `defaults.timeZone`; null for none.")]
    public string? Digest { get; init; }
}

/// <summary>A place where messages go.</summary>
public sealed record AlertChannelSettings
{
    /// <summary>Kind.</summary>
    [Description("What it is.")]
    public AlertChannelKind Kind { get; init; }

    /// <summary>Least.</summary>
    [Description("The least severity that is sent there.")]
    public AlertSeverity Least { get; init; } = AlertSeverity.Warning;

    /// <summary>Digest.</summary>
    [Description("Whether the daily digest goes there.")]
    public bool Digest { get; init; }

    /// <summary>Silence.</summary>
    [Description("A window in which warnings wait for its end, such as `22:00-06:00` in `defaults.timeZone`. Errors are sent at once.")]
    public string? Quiet { get; init; }

    /// <summary>Address.</summary>
    [Description("Of a webhook, Slack, Teams or WeCom: the address that messages are posted to. Whoever has it can post: best as `${env:NAME}`."), Secret]
    public string? Url { get; init; }

    /// <summary>Signature.</summary>
    [Description("Of a webhook: messages carry the header X-Hub-Signature, `sha256=` and the HMAC of the body by this secret, in hex."), Secret]
    public string? Secret { get; init; }

    /// <summary>Server.</summary>
    [Description("Of e-mail: the mail server.")]
    public string? Host { get; init; }

    /// <summary>Port.</summary>
    [Description("Of e-mail: its port, 587 unless said otherwise."), Range(1, 65535)]
    public int Port { get; init; } = 587;

    /// <summary>Encryption.</summary>
    [Description("Of e-mail: whether the connection is encrypted by STARTTLS. Only for a server on this machine may it be false.")]
    public bool StartTls { get; init; } = true;

    /// <summary>User.</summary>
    [Description("Of e-mail: who signs in; null for nobody.")]
    public string? User { get; init; }

    /// <summary>Password.</summary>
    [Description("Of e-mail: the password."), Secret]
    public string? Password { get; init; }

    /// <summary>Sender.</summary>
    [Description("Of e-mail: the sender's address.")]
    public string? From { get; init; }

    /// <summary>Recipients.</summary>
    [Description("Of e-mail: the recipients' addresses.")]
    public IReadOnlyList<string> To { get; init; } = [];
}

/// <summary>A kind of channel.</summary>
public enum AlertChannelKind
{
    /// <summary>E-mail.</summary>
    [Description("E-mail by SMTP.")]
    Email,

    /// <summary>Webhook.</summary>
    [Description("A JSON document posted to an address of your own.")]
    Webhook,

    /// <summary>Slack.</summary>
    [Description("A Slack incoming webhook.")]
    Slack,

    /// <summary>Teams.</summary>
    [Description("A Microsoft Teams workflow that posts what a webhook brings.")]
    Teams,

    /// <summary>WeCom.</summary>
    [Description("A group robot of WeCom (企业微信).")]
    Wecom,
}

/// <summary>How bad it is.</summary>
public enum AlertSeverity
{
    /// <summary>Somebody should look in the morning.</summary>
    [Description("Somebody should look in the morning.")]
    Warning,

    /// <summary>Data does not flow.</summary>
    [Description("Data does not flow.")]
    Error,
}

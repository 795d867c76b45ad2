using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Crm.Integration.Hub.Configuration.Settings;

/// <summary>How webhooks are taken.</summary>
public sealed record HookSettings
{
    /// <summary>The largest body.</summary>
    [Description("The largest body of a webhook in kilobytes, as it comes and after it is unpacked."), Range(1, 102400)]
    public int BodyLimitKilobytes { get; init; } = 1024;

    /// <summary>The most genuine requests a second.</summary>
    [Description("The most webhooks that a connection may send in a second, on average over ten seconds; beyond it is told to wait, so that it does not starve the others."), Range(1, 1000000)]
    public int PerSecond { get; init; } = 5000;

    /// <summary>The most that may wait.</summary>
    [Description("How many megabytes of webhooks may wait for the store before senders are told to come back later."), Range(1, 1024)]
    public int WaitingMegabytes { get; init; } = 32;

    /// <summary>The sweep.</summary>
    [Description("Systems drop webhooks: a pipeline that takes them and has no trigger of its own is pulled as well, each time after so many minutes; 0 for never."), Range(0, 10080)]
    public int SweepMinutes { get; init; } = 60;

    /// <summary>What counts as dropped.</summary>
    [Description("How many seconds a webhook may take. What a pull brings of older changes counts as recovered by the sweep."), Range(0, 86400)]
    public int GraceSeconds { get; init; } = 300;
}

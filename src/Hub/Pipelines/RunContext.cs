using Crm.Integration.Hub.Accounts;
using Crm.Integration.Hub.Inbox;
using Crm.Integration.Hub.Matching;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Hub.Pipelines;

/// <summary>What the pipelines of one run share.</summary>
/// <param name="RunId">The run's number; rows it writes carry it.</param>
/// <param name="HubFolder">The absolute path of the hub folder.</param>
/// <param name="Options">What the user asked for.</param>
/// <param name="Progress">Hears how far the run has come.</param>
/// <param name="Clock">The time.</param>
/// <param name="Log">The log.</param>
internal sealed record RunContext(long RunId, string HubFolder, RunOptions Options, IProgress<Runs.RunProgress> Progress, TimeProvider Clock, ILogger Log)
{
    /// <summary>Opens the connections of the run's pipelines.</summary>
    public required ConnectionLender Connections { get; init; }

    /// <summary>How long a webhook may be on its way before a pull that brings the same counts as its sweep.</summary>
    public TimeSpan WebhookGrace { get; init; }

    /// <summary>The time as the store keeps it.</summary>
    public long Now => Clock.GetUtcNow().ToUnixTimeMilliseconds();
}

/// <summary>What the user asked of a run.</summary>
internal sealed record RunOptions
{
    /// <summary>Do it all and keep nothing; push nothing.</summary>
    public bool Rehearsal { get; init; }

    /// <summary>The run whose writes are to be taken back, in place of what outbound pipelines do else; null for none.</summary>
    public long? Undo { get; init; }

    /// <summary>The connection that is to be compared with the store; null for none.</summary>
    public VerifyOptions? Verify { get; init; }

    /// <summary>The webhooks that it takes in place of pulling; null for a run that pulls.</summary>
    public InboxBatch? Inbox { get; init; }

    /// <summary>Go on where a limit would stop the run.</summary>
    public bool IgnoreLimits { get; init; }

    /// <summary>What the report is to say in front: that the run is late, or goes on with another; null for nothing.</summary>
    public string? Remark { get; init; }

    /// <summary>How long to wait for another hub that holds the store.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The process that does it, told from all others.</summary>
    public string Node { get; init; } = $"{Environment.MachineName}/{Environment.ProcessId}";

    /// <summary>Up to so many records of an entity, all are scored anew when a fiftieth of them has changed; beyond, when they have grown by half.</summary>
    public int RescoreUpTo { get; init; } = 50_000;

    /// <summary>In a rehearsal: how many writes a pipeline are kept for showing.</summary>
    public int ShowWrites { get; init; } = 10;

    /// <summary>From how many new records on they are matched in bulk.</summary>
    public int BulkFrom { get; init; } = 20_000;

    /// <summary>Makes a secret known that comes up on the way, such as a token, so that it is masked in all output.</summary>
    public Action<string> Conceal { get; init; } = _ => { };

    /// <summary>Masks the secrets that are known: what systems say goes through it before it is kept.</summary>
    public Func<string, string> Redact { get; init; } = text => text;

    /// <summary>Where matching's time goes.</summary>
    public MatchMeter Meter { get; } = new();
}

/// <summary>A comparison of a connection with the store.</summary>
/// <param name="Connection">The connection.</param>
/// <param name="Repair">Whether what differs is put right.</param>
internal sealed record VerifyOptions(string Connection, bool Repair);

/// <summary>A limit stopped a pipeline; a person is to look and, if it is right, run again without the limit.</summary>
/// <param name="message">Which limit, and the numbers.</param>
/// <param name="fix">What to look at, and how to go on.</param>
internal sealed class LimitException(string message, string fix) : Exception(message)
{
    /// <summary>What to look at, and how to go on.</summary>
    public string Fix { get; } = fix;
}

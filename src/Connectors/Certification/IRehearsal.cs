using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Certification;

/// <summary>
/// A system under rehearsal: what its users do, how it fails, and what it was asked. What it cannot show it refuses with
/// <see cref="NotShownException"/>; the check is then skipped, with that reason in the report.
/// </summary>
public interface IRehearsal : IAsyncDisposable
{
    /// <summary>The stream that is rehearsed.</summary>
    RehearsedStream Stream { get; }

    /// <summary>The time of the system; connections get it too.</summary>
    TimeProvider Clock { get; }

    /// <summary>The hosts (with port) at which the system itself is reached, which the connection's settings name.</summary>
    IReadOnlyList<string> Hosts { get; }

    /// <summary>Empties the system, ends all faults, sets the counters to zero, and makes records as users would have.</summary>
    Task SeedAsync(int records, CancellationToken cancellationToken);

    /// <summary>Settings of a connection: an instance of the connector's settings type.</summary>
    Task<object> SettingsAsync(SettingsVariant variant, CancellationToken cancellationToken);

    /// <summary>All records of the stream, as the system itself holds them.</summary>
    Task<IReadOnlyList<RehearsedRecord>> RecordsAsync(CancellationToken cancellationToken);

    /// <summary>A user makes a record.</summary>
    /// <returns>Its id.</returns>
    Task<string> CreateAsync(IReadOnlyDictionary<string, Value> values, CancellationToken cancellationToken);

    /// <summary>A user changes some fields of a record.</summary>
    Task EditAsync(string id, IReadOnlyDictionary<string, Value> values, CancellationToken cancellationToken);

    /// <summary>A user deletes a record.</summary>
    Task DeleteAsync(string id, CancellationToken cancellationToken);

    /// <summary>A user merges two records.</summary>
    /// <param name="id">The one that stays.</param>
    /// <param name="loser">The one that goes.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task MergeAsync(string id, string loser, CancellationToken cancellationToken);

    /// <summary>Makes the system misbehave; replaces all faults, so none at all heals it.</summary>
    Task BreakAsync(IReadOnlyList<RehearsedFault> faults, CancellationToken cancellationToken);

    /// <summary>What the system has counted since the last seeding.</summary>
    Task<RehearsalCounters> CountersAsync(CancellationToken cancellationToken);

    /// <summary>The requests that it was sent, after the one of a number; 0 for all.</summary>
    Task<IReadOnlyList<RehearsedCall>> CallsAsync(long since, CancellationToken cancellationToken);

    /// <summary>Moves the time of the system, and <see cref="Clock"/>, forward.</summary>
    Task AdvanceAsync(TimeSpan by, CancellationToken cancellationToken);

    /// <summary>Begins to catch the webhooks of the stream.</summary>
    /// <param name="verify">What the connection says of a request; the system is answered accordingly, as the hub would.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The address of the connection, without the stream, for <see cref="IWebhookConnection.SubscribeAsync"/>.</returns>
    Task<Uri> CatchWebhooksAsync(Func<WebhookRequest, WebhookVerdict> verify, CancellationToken cancellationToken);

    /// <summary>The webhooks that came since last asked, in their order; waits for those on the way.</summary>
    Task<IReadOnlyList<WebhookRequest>> WebhooksAsync(CancellationToken cancellationToken);
}

/// <summary>Which settings of a connection.</summary>
public enum SettingsVariant
{
    /// <summary>Those that work.</summary>
    Good,

    /// <summary>With wrong secrets.</summary>
    WrongSecret,

    /// <summary>With an address where nobody answers.</summary>
    WrongHost,

    /// <summary>With an address whose TLS cannot be trusted.</summary>
    BadTls,

    /// <summary>With wrong secrets for webhooks, all else working.</summary>
    WrongWebhookSecret,
}

/// <summary>A record as the system holds it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Values">Its fields.</param>
public sealed record RehearsedRecord(string Id, IReadOnlyDictionary<string, Value> Values);

/// <summary>A way to misbehave.</summary>
/// <param name="Kind">Which: <c>status</c>, <c>limit</c>, <c>reset</c>, <c>lose-answer</c>, … as the sandbox names them.</param>
public sealed record RehearsedFault(string Kind)
{
    /// <summary>How often; null until replaced.</summary>
    public int? Count { get; init; }

    /// <summary>How many calls to let pass first.</summary>
    public int After { get; init; }

    /// <summary>Only for paths that contain this; null for all.</summary>
    public string? Path { get; init; }

    /// <summary>What else the kind needs.</summary>
    public IReadOnlyDictionary<string, object> Arguments { get; init; } = new Dictionary<string, object>();
}

/// <summary>What a system has counted.</summary>
public sealed record RehearsalCounters
{
    /// <summary>All calls.</summary>
    public long Calls { get; init; }

    /// <summary>Calls that write.</summary>
    public long WriteCalls { get; init; }

    /// <summary>Records that were written, made anew, changed and removed.</summary>
    public long RecordsWritten { get; init; }

    /// <summary>Records made.</summary>
    public long Created { get; init; }

    /// <summary>Calls over a limit, or within a time in which the system had asked for quiet.</summary>
    public long Violations { get; init; }

    /// <summary>Renewals of a token.</summary>
    public long Refreshes { get; init; }
}

/// <summary>A request that a system was sent.</summary>
/// <param name="N">Its number.</param>
/// <param name="At">When.</param>
/// <param name="Status">The status of its answer; 0 for none.</param>
/// <param name="Fault">The fault that was shown to it, or null.</param>
public sealed record RehearsedCall(long N, DateTimeOffset At, int Status, string? Fault);

/// <summary>The system under rehearsal cannot show something.</summary>
/// <param name="reason">Why, for the report.</param>
public sealed class NotShownException(string reason) : Exception(reason);

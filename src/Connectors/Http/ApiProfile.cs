using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Http;

/// <summary>How a connection speaks to its system over HTTP: what its client is built from.</summary>
public sealed record ApiProfile
{
    /// <summary>Where requests with a relative address go; null when only an answer of the system tells (<c>instance_url</c>).</summary>
    public Uri? BaseAddress { get; init; }

    /// <summary>The hosts that may be contacted: those of the declaration and any that the user set. Exact names or <c>*.example.com</c>; with a port when it is not the scheme's own.</summary>
    public required IReadOnlyList<string> Hosts { get; init; }

    /// <summary>Reads the system's answers.</summary>
    public required IAnswerReader Answers { get; init; }

    /// <summary>Puts the credentials on requests; null for none.</summary>
    public IAuthorization? Authorization { get; init; }

    /// <summary>What the account may use.</summary>
    public AccountLimits Limits { get; init; } = new();

    /// <summary>What identifies the account: all connections and pipelines with the same one share its budget. The connection's name unless set.</summary>
    public string? Account { get; init; }

    /// <summary>The share of the daily quota that is left to people and other programs, 0 to 1.</summary>
    public double Reserve { get; init; } = 0.15;

    /// <summary>The longest that one attempt may take until its headers have come, and between two pieces of its body.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>The longest that a request may take with all its attempts and waits.</summary>
    public TimeSpan TotalTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How often a request is tried, 1 to 10. Being told to wait does not count: <see cref="TotalTimeout"/> bounds that.</summary>
    public int Attempts { get; init; } = 6;

    /// <summary>About how long to wait before the second attempt; later ones wait longer, each by chance a little more or less.</summary>
    public TimeSpan Backoff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait between two attempts, unless the system asks for more.</summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>So many failures of the system within half a minute, and hardly a success: nothing is asked of it for <see cref="BreakFor"/>.</summary>
    public int BreakAfter { get; init; } = 8;

    /// <summary>How long nothing is asked of a system that fails again and again.</summary>
    public TimeSpan BreakFor { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The largest body that is read whole; a larger one has to be asked for with <see cref="ApiClient.Streamed"/>.</summary>
    public int MaxBody { get; init; } = 64 * 1024 * 1024;
}

/// <summary>Reads a system's answers: translates its codes, once, at its edge. What it has no opinion of it leaves to <see cref="PlainAnswers"/>.</summary>
public interface IAnswerReader
{
    /// <summary>Whether <see cref="Read"/> has to see the body of an answer with a success status as well, because the system hides its failures there.</summary>
    bool ReadsSuccess { get; }

    /// <summary>What an answer means.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="response">The answer's status and headers.</param>
    /// <param name="body">The beginning of the body, decompressed, at least its first 64 KB; empty for a success that is not looked into.</param>
    Verdict Read(HttpRequestMessage request, HttpResponseMessage response, ReadOnlySpan<byte> body);
}

/// <summary>What an answer means to the client.</summary>
/// <param name="Kind">What to do.</param>
public sealed record Verdict(VerdictKind Kind)
{
    /// <summary>The answer is what was asked for.</summary>
    public static Verdict Fine { get; } = new(VerdictKind.Fine);

    /// <summary>For a retry or a pause: how long to wait at least; null for what the header Retry-After says, else to choose.</summary>
    public TimeSpan? Wait { get; init; }

    /// <summary>For a failure, and for a retry when its attempts are used up: what is thrown.</summary>
    public ConnectorException? Failure { get; init; }

    /// <summary>
    /// For a retry: the system says that it did nothing, so that even a create may be sent again. A throttled or unauthorized request is
    /// taken for such in any case.
    /// </summary>
    public bool NothingDone { get; init; }

    /// <summary>How much of the daily quota is used and allowed, where the answer says so.</summary>
    public (long Used, long Limit)? Quota { get; init; }
}

/// <summary>What to do about an answer.</summary>
public enum VerdictKind
{
    /// <summary>Hand it to the caller.</summary>
    Fine,

    /// <summary>Try again after a while: the system is busy, or a lock is held.</summary>
    Retry,

    /// <summary>Too many requests: everybody who uses the account waits, then it is tried again.</summary>
    Throttled,

    /// <summary>The quota is used up: the run pauses until <see cref="ConnectorException.PausedUntil"/> of the failure.</summary>
    Exhausted,

    /// <summary>The credentials are no longer good: renew them once and try again.</summary>
    Unauthorized,

    /// <summary>Trying again is pointless.</summary>
    Failed,
}

/// <summary>Puts credentials on requests.</summary>
public interface IAuthorization
{
    /// <summary>Puts them on; gets a token first when there is none yet.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Ends the wait for a token.</param>
    /// <returns>What was put on, so that <see cref="RenewAsync"/> knows whether somebody else has renewed it since.</returns>
    ValueTask<string> ApplyAsync(HttpRequestMessage request, CancellationToken cancellationToken);

    /// <summary>Renews credentials that the system refused, unless somebody has done so already.</summary>
    /// <param name="refused">What <see cref="ApplyAsync"/> had put on.</param>
    /// <param name="cancellationToken">Ends the renewal.</param>
    /// <returns>False when there is nothing to renew: the refusal is final.</returns>
    ValueTask<bool> RenewAsync(string refused, CancellationToken cancellationToken);
}

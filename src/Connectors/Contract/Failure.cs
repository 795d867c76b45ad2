namespace Crm.Integration.Connectors.Contract;

/// <summary>Who must act on a failure. A connector translates its system's codes once, at its own edge, into these three.</summary>
public enum FailureKind
{
    /// <summary>A person must change settings or rights; trying again is pointless.</summary>
    Configuration,

    /// <summary>Try again later, honouring <see cref="ConnectorException.RetryAfter"/>.</summary>
    Transient,

    /// <summary>This one record or file was refused; the rest can go on.</summary>
    Rejected,
}

/// <summary>A failure at a connector, in words for an IT person. The message never holds a secret or personal data.</summary>
/// <param name="kind">Who must act.</param>
/// <param name="message">What happened and where: the setting, file or object, and the value found.</param>
/// <param name="fix">What to do about it.</param>
/// <param name="inner">The cause, for the log.</param>
public sealed class ConnectorException(FailureKind kind, string message, string fix, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Who must act.</summary>
    public FailureKind Kind { get; } = kind;

    /// <summary>What to do about it.</summary>
    public string Fix { get; } = fix;

    /// <summary>For <see cref="FailureKind.Transient"/>: how long the system asks to wait, if it says so.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>
    /// A quota is used up, or what is left of it is reserved for people: the run pauses with everything saved that it has done, and
    /// can go on at this time. Null for every other failure.
    /// </summary>
    public DateTimeOffset? PausedUntil { get; init; }

    /// <summary>The system's own code of the failure, as its documentation names it; null where it has none.</summary>
    public string? Code { get; init; }

    /// <summary>
    /// Of a write whose answer was lost: the system may have acted on it all the same. Who would send it again has to look first
    /// whether the record is there.
    /// </summary>
    public bool MayHaveActed { get; init; }
}

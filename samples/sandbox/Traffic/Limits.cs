namespace Crm.Integration.Sandbox.Traffic;

/// <summary>What an account may do; null is unlimited.</summary>
/// <param name="RequestsPerWindow">Calls within any window of <paramref name="WindowSeconds"/>.</param>
/// <param name="WindowSeconds">The length of that window.</param>
/// <param name="Concurrency">Calls at the same time.</param>
/// <param name="PerDay">Calls (or credits) between two midnights, UTC.</param>
internal sealed record Limits(int? RequestsPerWindow, int? WindowSeconds, int? Concurrency, int? PerDay);

/// <summary>Why a call is refused.</summary>
internal enum RefusalReason
{
    /// <summary>Too many calls in the window.</summary>
    Rate,

    /// <summary>Too many at the same time.</summary>
    Concurrency,

    /// <summary>The day's quota is used up.</summary>
    Day,
}

/// <summary>A call that limits forbid.</summary>
/// <param name="Reason">Which limit.</param>
/// <param name="Seconds">When it would be allowed again, at the earliest.</param>
internal sealed record Refusal(RefusalReason Reason, int Seconds);

namespace Crm.Integration.Hub.Runs;

/// <summary>What the store and a system do not agree on, though it should long have been known.</summary>
/// <param name="Missing">Inbound: records that the hub does not have. Outbound: records that were delivered and are not there.</param>
/// <param name="Different">Records that are otherwise than the hub has them.</param>
/// <param name="Gone">Inbound: records that the hub has and the system no longer.</param>
internal sealed record Drift(DriftCount Missing, DriftCount Different, DriftCount Gone)
{
    /// <summary>How many records came in the ordinary way, since they changed after the last run: they are no drift.</summary>
    public long Pending { get; init; }

    /// <summary>How many records were put right.</summary>
    public long Recovered { get; init; }

    /// <summary>What the comparison cannot tell, and why; null for nothing.</summary>
    public string? Unknown { get; init; }

    /// <summary>How many there are of all kinds.</summary>
    public long Total => Missing.Count + Different.Count + Gone.Count;
}

/// <summary>How many records there are of a kind, and the ids of the first few.</summary>
/// <param name="Count">How many.</param>
/// <param name="First">The first few ids.</param>
internal sealed record DriftCount(long Count, IReadOnlyList<string> First);

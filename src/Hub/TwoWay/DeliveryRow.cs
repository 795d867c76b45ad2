namespace Crm.Integration.Hub.TwoWay;

/// <summary>A master that an outbound pipeline looks at, and what it knows of it.</summary>
/// <param name="MasterId">The master.</param>
internal sealed record DeliveryRow(long MasterId)
{
    /// <summary>The golden record as JSON.</summary>
    public required byte[] Golden { get; init; }

    /// <summary>What it shall be at the destination, by the pipeline's fields; null when it is gone or not taken.</summary>
    public required Mapping.Records.Value[]? Values { get; init; }

    /// <summary>Whether nobody has it any more but systems to which the hub copied it.</summary>
    public bool Ended { get; init; }

    /// <summary>The master it was merged into.</summary>
    public long? MergedInto { get; init; }

    /// <summary>The key under which it was sent.</summary>
    public string Key { get; init; } = "";

    /// <summary>The state of its delivery; null when there is none.</summary>
    public string? State { get; init; }

    /// <summary>The destination's id of it.</summary>
    public string? ExternalId { get; init; }

    /// <summary>Whether the hub made it there.</summary>
    public bool Made { get; init; }

    /// <summary>What a person has taken back, and is not to be sent again; null for nothing.</summary>
    public Undo.Hold? Hold { get; init; }
}

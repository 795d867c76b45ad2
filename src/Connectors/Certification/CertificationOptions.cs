namespace Crm.Integration.Connectors.Certification;

/// <summary>How a certification is made.</summary>
public sealed record CertificationOptions
{
    /// <summary>The level that is asked for: checks above it are left out.</summary>
    public CertificationLevel Level { get; init; } = CertificationLevel.Gold;

    /// <summary>The ids of the checks to make; null for all.</summary>
    public IReadOnlyList<string>? Only { get; init; }

    /// <summary>What an earlier release offered, to compare with.</summary>
    public Manifest? Against { get; init; }

    /// <summary>The rows over which memory has to stay flat.</summary>
    public int MemoryRows { get; init; } = 20_000;

    /// <summary>How much faster waits pass where no system counts on them.</summary>
    public int Hurry { get; init; } = 20;

    /// <summary>How long a check of a connection may take.</summary>
    public TimeSpan CheckWithin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a pull may go on after it was stopped.</summary>
    public TimeSpan StopWithin { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long something is held up to see what happens in the meantime.</summary>
    public TimeSpan HoldUp { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long one check may take in all.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(5);
}

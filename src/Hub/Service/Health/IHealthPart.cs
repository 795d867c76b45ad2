namespace Crm.Integration.Hub.Service.Health;

/// <summary>Something without which the service does not do its work.</summary>
internal interface IHealthPart
{
    /// <summary>What it is: "store".</summary>
    string Name { get; }

    /// <summary>Looks how it is. Costs little; what is thrown counts as a failure.</summary>
    /// <param name="cancellationToken">Nobody waits any longer.</param>
    Task<HealthFinding> LookAsync(CancellationToken cancellationToken);
}

/// <summary>How a part is.</summary>
/// <param name="Good">Whether it does its work.</param>
/// <param name="Message">What was found; no secrets.</param>
/// <param name="Fix">What to do, where it is not good.</param>
internal sealed record HealthFinding(bool Good, string Message, string? Fix = null)
{
    /// <summary>"ok", "warning" or "failed".</summary>
    public string Word => !Good ? "failed" : Fix is null ? "ok" : "warning";

    /// <summary>All is well.</summary>
    public static HealthFinding Ok(string message) => new(true, message);

    /// <summary>It does its work, and somebody should look.</summary>
    public static HealthFinding Warn(string message, string fix) => new(true, message, fix);

    /// <summary>Something is to be done.</summary>
    public static HealthFinding Bad(string message, string fix) => new(false, message, fix);
}

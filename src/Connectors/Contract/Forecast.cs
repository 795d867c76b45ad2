namespace Crm.Integration.Connectors.Contract;

/// <summary>A connection whose calls are counted by its system.</summary>
public interface IBudgetedConnection : IConnection
{
    /// <summary>What some work will cost, and what is left. Asks the system at most once, and writes nothing.</summary>
    /// <param name="work">The work.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<ApiForecast> ForecastAsync(ApiWork work, CancellationToken cancellationToken);
}

/// <summary>Work at a system.</summary>
/// <param name="Stream">The stream.</param>
public sealed record ApiWork(string Stream)
{
    /// <summary>Records to pull; null when nobody knows yet.</summary>
    public long? Reads { get; init; }

    /// <summary>Records to make.</summary>
    public long Creates { get; init; }

    /// <summary>Records to change.</summary>
    public long Updates { get; init; }

    /// <summary>Records to remove.</summary>
    public long Deletes { get; init; }
}

/// <summary>What work will cost.</summary>
/// <param name="Cost">Calls or credits.</param>
/// <param name="Unit">What they are.</param>
public sealed record ApiForecast(long Cost, string Unit)
{
    /// <summary>How many the account may use in 24 hours; null when there is no such limit or nobody knows.</summary>
    public long? Limit { get; init; }

    /// <summary>How many are left now; null when nobody knows.</summary>
    public long? Left { get; init; }

    /// <summary>How many of them are kept for people and other programs.</summary>
    public long Reserve { get; init; }
}

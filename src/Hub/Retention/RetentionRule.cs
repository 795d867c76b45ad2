using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Retention;

/// <summary>What is cleared away of one table, and when.</summary>
/// <param name="What">What it is, for people: "outcomes of records".</param>
/// <param name="Setting">The setting that says how long it is kept.</param>
/// <param name="Days">For how many days.</param>
/// <param name="Table">The table.</param>
/// <param name="Key">Two columns that together name what is deleted at once, the first of an index first.</param>
/// <param name="Oldest">
/// Finds the oldest that may go: the keys, at most so many, of what is older than an instant (milliseconds since 1970). Reads no more rows than it
/// gives, however many there are.
/// </param>
internal sealed record RetentionRule(string What, string Setting, int Days, string Table, (string First, string Second) Key, Func<MasterStore, long, int, List<(long First, long Second)>> Oldest)
{
    /// <summary>Whether the table lies where the service keeps what is its own, and not in the master store.</summary>
    public bool OfService { get; init; }

    /// <summary>Older than this may go.</summary>
    /// <param name="clock">The time.</param>
    public long Before(TimeProvider clock) => clock.GetUtcNow().AddDays(-Days).ToUnixTimeMilliseconds();
}

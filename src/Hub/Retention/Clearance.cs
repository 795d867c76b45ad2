using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Retention;

/// <summary>Clears away what is older than the settings keep, a little at a time: whoever writes meanwhile waits for no more than a small transaction.</summary>
/// <param name="engine">The store's engine.</param>
/// <param name="settings">How long what is kept.</param>
/// <param name="clock">The time.</param>
internal sealed class Clearance(StoreEngine engine, RetentionSettings settings, TimeProvider clock)
{
    // A few milliseconds a transaction on any engine.
    private const int BatchRows = 500;

    // As long again belongs to the others.
    private static readonly TimeSpan s_leastPause = TimeSpan.FromMilliseconds(5);

    /// <summary>What would go now, counted up to a number of each.</summary>
    /// <param name="most">Beyond that many of a kind nobody counts.</param>
    public IReadOnlyList<Cleared> Plan(int most)
    {
        using var store = MasterStore.Open(engine, clock);
        using var service = MasterStore.Open(engine.Service, clock);
        return [.. RetentionRules.Of(settings).Select(rule => new Cleared(rule.What, rule.Setting, rule.Days, rule.Oldest(rule.OfService ? service : store, rule.Before(clock), most).Count))];
    }

    /// <summary>Clears all of it away. What was deleted before an end or a crash stays deleted, and the rest goes the next time.</summary>
    /// <param name="cancellationToken">Ends it between two transactions.</param>
    /// <returns>What went.</returns>
    public async Task<IReadOnlyList<Cleared>> RunAsync(CancellationToken cancellationToken)
    {
        using var store = MasterStore.Open(engine, clock);
        using var service = MasterStore.Open(engine.Service, clock);
        var cleared = new List<Cleared>();
        foreach (var rule in RetentionRules.Of(settings))
        {
            var of = rule.OfService ? service : store;
            long rows = 0;
            while (rule.Oldest(of, rule.Before(clock), BatchRows) is { Count: > 0 } batch)
            {
                var started = clock.GetTimestamp();
                using (var transaction = of.Begin())
                {
                    transaction.Batch([.. batch.Distinct()]);
                    rows += transaction.DeleteBatch(rule.Table, rule.Key.First, rule.Key.Second);
                    transaction.Commit();
                }

                var took = clock.GetElapsedTime(started);
                await Task.Delay(took > s_leastPause ? took : s_leastPause, clock, cancellationToken);
            }

            cleared.Add(new Cleared(rule.What, rule.Setting, rule.Days, rows));
        }

        return cleared;
    }
}

/// <summary>What was cleared away, or would be.</summary>
/// <param name="What">What it is.</param>
/// <param name="Setting">The setting that says how long it is kept.</param>
/// <param name="Days">For how many days.</param>
/// <param name="Rows">How many rows.</param>
internal sealed record Cleared(string What, string Setting, int Days, long Rows);

using Crm.Integration.Hub.Store;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Hub.Runs;

/// <summary>
/// Ends in the books what has ended in truth: runs whose process died, or was cut off for so long that nobody can tell. Their fence is raised, so
/// that who comes back after all can commit nothing more.
/// </summary>
internal static class RunReaper
{
    /// <summary>How long a run on a server may give no sign of life: as long as it may need to get its connection back.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Looks for such runs.</summary>
    /// <param name="store">The store.</param>
    /// <param name="held">The right to work on it.</param>
    /// <param name="log">Hears of each that is found.</param>
    /// <returns>The runs that were ended.</returns>
    public static IReadOnlyList<long> Reap(MasterStore store, StoreLock held, ILogger log)
    {
        var running = store.Query<Running>("select id, node, fence, started_at from run where state = 'running' order by id");
        if (running.Count == 0)
            return [];
        using var service = RunLeases.Open(store.Engine, store.Clock);
        var leases = new RunLeases(service);
        var beats = leases.All().ToDictionary(lease => lease.RunId, lease => lease.HeartbeatAt);
        var ended = new List<long>();
        foreach (var run in running)
        {
            // Who lives holds this; on SQLite whoever holds it is in this process, for another one cannot be at work now.
            using var free = held.TryHold(RunLeases.LockOf(run.Id));
            if (free is null || (store.Engine.OutlivesConnections && store.Now - beats.GetValueOrDefault(run.Id, run.StartedAt) < (long)Patience.TotalMilliseconds))
                continue;
            var problem = $"its node died: {run.Node ?? "unknown"}; what it had committed stays, and the next run goes on from there";
            using (var transaction = store.Begin())
            {
                var changed = transaction.Execute(
                    "update run set state = 'failed', fence = fence + 1, ended_at = @Now, problem = @problem where id = @Id and state = 'running' and fence = @Fence",
                    new { store.Now, problem, run.Id, run.Fence });
                transaction.Commit();
                if (changed == 0)
                    continue;
            }

            leases.End(run.Id);
            log.LogWarning("run {RunId} failed: {Problem}", run.Id, problem);
            ended.Add(run.Id);
        }

        return ended;
    }

    /// <summary>Looks for such runs where nobody else is at it.</summary>
    /// <param name="engine">An engine of its own, for the lock.</param>
    /// <param name="clock">The time.</param>
    /// <param name="log">Hears of each that is found.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<IReadOnlyList<long>> ReapAsync(StoreEngine engine, TimeProvider clock, ILogger log, CancellationToken cancellationToken)
    {
        using (var look = MasterStore.Open(engine, clock))
        {
            if (look.Scalar<long>("select count(*) from run where state = 'running'") == 0)
                return [];
        }

        StoreLock held;
        try
        {
            held = await engine.LockAsync("reaper", LockMode.Shared, TimeSpan.Zero, _ => { }, clock, cancellationToken);
        }
        catch (StoreException exception) when (exception.InnerException is null)
        {
            // Somebody is alone at work, or another process has the file: it looks itself.
            return [];
        }

        using (held)
        {
            using var store = MasterStore.Open(engine, clock);
            return Reap(store, held, log);
        }
    }

    private sealed record Running
    {
        public long Id { get; init; }

        public string? Node { get; init; }

        public long Fence { get; init; }

        public long StartedAt { get; init; }
    }
}

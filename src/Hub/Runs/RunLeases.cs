using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Runs;

/// <summary>The leases of runs that are at work: their signs of life, how far they are, and who wants them to stop.</summary>
/// <param name="store">The place where the service keeps its own, over a connection of its own.</param>
internal sealed class RunLeases(MasterStore store)
{
    /// <summary>Opens the place where leases are.</summary>
    /// <param name="engine">The store's engine.</param>
    /// <param name="clock">The time.</param>
    public static MasterStore Open(StoreEngine engine, TimeProvider clock) => MasterStore.Open(engine.Service, clock);

    /// <summary>The name that a run's session holds for as long as it lives.</summary>
    public static string LockOf(long run) => FormattableString.Invariant($"run:{run}");

    /// <summary>Begins a lease.</summary>
    public void Begin(long run, string node)
    {
        using var transaction = store.Begin();

        // A store that was restored from a backup gives numbers again.
        transaction.Execute("delete from run_lease where run_id = @run", new { run });
        transaction.Execute("insert into run_lease (run_id, node, heartbeat_at, moved, progress_at, pace) values (@run, @node, @Now, 0, @Now, 0)", new { run, node, store.Now });
        transaction.Commit();
    }

    /// <summary>A sign of life.</summary>
    /// <returns>Who wants the run to stop, or null.</returns>
    public string? Beat(long run, RunPulse pulse)
    {
        using var transaction = store.Begin();
        transaction.Execute(
            "update run_lease set heartbeat_at = @Now, pipeline = @Pipeline, phase = @Phase, moved = @Moved, progress_at = @ProgressAt, pace = @Pace where run_id = @run",
            new { run, store.Now, pulse.Pipeline, pulse.Phase, pulse.Moved, pulse.ProgressAt, pulse.Pace });
        var by = transaction.Scalar<string?>("select cancel_by from run_lease where run_id = @run", new { run });
        transaction.Commit();
        return by;
    }

    /// <summary>Ends a lease.</summary>
    public void End(long run)
    {
        using var transaction = store.Begin();
        transaction.Execute("delete from run_lease where run_id = @run", new { run });
        transaction.Commit();
    }

    /// <summary>Asks a run to stop at its next checkpoint; its own process sees that within seconds.</summary>
    /// <param name="run">The run.</param>
    /// <param name="by">Who asks.</param>
    /// <returns>False when it is not at work.</returns>
    public bool Cancel(long run, string by)
    {
        using var transaction = store.Begin();
        var asked = transaction.Execute("update run_lease set cancel_at = @Now, cancel_by = coalesce(cancel_by, @by) where run_id = @run", new { run, by, store.Now }) > 0;
        transaction.Commit();
        return asked;
    }

    /// <summary>All leases.</summary>
    public IReadOnlyList<RunLease> All() =>
        store.Query<RunLease>("select run_id, node, heartbeat_at, pipeline, phase, moved, progress_at, pace, cancel_by from run_lease order by run_id");
}

/// <summary>How far a run is, as its process says.</summary>
/// <param name="Pipeline">The pipeline it is at.</param>
/// <param name="Phase">What it does there.</param>
/// <param name="Moved">How many rows of that are done.</param>
/// <param name="ProgressAt">When it last came further.</param>
/// <param name="Pace">The median of the milliseconds from one step to the next.</param>
internal sealed record RunPulse(string? Pipeline, string? Phase, long Moved, long ProgressAt, long Pace);

/// <summary>The lease of a run.</summary>
internal sealed record RunLease
{
    public long RunId { get; init; }

    public string Node { get; init; } = "";

    public long HeartbeatAt { get; init; }

    public string? Pipeline { get; init; }

    public string? Phase { get; init; }

    public long Moved { get; init; }

    public long ProgressAt { get; init; }

    public long Pace { get; init; }

    public string? CancelBy { get; init; }
}

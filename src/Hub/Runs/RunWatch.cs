using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Runs;

/// <summary>The runs that are at work: where, how far, and whether they still move.</summary>
internal static class RunWatch
{
    /// <summary>
    /// A run that took so many times as long as its usual step for the present one is stalled. Not by its age: a large first load takes
    /// hours, and moves all the time.
    /// </summary>
    private const int Steps = 20;

    /// <summary>A step may take so long whatever the others took: matching very many records at once is one.</summary>
    private static readonly TimeSpan s_least = TimeSpan.FromMinutes(10);

    /// <summary>The runs that are at work now, in the order in which they began.</summary>
    /// <param name="store">The store.</param>
    public static IReadOnlyList<RunningRun> Running(MasterStore store)
    {
        var rows = store.Query<Row>("select id, node, started_at from run where state = 'running' order by id");
        if (rows.Count == 0)
            return [];
        using var service = RunLeases.Open(store.Engine, store.Clock);
        var leases = new RunLeases(service).All().ToDictionary(lease => lease.RunId);
        return [.. rows.Select(row => Of(row, leases.GetValueOrDefault(row.Id), store.Now))];
    }

    private static RunningRun Of(Row row, RunLease? lease, long now) => new(row.Id, row.Node ?? lease?.Node, row.StartedAt)
    {
        HeartbeatAt = lease?.HeartbeatAt,
        Pipeline = lease?.Pipeline,
        Phase = lease?.Phase,
        Moved = lease?.Moved ?? 0,
        ProgressAt = lease?.ProgressAt,
        CancelBy = lease?.CancelBy,
        Stalled = lease is not null && now - lease.ProgressAt > Math.Max((long)s_least.TotalMilliseconds, Steps * lease.Pace),
        Silent = now - (lease?.HeartbeatAt ?? row.StartedAt) > (long)RunReaper.Patience.TotalMilliseconds,
    };

    private sealed record Row
    {
        public long Id { get; init; }

        public string? Node { get; init; }

        public long StartedAt { get; init; }
    }
}

/// <summary>A run that is at work.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Node">The process that does it.</param>
/// <param name="StartedAt">When it began: milliseconds since 1970, as all times here.</param>
internal sealed record RunningRun(long Id, string? Node, long StartedAt)
{
    /// <summary>Its last sign of life.</summary>
    public long? HeartbeatAt { get; init; }

    /// <summary>The pipeline it is at.</summary>
    public string? Pipeline { get; init; }

    /// <summary>What it does there.</summary>
    public string? Phase { get; init; }

    /// <summary>How many rows of that are done.</summary>
    public long Moved { get; init; }

    /// <summary>When it last came further.</summary>
    public long? ProgressAt { get; init; }

    /// <summary>Who wants it to stop.</summary>
    public string? CancelBy { get; init; }

    /// <summary>Whether it lives and has not come further for much longer than it usually takes.</summary>
    public bool Stalled { get; init; }

    /// <summary>Whether it gives no sign of life; it is taken for dead soon.</summary>
    public bool Silent { get; init; }
}

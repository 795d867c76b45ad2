using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Undo;

/// <summary>A run whose writes are to be taken back.</summary>
/// <param name="Id">The run.</param>
/// <param name="Pipelines">The pipelines to be run for it: those that wrote, and before them those that read the same streams.</param>
/// <param name="UndoneBy">The run that took back all of it already; null when there is something left.</param>
/// <param name="Lost">Pipelines that wrote and are not in the configuration any more.</param>
internal sealed record UndoneRun(long Id, IReadOnlyList<string> Pipelines, long? UndoneBy, IReadOnlyList<string> Lost)
{
    /// <summary>What is left to be taken back of a run.</summary>
    /// <param name="store">The store.</param>
    /// <param name="configuration">The hub folder.</param>
    /// <param name="run">The run.</param>
    /// <param name="only">One pipeline, or null for all that wrote.</param>
    public static UndoneRun Find(MasterStore store, HubConfiguration configuration, long run, string? only)
    {
        var wrote = store.Query<Writer>(
            """
            select o.pipeline, o.connection, o.stream from outbound o
            where exists (select 1 from run_write w where w.run_id = @run and w.outbound_id = o.id and w.outcome <> 'r') order by o.pipeline
            """,
            new { run }).FindAll(writer => only is null || writer.Pipeline == only);
        var undone = Undone(store, run);
        var left = wrote.FindAll(writer => !undone.ContainsKey(writer.Pipeline));
        var outbound = configuration.Pipelines.OfType<OutboundPipeline>()
            .Where(pipeline => left.Exists(writer => writer.Pipeline == pipeline.Name && writer.Connection == pipeline.Connection.Name && writer.Stream == pipeline.Stream)).ToList();
        return new UndoneRun(
            run,
            [.. outbound.SelectMany(pipeline => pipeline.Counterparts).Select(pipeline => pipeline.Name).Distinct(), .. outbound.Select(pipeline => pipeline.Name)],
            wrote.Count > 0 && left.Count == 0 ? undone.Values.Max() : null,
            [.. left.Select(writer => writer.Pipeline).Except(outbound.Select(pipeline => pipeline.Name))]);
    }

    /// <summary>The pipelines of which all is taken back, each with the run that did; an undo that was taken back itself does not count.</summary>
    private static Dictionary<string, long> Undone(MasterStore store, long run)
    {
        var undone = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (id, json) in store.Query<(long Id, string? Report)>(
            "select u.id, u.report from run u where u.undoes = @run and u.report is not null and not exists (select 1 from run v where v.undoes = u.id and v.state = 'done') order by u.id", new { run }))
        {
            foreach (var pipeline in RunHistory.ReportOf(json!).Pipelines.Where(pipeline => pipeline is { Inbound: false, State: RunState.Done, Counts.Rejected: 0 }))
                undone[pipeline.Name] = id;
        }

        return undone;
    }

    private sealed class Writer
    {
        public string Pipeline { get; init; } = "";

        public string Connection { get; init; } = "";

        public string Stream { get; init; } = "";
    }
}

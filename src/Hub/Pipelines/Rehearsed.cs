using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Pipelines;

/// <summary>Reads what a rehearsal of an inbound pipeline did, before it is undone.</summary>
internal static class Rehearsed
{
    /// <summary>Fills in the first moves and rejects.</summary>
    /// <param name="store">The store.</param>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="report">Its report.</param>
    /// <param name="run">The run.</param>
    /// <param name="movesBefore">The last move of the pipelines before it, of <see cref="LastMove"/>.</param>
    public static void Fill(MasterStore store, Pipeline pipeline, PipelineReport report, RunContext run, long movesBefore)
    {
        using var transaction = store.Begin();
        var most = new { run.RunId, Most = run.Options.ShowWrites, pipeline.Name };
        report.Rejects =
        [
            .. transaction.Query<Reject>(
                """
                select q.position, q.source_id, q."rule", q.path, q.message from quarantine q join inbound i on i.id = q.inbound_id
                where q.last_run = @RunId and i.pipeline = @Name order by q.id limit @Most
                """,
                most).Select(row => new PlannedReject(row.Position, row.SourceId, row.Rule, row.Path, row.Message)),
        ];
        report.Moves =
        [
            .. transaction.Query<Move>(
                """
                select i.connection, i.stream, r.source_id, v.from_master, v.to_master
                from xref_move v join source_record r on r.id = v.record_id join inbound i on i.id = r.inbound_id
                where v.run_id = @RunId and v.id > @movesBefore and i.entity = @entity
                    -- A customer that the rehearsal itself has found is not moved from anywhere.
                    and exists (select 1 from master_version o where o.master_id = v.from_master and o.changed_run < @RunId
                        union all select 1 from master m where m.id = v.from_master and m.changed_run < @RunId)
                order by v.id limit @Most
                """,
                new { run.RunId, Most = run.Options.ShowWrites, movesBefore, entity = pipeline.Entity.Type.Name }).Select(row => new PlannedMove(
                    $"{row.Connection}/{row.Stream}/{row.SourceId}",
                    MasterId.Of(pipeline.Entity.Type, row.FromMaster),
                    row.ToMaster is { } to ? MasterId.Of(pipeline.Entity.Type, to) : null)),
        ];
    }

    /// <summary>The last move of a record between masters; 0 for none.</summary>
    public static long LastMove(MasterStore store)
    {
        using var transaction = store.Begin();
        return transaction.Scalar<long?>("select max(id) from xref_move") ?? 0;
    }

    private sealed class Reject
    {
        public string Position { get; init; } = "";

        public string? SourceId { get; init; }

        public string Rule { get; init; } = "";

        public string? Path { get; init; }

        public string Message { get; init; } = "";
    }

    private sealed class Move
    {
        public string Connection { get; init; } = "";

        public string Stream { get; init; } = "";

        public string SourceId { get; init; } = "";

        public long FromMaster { get; init; }

        public long? ToMaster { get; init; }
    }
}

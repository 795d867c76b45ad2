using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Pipelines;

/// <summary>Reads what a rehearsal of an inbound pipeline did, before it is undone.</summary>
internal static class Rehearsed
{
    /// <summary>The last move so far: what follows it is the next pipeline's doing.</summary>
    public static long LastMove(MasterStore store)
    {
        using var transaction = store.Begin();
        return transaction.Scalar<long>("select coalesce(max(id), 0) from xref_move");
    }

    /// <summary>Fills in the first moves and rejects.</summary>
    public static void Fill(MasterStore store, Pipeline pipeline, PipelineReport report, RunContext run, long lastMove)
    {
        using var transaction = store.Begin();
        var most = new { run.RunId, Most = run.Options.ShowWrites, pipeline.Name };
        report.Rejects =
        [
            .. transaction.Query<Reject>(
                """
                select q.position, q.source_id, q.rule, q.path, q.message from quarantine q join inbound i on i.id = q.inbound_id
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
                where v.id > @lastMove and i.entity = @entity order by v.id limit @Most
                """,
                new { lastMove, Most = run.Options.ShowWrites, entity = pipeline.Entity.Type.Name }).Select(row => new PlannedMove(
                    $"{row.Connection}/{row.Stream}/{row.SourceId}",
                    MasterId.Of(pipeline.Entity.Type, row.FromMaster),
                    row.ToMaster is { } to ? MasterId.Of(pipeline.Entity.Type, to) : null)),
        ];
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

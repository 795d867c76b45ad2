using System.Text.Json;
using System.Text.Json.Serialization;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Runs;

/// <summary>What the store remembers of runs.</summary>
internal static class RunHistory
{
    // An undo that was taken back itself does not count.
    private const string Columns =
        """
        r.id, r.state, r.started_at, r.ended_at, r.report, r.undoes, r.node, r.problem,
        (select max(u.id) from run u where u.undoes = r.id and u.state = 'done' and not exists (select 1 from run v where v.undoes = u.id and v.state = 'done')) as undone_by
        """;

    /// <summary>The last runs, the newest first.</summary>
    /// <param name="store">The store.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="before">Only those before this one, for the next page.</param>
    public static IReadOnlyList<RunRow> Last(MasterStore store, int count, long before = long.MaxValue) =>
        store.Query<RunRow>($"select {Columns} from run r where r.id < @before order by r.id desc limit @count", new { count, before });

    /// <summary>A run, or null.</summary>
    public static RunRow? Find(MasterStore store, long id) =>
        store.First<RunRow>($"select {Columns} from run r where r.id = @id", new { id });

    /// <summary>A stored report.</summary>
    public static RunReport ReportOf(string json) => JsonSerializer.Deserialize<RunReport>(json, RunReport.Json) ?? throw new JsonException("a run's report is null");

    /// <summary>What became of the records of a run; unchanged ones are counted only.</summary>
    public static IReadOnlyList<RecordOutcome> Records(MasterStore store, long run, int limit, long after = 0) => store.Query<RecordOutcome>(
        """
        select r.id, i.pipeline, i.connection, i.stream, r.source_id, o.outcome, x.master_id, i.entity
        from run_record o
        join source_record r on r.id = o.record_id
        join inbound i on i.id = r.inbound_id
        left join xref x on x.record_id = r.id
        where o.run_id = @run and o.record_id > @after order by o.record_id limit @limit
        """,
        new { run, limit, after });

    /// <summary>What became of the writes of a run.</summary>
    public static IReadOnlyList<WriteOutcomeRow> Writes(MasterStore store, long run, int limit, (long Outbound, long Master) after = default) => store.Query<WriteOutcomeRow>(
        """
        select w.outbound_id, b.pipeline, b.entity, w.master_id, d."key", w.outcome, w.message
        from run_write w
        join outbound b on b.id = w.outbound_id
        left join delivery d on d.outbound_id = w.outbound_id and d.master_id = w.master_id
        where w.run_id = @run and (w.outbound_id > @Outbound or (w.outbound_id = @Outbound and w.master_id > @Master)) order by w.outbound_id, w.master_id limit @limit
        """,
        new { run, limit, after.Outbound, after.Master });

    /// <summary>The values that a run blanked or warned of.</summary>
    public static IReadOnlyList<FindingRow> Findings(MasterStore store, long run, int limit, long after = 0) => store.Query<FindingRow>(
        """
        select f.id, f.pipeline, r.source_id, f.what, f."rule", f.path, f.message
        from run_finding f left join source_record r on r.id = f.record_id
        where f.run_id = @run and f.id > @after order by f.id limit @limit
        """,
        new { run, limit, after });

    /// <summary>An outcome's letter as a word.</summary>
    public static string Word(string outcome) => outcome switch
    {
        "c" => "created",
        "u" => "changed",
        "d" => "deleted",
        "r" => "refused",
        _ => outcome,
    };
}

/// <summary>A run as stored.</summary>
internal sealed record RunRow
{
    public long Id { get; init; }

    public string State { get; init; } = "";

    public long StartedAt { get; init; }

    public long? EndedAt { get; init; }

    public string? Report { get; init; }

    /// <summary>The process that did it.</summary>
    public string? Node { get; init; }

    /// <summary>Why it failed, where it could not say so itself.</summary>
    public string? Problem { get; init; }

    /// <summary>The run whose writes it took back.</summary>
    public long? Undoes { get; init; }

    /// <summary>The run that took its writes back.</summary>
    public long? UndoneBy { get; init; }
}

/// <summary>What became of a record.</summary>
internal sealed record RecordOutcome
{
    public long Id { get; init; }

    public string Pipeline { get; init; } = "";

    public string Connection { get; init; } = "";

    public string Stream { get; init; } = "";

    public string SourceId { get; init; } = "";

    public string Outcome { get; init; } = "";

    public long? MasterId { get; init; }

    public string Entity { get; init; } = "";
}

/// <summary>What became of a write.</summary>
internal sealed record WriteOutcomeRow
{
    public long OutboundId { get; init; }

    public string Pipeline { get; init; } = "";

    public string Entity { get; init; } = "";

    public long MasterId { get; init; }

    public string? Key { get; init; }

    public string Outcome { get; init; } = "";

    public string? Message { get; init; }
}

/// <summary>A value that was blanked or warned of.</summary>
internal sealed record FindingRow
{
    [JsonIgnore]
    public long Id { get; init; }

    public string Pipeline { get; init; } = "";

    public string? SourceId { get; init; }

    public string What { get; init; } = "";

    public string Rule { get; init; } = "";

    public string Path { get; init; } = "";

    public string Message { get; init; } = "";
}

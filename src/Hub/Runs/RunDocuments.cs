namespace Crm.Integration.Hub.Runs;

/// <summary>A run in brief, as programs read it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="State">How it ended, or "running".</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Undoes">The run whose writes it took back.</param>
/// <param name="UndoneBy">The run that took its writes back.</param>
/// <param name="Verified">The connection that it compared with the store.</param>
/// <param name="In">Its source rows.</param>
/// <param name="Out">Its masters against destinations.</param>
internal sealed record RunBrief(long Id, string State, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, long? Undoes, long? UndoneBy, string? Verified, Counts In, Counts Out)
{
    /// <summary>The node that carries it out.</summary>
    public string? Node { get; init; }

    /// <summary>How far it has come, while it is at work.</summary>
    public string? Progress { get; init; }

    /// <summary>Why it ended without a report of its own.</summary>
    public string? Problem { get; init; }

    /// <summary>A run.</summary>
    public static RunBrief Of(RunRow run, RunReport? report) =>
        new(run.Id, run.State, Instant.Of(run.StartedAt), Instant.Of(run.EndedAt), run.Undoes, run.UndoneBy, report?.Verified, Sum(report, true), Sum(report, false)) { Node = run.Node, Problem = run.Problem };

    /// <summary>The accounting of all its pipelines of one direction.</summary>
    public static Counts Sum(RunReport? report, bool inbound) =>
        report?.Pipelines.Where(pipeline => pipeline.Inbound == inbound).Aggregate(default(Counts), (sum, pipeline) => sum + pipeline.Counts) ?? default;
}

/// <summary>What became of a record.</summary>
internal sealed record RunRecordDocument(string Pipeline, string Connection, string Stream, string SourceId, string Outcome, string? Master)
{
    /// <summary>A record of a run.</summary>
    public static RunRecordDocument Of(HubView view, RecordOutcome row) =>
        new(row.Pipeline, row.Connection, row.Stream, row.SourceId, RunHistory.Word(row.Outcome), row.MasterId is { } master ? view.Id(row.Entity, master) : null);
}

/// <summary>What became of a write.</summary>
internal sealed record RunWriteDocument(string Pipeline, string Master, string? Key, string Outcome, string? Message)
{
    /// <summary>A write of a run.</summary>
    public static RunWriteDocument Of(HubView view, WriteOutcomeRow row) => new(row.Pipeline, view.Id(row.Entity, row.MasterId), row.Key, RunHistory.Word(row.Outcome), row.Message);
}

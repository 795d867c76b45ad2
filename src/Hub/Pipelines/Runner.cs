using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Matching;
using Crm.Integration.Hub.Review;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Store;
using Crm.Integration.Hub.TwoWay;
using Crm.Integration.Hub.Verification;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Hub.Pipelines;

/// <summary>Runs pipelines one after the other, inbound before outbound, and reports. A plan is a run that is undone.</summary>
/// <param name="configuration">The hub folder.</param>
/// <param name="clock">The time.</param>
/// <param name="log">The log.</param>
internal sealed class Runner(HubConfiguration configuration, TimeProvider clock, ILogger log)
{
    private const int MostAttempts = 5;

    /// <summary>Runs pipelines.</summary>
    /// <param name="pipelines">Which, in the order of the configuration; empty for all.</param>
    /// <param name="options">What the user asked for.</param>
    /// <param name="progress">Hears how far the run has come.</param>
    /// <param name="cancellationToken">Ends the run at the next checkpoint.</param>
    /// <exception cref="StoreException">The store cannot be used, or another hub holds it.</exception>
    public async Task<RunReport> RunAsync(IReadOnlyCollection<string> pipelines, RunOptions options, IProgress<RunProgress> progress, CancellationToken cancellationToken)
    {
        var chosen = configuration.Pipelines.Where(pipeline => pipelines.Count == 0 || pipelines.Contains(pipeline.Name)).ToList();
        var started = clock.GetTimestamp();
        var startedAt = clock.GetUtcNow();
        using var session = await WorkSession.BeginAsync(configuration, options.Rehearsal ? "plan" : "run", ModeOf(options), options, progress, clock, log, cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, session.Cancelled);
        cancellationToken = stop.Token;
        using var trace = RunTrace.OfRun(log, session.Run.RunId);
        var reports = new List<PipelineReport>();
        var broken = false;
        foreach (var pipeline in chosen)
        {
            var report = ReportFor(pipeline);
            reports.Add(report);
            if (broken || cancellationToken.IsCancellationRequested)
            {
                report.State = RunState.Skipped;
                continue;
            }

            var last = pipeline is InboundPipeline && !chosen.SkipWhile(other => other != pipeline).Skip(1).Any(other => other is InboundPipeline && other.Entity == pipeline.Entity);
            broken = await RunOneAsync(session, pipeline, report, reports, last, cancellationToken);
        }

        if (session.CancelledBy is { } by && reports.Find(report => report.State == RunState.Cancelled) is { } cancelled)
            cancelled.Notes = [.. cancelled.Notes, $"stopped on the word of {by}"];

        var result = new RunReport
        {
            RunId = options.Rehearsal ? 0 : session.Run.RunId,
            Rehearsal = options.Rehearsal,
            Undoes = options.Undo,
            Verified = options.Verify?.Connection,
            State = Overall(reports, cancellationToken),
            StartedAt = startedAt,
            Took = clock.GetElapsedTime(started),
            Pipelines = reports,
            Totals = broken ? [] : Totals.Read(session.Store, configuration),
        };
        if (options.Inbox?.LeavesNoTrace(result.State) == true)
            session.Discard();
        else if (!broken)
            session.End(result);
        trace.End(result.State);
        return result;
    }

    /// <summary>
    /// Runs share the store. Alone is who must see it stand still: what is undone in the end, what takes back, what compares.
    /// </summary>
    private static LockMode ModeOf(RunOptions options) => options is { Rehearsal: false, Undo: null, Verify: null } ? LockMode.Shared : LockMode.Alone;

    /// <summary>An empty report for a pipeline.</summary>
    public static PipelineReport ReportFor(Pipeline pipeline) => new()
    {
        Name = pipeline.Name,
        Entity = pipeline.Entity.Type.Name,
        Endpoint = $"{pipeline.Connection.Name}/{pipeline.Stream}",
        Inbound = pipeline is InboundPipeline,
    };

    /// <summary>
    /// Runs one pipeline; its failure is its own. True when the store itself failed and nothing more can be done. After the last
    /// pipeline of an entity its records are weighed together.
    /// </summary>
    private async Task<bool> RunOneAsync(
        WorkSession session, Pipeline pipeline, PipelineReport report, IReadOnlyList<PipelineReport> reports, bool last, CancellationToken cancellationToken)
    {
        using var trace = RunTrace.OfPipeline(log, pipeline);
        var started = clock.GetTimestamp();
        var moved = false;
        var repeated = new List<string>();
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    if (!moved)
                        await MoveAsync(session, pipeline, report, reports, cancellationToken);
                    moved = true;

                    // What was landed before a failure is matched all the same.
                    if (pipeline is InboundPipeline && session.Run.Options is not { Rehearsal: true, Verify: not null })
                        await MatchAsync(session, pipeline, report, last, cancellationToken);
                    return false;
                }
                catch (Exception exception) when (attempt < MostAttempts && session.Store.MayRepeat(exception) && !cancellationToken.IsCancellationRequested)
                {
                    // All that was committed stays, and is recognised; the rest is done again.
                    var problem = session.Store.Explain(exception)?.Message ?? exception.Message;
                    log.LogWarning(exception, "pipeline {Pipeline} is begun again: {Problem}", pipeline.Name, problem);
                    repeated.Add($"{problem}; {(moved ? "matching" : "the pipeline")} was taken up again, and what was done before that counts as unchanged");
                    await session.ReopenAsync(cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            report.State = RunState.Cancelled;
            return false;
        }
        catch (Exception exception)
        {
            Note(report, exception as StoreException ?? session.Store.Explain(exception) ?? exception, session.Run.Options.Redact);
            return true;
        }
        finally
        {
            report.Notes = [.. session.Run.Options.Remark is { } remark ? [remark] : Array.Empty<string>(), .. report.Notes, .. repeated];
            report.Took = clock.GetElapsedTime(started);
            trace.End(report.State);
        }
    }

    /// <summary>Pulls or pushes. What stops that keeps nobody from matching what came before it.</summary>
    private async Task MoveAsync(WorkSession session, Pipeline pipeline, PipelineReport report, IReadOnlyList<PipelineReport> reports, CancellationToken cancellationToken)
    {
        // Who reads a stream and who writes it do so in turn: neither takes the other's half-done work for an edit.
        using var held = await session.HoldAsync($"stream:{pipeline.Connection.Name}/{pipeline.Stream}", cancellationToken);
        if (ReadFirst.Holds(session.Store, pipeline, report, [.. reports.Where(other => other != report)]))
        {
            if (session.Run.Options.Undo is { } undone)
                report.Fix = $"see what stopped the reading, then run `{FormattableString.Invariant($"hub undo {undone}")}` again";
            return;
        }

        try
        {
            if (session.Run.Options.Verify is not null)
                await Sweep.DoAsync(session, pipeline, report, cancellationToken);
            else if (pipeline is InboundPipeline messaged && session.Run.Options.Inbox is { } inbox)
                await inbox.DrainAsync(session, messaged, report, cancellationToken);
            else if (pipeline is InboundPipeline inbound)
                await new InboundRun(session.Store, inbound, session.Run).PullAsync(report, cancellationToken);
            else
                await new OutboundRun(session.Store, (OutboundPipeline)pipeline, session.Run).PushAsync(report, cancellationToken);
            report.State = RunState.Done;
        }
        catch (Exception exception) when (exception is LimitException or ConnectorException)
        {
            Note(report, exception, session.Run.Options.Redact);
        }
    }

    /// <summary>
    /// Matches what waits, whoever landed it. One run at a time: two that looked at once for a customer's master would make two of him. Who has had
    /// to wait for that mostly finds all done.
    /// </summary>
    private static async Task MatchAsync(WorkSession session, Pipeline pipeline, PipelineReport report, bool last, CancellationToken cancellationToken)
    {
        using var entity = last ? await session.HoldAsync($"entity:{pipeline.Entity.Type.Name}", cancellationToken) : null;

        // The index of match keys is one for all entities that are matched.
        using var keys = last && pipeline.Entity.Matcher is not null ? await session.HoldAsync("keys", cancellationToken) : null;
        Match(session.Store, pipeline, report, session.Run, last, cancellationToken);
    }

    private static void Match(MasterStore store, Pipeline pipeline, PipelineReport report, RunContext run, bool last, CancellationToken cancellationToken)
    {
        var movesBefore = run.Options.Rehearsal ? Rehearsed.LastMove(store) : 0;
        if (!last)
        {
            // What it landed waits for the entity's last pipeline: matched together, each record is compared once.
            if (run.Options.Rehearsal)
                Rehearsed.Fill(store, pipeline, report, run, movesBefore);
            return;
        }

        AliasLedger.Settle(store, pipeline.Entity, run);
        var ended = CorrectionLedger.Settle(store, pipeline.Entity, run);
        using var step = RunTrace.Step("match");
        var resolver = new Resolver(store, pipeline.Entity, run);
        var counts = resolver.Resolve(pipeline.Name, cancellationToken) + resolver.Rescore(pipeline.Name, cancellationToken);
        var refreshed = new GoldenRefresh(store, pipeline.Entity, run).IfRulesChanged(pipeline.Name, cancellationToken);
        counts += refreshed?.Counts ?? default;
        report.Matching = pipeline.Entity.Matcher is null ? null : counts;
        report.Notes = [.. report.Notes, .. ended, .. resolver.Notes];
        if (refreshed is { Counts.GoldenChanged: > 0 })
            report.Notes = [.. report.Notes, refreshed.Value.Note];
        if (pipeline.Entity.Matcher is not null && ReviewLedger.Limit(store, pipeline.Entity) is { } alarm)
            report.Notes = [.. report.Notes, alarm];
        if (run.Options.Rehearsal)
            Rehearsed.Fill(store, pipeline, report, run, movesBefore);
    }

    private void Note(PipelineReport report, Exception exception, Func<string, string> redact)
    {
        report.State = exception switch
        {
            LimitException => RunState.Stopped,
            ConnectorException { PausedUntil: not null } => RunState.Paused,
            _ => RunState.Failed,
        };
        report.PausedUntil = (exception as ConnectorException)?.PausedUntil;
        report.Problem = redact(exception.Message);
        report.Fix = exception switch
        {
            LimitException limit => limit.Fix,
            ConnectorException connector => connector.Fix,
            StoreException storage => storage.Fix,
            _ => "this should not happen: the log file has the details; nothing is lost, the next run goes on from the last commit",
        };
        log.LogError(exception, "pipeline {Pipeline} {State}: {Problem}", report.Name, Runs.RunReportView.StateWord(report.State).Word, report.Problem);
    }

    private static RunState Overall(List<PipelineReport> reports, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested && reports.Exists(report => report.State is RunState.Cancelled or RunState.Skipped) ? RunState.Cancelled
        : reports.Exists(report => report.State == RunState.Failed) ? RunState.Failed
        : reports.Exists(report => report.State == RunState.Stopped) ? RunState.Stopped
        : reports.Exists(report => report.State == RunState.Paused) ? RunState.Paused
        : RunState.Done;
}

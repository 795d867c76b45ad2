using System.Globalization;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Logging;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Service;
using Crm.Integration.Hub.Store;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Hub.Triggers;

/// <summary>Carries out a request: runs its pipelines, writes how that ended, and lets everybody know who wants to.</summary>
/// <param name="live">The configuration.</param>
/// <param name="observers">Hear of the end.</param>
/// <param name="engine">The store's engine.</param>
/// <param name="secrets">Masks secrets.</param>
/// <param name="clock">The time.</param>
/// <param name="loggers">Makes loggers.</param>
internal sealed class RunCarrier(
    LiveConfiguration live, IEnumerable<IRunObserver> observers, StoreEngine engine, SecretRedactor secrets, TimeProvider clock, ILoggerFactory loggers)
{
    private const int MostAttempts = 10;

    // Whoever works on the store by hand is waited for; the run can be cancelled meanwhile.
    private static readonly TimeSpan s_patience = TimeSpan.FromHours(12);
    private static readonly TimeSpan s_later = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_late = TimeSpan.FromMinutes(5);

    private readonly ILogger _log = loggers.CreateLogger("hub.runs");

    /// <summary>The pipelines of a request, for people.</summary>
    public static string Names(RunRequest request) => request.Pipelines.Count == 0 ? "all pipelines" : string.Join(", ", request.Pipelines);

    /// <summary>Carries out a request to its end.</summary>
    /// <param name="run">The request, claimed.</param>
    /// <param name="claims">Where its end is written.</param>
    public async Task CarryOutAsync(RunningRun run, RunClaims claims)
    {
        var request = run.Request;
        var configuration = live.Current;
        var remark = Remark(request, configuration);
        TriggerMeters.Waited.Record(Math.Max(0, (clock.GetUtcNow() - request.DueAt).TotalSeconds));
        _log.LogInformation("request {RequestId} begins: {Pipelines}, {Cause} by {By}, attempt {Attempt}{Remark}", request.Id, Names(request), RunRequestRow.Word(request.Cause), request.By, request.Attempts, remark is null ? "" : $"; {remark}");
        var started = clock.GetUtcNow();
        RunReport? report = null;
        Exception? failure = null;
        try
        {
            report = await RunAsync(run, configuration, remark);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        if (run.Lost)
        {
            _log.LogWarning("request {RequestId} is another node's by now; what this one had committed stays", request.Id);
            return;
        }

        if (GivenBack(run, claims, report, failure))
            return;
        if (failure is not null and not OperationCanceledException)
            _log.LogError(failure, "request {RequestId} failed: {Problem}", request.Id, failure.Message);
        report ??= Unbegun(configuration, request, started, failure);
        var state = StateOf(report.State);
        var note = Join(remark, run.CancelledBy is { } by && state == RequestState.Cancelled ? $"cancelled by {by}" : null, Problem(report) ?? (failure as StoreException)?.Message);
        if (!claims.End(request, state, note, report, FollowUps.Of(live.Current, request, report, clock.GetUtcNow())))
        {
            _log.LogWarning("request {RequestId} is another node's by now; the end of run {RunId} counts all the same", request.Id, report.RunId);
            return;
        }

        TriggerMeters.Ended.Add(1, new KeyValuePair<string, object?>("state", RunRequestRow.Word(state)));
        _log.LogInformation("request {RequestId} is {State}: run {RunId} of {Pipelines} took {Seconds:N1} s", request.Id, RunRequestRow.Word(state), report.RunId, Names(request), report.Took.TotalSeconds);
        await TellAsync(request with { State = state, Note = note, EndedAt = clock.GetUtcNow(), RunId = report.RunId == 0 ? null : report.RunId }, report, run.Stopping);
    }

    private async Task<RunReport> RunAsync(RunningRun run, HubConfiguration configuration, string? remark)
    {
        var request = run.Request;
        var known = configuration.Pipelines.Select(pipeline => pipeline.Name).ToHashSet(StringComparer.Ordinal);
        if (request.Pipelines.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
            throw new StoreException($"there is no pipeline '{unknown}' any more", "it was removed or renamed after the run was asked for: ask for it by its new name");
        var options = new RunOptions { Rehearsal = request.Rehearsal, IgnoreLimits = request.IgnoreLimits, Wait = s_patience, Conceal = secrets.Add, Redact = secrets.Redact, Remark = remark, Node = request.Node! };
        return await new Runner(configuration, clock, _log).RunAsync([.. request.Pipelines], options, run, run.Token);
    }

    /// <summary>Gives a request back that is no more than interrupted: the service stops, or its store is away for a while.</summary>
    private bool GivenBack(RunningRun run, RunClaims claims, RunReport? report, Exception? failure)
    {
        var request = run.Request;
        var now = clock.GetUtcNow();
        if (run.CancelledBy is null && run.Token.IsCancellationRequested && (report?.State == RunState.Cancelled || failure is OperationCanceledException))
        {
            claims.GiveBack(request, $"{request.Node} was stopped; what was done stays, and the rest is done next", request.DueAt, counts: false);
            _log.LogInformation("request {RequestId} is given back: the service stops", request.Id);
            return true;
        }

        if (failure is StoreException { InnerException: { } inner } store && engine.IsTransient(inner) && request.Attempts < MostAttempts)
        {
            claims.GiveBack(request, $"begun again soon: {store.Message}", now + s_later, counts: true);
            _log.LogWarning("request {RequestId} is begun again in {Later}: {Problem}", request.Id, s_later, store.Message);
            return true;
        }

        return false;
    }

    /// <summary>"due 02:00, ran 07:12", of a schedule that is late; and what was known of the request before.</summary>
    private string? Remark(RunRequest request, HubConfiguration configuration)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(configuration.Settings.Defaults.TimeZone);
        var (due, now) = (TimeZoneInfo.ConvertTime(request.DueAt, zone), TimeZoneInfo.ConvertTime(clock.GetUtcNow(), zone));
        var late = request.Cause == RunCause.Schedule && now - due > s_late;
        var format = due.Date == now.Date ? "HH:mm" : "yyyy-MM-dd HH:mm";
        return Join(late ? $"due {due.ToString(format, CultureInfo.InvariantCulture)}, ran {now.ToString(format, CultureInfo.InvariantCulture)}" : null, request.Note);
    }

    private RunReport Unbegun(HubConfiguration configuration, RunRequest request, DateTimeOffset started, Exception? failure) => new()
    {
        RunId = 0,
        Rehearsal = request.Rehearsal,
        State = failure is OperationCanceledException ? RunState.Cancelled : RunState.Failed,
        StartedAt = started,
        Took = clock.GetUtcNow() - started,
        Pipelines =
        [
            .. configuration.Pipelines.Where(pipeline => request.Pipelines.Count == 0 || request.Pipelines.Contains(pipeline.Name)).Select(pipeline => Runner.ReportFor(pipeline) with
            {
                State = failure is OperationCanceledException ? RunState.Cancelled : RunState.Failed,
                Problem = failure is OperationCanceledException ? null : failure?.Message,
                Fix = failure switch
                {
                    StoreException store => store.Fix,
                    OperationCanceledException => null,
                    _ => "this should not happen: the log file has the details; nothing is lost, the next run goes on from the last commit",
                },
            }),
        ],
        Totals = [],
    };

    private async Task TellAsync(RunRequest request, RunReport report, CancellationToken cancellationToken)
    {
        foreach (var observer in observers)
        {
            try
            {
                await observer.EndedAsync(request, report, cancellationToken);
            }
            catch (Exception exception)
            {
                _log.LogError(exception, "{Observer} could not be told of request {RequestId}: {Problem}", observer.GetType().Name, request.Id, exception.Message);
            }
        }
    }

    private static string? Problem(RunReport report) =>
        report.Pipelines.FirstOrDefault(pipeline => pipeline.Problem is not null) is { } pipeline ? $"{pipeline.Name}: {pipeline.Problem}" : null;

    private static string? Join(params IEnumerable<string?> parts) => string.Join("; ", parts.Where(part => !string.IsNullOrEmpty(part))) is { Length: > 0 } text ? text : null;

    private static RequestState StateOf(RunState state) => state switch
    {
        RunState.Done => RequestState.Done,
        RunState.Stopped => RequestState.Stopped,
        RunState.Paused => RequestState.Paused,
        RunState.Cancelled => RequestState.Cancelled,
        _ => RequestState.Failed,
    };
}

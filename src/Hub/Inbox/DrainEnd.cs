using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Service;
using Crm.Integration.Hub.Triggers;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Hub.Inbox;

/// <summary>What comes of a run that took webhooks: pipelines that run after others, and whoever wants to hear of runs.</summary>
internal sealed class DrainEnd(LiveConfiguration live, RunRequests requests, IEnumerable<IRunObserver> observers, TimeProvider clock, ILoggerFactory loggers)
{
    private readonly ILogger _log = loggers.CreateLogger("hub.inbox");

    /// <summary>A run has ended.</summary>
    public async Task TellAsync(string connection, RunReport report, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var request = new RunRequest
        {
            Id = 0,
            Pipelines = [.. report.Pipelines.Select(pipeline => pipeline.Name)],
            Cause = RunCause.Webhook,
            By = connection,
            DueAt = report.StartedAt,
            CreatedAt = report.StartedAt,
            StartedAt = report.StartedAt,
            EndedAt = now,
            RunId = report.RunId,
            State = report.State == RunState.Done ? RequestState.Done : report.State == RunState.Paused ? RequestState.Paused : RequestState.Failed,
        };

        // What pauses goes on by itself, from the inbox.
        foreach (var next in FollowUps.Of(live.Current, request, report, now).Where(next => next.Cause == RunCause.After))
            requests.Add(next);
        foreach (var observer in observers)
        {
            try
            {
                await observer.EndedAsync(request, report, cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                _log.LogError(exception, "{Observer} could not be told of run {RunId}: {Problem}", observer.GetType().Name, report.RunId, exception.Message);
            }
        }
    }
}

using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Runs;

namespace Crm.Integration.Hub.Triggers;

/// <summary>What comes of a run that has ended: pipelines that run after others, and those that wait for a quota to be renewed.</summary>
internal static class FollowUps
{
    /// <summary>The requests that come of a run.</summary>
    /// <param name="configuration">The configuration of now.</param>
    /// <param name="request">The request that was carried out.</param>
    /// <param name="report">What its run did.</param>
    /// <param name="now">The time.</param>
    public static IReadOnlyList<NewRunRequest> Of(HubConfiguration configuration, RunRequest request, RunReport report, DateTimeOffset now)
    {
        if (request.Rehearsal)
            return [];
        List<NewRunRequest> next = [];
        foreach (var paused in report.Pipelines.Where(pipeline => pipeline is { State: RunState.Paused, PausedUntil: not null }))
        {
            next.Add(new()
            {
                Pipelines = [paused.Name],
                Cause = request.Cause,
                By = request.By,
                DueAt = paused.PausedUntil,
                IgnoreLimits = request.IgnoreLimits,
                Note = FormattableString.Invariant($"goes on with run {report.RunId}, which paused"),
            });
        }

        var done = report.Pipelines.Where(pipeline => pipeline.State == RunState.Done).Select(pipeline => pipeline.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var schedule in ScheduleBook.Of(configuration).Values)
        {
            // One that had its turn in the same run, behind the other, has seen what the other did.
            if (schedule.After.FirstOrDefault(after => done.Contains(after.Name)) is not { Name: { } name } after || report.Pipelines.Any(pipeline => pipeline.Name == schedule.Pipeline))
                continue;
            next.Add(new() { Pipelines = [schedule.Pipeline], Cause = RunCause.After, By = name, DueAt = Schedule.Free(now, after.Blackouts) });
        }

        return next;
    }
}

using System.Globalization;
using Crm.Integration.Hub.Service;
using Microsoft.Extensions.Logging;
using Quartz;

namespace Crm.Integration.Hub.Triggers;

/// <summary>
/// Wakes the schedules at their instants. Quartz only rings: in this process, or, where several nodes share a store, on one of them. What is
/// due is the <see cref="ScheduleBook"/>'s to say.
/// </summary>
/// <param name="quartz">Makes the scheduler.</param>
/// <param name="book">Knows what is due.</param>
/// <param name="requests">The requests.</param>
/// <param name="live">The configuration.</param>
/// <param name="clock">The time.</param>
/// <param name="loggers">Makes loggers.</param>
internal sealed class AlarmClock(ISchedulerFactory quartz, ScheduleBook book, RunRequests requests, LiveConfiguration live, TimeProvider clock, ILoggerFactory loggers)
{
    // Whoever rings late or not at all, because a node died at the wrong moment or a database was away, is noticed by then.
    private static readonly TimeSpan s_overdue = TimeSpan.FromSeconds(30);
    private static readonly JobKey s_job = new("ring", "hub");

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (string Key, DateTimeOffset? Next)> _set = new(StringComparer.Ordinal);
    private readonly ILogger _log = loggers.CreateLogger("hub.triggers");

    /// <summary>Begins to ring.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // Brings the store up to date first: Quartz looks for its tables in the hub's schema.
        requests.Open();
        var scheduler = await quartz.GetScheduler(cancellationToken);
        await scheduler.AddJob(JobBuilder.Create<RingJob>().WithIdentity(s_job).StoreDurably().Build(), new AddJobOptions { Replace = true }, cancellationToken);
        await SetAsync(cancellationToken);
        await scheduler.Start(cancellationToken);
    }

    /// <summary>Rings no more.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var scheduler = await quartz.GetScheduler(cancellationToken);
        await scheduler.Shutdown(waitForJobsToComplete: true, cancellationToken);
    }

    /// <summary>Sets the alarms of schedules that are new, were changed, or ought to have rung; takes back those of schedules that are gone.</summary>
    public async Task SetAsync(CancellationToken cancellationToken)
    {
        var schedules = ScheduleBook.Of(live.Current);
        var now = clock.GetUtcNow();
        foreach (var schedule in schedules.Values)
        {
            lock (_gate)
            {
                if (_set.TryGetValue(schedule.Pipeline, out var set) && set.Key == schedule.Key && (set.Next is null || now - set.Next < s_overdue))
                    continue;
            }

            await SetAsync(schedule, book.SeeTo(schedule), cancellationToken);
        }

        List<string> gone;
        lock (_gate)
            gone = [.. _set.Keys.Where(pipeline => !schedules.ContainsKey(pipeline))];
        foreach (var pipeline in gone)
        {
            var scheduler = await quartz.GetScheduler(cancellationToken);
            await scheduler.UnscheduleJob(KeyOf(pipeline), cancellationToken);
            lock (_gate)
                _set.Remove(pipeline);
        }
    }

    /// <summary>An alarm rings.</summary>
    public async Task RingAsync(string pipeline, CancellationToken cancellationToken)
    {
        // A node that already has another configuration leaves it to that.
        if (!ScheduleBook.Of(live.Current).TryGetValue(pipeline, out var schedule))
            return;
        try
        {
            await SetAsync(schedule, book.SeeTo(schedule, clock.GetUtcNow()), cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // It is found overdue within a minute, and nothing is lost.
            _log.LogError(exception, "the schedule of {Pipeline} was not seen to, and is tried again: {Problem}", pipeline, exception.Message);
            lock (_gate)
                _set[pipeline] = (schedule.Key, clock.GetUtcNow() - s_overdue);
        }
    }

    private async Task SetAsync(Schedule schedule, Occurrence? next, CancellationToken cancellationToken)
    {
        var scheduler = await quartz.GetScheduler(cancellationToken);
        if (next is null)
        {
            await scheduler.UnscheduleJob(KeyOf(schedule.Pipeline), cancellationToken);
        }
        else
        {
            var trigger = TriggerBuilder.Create().WithIdentity(KeyOf(schedule.Pipeline)).ForJob(s_job).StartAt(next.BeginsAt)
                .WithDescription(string.Create(CultureInfo.InvariantCulture, $"due {next.DueAt:u}"))
                .WithSimpleSchedule(once => once.WithRepeatCount(0).WithMisfireInstruction(SimpleTriggerMisfireInstruction.FireNow))
                .Build();
            await scheduler.ScheduleTrigger(trigger, TriggerConflict.Replace, cancellationToken);
        }

        lock (_gate)
            _set[schedule.Pipeline] = (schedule.Key, next?.BeginsAt);
    }

    private static TriggerKey KeyOf(string pipeline) => new(pipeline, "hub");
}

/// <summary>What Quartz calls when an alarm rings.</summary>
/// <param name="alarms">The alarms.</param>
internal sealed class RingJob(AlarmClock alarms) : IJob
{
    /// <inheritdoc/>
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => await alarms.RingAsync(context.Trigger.Key.Name, cancellationToken);
}

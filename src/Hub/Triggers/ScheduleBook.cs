using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Hub.Service;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Triggers;

/// <summary>
/// Which instants of schedules have been seen to. An alarm only wakes: what is due is computed here, from the last instant in the store, so
/// that an alarm that rings twice, late, or not at all changes nothing but the time at which it is noticed.
/// </summary>
/// <param name="requests">Takes the requests.</param>
/// <param name="node">This node.</param>
/// <param name="clock">The time.</param>
internal sealed class ScheduleBook(RunRequests requests, Node node, TimeProvider clock)
{
    /// <summary>How late an instant may be seen to without being called missed.</summary>
    public static readonly TimeSpan Punctual = TimeSpan.FromMinutes(1);

    private const int MostCounted = 10_000;

    /// <summary>The schedules of a configuration, by pipeline.</summary>
    public static IReadOnlyDictionary<string, Schedule> Of(HubConfiguration configuration) => configuration.Pipelines
        .Where(pipeline => Sweeps.TriggersOf(pipeline, configuration.Settings).Count > 0)
        .ToDictionary(pipeline => pipeline.Name, pipeline => new Schedule(pipeline, configuration.Settings), StringComparer.Ordinal);

    /// <summary>Requests a run for what is due, if anything is: one for all instants that were missed.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="rang">The instant for which an alarm rang, to count alarms for nothing; null when none did.</param>
    /// <returns>The next occurrence; null when there is none.</returns>
    public Occurrence? SeeTo(Schedule schedule, DateTimeOffset? rang = null)
    {
        var now = clock.GetUtcNow();
        var requested = requests.Write(transaction =>
        {
            var last = Last(transaction, schedule, now);
            var (newest, count) = Due(schedule, last, now);
            if (newest is null)
            {
                if (rang is not null)
                    TriggerMeters.FiredAgain.Add(1);
                return false;
            }

            Request(transaction, schedule, newest, count, now);
            transaction.Execute(
                "update schedule set last_due = @due where pipeline = @Pipeline", new { schedule.Pipeline, due = newest.BeginsAt.ToUnixTimeMilliseconds() });
            return true;
        });
        if (requested)
            requests.News();
        return schedule.Next(now);
    }

    private void Request(StoreTransaction transaction, Schedule schedule, Occurrence newest, int count, DateTimeOffset now)
    {
        TriggerMeters.Fired.Add(1);
        TriggerMeters.Missed.Add(count - 1);
        var late = now - newest.BeginsAt > Punctual;
        var request = new NewRunRequest { Pipelines = [schedule.Pipeline], Cause = RunCause.Schedule, By = node.Name, DueAt = newest.DueAt };
        var many = count > 1 ? $"{(count > MostCounted ? "very many" : count)} instants" : "it";
        if (late && newest.Misfire == MisfirePolicy.Skip)
        {
            TriggerMeters.Missed.Add(1);
            RunRequests.Skip(transaction, request with { Note = $"nobody was there when {many} came, and its trigger says not to make up for that" });
        }
        else
        {
            RunRequests.Add(transaction, request with { Note = count > 1 ? $"one run for {many} that came while nobody was there" : null });
        }
    }

    /// <summary>The instant up to which all was seen to. What is new begins now; what was changed, with a little patience, so that a node that still has the old one makes no gap.</summary>
    private static DateTimeOffset Last(StoreTransaction transaction, Schedule schedule, DateTimeOffset now)
    {
        var instant = now.ToUnixTimeMilliseconds();
        var row = transaction.First<ScheduleRow>("select triggers, last_due from schedule where pipeline = @Pipeline", new { schedule.Pipeline });
        if (row is null)
        {
            // Of the changes so far, an outbound pipeline that runs on changes knows by itself how many it has not sent.
            transaction.Execute(
                "insert into schedule (pipeline, triggers, last_due, last_change) values (@Pipeline, @Key, @instant, 0)", new { schedule.Pipeline, schedule.Key, instant });
            return now;
        }

        if (row.Triggers == schedule.Key)
            return DateTimeOffset.FromUnixTimeMilliseconds(row.LastDue);
        var last = Math.Max(row.LastDue, instant - (long)Punctual.TotalMilliseconds);
        transaction.Execute("update schedule set triggers = @Key, last_due = @last where pipeline = @Pipeline", new { schedule.Pipeline, schedule.Key, last });
        return DateTimeOffset.FromUnixTimeMilliseconds(last);
    }

    /// <summary>The newest occurrence up to now, and how many there are.</summary>
    private static (Occurrence? Newest, int Count) Due(Schedule schedule, DateTimeOffset last, DateTimeOffset now)
    {
        Occurrence? newest = null;
        var count = 0;
        for (var next = schedule.Next(last); next is not null && next.BeginsAt <= now; next = schedule.Next(next.BeginsAt))
        {
            newest = next;

            // Of an interval of seconds after a month: the newest is found near the end.
            if (++count == MostCounted && now - next.BeginsAt > TimeSpan.FromHours(1))
                next = schedule.Next(now - TimeSpan.FromHours(1)) is { } near && near.BeginsAt <= now ? near : next;
        }

        return (newest, count);
    }

    private sealed record ScheduleRow
    {
        public string Triggers { get; init; } = "";

        public long LastDue { get; init; }
    }
}

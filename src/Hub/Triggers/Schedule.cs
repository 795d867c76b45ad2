using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.Triggers;

/// <summary>When a pipeline runs by itself: all its triggers, ready for use.</summary>
internal sealed class Schedule
{
    private static readonly TimeSpan s_defaultJitter = TimeSpan.FromMinutes(1);

    private readonly IReadOnlyList<Timer> _timers;

    /// <summary>The schedule of a pipeline.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="hub">hub.json: its calendars and its zone.</param>
    public Schedule(Pipeline pipeline, HubSettings hub)
    {
        Pipeline = pipeline.Name;
        Entity = pipeline.Entity.Type.Name;
        var triggers = Sweeps.TriggersOf(pipeline, hub);
        var home = Zone(hub.Defaults.TimeZone);
        _timers = [.. triggers.Where(trigger => trigger.Cron is not null || trigger.Every is not null).Select(trigger => Timer.Of(Pipeline, trigger, Blackouts(trigger), home))];
        After = [.. triggers.SelectMany(trigger => trigger.After.Select(name => (name, Blackouts(trigger))))];
        OnChange = [.. triggers.Where(trigger => trigger.OnChange is not null).Select(trigger => (Durations.Parse(trigger.OnChange)!.Value, Blackouts(trigger)))];
        Text = string.Join("; ", triggers.Select(Describe));
        Key = string.Join('\n', _timers.Select(timer => timer.Key));

        IReadOnlyList<Blackout> Blackouts(TriggerSettings trigger) =>
            [.. trigger.Blackout.Select(name => new Blackout(name, hub.Service.Calendars[name], Zone(hub.Service.Calendars[name].TimeZone ?? hub.Defaults.TimeZone)))];
    }

    /// <summary>The pipeline.</summary>
    public string Pipeline { get; }

    /// <summary>Its entity.</summary>
    public string Entity { get; }

    /// <summary>The pipelines after which it runs, each with when it does not.</summary>
    public IReadOnlyList<(string Name, IReadOnlyList<Blackout> Blackouts)> After { get; }

    /// <summary>For how long changes are gathered before it runs on them, each with when it does not; empty when it does not run on changes.</summary>
    public IReadOnlyList<(TimeSpan Gather, IReadOnlyList<Blackout> Blackouts)> OnChange { get; }

    /// <summary>Its triggers in words.</summary>
    public string Text { get; }

    /// <summary>What tells its instants from those of another schedule: a changed one does not make up for the past.</summary>
    public string Key { get; }

    /// <summary>Whether it has instants of its own.</summary>
    public bool HasTimes => _timers.Count > 0;

    /// <summary>The first occurrence that begins after an instant; null when there is none.</summary>
    public Occurrence? Next(DateTimeOffset after) => _timers.Select(timer => timer.Next(after)).OfType<Occurrence>().MinBy(occurrence => occurrence.BeginsAt);

    /// <summary>When something that is due at an instant may run: then, or when the blackouts that it lies in are over.</summary>
    public static DateTimeOffset Free(DateTimeOffset instant, IReadOnlyList<Blackout> blackouts)
    {
        // One blackout may end in another.
        for (var i = 0; i <= blackouts.Count && blackouts.FirstOrDefault(blackout => blackout.Holds(instant)) is { } blackout; i++)
            instant = blackout.EndAfter(instant);
        return instant;
    }

    private static TimeZoneInfo Zone(string name) => TimeZoneInfo.FindSystemTimeZoneById(name);

    private static string Describe(TriggerSettings trigger)
    {
        var when = trigger switch
        {
            { Cron: { } cron } => trigger.TimeZone is { } zone ? $"cron {cron} ({zone})" : $"cron {cron}",
            { Every: { } every } => $"every {every}",
            { OnChange: { } gather } => $"on change, after {gather}",
            _ => $"after {string.Join(", ", trigger.After)}",
        };
        return trigger.Blackout.Count == 0 ? when : $"{when}, not on {string.Join(", ", trigger.Blackout)}";
    }

    /// <summary>A trigger that has instants.</summary>
    private sealed record Timer(ITimes Times, TimeSpan Jitter, MisfirePolicy Misfire, IReadOnlyList<Blackout> Blackouts, string Key)
    {
        // Ten years of Christmas days, or an interval of a second through a long weekend.
        private const int MostHeld = 300_000;

        public static Timer Of(string pipeline, TriggerSettings trigger, IReadOnlyList<Blackout> blackouts, TimeZoneInfo home)
        {
            var jitter = Durations.Parse(trigger.Jitter);
            if (Durations.Parse(trigger.Every) is { } interval)
            {
                var phase = Share(pipeline, jitter is { } most && most < interval ? most : interval);
                return new(new IntervalTimes(interval, phase), TimeSpan.Zero, trigger.Misfire, blackouts, $"every {interval} {phase}");
            }

            var times = new CronTimes(trigger.Cron!, trigger.TimeZone is { } zone ? Zone(zone) : home);
            var later = Share(pipeline, jitter ?? (times.AtSecondZero ? s_defaultJitter : TimeSpan.Zero));
            return new(times, later, trigger.Misfire, blackouts, $"{trigger.Cron} {trigger.TimeZone ?? home.Id} {later}");
        }

        public Occurrence? Next(DateTimeOffset after)
        {
            var from = after - Jitter;
            string? held = null;
            for (var i = 0; i < MostHeld && Times.Next(from) is { } instant; i++)
            {
                if (Blackouts.FirstOrDefault(blackout => blackout.Holds(instant.At)) is not { } blackout)
                    return new Occurrence(instant.At, instant.At + Jitter, Misfire, instant.Remark ?? held);
                held ??= FormattableString.Invariant($"not on {instant.At:MM-dd HH:mm}: {blackout.Name}");
                from = instant.At;
            }

            return null;
        }

        /// <summary>A part of a time, decided by a name: the same on every machine and for ever.</summary>
        private static TimeSpan Share(string name, TimeSpan most)
        {
            var share = ContentHash.Of(name) / (double)ulong.MaxValue;
            return TimeSpan.FromMilliseconds(Math.Floor(share * most.TotalMilliseconds));
        }
    }
}

/// <summary>An instant of a schedule.</summary>
/// <param name="DueAt">When it is due, in the zone of its trigger.</param>
/// <param name="BeginsAt">When it begins: later by the jitter.</param>
/// <param name="Misfire">What becomes of it when nobody is there then.</param>
/// <param name="Remark">What is odd about it; null for nothing.</param>
internal sealed record Occurrence(DateTimeOffset DueAt, DateTimeOffset BeginsAt, MisfirePolicy Misfire, string? Remark);

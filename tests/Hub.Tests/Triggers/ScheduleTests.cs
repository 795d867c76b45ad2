using System.Globalization;
using Crm.Integration.Hub.Tests.Configuration;
using Crm.Integration.Hub.Triggers;

namespace Crm.Integration.Hub.Tests.Triggers;

public sealed class ScheduleTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 12, 23, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_thousand_nightly_crons_are_spread_over_the_minute_and_each_keeps_its_place()
    {
        using var hub = new TemporaryHub();
        for (var i = 0; i < 1000; i++)
            hub.Write($"pipelines/p{i}.json", TemporaryHub.Inbound(""", "trigger": { "cron": "0 0 2 * * ?" }"""));
        var configuration = hub.Load().OrThrow();

        var seconds = ScheduleBook.Of(configuration).Values.Select(schedule => schedule.Next(s_noon)!.BeginsAt).GroupBy(at => at.Second).ToList();

        Assert.Equal(60, seconds.Count);
        Assert.All(seconds, second => Assert.InRange(second.Count(), 4, 40));
        Assert.Equal(seconds.SelectMany(at => at), ScheduleBook.Of(hub.Load().OrThrow()).Values.Select(schedule => schedule.Next(s_noon)!.BeginsAt).GroupBy(at => at.Second).SelectMany(at => at));
    }

    [Fact]
    public void Without_jitter_it_begins_when_it_is_due()
    {
        var next = Of("""{ "cron": "0 0 2 * * ?", "jitter": 0 }""").Next(s_noon)!;

        Assert.Equal((new DateTimeOffset(2026, 12, 24, 2, 0, 0, TimeSpan.Zero), next.DueAt), (next.DueAt, next.BeginsAt));
        Assert.Equal(next.DueAt, Of("""{ "cron": "5 0 2 * * ?" }""").Next(s_noon)!.BeginsAt.AddSeconds(-5));
    }

    [Fact]
    public void An_interval_beats_from_the_beginning_of_time_with_a_phase_of_its_own()
    {
        var schedule = Of("""{ "every": "15m" }""");
        var first = schedule.Next(s_noon)!.DueAt;

        Assert.Equal(first.AddMinutes(15), schedule.Next(first)!.DueAt);
        Assert.Equal(first, schedule.Next(first.AddTicks(-1))!.DueAt);
        Assert.NotEqual(first, Of("""{ "every": "15m" }""", name: "other").Next(s_noon)!.DueAt);
        Assert.Equal(s_noon.AddMinutes(15), Of("""{ "every": "15m", "jitter": "0s" }""").Next(s_noon)!.DueAt);
    }

    [Fact]
    public void On_days_of_a_calendar_it_does_not_run()
    {
        const string hub = """
            { "service": { "calendars": {
                "feast": { "days": ["12-25", "2026-12-26"], "ranges": [ { "from": "12-30", "to": "01-02" } ], "timeZone": "Europe/Berlin" },
                "weekend": { "weekdays": ["saturday", "sunday"] } } } }
            """;
        var schedule = Of("""{ "cron": "0 0 2 * * ?", "jitter": 0, "timeZone": "Europe/Berlin", "blackout": ["feast", "weekend"] }""", hub);

        var days = new List<string>();
        string? remark = null;
        for (var next = schedule.Next(s_noon); days.Count < 7; next = schedule.Next(next.BeginsAt))
        {
            days.Add(next!.DueAt.ToString("MM-dd", CultureInfo.InvariantCulture));
            remark ??= next.Remark;
        }

        // The 25th to the 27th are a feast and a weekend, the 2nd and 3rd as well.
        Assert.Equal(["12-24", "12-28", "12-29", "01-04", "01-05", "01-06", "01-07"], days);
        Assert.Equal("not on 12-25 02:00: feast", remark);
    }

    [Fact]
    public void What_waits_for_others_waits_for_the_end_of_the_blackout_too()
    {
        using var hub = new TemporaryHub();
        hub.Write("hub.json", """{ "service": { "calendars": { "a": { "days": ["12-24"] }, "b": { "days": ["12-25"], "timeZone": "America/New_York" } } } }""");
        hub.Write("pipelines/one.json", TemporaryHub.Inbound());
        hub.Write("pipelines/two.json", TemporaryHub.Inbound(""", "trigger": { "after": "one", "blackout": ["a", "b"] }"""));
        var blackouts = ScheduleBook.Of(hub.Load().OrThrow())["two"].After.Single().Blackouts;

        Assert.Equal(s_noon, Schedule.Free(s_noon, blackouts));
        Assert.Equal(new DateTimeOffset(2026, 12, 25, 0, 0, 0, TimeSpan.Zero), Schedule.Free(s_noon.AddHours(20), blackouts));
        Assert.Equal(new DateTimeOffset(2026, 12, 26, 5, 0, 0, TimeSpan.Zero), Schedule.Free(s_noon.AddDays(2), blackouts));
    }

    [Fact]
    public void A_calendar_of_all_days_leaves_nothing()
    {
        const string hub = """{ "service": { "calendars": { "never": { "ranges": [ { "from": "01-01", "to": "12-31" } ] } } } }""";

        Assert.Null(Of("""{ "cron": "0 0 2 * * ?", "blackout": "never" }""", hub).Next(s_noon));
    }

    [Fact]
    public void Several_triggers_are_one_schedule()
    {
        var schedule = Of("""[{ "cron": "0 0 6 * * ?", "jitter": 0 }, { "cron": "0 0 18 * * ?", "jitter": 0 }]""");

        Assert.Equal([18, 6, 18], new[] { s_noon, s_noon.AddHours(6), s_noon.AddHours(18) }.Select(at => schedule.Next(at)!.DueAt.Hour));
    }

    internal static Schedule Of(string trigger, string hubJson = "{}", string name = "p")
    {
        using var hub = new TemporaryHub();
        hub.Write("hub.json", hubJson);
        hub.Write($"pipelines/{name}.json", TemporaryHub.Inbound($$""", "trigger": {{trigger}}"""));
        return ScheduleBook.Of(hub.Load().OrThrow())[name];
    }
}

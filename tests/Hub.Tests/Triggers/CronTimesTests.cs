using System.Globalization;
using Crm.Integration.Hub.Triggers;

namespace Crm.Integration.Hub.Tests.Triggers;

/// <summary>What the changes to and from summer time do to a schedule. Lord Howe changes by half an hour, and in the other half of the year.</summary>
public sealed class CronTimesTests
{
    [Theory]
    [InlineData("Europe/Berlin", "0 30 2 * * ?", "2026-03-28T12:00Z", "03-29 03:00:00 +02:00 this day has no 02:30|03-30 02:30:00 +02:00")]
    [InlineData("America/New_York", "0 30 2 * * ?", "2026-03-07T12:00Z", "03-08 03:00:00 -04:00 this day has no 02:30|03-09 02:30:00 -04:00")]
    [InlineData("Australia/Lord_Howe", "0 15 2 * * ?", "2026-10-03T06:00Z", "10-04 02:30:00 +11:00 this day has no 02:15|10-05 02:15:00 +11:00")]
    public void What_falls_into_the_hour_that_is_left_out_runs_once_when_that_is_over(string zone, string cron, string from, string expected) =>
        Assert.Equal(expected, Next(zone, cron, from, 2));

    [Theory]
    [InlineData("Europe/Berlin", "0 30 2 * * ?", "2026-10-24T12:00Z", "10-25 02:30:00 +02:00 the first of the two 02:30 of this day|10-26 02:30:00 +01:00")]
    [InlineData("America/New_York", "0 30 1 * * ?", "2026-10-31T12:00Z", "11-01 01:30:00 -04:00 the first of the two 01:30 of this day|11-02 01:30:00 -05:00")]
    [InlineData("Australia/Lord_Howe", "0 45 1 * * ?", "2026-04-04T06:00Z", "04-05 01:45:00 +11:00 the first of the two 01:45 of this day|04-06 01:45:00 +10:30")]
    public void What_falls_into_the_hour_that_comes_twice_runs_once(string zone, string cron, string from, string expected) =>
        Assert.Equal(expected, Next(zone, cron, from, 2));

    [Theory]
    [InlineData("Europe/Berlin", "0 0/30 2,3 * * ?", "2026-03-29T00:00Z", "03-29 03:00:00 +02:00 this day has no 02:00|03-29 03:30:00 +02:00|03-30 02:00:00 +02:00")]
    [InlineData("Europe/Berlin", "0 0,30 2 * * ?", "2026-10-24T12:00Z", "10-25 02:00:00 +02:00 the first of the two 02:00 of this day|10-25 02:30:00 +02:00 the first of the two 02:30 of this day|10-26 02:00:00 +01:00")]
    public void Several_that_fall_into_it_run_once_each_at_most(string zone, string cron, string from, string expected) =>
        Assert.Equal(expected, Next(zone, cron, from, 3));

    // 00:30, 01:00, … as long as the clock shows every half hour; between two runs there is never more than half an hour.
    [Theory]
    [InlineData("Europe/Berlin", "2026-03-28T23:00Z", 6)]
    [InlineData("Europe/Berlin", "2026-10-24T22:00Z", 12)]
    [InlineData("America/New_York", "2026-11-01T03:00Z", 12)]
    [InlineData("Australia/Lord_Howe", "2026-04-04T13:00Z", 12)]
    [InlineData("Australia/Lord_Howe", "2026-10-03T13:00Z", 12)]
    public void A_schedule_of_every_hour_goes_by_the_hands(string zone, string from, int count)
    {
        var times = new CronTimes("0 0/30 * * * ?", TimeZoneInfo.FindSystemTimeZoneById(zone));
        var last = At(from);
        for (var i = 0; i < count; i++)
        {
            var next = times.Next(last)!.Value.At;
            Assert.True(next - last <= TimeSpan.FromMinutes(30) && next > last, $"{last} to {next}");
            last = next;
        }
    }

    [Fact]
    public void The_instants_after_an_instant_do_not_depend_on_where_one_begins()
    {
        foreach (var (zone, cron) in ((string, string)[])[("Europe/Berlin", "0 0/20 * * * ?"), ("Australia/Lord_Howe", "0 0/20 * * * ?"), ("America/New_York", "0 0/20 1-3 * * ?")])
        {
            var times = new CronTimes(cron, TimeZoneInfo.FindSystemTimeZoneById(zone));
            foreach (var from in (string[])["2026-03-08T00:00Z", "2026-03-28T20:00Z", "2026-04-04T10:00Z", "2026-10-03T10:00Z", "2026-10-24T20:00Z", "2026-11-01T00:00Z"])
            {
                var instants = new List<DateTimeOffset>();
                for (var at = At(from); instants.Count < 60; at = instants[^1])
                    instants.Add(times.Next(at)!.Value.At);
                for (var minute = 0; minute < 12 * 60; minute += 7)
                {
                    var at = At(from).AddMinutes(minute);
                    Assert.Equal(instants.First(instant => instant > at), times.Next(at)!.Value.At);
                }
            }
        }
    }

    [Fact]
    public void One_that_is_over_has_no_next() => Assert.Null(new CronTimes("0 0 2 1 1 ? 2020", TimeZoneInfo.Utc).Next(At("2026-01-01T00:00Z")));

    private static string Next(string zone, string cron, string from, int count)
    {
        var times = new CronTimes(cron, TimeZoneInfo.FindSystemTimeZoneById(zone));
        var found = new List<string>();
        for (var at = At(from); found.Count < count;)
        {
            var next = times.Next(at)!.Value;
            found.Add((next.At.ToString("MM-dd HH:mm:ss zzz ", CultureInfo.InvariantCulture) + next.Remark).Trim());
            at = next.At;
        }

        return string.Join('|', found);
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}

using Crm.Integration.Hub.Service;

namespace Crm.Integration.Hub.Tests.Service;

public sealed class DayTimeTests
{
    [Theory]
    [InlineData("2026-05-01T00:00Z", "04:10", "UTC", "2026-05-01T04:10Z")]
    [InlineData("2026-05-01T04:10Z", "04:10", "UTC", "2026-05-02T04:10Z")]
    [InlineData("2026-05-01T21:00Z", "04:10", "Asia/Shanghai", "2026-05-02T20:10Z")]
    // The clock leaps from two to three, and in October goes through that hour twice.
    [InlineData("2026-03-28T12:00Z", "02:30", "Europe/Berlin", "2026-03-29T01:00Z")]
    [InlineData("2026-10-24T12:00Z", "02:30", "Europe/Berlin", "2026-10-25T01:30Z")]
    public void It_is_due_once_a_day_also_when_clocks_change(string now, string at, string zone, string due) => Assert.Equal(
        DateTimeOffset.Parse(due, null, System.Globalization.DateTimeStyles.AssumeUniversal),
        DayTime.Next(DateTimeOffset.Parse(now, null, System.Globalization.DateTimeStyles.AssumeUniversal), at, TimeZoneInfo.FindSystemTimeZoneById(zone)).ToUniversalTime());
}

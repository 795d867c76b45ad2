using System.Globalization;

namespace Crm.Integration.Hub.Cli;

/// <summary>Days and instants as people give them on a command line, in the time zone of the machine.</summary>
internal static class Days
{
    /// <summary>The instant that a text means; of a day its last one.</summary>
    /// <exception cref="CommandException">It is neither.</exception>
    public static DateTimeOffset End(string text, TimeProvider clock)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            var end = day.AddDays(1).ToDateTime(TimeOnly.MinValue);
            return new DateTimeOffset(end, clock.LocalTimeZone.GetUtcOffset(end)).AddMilliseconds(-1);
        }

        if (!DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeLocal, out var instant))
            throw CommandException.Usage($"'{text}' is not a date", "write 2026-03-01 or 2026-03-01T12:00");
        return new DateTimeOffset(instant, TimeSpan.Zero);
    }
}

using System.Globalization;

namespace Crm.Integration.Hub.Service;

/// <summary>Times of day in a time zone, as settings write them: HH:mm.</summary>
internal static class DayTime
{
    /// <summary>The next instant at which it is that time.</summary>
    /// <param name="after">Behind this instant.</param>
    /// <param name="time">HH:mm.</param>
    /// <param name="zone">The zone of it.</param>
    public static DateTimeOffset Next(DateTimeOffset after, string time, TimeZoneInfo zone)
    {
        var wanted = TimeOnly.ParseExact(time, "HH:mm", CultureInfo.InvariantCulture);
        for (var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(after, zone).DateTime); ; day = day.AddDays(1))
        {
            var local = day.ToDateTime(wanted);

            // In the hour that a clock leaps over there is no such time: it is the end of the leap.
            while (zone.IsInvalidTime(local))
                local = local.AddMinutes(15);
            var instant = new DateTimeOffset(local, zone.GetUtcOffset(local));
            if (instant > after)
                return instant;
        }
    }

    /// <summary>Whether an instant lies between two times of day; the second may be of the next day.</summary>
    /// <param name="instant">The instant.</param>
    /// <param name="from">HH:mm, inclusive.</param>
    /// <param name="to">HH:mm, exclusive.</param>
    /// <param name="zone">The zone of both.</param>
    public static bool IsBetween(DateTimeOffset instant, string from, string to, TimeZoneInfo zone) =>
        TimeOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime)
            .IsBetween(TimeOnly.ParseExact(from, "HH:mm", CultureInfo.InvariantCulture), TimeOnly.ParseExact(to, "HH:mm", CultureInfo.InvariantCulture));
}

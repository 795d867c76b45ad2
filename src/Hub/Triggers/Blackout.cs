using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Configuration.Settings;

namespace Crm.Integration.Hub.Triggers;

/// <summary>The days of a calendar, on which something does not run by itself.</summary>
/// <param name="name">The calendar's name.</param>
/// <param name="settings">Its days.</param>
/// <param name="zone">Where a day begins and ends.</param>
internal sealed class Blackout(string name, CalendarSettings settings, TimeZoneInfo zone)
{
    // A calendar that holds all days ends nowhere.
    private const int MostDays = 400;

    private readonly (CalendarDay First, CalendarDay Last)[] _ranges =
    [
        .. settings.Days.Select(day => (CalendarDay.Parse(day)!, CalendarDay.Parse(day)!)),
        .. settings.Ranges.Select(range => (CalendarDay.Parse(range.From)!, CalendarDay.Parse(range.To)!)),
    ];

    /// <summary>The calendar's name.</summary>
    public string Name { get; } = name;

    /// <summary>Whether an instant lies on one of its days.</summary>
    public bool Holds(DateTimeOffset instant) => Holds(DayOf(instant));

    /// <summary>When the days that an instant lies on are over.</summary>
    public DateTimeOffset EndAfter(DateTimeOffset instant)
    {
        var day = DayOf(instant);
        for (var i = 0; i < MostDays && Holds(day); i++)
            day = day.AddDays(1);
        var midnight = day.ToDateTime(TimeOnly.MinValue);

        // Some zones change their clocks at midnight: then the day begins later.
        while (zone.IsInvalidTime(midnight))
            midnight = midnight.AddMinutes(1);
        return new DateTimeOffset(midnight, zone.GetUtcOffset(midnight));
    }

    private bool Holds(DateOnly day) => settings.Weekdays.Contains((Weekday)day.DayOfWeek) || _ranges.Any(range => range.First.To(range.Last, day));

    private DateOnly DayOf(DateTimeOffset instant) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime);
}

using System.Globalization;

namespace Crm.Integration.Hub.Configuration;

/// <summary>A day of a calendar: of one year, or of every year.</summary>
/// <param name="First">The day; of every year, that of a leap year.</param>
/// <param name="Yearly">Whether it is of every year.</param>
internal sealed record CalendarDay(DateOnly First, bool Yearly)
{
    private const int LeapYear = 2000;

    /// <summary>A day as people write it, or null.</summary>
    public static CalendarDay? Parse(string text)
    {
        var culture = CultureInfo.InvariantCulture;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", culture, DateTimeStyles.None, out var day))
            return new(day, Yearly: false);
        return DateOnly.TryParseExact(FormattableString.Invariant($"{LeapYear}-{text}"), "yyyy-MM-dd", culture, DateTimeStyles.None, out day) ? new(day, Yearly: true) : null;
    }

    /// <summary>Whether a day lies from this one to another, both included. Days of every year may go beyond its end.</summary>
    public bool To(CalendarDay last, DateOnly day)
    {
        if (!Yearly)
            return day >= First && day <= last.First;
        var same = new DateOnly(LeapYear, day.Month, day.Day);
        return First <= last.First ? same >= First && same <= last.First : same >= First || same <= last.First;
    }
}

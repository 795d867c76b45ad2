using System.Globalization;

namespace Crm.Integration.Mapping.Values;

/// <summary>Dates that are written as one number.</summary>
internal static class DateSerial
{
    private const long UnixEpochSeconds = 62_135_596_800;
    private const decimal LastSecond = 315_537_897_599;

    /// <summary>Days since 1899-12-30, as spreadsheets count from March 1900 on; the fraction is the time of day.</summary>
    public static bool TryReadExcel(string text, out DateParts parts)
    {
        parts = default;
        // Below 61 stand the 60 days that spreadsheets number wrongly, as 1900 was no leap year.
        return Number(text) is >= 61 and < 2_958_466 and var days && FromSeconds((days + 693_593m) * 86_400m, out parts);
    }

    public static bool TryReadEpoch(string text, out DateParts parts)
    {
        parts = default;
        return Number(text) is { } seconds && Math.Abs(seconds) <= LastSecond && FromSeconds(seconds + UnixEpochSeconds, out parts);
    }

    public static bool TryReadEpochMilliseconds(string text, out DateParts parts)
    {
        parts = default;
        return Number(text) is { } milliseconds && Math.Abs(milliseconds) <= LastSecond * 1000 && FromSeconds((milliseconds / 1000) + UnixEpochSeconds, out parts);
    }

    private static decimal? Number(string text) =>
        text.Length <= 28 && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static bool FromSeconds(decimal seconds, out DateParts parts)
    {
        parts = default;
        if (seconds is < 0 or > LastSecond)
            return false;
        // A spreadsheet keeps times as binary fractions of a day: the nearest millisecond is what was meant.
        var time = new DateTime((long)Math.Round(seconds * 1000) * TimeSpan.TicksPerMillisecond, DateTimeKind.Utc);
        parts = new DateParts
        {
            Year = time.Year, Month = time.Month, Day = time.Day, Hour = time.Hour, Minute = time.Minute, Second = time.Second,
            Ticks = (int)(time.Ticks % TimeSpan.TicksPerSecond), HasTime = true, OffsetMinutes = null,
        };
        return true;
    }
}

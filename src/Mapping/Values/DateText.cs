namespace Crm.Integration.Mapping.Values;

/// <summary>Dates and times as people and systems write them, as far as they can mean one thing only.</summary>
public static class DateText
{
    /// <summary>
    /// The date in a text that needs no format: 2024-01-31, 2024/1/31, 20240131, 2024年1月31日, 31.01.2024, 31 Jan 2024, January 31, 2024, 31. Januar 2024,
    /// with or without a time after it. 31/01/2024 is understood since no month has the number 31; 03/04/2024 is not.
    /// </summary>
    /// <param name="text">The text.</param>
    public static DateOnly? Parse(string? text) => TryRead(text, out var parts) ? parts.Date : null;

    /// <summary>The instant in a text that needs no format.</summary>
    /// <param name="text">The text: a date as for <see cref="Parse"/>, a time if there is one, an offset if there is one.</param>
    /// <param name="zone">The time zone when the text does not say.</param>
    public static DateTimeOffset? ParseInstant(string? text, TimeZoneInfo zone) => TryRead(text, out var parts) ? parts.ToInstant(zone) : null;

    internal static bool TryRead(string? text, out DateParts parts)
    {
        parts = default;
        if (text is null || text.Length is < 6 or > 60)
            return false;
        var scanner = new DateScanner(TextFold.ToHalfWidth(text).AsSpan().Trim());
        return ReadDate(ref scanner, ref parts) && parts.IsValidDate && ReadTime(ref scanner, ref parts) && scanner.IsAtEnd;
    }

    private static bool ReadDate(ref DateScanner scanner, ref DateParts parts)
    {
        var first = scanner.Number(out var digits);
        if (digits == 8)
        {
            (parts.Year, parts.Month, parts.Day) = (first / 10000, first / 100 % 100, first % 100);
            return parts.Year is >= 1000 and <= 2999;
        }

        return digits switch
        {
            4 => YearFirst(ref scanner, ref parts, first),
            1 or 2 => DayOrMonthFirst(ref scanner, ref parts, first),
            0 => MonthNameFirst(ref scanner, ref parts),
            _ => false,
        };
    }

    private static bool YearFirst(ref DateScanner scanner, ref DateParts parts, int year)
    {
        parts.Year = year;
        var separator = scanner.Separator();
        if (separator is not ('-' or '/' or '.' or '年' or '년' or ' '))
            return false;
        parts.Month = scanner.NumberOrMonth();
        var second = scanner.Separator();
        if (second != separator && second is not ('月' or '월'))
            return false;
        parts.Day = scanner.Number(out var digits);
        var unit = scanner;
        unit.Skip(' ');
        if (unit.Skip('日') || unit.Skip('일') || unit.Skip('号'))
            scanner = unit;
        return digits is 1 or 2;
    }

    private static bool DayOrMonthFirst(ref DateScanner scanner, ref DateParts parts, int first)
    {
        // "31st January", "31. Januar", "31 de enero de 2024"
        scanner.SkipOrdinal();
        if (scanner.PeekMonth())
        {
            parts.Day = first;
            parts.Month = scanner.NumberOrMonth();
            scanner.SkipWord("de");
            scanner.Separators();
            parts.Year = scanner.Number(out var yearDigits);
            return yearDigits == 4;
        }

        var separator = scanner.Separator();
        if (separator is not ('-' or '/' or '.'))
            return false;
        var second = scanner.Number(out var digits);
        if (digits is 0 or > 2 || scanner.Separator() != separator)
            return false;
        parts.Year = scanner.Number(out digits);
        if (digits != 4)
            return false;
        if (separator == '.' || first > 12 || first == second)
            (parts.Day, parts.Month) = (first, second);
        else if (second > 12)
            (parts.Day, parts.Month) = (second, first);
        else
            return false;
        return true;
    }

    // "January 31, 2024", "Wed, 31 Jan 2024"
    private static bool MonthNameFirst(ref DateScanner scanner, ref DateParts parts)
    {
        if (!scanner.PeekMonth())
        {
            scanner.SkipLetters();
            scanner.Separators();
            var day = scanner.Number(out var dayDigits);
            return dayDigits is 1 or 2 && DayOrMonthFirst(ref scanner, ref parts, day);
        }

        parts.Month = scanner.NumberOrMonth();
        scanner.Separators();
        parts.Day = scanner.Number(out var digits);
        if (digits is not (1 or 2))
            return false;
        scanner.SkipOrdinal();
        scanner.Separators();
        parts.Year = scanner.Number(out digits);
        return digits == 4;
    }

    internal static bool ReadTime(ref DateScanner scanner, ref DateParts parts)
    {
        if (scanner.IsAtEnd)
            return true;
        if (!scanner.Skip('T') && !scanner.Skip('t'))
            scanner.Separators();
        scanner.Skip('-');
        parts.Hour = scanner.Number(out var digits);
        parts.HasTime = true;
        if (digits is 4 or 6)
        {
            // 20240131T101530
            var compact = parts.Hour;
            (parts.Hour, parts.Minute, parts.Second) = digits == 4 ? (compact / 100, compact % 100, 0) : (compact / 10000, compact / 100 % 100, compact % 100);
        }
        else
        {
            if (digits is 0 or > 2 || !(scanner.Skip(':') || scanner.Skip('.') || scanner.Skip('时') || scanner.Skip('時') || scanner.Skip('h')))
                return false;
            parts.Minute = scanner.Number(out digits);
            if (digits != 2)
                return false;
            if (scanner.Skip(':') || scanner.Skip('.') || scanner.Skip('分'))
            {
                parts.Second = scanner.Number(out digits);
                if (digits is not (0 or 2))
                    return false;
            }
        }

        if (scanner.Skip('.') || scanner.Skip(','))
        {
            parts.Ticks = scanner.Fraction();
            if (parts.Ticks < 0)
                return false;
        }

        scanner.Skip('秒');
        return scanner.Meridiem(ref parts) && scanner.Offset(ref parts) && parts.IsValidTime;
    }
}

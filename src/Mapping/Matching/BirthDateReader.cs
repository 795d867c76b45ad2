using System.Globalization;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Matching;

/// <summary>Reads dates of birth; dates that programs fill in by themselves are none, the first of January is a weak one.</summary>
internal static class BirthDateReader
{
    private static readonly string[] s_formats =
    [
        "yyyy-MM-dd", "yyyyMMdd", "yyyy/MM/dd", "yyyy.MM.dd", "yyyy-M-d", "yyyy/M/d", "dd.MM.yyyy", "d.M.yyyy", "dd/MM/yyyy", "d/M/yyyy", "dd-MM-yyyy", "yyyy年M月d日", "d MMM yyyy", "d MMMM yyyy", "MMM d, yyyy", "MMMM d, yyyy", "dd.MM.yy", "dd/MM/yy",
    ];

    /// <summary>The date in a value.</summary>
    public static BirthDate Read(Value value)
    {
        DateOnly date;
        if (value.AsDate is { } typed)
            date = typed;
        else if (value.AsText is not { Length: >= 8 } text || !DateOnly.TryParseExact(text.AsSpan().Trim(), s_formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out date))
            return default;

        return IsPlaceholder(date) ? default : new BirthDate(date.DayNumber, date is { Month: 1, Day: 1 });
    }

    // The first day that a program knows, or its nought: .NET, SQL Server, Excel, Unix, and forms that want a date.
    private static bool IsPlaceholder(DateOnly date) => date.Year is < 1000 or > 2200
        || date is { Month: 1, Day: 1, Year: 1582 or 1600 or 1700 or 1753 or 1800 or 1899 or 1900 or 1901 or 1970 or 1980 or 2000 }
        || date is { Month: 12, Day: 30 or 31, Year: 1899 } or { Year: 1900, Month: 1, Day: 2 } or { Year: 1111, Month: 11, Day: 11 } or { Year: 1234 };
}

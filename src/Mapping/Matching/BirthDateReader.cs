using System.Globalization;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Matching;

/// <summary>Reads dates of birth; dates that forms fill in by themselves are none, the first of January is a weak one.</summary>
internal static class BirthDateReader
{
    private static readonly string[] s_formats = ["yyyy-MM-dd", "yyyyMMdd", "yyyy/MM/dd", "yyyy.MM.dd", "dd.MM.yyyy", "d.M.yyyy", "dd/MM/yyyy", "yyyy年M月d日"];

    /// <summary>The date in a value.</summary>
    public static BirthDate Read(Value value)
    {
        DateOnly date;
        if (value.AsDate is { } typed)
            date = typed;
        else if (value.AsText is not { Length: >= 8 } text || !DateOnly.TryParseExact(text.AsSpan().Trim(), s_formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out date))
            return default;

        var placeholder = date.Year < 1890 || date is { Year: 1900 or 1901 or 1970 or 2000 or 9999 or 1899, Month: 1, Day: 1 };
        return placeholder ? default : new BirthDate(date.DayNumber, date is { Month: 1, Day: 1 });
    }
}

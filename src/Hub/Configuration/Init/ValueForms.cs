using System.Globalization;

namespace Crm.Integration.Hub.Configuration.Init;

/// <summary>Reads from a few examples how a source writes dates, phones and lists.</summary>
internal static class ValueForms
{
    private static readonly string[] s_dates =
    [
        "yyyy-MM-dd", "yyyyMMdd", "dd.MM.yyyy", "d.M.yyyy", "dd/MM/yyyy", "MM/dd/yyyy", "d/M/yyyy", "M/d/yyyy", "yyyy/MM/dd", "yyyy/M/d",
        "dd-MM-yyyy", "MM-dd-yyyy", "yyyy.MM.dd", "yyyy年M月d日", "d MMM yyyy", "d MMMM yyyy", "dd-MMM-yyyy", "dd.MM.yy",
    ];

    private static readonly string[] s_times = ["", " HH:mm:ss", " HH:mm", "'T'HH:mm:ss", "'T'HH:mm"];

    /// <summary>The date formats that fit every example, the likeliest first; empty when none does.</summary>
    /// <param name="examples">Values of the column.</param>
    /// <param name="country">Decides between day and month first where both fit.</param>
    public static IReadOnlyList<string> DateFormats(IReadOnlyList<string> examples, string? country)
    {
        var values = examples.Select(value => value.Trim()).Where(value => value.Length > 0).ToList();
        if (values.Count == 0)
            return [];
        var fitting = from date in s_dates
                      from time in s_times
                      let format = date + time
                      where values.TrueForAll(value => DateTime.TryParseExact(value, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
                      select format;
        var formats = fitting.ToList();
        var monthFirst = country == "US";
        return [.. formats.OrderBy(format => format.StartsWith('M') == monthFirst || !IsAmbiguous(formats) ? 0 : 1)];
    }

    /// <summary>Whether day and month could be swapped: 03/04/2026.</summary>
    public static bool IsAmbiguous(IReadOnlyList<string> formats) =>
        formats.Any(format => format.StartsWith('M')) && formats.Any(format => format.StartsWith('d'));

    /// <summary>Whether values are in a form that needs no format: ISO 8601.</summary>
    public static bool IsIso(IReadOnlyList<string> examples) => examples.Count > 0 && examples.All(value =>
        value.Length >= 10 && DateOnly.TryParseExact(value.AsSpan(0, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
        && (value.Length == 10 || value[10] is 'T' or ' '));

    /// <summary>Whether most of the phone numbers say their country themselves.</summary>
    public static bool HavePlus(IReadOnlyList<string> examples) => Most(examples, value => value.TrimStart(' ', '(', '\'') is ['+', ..] or ['0', '0', ..]);

    /// <summary>Whether the names are written "Surname, Given".</summary>
    public static bool HaveComma(IReadOnlyList<string> examples) => Most(examples, value => value.Contains(',', StringComparison.Ordinal));

    /// <summary>Whether most values begin with digits and go on with a name: "70173 Stuttgart".</summary>
    public static bool BeginWithPostalCode(IReadOnlyList<string> examples) => Most(examples, value => value.IndexOf(' ', StringComparison.Ordinal) is var blank && blank >= 4
        && value.AsSpan(0, blank).ContainsAnyInRange('0', '9') && char.IsLetter(value[blank + 1 < value.Length ? blank + 1 : blank - 1]));

    /// <summary>Whether whole addresses stand in one column: "Hauptstr. 5, 70173 Stuttgart, Germany".</summary>
    public static bool AreWholeAddresses(IReadOnlyList<string> examples) => Most(examples, value => value.Split(',').Length == 3);

    /// <summary>Whether amounts are written with a decimal comma: 1.234,50.</summary>
    public static bool HaveDecimalComma(IReadOnlyList<string> examples) => examples.Any(value =>
        value.LastIndexOf(',') is > 0 and var comma && comma > value.LastIndexOf('.') && value.Length - comma <= 3);

    /// <summary>What separates the elements of a list in one column, or null.</summary>
    public static char? Separator(IReadOnlyList<string> examples)
    {
        foreach (var separator in ";|,")
        {
            if (examples.Any(value => value.Contains(separator, StringComparison.Ordinal)))
                return separator;
        }

        return null;
    }

    private static bool Most(IReadOnlyList<string> examples, Func<string, bool> holds) =>
        examples.Count > 0 && examples.Count(value => value.Length > 1 && holds(value)) * 2 > examples.Count;
}

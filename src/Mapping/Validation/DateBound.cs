using System.Globalization;

namespace Crm.Integration.Mapping.Validation;

/// <summary>A bound of a date range: a date, or a distance from the day of the run (<c>today-120y</c>).</summary>
internal sealed record DateBound(string Text, DateOnly? Fixed, int Amount, char Unit)
{
    // Beyond this a bound is a slip of the finger, and the calendar ends.
    private const int MostYears = 1000;

    /// <summary>Reads <c>yyyy-MM-dd</c>, <c>today</c>, or <c>today</c> with a sign, a number and one of d, w, m, y.</summary>
    public static DateBound? TryParse(string text)
    {
        var trimmed = text.Trim();
        if (DateOnly.TryParseExact(trimmed, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            return new DateBound(trimmed, date, 0, 'd');
        if (!trimmed.StartsWith("today", StringComparison.OrdinalIgnoreCase))
            return null;

        var rest = trimmed.AsSpan(5).Trim();
        if (rest.IsEmpty)
            return new DateBound(trimmed, null, 0, 'd');
        var unit = char.ToLowerInvariant(rest[^1]);
        if (rest.Length < 3 || rest[0] is not ('+' or '-') || !int.TryParse(rest[1..^1].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var amount))
            return null;
        var most = unit switch { 'd' => MostYears * 365, 'w' => MostYears * 52, 'm' => MostYears * 12, 'y' => MostYears, _ => -1 };
        return amount > most ? null : new DateBound(trimmed, null, rest[0] == '-' ? -amount : amount, unit);
    }

    /// <summary>The bound on a day.</summary>
    public DateOnly On(DateOnly today) => Fixed ?? Unit switch
    {
        'd' => today.AddDays(Amount),
        'w' => today.AddDays(7 * Amount),
        'm' => today.AddMonths(Amount),
        _ => today.AddYears(Amount),
    };
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace Crm.Integration.Hub.Configuration;

/// <summary>Lengths of time as people write them: <c>30s</c>, <c>15m</c>, <c>6h</c>, <c>1d</c>.</summary>
internal static partial class Durations
{
    /// <summary>What is right, for messages.</summary>
    public const string Example = "write a number and a unit: 30s, 15m, 6h or 1d";

    /// <summary>A length of time, or null. A number alone is of seconds.</summary>
    public static TimeSpan? Parse(string? text)
    {
        if (text is null || Shape().Match(text) is not { Success: true } match || !int.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return null;
        return match.Groups[2].Value switch
        {
            "ms" => TimeSpan.FromMilliseconds(number),
            "m" => TimeSpan.FromMinutes(number),
            "h" => TimeSpan.FromHours(number),
            "d" => TimeSpan.FromDays(number),
            _ => TimeSpan.FromSeconds(number),
        };
    }

    /// <summary>The length in the largest unit that fits.</summary>
    public static string Text(TimeSpan duration) => duration switch
    {
        { Ticks: 0 } => "0s",
        _ when duration.Ticks % TimeSpan.TicksPerDay == 0 => FormattableString.Invariant($"{duration.TotalDays}d"),
        _ when duration.Ticks % TimeSpan.TicksPerHour == 0 => FormattableString.Invariant($"{duration.TotalHours}h"),
        _ when duration.Ticks % TimeSpan.TicksPerMinute == 0 => FormattableString.Invariant($"{duration.TotalMinutes}m"),
        _ => FormattableString.Invariant($"{duration.TotalSeconds}s"),
    };

    [GeneratedRegex(@"^\s*(\d{1,9})\s*(ms|s|m|h|d)?\s*$")]
    private static partial Regex Shape();
}

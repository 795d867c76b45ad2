using System.Globalization;

namespace Crm.Integration.Hub.Cli;

/// <summary>Numbers and names as people read them.</summary>
internal static class Words
{
    /// <summary>"12,345".</summary>
    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>"1 row", "12,345 rows".</summary>
    public static string Count(long number, string one) => $"{Number(number)} {(number == 1 ? one : Plural(one))}";

    /// <summary>"customer" → "customers", "company" → "companies".</summary>
    public static string Plural(string one) => one switch
    {
        [.. var stem, not ('a' or 'e' or 'i' or 'o' or 'u'), 'y'] => one[..^1] + "ies",
        [.., 's' or 'x'] => one + "es",
        _ => one + "s",
    };

    /// <summary>"0.4 s", "12.4 s", "3 min 05 s", "2 h 07 min".</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalMilliseconds: < 9.5 } => "a moment",
        { TotalSeconds: < 1 } => Invariant($"{time.TotalMilliseconds:N0} ms"),
        { TotalSeconds: < 59.95 } => Invariant($"{time.TotalSeconds:N1} s"),
        _ => Long(TimeSpan.FromSeconds(Math.Round(time.TotalSeconds))),
    };

    /// <summary>"404 rows/s".</summary>
    public static string Rate(long number, TimeSpan time) =>
        time.TotalSeconds < 0.01 || number == 0 ? "" : Invariant($"{number / time.TotalSeconds:N0} rows/s");

    /// <summary>"2026-03-01 02:00:07", in the time zone of the machine.</summary>
    public static string Time(DateTimeOffset time, TimeProvider clock) =>
        TimeZoneInfo.ConvertTime(time, clock.LocalTimeZone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>The same of an instant as the store keeps it.</summary>
    public static string Time(long milliseconds, TimeProvider clock) => Time(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), clock);

    /// <summary>"2 days ago", "just now".</summary>
    public static string Ago(long milliseconds, TimeProvider clock)
    {
        var age = clock.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        return age switch
        {
            { TotalMinutes: < 1 } => "just now",
            { TotalHours: < 1 } => Count((long)age.TotalMinutes, "minute") + " ago",
            { TotalDays: < 2 } => Count((long)age.TotalHours, "hour") + " ago",
            _ => Count((long)age.TotalDays, "day") + " ago",
        };
    }

    /// <summary>The text in lines of at most a width, broken between words.</summary>
    public static IEnumerable<string> Wrap(string text, int width)
    {
        var line = "";
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = "";
            }

            line = line.Length == 0 ? word : line + " " + word;
        }

        if (line.Length > 0)
            yield return line;
    }

    private static string Long(TimeSpan time) => time switch
    {
        { TotalMinutes: < 60 } => Invariant($"{(int)time.TotalMinutes} min {time.Seconds:00} s"),
        { TotalDays: < 2 } => Invariant($"{(int)time.TotalHours} h {time.Minutes:00} min"),
        _ => Invariant($"{(int)time.TotalDays} days"),
    };

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}

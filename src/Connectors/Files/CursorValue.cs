using System.Globalization;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Files;

/// <summary>What the values of a cursor field look like.</summary>
internal enum CursorKind
{
    Number,
    Instant,
    Text,
    Ambiguous,
}

/// <summary>A cursor's value in a form that compares.</summary>
internal readonly record struct CursorValue(CursorKind Kind, decimal Number, DateTimeOffset Instant, string? Words) : IComparable<CursorValue>
{
    private const long OldestUnixSeconds = 100_000_000;
    private const long OldestUnixMilliseconds = 100_000_000_000;

    private static readonly string[] s_dayFirst = ["d.M.yyyy", "d.M.yyyy H:mm", "d.M.yyyy H:mm:ss"];

    /// <param name="value">A cell.</param>
    /// <param name="kind">What the cells before it were; null for the first.</param>
    public static CursorValue? Of(Value value, CursorKind? kind)
    {
        if (value.IsEmpty)
            return null;
        if (value.AsNumber is { } number)
            return kind is null or CursorKind.Number ? new(CursorKind.Number, number, default, null) : null;
        var text = value.ToText()!.Trim();
        if (kind is null or CursorKind.Number && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number))
            return new(CursorKind.Number, number, default, null);
        if (kind is null or CursorKind.Instant && ReadInstant(text) is { } instant)
            return new(CursorKind.Instant, 0, instant, null);
        if (kind is null && LooksLikeSlashDate(text))
            return new(CursorKind.Ambiguous, 0, default, null);
        return kind is null or CursorKind.Text ? new(CursorKind.Text, 0, default, text) : null;
    }

    /// <summary>The value that lies so far back; for counters and texts, which have no time, the value itself.</summary>
    public CursorValue Before(TimeSpan lag) => Kind switch
    {
        CursorKind.Instant => this with { Instant = Instant - DateTimeOffset.MinValue > lag ? Instant - lag : DateTimeOffset.MinValue },
        CursorKind.Number when Number > OldestUnixMilliseconds && Number < OldestUnixMilliseconds * 100 => this with { Number = Number - (decimal)lag.TotalMilliseconds },
        CursorKind.Number when Number > OldestUnixSeconds && Number < OldestUnixSeconds * 100 => this with { Number = Number - (decimal)lag.TotalSeconds },
        _ => this,
    };

    public int CompareTo(CursorValue other) => Kind switch
    {
        CursorKind.Number => Number.CompareTo(other.Number),
        CursorKind.Instant => Instant.CompareTo(other.Instant),
        _ => string.CompareOrdinal(Words, other.Words),
    };

    public override string ToString() => Kind switch
    {
        CursorKind.Number => Number.ToString(CultureInfo.InvariantCulture),
        CursorKind.Instant => Instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture),
        _ => Words ?? "",
    };

    // Year first only: day-first and month-first dates look alike. Without a zone it is taken as UTC, on both sides alike.
    private static DateTimeOffset? ReadInstant(string text)
    {
        if (text.Length >= 8 && text.AsSpan(0, 4).IndexOfAnyExceptInRange('0', '9') < 0 && text[4] is '-' or '/' or '.'
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant))
            return instant;
        return DateTimeOffset.TryParseExact(text, s_dayFirst, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out instant) ? instant : null;
    }

    private static bool LooksLikeSlashDate(string text)
    {
        var parts = text.Split(' ')[0].Split('/', '-');
        return parts.Length == 3 && Array.TrueForAll(parts, part => part.Length is >= 1 and <= 4 && part.All(char.IsAsciiDigit));
    }
}

using Quartz;

namespace Crm.Integration.Hub.Triggers;

/// <summary>
/// When a cron expression comes, by the clock on the wall of a time zone. What falls into the hour that a zone leaves out comes when that hour
/// would be over; what falls into the hour that comes twice comes the first time. A schedule of every hour goes by the hands in both.
/// </summary>
internal sealed class CronTimes : ITimes
{
    private readonly CronExpression _wall;
    private readonly TimeZoneInfo _zone;
    private readonly bool _hourly;

    /// <summary>Reads an expression.</summary>
    /// <param name="expression">A Quartz cron expression that was checked.</param>
    /// <param name="zone">Its zone.</param>
    public CronTimes(string expression, TimeZoneInfo zone)
    {
        // Quartz is asked in a zone without changes, as if the wall's clock were UTC: what a change does is decided here.
        _wall = new CronExpression(expression, TimeZoneInfo.Utc);
        _zone = zone;
        var fields = expression.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        _hourly = fields[2] == "*";
        AtSecondZero = fields[0] == "0";
    }

    /// <summary>Whether it comes with the full minute, like most of what people write.</summary>
    public bool AtSecondZero { get; }

    /// <inheritdoc/>
    public Instant? Next(DateTimeOffset after)
    {
        var local = TimeZoneInfo.ConvertTime(after, _zone);
        var wall = local.DateTime;
        if (_hourly && _zone.IsAmbiguousTime(wall) && local.Offset == First(wall))
            return InDoubleHour(wall);
        while (NextOnWall(wall) is { } next)
        {
            wall = next;
            if (At(next, after) is { } instant && instant.At > after)
                return instant;
        }

        return null;
    }

    /// <summary>The next instant after one of the first pass through an hour that comes twice: in this pass, or else in the second.</summary>
    private Instant? InDoubleHour(DateTime wall)
    {
        var next = NextOnWall(wall);
        if (next is { } first && _zone.IsAmbiguousTime(first))
            return new(new DateTimeOffset(first, First(first)), null);
        var begin = wall.AddTicks(-(wall.Ticks % TimeSpan.TicksPerMinute));
        while (_zone.IsAmbiguousTime(begin.AddMinutes(-1)))
            begin = begin.AddMinutes(-1);
        if (NextOnWall(begin.AddTicks(-1)) is { } second && _zone.IsAmbiguousTime(second))
            return new(new DateTimeOffset(second, Second(second)), $"the second {Clock(second)} of this day");
        return next is { } beyond ? At(beyond, DateTimeOffset.MinValue) : null;
    }

    private Instant? At(DateTime wall, DateTimeOffset after)
    {
        if (_zone.IsAmbiguousTime(wall))
        {
            var first = new DateTimeOffset(wall, First(wall));
            return _hourly && first <= after
                ? new(new DateTimeOffset(wall, Second(wall)), $"the second {Clock(wall)} of this day")
                : new(first, $"the first of the two {Clock(wall)} of this day");
        }

        if (!_zone.IsInvalidTime(wall))
            return new(new DateTimeOffset(wall, _zone.GetUtcOffset(wall)), null);
        if (_hourly)
            return null;
        var end = wall.AddTicks(-(wall.Ticks % TimeSpan.TicksPerMinute));
        while (_zone.IsInvalidTime(end))
            end = end.AddMinutes(1);
        return new(new DateTimeOffset(end, _zone.GetUtcOffset(end)), $"this day has no {Clock(wall)}");
    }

    private DateTime? NextOnWall(DateTime wall) => _wall.GetNextValidTimeAfter(new DateTimeOffset(wall, TimeSpan.Zero))?.DateTime;

    private TimeSpan First(DateTime wall) => _zone.GetAmbiguousTimeOffsets(wall).Max();

    private TimeSpan Second(DateTime wall) => _zone.GetAmbiguousTimeOffsets(wall).Min();

    private static string Clock(DateTime wall) => FormattableString.Invariant($"{wall:HH:mm}");
}

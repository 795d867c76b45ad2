namespace Crm.Integration.Hub.Triggers;

/// <summary>Instants in a row without an end.</summary>
internal interface ITimes
{
    /// <summary>The first instant after another; null when there is none any more.</summary>
    Instant? Next(DateTimeOffset after);
}

/// <summary>An instant.</summary>
/// <param name="At">When, in the zone of what it comes from.</param>
/// <param name="Remark">What is odd about it, such as a change to summer time; null for nothing.</param>
internal readonly record struct Instant(DateTimeOffset At, string? Remark);

/// <summary>Instants at equal distances, counted from the beginning of time: the same after every restart and on every node.</summary>
/// <param name="interval">Their distance.</param>
/// <param name="phase">How much later than the clock's own beats they come.</param>
internal sealed class IntervalTimes(TimeSpan interval, TimeSpan phase) : ITimes
{
    /// <inheritdoc/>
    public Instant? Next(DateTimeOffset after)
    {
        var passed = (after - DateTimeOffset.UnixEpoch - phase).Ticks;
        return new(DateTimeOffset.UnixEpoch + phase + TimeSpan.FromTicks(((passed / interval.Ticks) + 1) * interval.Ticks), null);
    }
}

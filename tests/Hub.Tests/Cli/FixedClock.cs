namespace Crm.Integration.Hub.Tests.Cli;

/// <summary>A clock that a test sets, in UTC; it goes on by a millisecond whenever it is read, so that what comes later is later.</summary>
internal sealed class FixedClock(DateTimeOffset now) : TimeProvider
{
    private long _ticks = now.UtcTicks;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Add(ref _ticks, TimeSpan.TicksPerMillisecond), TimeSpan.Zero);

    /// <summary>Sets it.</summary>
    public void Set(DateTimeOffset then) => _ticks = then.UtcTicks;
}

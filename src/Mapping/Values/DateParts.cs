namespace Crm.Integration.Mapping.Values;

/// <summary>A date and time while it is being read.</summary>
internal struct DateParts
{
    public int Year;
    public int Month;
    public int Day;
    public int Hour;
    public int Minute;
    public int Second;
    public int Ticks;
    public bool HasTime;
    public int? OffsetMinutes;

    public readonly bool IsValidDate => Year is >= 1 and <= 9999 && Month is >= 1 and <= 12 && Day >= 1 && Day <= DateTime.DaysInMonth(Year, Month);

    // 24:00 is what some systems write for the end of the day, 60 what a leap second makes of a second.
    public readonly bool IsValidTime => (Hour is >= 0 and <= 23 && Minute is >= 0 and <= 59 && Second is >= 0 and <= 60) || (Hour == 24 && Minute == 0 && Second == 0);

    public readonly DateOnly Date => new(Year, Month, Day);

    /// <summary>The instant, or null beyond the ends of the calendar.</summary>
    public readonly DateTimeOffset? ToInstant(TimeZoneInfo zone)
    {
        var local = new DateTime(Year, Month, Day, 0, 0, 0, DateTimeKind.Unspecified);
        var ticks = local.Ticks + ((((Hour * 60L) + Minute) * 60) + Second) * TimeSpan.TicksPerSecond + Ticks;
        if (ticks > DateTime.MaxValue.Ticks)
            return null;
        local = new DateTime(ticks, DateTimeKind.Unspecified);
        var offset = OffsetMinutes is { } minutes ? TimeSpan.FromMinutes(minutes) : zone.GetUtcOffset(local);
        var utc = ticks - offset.Ticks;
        return utc < 0 || utc > DateTime.MaxValue.Ticks ? null : new DateTimeOffset(utc, TimeSpan.Zero);
    }
}

using System.ComponentModel;

namespace Crm.Integration.Hub.Configuration.Settings;

/// <summary>Days on which pipelines do not run by themselves.</summary>
public sealed record CalendarSettings
{
    /// <summary>Days.</summary>
    [Description("Single days: `2027-01-29`, or `12-25` for that day of every year.")]
    public IReadOnlyList<string> Days { get; init; } = [];

    /// <summary>Ranges.</summary>
    [Description("Days from one to another, both included.")]
    public IReadOnlyList<DayRangeSettings> Ranges { get; init; } = [];

    /// <summary>Weekdays.</summary>
    [Description("Days of the week: `saturday`, `sunday`.")]
    public IReadOnlyList<Weekday> Weekdays { get; init; } = [];

    /// <summary>Zone.</summary>
    [Description("The time zone (IANA) in which a day begins and ends; without it that of hub.json (`defaults.timeZone`).")]
    public string? TimeZone { get; init; }
}

/// <summary>Days from one to another.</summary>
public sealed record DayRangeSettings
{
    /// <summary>First day.</summary>
    [Description("The first day: `2027-12-24`, or `12-24` for every year.")]
    public required string From { get; init; }

    /// <summary>Last day.</summary>
    [Description("The last day, likewise.")]
    public required string To { get; init; }
}

/// <summary>A day of the week.</summary>
public enum Weekday
{
    /// <summary>Sunday.</summary>
    [Description("Sunday.")]
    Sunday,

    /// <summary>Monday.</summary>
    [Description("Monday.")]
    Monday,

    /// <summary>Tuesday.</summary>
    [Description("Tuesday.")]
    Tuesday,

    /// <summary>Wednesday.</summary>
    [Description("Wednesday.")]
    Wednesday,

    /// <summary>Thursday.</summary>
    [Description("Thursday.")]
    Thursday,

    /// <summary>Friday.</summary>
    [Description("Friday.")]
    Friday,

    /// <summary>Saturday.</summary>
    [Description("Saturday.")]
    Saturday,
}

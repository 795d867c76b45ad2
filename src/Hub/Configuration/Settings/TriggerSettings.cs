using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Crm.Integration.Hub.Configuration.Settings;

/// <summary>When a pipeline runs by itself: by one of <see cref="Cron"/>, <see cref="Every"/>, <see cref="After"/> and <see cref="OnChange"/>.</summary>
public sealed record TriggerSettings
{
    /// <summary>Cron.</summary>
    [Description("A Quartz cron expression: seconds, minutes, hours, day of month, month, day of week. `0 0 2 * * ?` is every night at two.")]
    public string? Cron { get; init; }

    /// <summary>Zone.</summary>
    [Description("The time zone (IANA) of `cron`; without it that of hub.json (`defaults.timeZone`). What falls into the hour that the change to summer time leaves out runs when that hour would be over; what falls into the hour that comes twice runs once, the first time. With `*` for the hour it goes by the clock's hands, both times.")]
    public string? TimeZone { get; init; }

    /// <summary>Interval.</summary>
    [Description("An interval: `30s`, `15m`, `6h`, `1d`; a second at least. Each pipeline has a phase of its own, unless `jitter` is 0.")]
    public string? Every { get; init; }

    /// <summary>After others.</summary>
    [Description("Names of pipelines: when the service has run one of them to its end."), OneOrMany]
    public IReadOnlyList<string> After { get; init; } = [];

    /// <summary>On changes.</summary>
    [Description("Outbound: when customers have changed, after gathering changes for so long: `30s`.")]
    public string? OnChange { get; init; }

    /// <summary>Blackout.</summary>
    [Description("Names of calendars in hub.json (`service.calendars`), on whose days it does not run. A `cron` or `every` then waits for its next instant, the others for the end of the blackout."), OneOrMany]
    public IReadOnlyList<string> Blackout { get; init; } = [];

    /// <summary>Missed instants.</summary>
    [Description("What becomes of instants that passed while no service was running.")]
    public MisfirePolicy Misfire { get; init; } = MisfirePolicy.Once;

    /// <summary>Jitter.</summary>
    [Description("How much later at most it begins, as `60s` or a number of seconds; how much of it is decided by the pipeline's name. So a thousand pipelines of one hour do not begin as one. By default up to a minute for a `cron` at second 0, none for another, and for `every` its whole interval; 0 for none."), DataType("NumberOrText")]
    public string? Jitter { get; init; }
}

/// <summary>What becomes of instants that passed while no service was running.</summary>
public enum MisfirePolicy
{
    /// <summary>One run.</summary>
    [Description("One run, late, for all of them; it says so.")]
    Once,

    /// <summary>None.</summary>
    [Description("None: the next instant is the next run.")]
    Skip,
}

/// <summary>Marks a list that may be written as its only item, without brackets.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OneOrManyAttribute : Attribute;

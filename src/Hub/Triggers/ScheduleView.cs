using System.Globalization;
using Crm.Integration.Hub.Cli;
using Crm.Integration.Hub.Configuration;
using Spectre.Console;

namespace Crm.Integration.Hub.Triggers;

/// <summary>When pipelines run by themselves, for people.</summary>
internal static class ScheduleView
{
    /// <summary>The next runs of each pipeline that has triggers, soonest first.</summary>
    /// <param name="configuration">The hub folder.</param>
    /// <param name="pipelines">Which; empty for all.</param>
    /// <param name="now">The time.</param>
    /// <param name="count">How many of each.</param>
    public static IReadOnlyList<PlannedRun> Next(HubConfiguration configuration, IReadOnlyCollection<string> pipelines, DateTimeOffset now, int count)
    {
        List<PlannedRun> planned = [];
        foreach (var schedule in ScheduleBook.Of(configuration).Values.Where(schedule => pipelines.Count == 0 || pipelines.Contains(schedule.Pipeline)))
        {
            var next = schedule.Next(now);
            for (var i = 0; i < count && next is not null; i++, next = schedule.Next(next.BeginsAt))
                planned.Add(new(schedule.Pipeline, next.BeginsAt.ToOffset(next.DueAt.Offset), next.DueAt, schedule.Text, next.Remark));
            if (!schedule.HasTimes || schedule.Next(now) is null)
                planned.Add(new(schedule.Pipeline, null, null, schedule.Text, null));
        }

        return [.. planned.OrderBy(run => run.BeginsAt ?? DateTimeOffset.MaxValue).ThenBy(run => run.Pipeline, StringComparer.Ordinal)];
    }

    /// <summary>Writes them as a table.</summary>
    public static void Write(IAnsiConsole console, IReadOnlyList<PlannedRun> planned)
    {
        var table = Tables.New("pipeline", "next", "trigger", "");
        foreach (var run in planned)
            table.AddRow(Tables.Plain(run.Pipeline), Tables.Plain(When(run)), Tables.Plain(run.Trigger), Tables.Plain(run.Remark));
        console.Write(table);
    }

    private static string When(PlannedRun run) => run.BeginsAt is { } begins ? begins.ToString("ddd yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture) : "";
}

/// <summary>A run to come.</summary>
/// <param name="Pipeline">The pipeline.</param>
/// <param name="BeginsAt">When it begins, in the zone of its trigger; null where that depends on others.</param>
/// <param name="DueAt">When it is due: earlier by the jitter.</param>
/// <param name="Trigger">Its triggers in words.</param>
/// <param name="Remark">What is odd about it; null for nothing.</param>
internal sealed record PlannedRun(string Pipeline, DateTimeOffset? BeginsAt, DateTimeOffset? DueAt, string Trigger, string? Remark);

using Crm.Integration.Hub.Cli;
using Spectre.Console;

namespace Crm.Integration.Hub.Runs;

/// <summary>read = created + changed + unchanged + deleted + rejected + filtered, a line a pipeline, a table a direction.</summary>
internal static class AccountingView
{
    private static readonly (string In, string Out, Func<Counts, long> Of, string? Color)[] s_columns =
    [
        ("read", "compared", counts => counts.Read, null),
        ("created", "created", counts => counts.Created, "green"),
        ("changed", "changed", counts => counts.Changed, "green"),
        ("unchanged", "unchanged", counts => counts.Unchanged, null),
        ("deleted", "deleted", counts => counts.Deleted, "yellow"),
        ("rejected", "refused", counts => counts.Rejected, "red"),
        ("filtered", "filtered", counts => counts.Filtered, null),
    ];

    /// <summary>Writes both tables; their columns stand below each other.</summary>
    public static void Write(IAnsiConsole console, IReadOnlyList<PipelineReport> pipelines)
    {
        var sums = pipelines.GroupBy(pipeline => pipeline.Inbound)
            .ToDictionary(group => group.Key, group => group.Aggregate(default(Counts), (sum, pipeline) => sum + pipeline.Counts));
        var columns = s_columns.Select(column => (Column: column, Width: Width(column, sums.Values))).ToList();
        var gap = console.Profile.Width < 96 ? 1 : 2;
        var room = console.Profile.Width - columns.Sum(column => column.Width + gap);
        var names = pipelines.Select(pipeline => pipeline.Name.Length).Append("together".Length).Max();
        if (room < names)
        {
            // Where it is narrow, a kind of outcome that did not occur may be left out: the sum stays right.
            columns.RemoveAll(column => column.Column.In != "read" && sums.Values.All(counts => column.Column.Of(counts) == 0));
            room = console.Profile.Width - columns.Sum(column => column.Width + gap);
        }

        names = Math.Min(names, Math.Max(room, 12));
        foreach (var direction in pipelines.GroupBy(pipeline => pipeline.Inbound).OrderByDescending(group => group.Key))
        {
            console.WriteLine();
            var headings = columns.Select(column => (direction.Key ? column.Column.In : column.Column.Out).PadLeft(column.Width + gap));
            console.MarkupLine($"[bold]{(direction.Key ? "In" : "Out").PadRight(names)}[/][grey]{string.Concat(headings)}[/]");
            foreach (var pipeline in direction)
                Line(console, Markup.Escape(Tables.Cut(pipeline.Name, names).PadRight(names)), Mark(pipeline.State), pipeline.Counts, gap, columns);
            if (direction.Count() > 1)
                Line(console, "together".PadRight(names), "grey", sums[direction.Key], gap, columns);
        }
    }

    private static int Width((string In, string Out, Func<Counts, long> Of, string? Color) column, IEnumerable<Counts> sums) =>
        sums.Select(counts => Words.Number(column.Of(counts)).Length).Append(Math.Max(column.In.Length, column.Out.Length)).Max();

    private static void Line(
        IAnsiConsole console,
        string name,
        string color,
        Counts counts,
        int gap,
        List<((string In, string Out, Func<Counts, long> Of, string? Color) Column, int Width)> columns)
    {
        var cells = columns.Select(each =>
        {
            var number = each.Column.Of(counts);
            // None is a quiet dot, so that the eye finds what happened.
            var text = (number == 0 ? "·" : Words.Number(number)).PadLeft(each.Width + gap);
            var shade = number == 0 ? "grey" : each.Column.Color;
            return shade is null ? text : $"[{shade}]{text}[/]";
        });
        console.MarkupLine($"[{color}]{name}[/]{string.Concat(cells)}");
    }

    private static string Mark(RunState state) => state switch
    {
        RunState.Done => "default",
        RunState.Skipped => "grey",
        RunState.Stopped or RunState.Paused or RunState.Cancelled or RunState.Running => "yellow",
        _ => "red",
    };
}

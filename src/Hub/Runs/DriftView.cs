using Crm.Integration.Hub.Cli;
using Spectre.Console;

namespace Crm.Integration.Hub.Runs;

/// <summary>What a comparison found, pipeline by pipeline.</summary>
internal static class DriftView
{
    /// <summary>Writes it.</summary>
    public static void Write(IAnsiConsole console, RunReport report)
    {
        foreach (var pipeline in report.Pipelines)
        {
            if (pipeline.Drift is not { } drift)
                continue;
            console.WriteLine();
            var verdict = drift.Total == 0 ? "[green]agrees with the store[/]"
                : drift.Recovered > 0 ? $"[yellow]{Words.Count(drift.Recovered, "record")} recovered[/] of {Words.Number(drift.Total)}"
                : $"[red]{Words.Count(drift.Total, "record")} {(drift.Total == 1 ? "differs" : "differ")}[/]";
            console.MarkupLine($"[bold]{Markup.Escape(pipeline.Name)}[/] [grey]({Markup.Escape(pipeline.Endpoint)})[/] {verdict}");
            Line(console, drift.Missing, pipeline.Inbound ? "missing in the hub" : "delivered, and not there");
            Line(console, drift.Different, pipeline.Inbound ? "different from what the hub has" : "otherwise there than delivered");
            Line(console, drift.Gone, "gone there, and still in the hub");
            if (drift.Pending > 0)
                console.MarkupLine($"  [grey]{Words.Count(drift.Pending, "record")} changed since the last run, which the next one reads anyway: not counted[/]");
            if (drift.Unknown is { } unknown)
                console.MarkupLine($"  [grey]{Markup.Escape(unknown)}[/]");
        }
    }

    private static void Line(IAnsiConsole console, DriftCount count, string what)
    {
        if (count.Count == 0)
            return;
        var more = count.Count > count.First.Count ? ", …" : "";
        console.WritePlain($"  {Words.Number(count.Count)} {what}: {string.Join(", ", count.First)}{more}");
    }
}

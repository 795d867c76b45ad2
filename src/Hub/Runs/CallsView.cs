using Crm.Integration.Hub.Cli;
using Spectre.Console;

namespace Crm.Integration.Hub.Runs;

/// <summary>What a run costs, or would cost, at the systems that count calls: a line for each account.</summary>
internal static class CallsView
{
    /// <summary>Writes the lines; nothing where nobody counts.</summary>
    public static void Write(IAnsiConsole console, RunReport report)
    {
        var accounts = report.Pipelines.Where(pipeline => pipeline.Calls is not null).GroupBy(pipeline => pipeline.Calls!.Connection, pipeline => pipeline.Calls!).ToList();
        if (accounts.Count == 0)
            return;
        console.WriteLine();
        console.MarkupLine("[bold]Calls[/]");
        foreach (var account in accounts)
        {
            // Each pipeline asked before it began: the first knows best what there was.
            var (first, cost) = (account.First(), account.Sum(calls => calls.Cost));
            var color = (first with { Cost = cost }).Fits ? "green" : "yellow";
            console.MarkupLine($"  {Markup.Escape(account.Key)}: about [{color}]{Words.Number(cost)}[/] {Markup.Escape(first.Unit)}{Left(first)}");
        }
    }

    private static string Left(CallForecast calls) => calls switch
    {
        { Left: { } left, Limit: { } limit } => $"; {Words.Number(left)} of {Words.Number(limit)} a day are left, {Words.Number(calls.Reserve)} of them for people and other programs",
        { Limit: { } limit } => $" of {Words.Number(limit)} a day",
        _ => "",
    };
}

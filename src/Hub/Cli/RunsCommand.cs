using System.CommandLine;
using Crm.Integration.Hub.Runs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub runs [id]</c></summary>
internal sealed class RunsCommand : HubCommand
{
    private readonly Argument<long?> _id = new("id") { Arity = ArgumentArity.ZeroOrOne, Description = "The run's number; without it the last runs are listed." };
    private readonly Option<RunPart?> _show = new("--show") { HelpName = "records|writes|findings", Description = "Of one run: what became of each record, of each write, or each value that was blanked or warned of." };
    private readonly Option<int> _limit = ListLimit.Option("How many lines at most (20).");

    public RunsCommand()
        : base("runs", "List the last runs, or show what one did.")
    {
        Add(_id);
        Add(_show);
        Add(_limit);
        Add(new RunsCancelCommand());
        Examples =
        [
            ("hub runs", "the last twenty"),
            ("hub runs 17", "the summary of run 17, every reason included"),
            ("hub runs 17 --show records --limit 100", "what became of its records"),
            ("hub runs cancel 17", "stop it at its next checkpoint"),
        ];
    }

    private enum RunPart
    {
        Records,
        Writes,
        Findings,
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        using var view = context.OpenView();
        var limit = arguments.GetValue(_limit);
        if (arguments.GetValue(_id) is not { } id)
        {
            List(context, view, limit);
            return Task.FromResult(ExitCode.Done);
        }

        var run = RunHistory.Find(view.Store, id)
            ?? throw CommandException.Usage(FormattableString.Invariant($"there is no run {id}"), "`hub runs` lists the last ones");
        switch (arguments.GetValue(_show))
        {
            case RunPart.Records:
                Records(context, view, id, limit);
                break;
            case RunPart.Writes:
                Writes(context, view, id, limit);
                break;
            case RunPart.Findings:
                Findings(context, view, id, limit);
                break;
            default:
                Summary(context, view, run);
                break;
        }

        return Task.FromResult(ExitCode.Done);
    }

    private static void List(CommandContext context, HubView view, int limit)
    {
        var runs = RunHistory.Last(view.Store, limit).Select(run => (Run: run, Report: run.Report is null ? null : RunHistory.ReportOf(run.Report))).ToList();
        var running = RunWatch.Running(view.Store).ToDictionary(run => run.Id);
        context.Show(
            runs.Select(each => RunBrief.Of(each.Run, each.Report) with { Progress = Progress(running.GetValueOrDefault(each.Run.Id), context.Clock) }),
            console =>
            {
                if (runs.Count == 0)
                {
                    console.MarkupLine("Nothing has run yet. [grey]`hub plan` shows what a run would do, `hub run` does it.[/]");
                    return;
                }

                // Most runs are nothing special: only where one is, there is a column for it.
                string Note(RunRow run, RunReport? report) => running.TryGetValue(run.Id, out var at) ? Progress(at, context.Clock)! : Kind(run, report);
                var special = runs.Exists(each => Note(each.Run, each.Report).Length > 0);
                string[] headings = ["#run", "began", "#took", "state", "#read", "#created", "#changed", "#deleted", "#rejected", "#pushed"];
                var table = Tables.New(special ? [.. headings, "note"] : headings);
                foreach (var (run, report) in runs)
                {
                    var (received, sent) = (RunBrief.Sum(report, true), RunBrief.Sum(report, false));
                    IRenderable[] cells =
                    [
                        Tables.Plain(FormattableString.Invariant($"{run.Id}")),
                        Tables.Plain(Words.Time(run.StartedAt, context.Clock)),
                        Tables.Plain(report is null ? "" : Words.Duration(report.Took)),
                        new Markup(run.State switch { "done" => "done", "failed" => "[red]failed[/]", _ => $"[yellow]{Markup.Escape(run.State)}[/]" }),
                        Tables.Number(received.Read),
                        Tables.Number(received.Created),
                        Tables.Number(received.Changed),
                        Tables.Number(received.Deleted),
                        Tables.Number(received.Rejected, "red"),
                        Tables.Number(sent.Created + sent.Changed + sent.Deleted),
                    ];
                    table.AddRow(special ? [.. cells, Tables.Plain(Note(run, report))] : cells);
                }

                console.Write(table);
            });
    }

    private static void Summary(CommandContext context, HubView view, RunRow run)
    {
        if (run.Report is null)
        {
            var at = RunWatch.Running(view.Store).FirstOrDefault(running => running.Id == run.Id);
            context.Show(
                new { run.Id, run.State, run.Node, Progress = Progress(at, context.Clock), run.Problem, StartedAt = Instant.Of(run.StartedAt) },
                console => console.WritePlain($"Run {run.Id} began at {Words.Time(run.StartedAt, context.Clock)}{(run.Node is null ? "" : $" on {run.Node}")} and "
                    + (at is not null ? $"has not ended: {Progress(at, context.Clock)}. `hub runs cancel {run.Id}` stops it." : $"failed: {run.Problem ?? "it was killed"}.")));
            return;
        }

        var report = RunHistory.ReportOf(run.Report);
        context.Show(report, console =>
        {
            RunReportView.Write(console, report, Words.Time(report.StartedAt, context.Clock));
            if (run.UndoneBy is { } by)
                console.MarkupLine(FormattableString.Invariant($"\n[yellow]Run {by} took back what it wrote.[/] [grey]`hub runs {by}` says what was left.[/]"));
        });
    }

    /// <summary>"shop match, 12,000 rows, on app1/4711"; null for a run that has ended.</summary>
    private static string? Progress(RunningRun? run, TimeProvider clock) => run is null ? null : string.Join(", ", new[]
    {
        run.Pipeline is null ? "begins" : $"{run.Pipeline} {run.Phase}",
        run.Moved > 0 ? Words.Count(run.Moved, "row") : null,
        run.Node is null ? null : $"on {run.Node}",
        run.CancelBy is { } by ? $"to stop, says {by}" : null,
        run.Silent ? "gives no sign of life" : run.Stalled ? $"stalled: last came further {Words.Ago(run.ProgressAt!.Value, clock)}" : null,
    }.OfType<string>());

    private static string Kind(RunRow run, RunReport? report) =>
        string.Join(", ", new[]
        {
            run.Undoes is { } undone ? FormattableString.Invariant($"undo of {undone}") : null,
            report?.Verified is { } verified ? $"verify {verified}" : null,
            run.UndoneBy is { } by ? FormattableString.Invariant($"undone by {by}") : null,
            report is null && run.Problem is not null ? "its node died" : null,
        }.OfType<string>());

    private static void Records(CommandContext context, HubView view, long id, int limit)
    {
        var rows = RunHistory.Records(view.Store, id, limit);
        context.Show(
            rows.Select(row => RunRecordDocument.Of(view, row)),
            console =>
            {
                if (Empty(console, rows.Count, "No record was created, changed or deleted by this run."))
                    return;
                var table = Tables.New("outcome", "record", "id", "master");
                foreach (var row in rows)
                    table.AddRow(Tables.Plain(RunHistory.Word(row.Outcome)), Tables.Plain($"{row.Connection}/{row.Stream}"), Tables.Plain(row.SourceId), Tables.Plain(row.MasterId is { } master ? view.Id(row.Entity, master) : ""));
                console.Write(table);
                More(console, rows.Count, limit);
            });
    }

    private static void Writes(CommandContext context, HubView view, long id, int limit)
    {
        var rows = RunHistory.Writes(view.Store, id, limit);
        context.Show(
            rows.Select(row => RunWriteDocument.Of(view, row)),
            console =>
            {
                if (Empty(console, rows.Count, "Nothing was pushed by this run."))
                    return;
                var table = Tables.New("outcome", "pipeline", "master", "key", "message");
                foreach (var row in rows)
                    table.AddRow(Tables.Plain(RunHistory.Word(row.Outcome)), Tables.Plain(row.Pipeline), Tables.Plain(view.Id(row.Entity, row.MasterId)), Tables.Plain(row.Key), Tables.Plain(row.Message));
                console.Write(table);
                More(console, rows.Count, limit);
            });
    }

    private static void Findings(CommandContext context, HubView view, long id, int limit)
    {
        var rows = RunHistory.Findings(view.Store, id, limit);
        context.Show(rows, console =>
        {
            if (Empty(console, rows.Count, "No value was blanked and no rule warned in this run."))
                return;
            var table = Tables.New("what", "pipeline", "id", "field", "rule", "message");
            foreach (var row in rows)
                table.AddRow(Tables.Plain(row.What), Tables.Plain(row.Pipeline), Tables.Plain(row.SourceId), Tables.Plain(row.Path), Tables.Plain(row.Rule), Tables.Plain(row.Message));
            console.Write(table);
            More(console, rows.Count, limit);
        });
    }

    private static bool Empty(IAnsiConsole console, int count, string text)
    {
        if (count == 0)
            console.WriteLine(text);
        return count == 0;
    }

    private static void More(IAnsiConsole console, int count, int limit)
    {
        if (count == limit)
            console.MarkupLine($"[grey]the first {limit}; --limit N shows more[/]");
    }
}

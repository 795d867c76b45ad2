using System.CommandLine;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Undo;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub undo</c></summary>
internal sealed class UndoCommand : HubCommand
{
    private readonly Argument<long> _run = new("run") { Description = "The run's number: `hub runs` lists them." };
    private readonly Option<bool> _plan = new("--plan") { Description = "Show exactly what would be written, and write nothing." };
    private readonly Option<string?> _pipeline = new("--pipeline") { HelpName = "NAME", Description = "Only what this pipeline wrote." };
    private readonly Option<bool> _release = new("--release") { Description = "Send again, with the next run, what was taken back of this run." };
    private readonly Option<bool> _ignoreLimits = PipelineRuns.IgnoreLimits();
    private readonly Option<int> _wait = PipelineRuns.Wait();
    private readonly Option<int> _show = new("--show") { HelpName = "N", DefaultValueFactory = _ => 10, Description = "With --plan: how many writes of each pipeline are shown field by field (10)." };

    public UndoCommand()
        : base("undo", "Take back what a run wrote to other systems.")
    {
        Add(_run);
        Add(_plan);
        Add(_pipeline);
        Add(_release);
        Add(_ignoreLimits);
        Add(_wait);
        Add(_show);
        Remarks = "What the run made is removed, what it changed gets the values from before, what it removed is made again (with a new id). What a person or a later run has changed since is left as it is, and listed. "
            + "The next run does not write the same again, until the hub says something else or --release lets it. An undo is a run of its own, and can be undone.";
        Examples =
        [
            ("hub undo 17 --plan", "what would be taken back of run 17?"),
            ("hub undo 17", "take it back"),
            ("hub undo 17 --release", "let the next run write it after all"),
        ];
    }

    public override bool KeepsLog => true;

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var (run, only) = (arguments.GetValue(_run), arguments.GetValue(_pipeline));
        var configuration = context.LoadConfiguration();
        if (only is not null && !configuration.Pipelines.OfType<OutboundPipeline>().Any(pipeline => pipeline.Name == only))
            throw CommandException.Usage($"there is no outbound pipeline '{only}'", Suggestion.Of(only, [.. configuration.Pipelines.OfType<OutboundPipeline>().Select(pipeline => pipeline.Name)]));
        if (arguments.GetValue(_release))
            return await ReleaseAsync(context, run, only);

        var undone = Find(context, configuration, run, only);
        if (undone.UndoneBy is { } by)
        {
            context.Show(new { undoes = run, undoneBy = by, pipelines = Array.Empty<string>() }, console => console.MarkupLine(FormattableString.Invariant($"Run {run} was taken back by run {by} already: there is nothing left to do. [grey]`hub undo {by}` takes that back.[/]")));
            return ExitCode.Done;
        }

        var report = await PipelineRuns.RunAsync(context, [.. undone.Pipelines], new RunOptions
        {
            Undo = run,
            Rehearsal = arguments.GetValue(_plan),
            IgnoreLimits = arguments.GetValue(_ignoreLimits),
            Wait = TimeSpan.FromSeconds(arguments.GetValue(_wait)),
            ShowWrites = arguments.GetValue(_show),
        });
        context.Show(report, console => RunReportView.Write(console, report));
        return PipelineRuns.CodeOf(report, failOnReject: false);
    }

    private static UndoneRun Find(CommandContext context, HubConfiguration configuration, long run, string? only)
    {
        using var view = context.OpenView();
        var row = Row(view, run);
        if (row.State == "running")
            throw new CommandException(ExitCode.Usage, FormattableString.Invariant($"run {run} has not ended"), "wait for its end; `hub doctor` says who holds the store");
        var undone = UndoneRun.Find(view.Store, configuration, run, only);
        if (undone.Lost.Count > 0)
        {
            throw new CommandException(
                ExitCode.Usage,
                FormattableString.Invariant($"run {run} wrote with {string.Join(", ", undone.Lost)}, which the configuration does not have any more, or with another destination"),
                "put the file back into pipelines/, or name another one with --pipeline");
        }

        if (undone is { UndoneBy: null, Pipelines.Count: 0 } && row.Report is { } report
            && RunHistory.ReportOf(report).Pipelines.Any(pipeline => !pipeline.Inbound && (only is null || pipeline.Name == only) && pipeline.Counts.Created + pipeline.Counts.Changed + pipeline.Counts.Deleted > 0))
        {
            throw new CommandException(
                ExitCode.Usage,
                FormattableString.Invariant($"what run {run} wrote is not remembered any more: it is older than {view.Settings.Service.Retention.RunDetailDays} days"),
                "correct the records at the source; service.retention.runDetailDays in hub.json says for how long writes can be taken back");
        }

        if (undone is { UndoneBy: null, Pipelines.Count: 0 })
            throw CommandException.Usage(FormattableString.Invariant($"run {run} wrote nothing to other systems{(only is null ? "" : $" with {only}")}"), "`hub runs` shows under `pushed` which runs did");
        return undone;
    }

    private static async Task<ExitCode> ReleaseAsync(CommandContext context, long run, string? only)
    {
        using var view = context.OpenView();
        Row(view, run);
        using var held = await view.LockAsync("undo --release", context.SayWaiting, context.CancellationToken);
        int released;
        using (var transaction = view.Store.Begin())
        {
            released = HoldTable.Release(transaction, run, only);
            transaction.Commit();
        }

        context.Show(
            new { run, released },
            console => console.MarkupLine(released == 0
                ? FormattableString.Invariant($"Nothing of run {run} is held.")
                : FormattableString.Invariant($"{Words.Count(released, "record")} of run {run} let go: the next run sends what the hub says. [grey]`hub plan` shows it.[/]")));
        return ExitCode.Done;
    }

    private static RunRow Row(HubView view, long run) =>
        RunHistory.Find(view.Store, run) ?? throw CommandException.Usage(FormattableString.Invariant($"there is no run {run}"), "`hub runs` lists the last ones");
}

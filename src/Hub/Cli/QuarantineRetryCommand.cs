using System.CommandLine;
using Crm.Integration.Hub.Quarantine;
using Crm.Integration.Hub.Runs;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub quarantine retry</c></summary>
internal sealed class QuarantineRetryCommand : HubCommand
{
    private readonly Argument<long[]> _ids = new("entry") { Arity = ArgumentArity.ZeroOrMore, Description = "The entries' numbers; none for all that wait." };
    private readonly Option<string?> _pipeline = new("--pipeline") { HelpName = "NAME", Description = "All of this pipeline." };
    private readonly Option<string?> _rule = new("--rule") { HelpName = "RULE", Description = "All that this rule rejected." };

    public QuarantineRetryCommand()
        : base("retry", "Take rejected rows through their pipeline again, after the mapping or a rule was put right.")
    {
        Add(_ids);
        Add(_pipeline);
        Add(_rule);
        Remarks = "A row that was put right in its source needs no retry: the next run takes it, and its entry resolves itself.";
        Examples = [("hub quarantine retry", "all that wait"), ("hub quarantine retry 12 13", "these two"), ("hub quarantine retry --pipeline shop --rule email", "all with one cause")];
    }

    public override bool KeepsLog => true;

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var configuration = context.LoadConfiguration();
        IReadOnlyList<QuarantineEntry> entries;
        using (var view = context.OpenView())
        {
            entries = arguments.GetValue(_ids) is { Length: > 0 } ids
                ? [.. QuarantineChoice.Of(view, ids, null, null, int.MaxValue).Select(id => QuarantineQuery.Find(view.Store, id)!)]
                : QuarantineQuery.List(view.Store, new QuarantineFilter(arguments.GetValue(_pipeline), arguments.GetValue(_rule), "open"), int.MaxValue);
        }

        var retried = entries.Where(entry => entry.CanRetry).ToList();
        if (retried.Count == 0)
        {
            context.Show(
                new { retried = 0, left = entries.Count },
                console => console.WriteLine(entries.Count == 0 ? "Nothing waits to be retried." : "None of these rows can be retried by itself (it could not be read, or shares its key with another): correct them in their source, and the next run takes them."));
            return ExitCode.Done;
        }

        var report = await RunProgressView.WatchAsync(
            context.Error, context.Clock, progress => new QuarantineRetry(configuration, context.Clock, context.Loggers.CreateLogger("hub")).RunAsync(retried, progress, context.CancellationToken));
        context.Show(report, console =>
        {
            RunReportView.Write(console, report, reasons: true);
            if (entries.Count > retried.Count)
                console.MarkupLine($"[grey]{Words.Count(entries.Count - retried.Count, "row")} could not be read, or share their key with another: correct them in their source.[/]");
        });
        return PipelineRuns.CodeOf(report, failOnReject: false);
    }
}

using System.CommandLine;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Runs;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Hub.Cli;

/// <summary>What <c>run</c> and <c>plan</c> share.</summary>
internal static class PipelineRuns
{
    public static Argument<string[]> Argument() => new("pipeline") { Arity = ArgumentArity.ZeroOrMore, Description = "The pipelines: names of files under pipelines/; none for all." };

    public static Option<bool> IgnoreLimits() => new("--ignore-limits") { Description = "Go on where a limit would stop: you have looked, and it is right." };

    public static Option<int> Wait() => new("--wait") { HelpName = "SECONDS", DefaultValueFactory = _ => 10, Description = "How long to wait for another hub that works on this folder (10)." };

    /// <summary>Runs pipelines and shows how far they have come.</summary>
    public static async Task<RunReport> RunAsync(CommandContext context, string[] names, RunOptions options)
    {
        var configuration = context.LoadConfiguration();
        Check(configuration, names);
        var log = context.Loggers.CreateLogger("hub");
        var runner = new Runner(configuration, context.Clock, log);
        log.LogInformation("{Verb} begins: {Pipelines}", options.Rehearsal ? "plan" : "run", names.Length == 0 ? "all pipelines" : string.Join(", ", names));
        var report = await RunProgressView.WatchAsync(context.Error, context.Clock, progress => runner.RunAsync(names, options with { Conceal = context.Secrets.Add, Redact = context.Secrets.Redact }, progress, context.CancellationToken));
        log.LogInformation("run {RunId} {State} after {Took}: {Report}", report.RunId, report.State, report.Took, string.Join("; ", report.Pipelines.Select(Line)));
        return report;
    }

    /// <summary>How the program ends after a run.</summary>
    public static ExitCode CodeOf(RunReport report, bool failOnReject) => report.State switch
    {
        RunState.Done when failOnReject && report.Pipelines.Any(pipeline => pipeline.Counts.Rejected > 0) => ExitCode.Failed,
        RunState.Done => ExitCode.Done,
        RunState.Stopped or RunState.Paused => ExitCode.Stopped,
        RunState.Cancelled => ExitCode.Cancelled,
        _ => ExitCode.Failed,
    };

    /// <summary>Refuses names of pipelines that there are not.</summary>
    public static void Check(HubConfiguration configuration, string[] names)
    {
        var known = configuration.Pipelines.Select(pipeline => pipeline.Name).ToList();
        if (known.Count == 0)
            throw new CommandException(ExitCode.Usage, "this hub has no pipelines", "make one under pipelines/, or with `hub init --connector csv --from FILE`");
        foreach (var name in names.Where(name => !known.Contains(name)))
            throw CommandException.Usage($"there is no pipeline '{name}'", Suggestion.Of(name, known));
    }

    private static string Line(PipelineReport report) => FormattableString.Invariant(
        $"{report.Name} {report.State}: read {report.Counts.Read} = created {report.Counts.Created} + changed {report.Counts.Changed} + unchanged {report.Counts.Unchanged} + deleted {report.Counts.Deleted} + rejected {report.Counts.Rejected} + filtered {report.Counts.Filtered}");
}

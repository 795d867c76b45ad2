using System.CommandLine;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Runs;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub run</c></summary>
internal sealed class RunCommand : HubCommand
{
    private readonly Argument<string[]> _pipelines = PipelineRuns.Argument();
    private readonly Option<bool> _ignoreLimits = PipelineRuns.IgnoreLimits();
    private readonly Option<bool> _failOnReject = new("--fail-on-reject") { Description = "End with exit code 1 when a row was rejected or a write refused." };
    private readonly Option<int> _wait = PipelineRuns.Wait();

    public RunCommand()
        : base("run", "Pull, match, merge and push: all pipelines, or those named.")
    {
        Add(_pipelines);
        Add(_ignoreLimits);
        Add(_failOnReject);
        Add(_wait);
        Remarks = "Inbound pipelines run before outbound ones. A run that is stopped, by Ctrl-C or a power cut, loses nothing: the next one goes on from its last commit.";
        Examples = [("hub run", "everything"), ("hub run shop-customers", "one pipeline"), ("hub run --json > report.json", "with the report for a script")];
    }

    public override bool KeepsLog => true;

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var options = new RunOptions { IgnoreLimits = arguments.GetValue(_ignoreLimits), Wait = TimeSpan.FromSeconds(arguments.GetValue(_wait)) };
        var report = await PipelineRuns.RunAsync(context, arguments.GetValue(_pipelines)!, options);
        context.Show(report, console => RunReportView.Write(console, report));
        return PipelineRuns.CodeOf(report, arguments.GetValue(_failOnReject));
    }
}

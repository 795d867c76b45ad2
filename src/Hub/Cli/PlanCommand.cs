using System.CommandLine;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Runs;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub plan</c></summary>
internal sealed class PlanCommand : HubCommand
{
    private readonly Argument<string[]> _pipelines = PipelineRuns.Argument();
    private readonly Option<bool> _ignoreLimits = PipelineRuns.IgnoreLimits();
    private readonly Option<int> _wait = PipelineRuns.Wait();
    private readonly Option<int> _show = new("--show") { HelpName = "N", DefaultValueFactory = _ => 10, Description = "How many writes of each pipeline are shown field by field (10)." };

    public PlanCommand()
        : base("plan", "Show exactly what a run would create, change, delete, merge and reject.")
    {
        Add(_pipelines);
        Add(_ignoreLimits);
        Add(_wait);
        Add(_show);
        Remarks = "A plan is a run that is undone: the same code reads the same sources, nothing is kept and nothing is sent.";
        Examples = [("hub plan", "all pipelines"), ("hub plan to-salesforce --show 100", "one, with its first hundred writes")];
    }

    public override bool KeepsLog => true;

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var options = new RunOptions
        {
            Rehearsal = true,
            IgnoreLimits = arguments.GetValue(_ignoreLimits),
            Wait = TimeSpan.FromSeconds(arguments.GetValue(_wait)),
            ShowWrites = arguments.GetValue(_show),
        };
        var report = await PipelineRuns.RunAsync(context, arguments.GetValue(_pipelines)!, options);
        context.Show(report, console => RunReportView.Write(console, report));
        return PipelineRuns.CodeOf(report, failOnReject: false);
    }
}

using System.CommandLine;
using Crm.Integration.Hub.Triggers;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub schedule</c></summary>
internal sealed class ScheduleCommand : HubCommand
{
    private const int MostRuns = 1000;

    private readonly Argument<string[]> _pipelines = PipelineRuns.Argument();
    private readonly Option<int> _count = new("--count", "-n") { HelpName = "N", DefaultValueFactory = _ => 3, Description = "How many runs of each pipeline (3)." };

    public ScheduleCommand()
        : base("schedule", "Show when pipelines run by themselves.")
    {
        Add(_pipelines);
        Add(_count);
        Remarks = "Computed from the configuration, with jitter, blackouts and the changes to and from summer time. `hub serve` need not run; it is what begins them.";
        Examples = [("hub schedule", "the next runs of all pipelines"), ("hub schedule shop-customers -n 20", "twenty of one pipeline")];
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var configuration = context.LoadWithoutSecrets();
        var names = arguments.GetValue(_pipelines)!;
        PipelineRuns.Check(configuration, names);
        var planned = ScheduleView.Next(configuration, names, context.Clock.GetUtcNow(), Math.Clamp(arguments.GetValue(_count), 1, MostRuns));
        context.Show(planned, console =>
        {
            if (planned.Count == 0)
                console.MarkupLine("No pipeline runs by itself. [grey]Give one a trigger: \"trigger\": { \"cron\": \"0 0 2 * * ?\" }[/]");
            else
                ScheduleView.Write(console, planned);
        });
        return Task.FromResult(ExitCode.Done);
    }
}

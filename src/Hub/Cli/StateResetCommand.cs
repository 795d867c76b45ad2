using System.CommandLine;
using Crm.Integration.Hub.Pipelines;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub state reset</c></summary>
internal sealed class StateResetCommand : HubCommand
{
    private readonly Argument<string> _pipeline = new("pipeline") { Description = "The pipeline's name." };

    public StateResetCommand()
        : base("reset", "Make a pipeline look at everything again; nothing is deleted.")
    {
        Add(_pipeline);
        Remarks = "Inbound: reads from the beginning, and takes files again that it had taken. Outbound: compares every master with what was last sent. What is the same is not written.";
        Examples = [("hub state reset shop-customers", "read everything again")];
    }

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        using var view = context.OpenView();
        var (done, now) = await StateChange.ResetAsync(view, arguments.GetValue(_pipeline)!, context.SayWaiting, context.CancellationToken);
        context.Show(now, console => console.WritePlain(done));
        return ExitCode.Done;
    }
}

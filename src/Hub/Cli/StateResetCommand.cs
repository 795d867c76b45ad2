using System.CommandLine;
using Crm.Integration.Hub.Pipelines;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub state reset</c></summary>
internal sealed class StateResetCommand : HubCommand
{
    private readonly Argument<string> _pipeline = StateChoice.Argument();

    public StateResetCommand()
        : base("reset", "Make a pipeline look at everything again; nothing is deleted.")
    {
        Add(_pipeline);
        Remarks = "Inbound: reads from the beginning, and takes files again that it had taken. Outbound: compares every master with what was last sent. What is the same is not written.";
        Examples = [("hub state reset shop-customers", "read everything again")];
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments) => StateChoice.ChangeAsync(
        context, arguments.GetValue(_pipeline)!, "reset", (transaction, row) =>
        {
            if (!row.Inbound)
            {
                PipelineState.CompareAll(transaction, row.Pipeline);
                return $"{row.Pipeline} compares everything at the next run.";
            }

            PipelineState.SetCursor(transaction, row.Pipeline, null);
            var receipts = PipelineState.ForgetReceipts(transaction, row.Pipeline);
            return $"{row.Pipeline} reads everything at the next run{(receipts > 0 ? $", {Words.Count(receipts, "file")} taken before included" : "")}.";
        });
}

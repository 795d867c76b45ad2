using System.CommandLine;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Pipelines;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub state set</c></summary>
internal sealed class StateSetCommand : HubCommand
{
    private readonly Argument<string> _pipeline = StateChoice.Argument();
    private readonly Argument<string> _cursor = new("cursor") { Description = "The cursor, as `hub state show` writes it." };

    public StateSetCommand()
        : base("set", "Make an inbound pipeline go on from a cursor.")
    {
        Add(_pipeline);
        Add(_cursor);
        Remarks = "Records that were read before cost nothing when they are read again; records that are skipped stay unread. When in doubt, go back.";
        Examples = [("hub state set shop-customers 2026-03-01T00:00:00Z", "read again from the first of March")];
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments) => StateChoice.ChangeAsync(
        context, arguments.GetValue(_pipeline)!, "set", (transaction, row) =>
        {
            if (!row.Inbound)
                throw CommandException.Usage($"'{row.Pipeline}' is an outbound pipeline: it has no cursor", $"`hub state reset {row.Pipeline}` makes it compare everything again");
            if (context.ReadConfiguration().Configuration?.Pipelines.OfType<InboundPipeline>().FirstOrDefault(pipeline => pipeline.Name == row.Pipeline) is { Settings.From.Cursor: null })
                throw CommandException.Usage($"'{row.Pipeline}' has no cursor: it reads everything at each run", $"name the field that tells how new a record is under from.cursor in pipelines/{row.Pipeline}.json");
            PipelineState.SetCursor(transaction, row.Pipeline, arguments.GetValue(_cursor));
            return $"{row.Pipeline} goes on from {arguments.GetValue(_cursor)}.";
        });
}

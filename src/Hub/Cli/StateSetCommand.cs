using System.CommandLine;
using Crm.Integration.Hub.Pipelines;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub state set</c></summary>
internal sealed class StateSetCommand : HubCommand
{
    private readonly Argument<string> _pipeline = new("pipeline") { Description = "The pipeline's name." };
    private readonly Argument<string> _cursor = new("cursor") { Description = "The cursor, as `hub state show` writes it." };

    public StateSetCommand()
        : base("set", "Make an inbound pipeline go on from a cursor.")
    {
        Add(_pipeline);
        Add(_cursor);
        Remarks = "Records that were read before cost nothing when they are read again; records that are skipped stay unread. When in doubt, go back.";
        Examples = [("hub state set shop-customers 2026-03-01T00:00:00Z", "read again from the first of March")];
    }

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        using var view = context.OpenView();
        var (done, now) = await StateChange.SetAsync(view, context.ReadConfiguration().Configuration, arguments.GetValue(_pipeline)!, arguments.GetValue(_cursor)!, context.SayWaiting, context.CancellationToken);
        context.Show(now, console => console.WritePlain(done));
        return ExitCode.Done;
    }
}

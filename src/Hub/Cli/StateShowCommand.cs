using System.CommandLine;
using Crm.Integration.Hub.Pipelines;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub state show</c></summary>
internal sealed class StateShowCommand : HubCommand
{
    private readonly Argument<string> _pipeline = new("pipeline") { Description = "The pipeline's name." };

    public StateShowCommand()
        : base("show", "Show how far a pipeline has come, its cursor whole.")
    {
        Add(_pipeline);
        Examples = [("hub state show shop-customers", "one pipeline")];
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        using var view = context.OpenView();
        using var transaction = view.Store.Look();
        var row = StateChange.Of(transaction, arguments.GetValue(_pipeline)!);
        context.Show(row, console =>
        {
            console.MarkupLine($"[bold]{Markup.Escape(row.Pipeline)}[/] {(row.Inbound ? "from" : "to")} {Markup.Escape(row.Connection)}/{Markup.Escape(row.Stream)}");
            console.WriteLine();
            console.MarkupLine(row.Inbound
                ? $"  {Words.Count(row.Records, row.Entity + " record")} stored"
                : $"  {Words.Count(row.Records, row.Entity)} delivered, {Words.Count(row.Behind, "change")} waiting");
            if (!row.Inbound)
                return;
            if (row.Cursor is null)
                console.WriteLine("  no cursor: each run reads everything");
            else
                console.WritePlain($"  cursor {row.Cursor}{(row.CursorAt is { } at ? $" (of {Words.Time(at, context.Clock)})" : "")}");
        });
        return Task.FromResult(ExitCode.Done);
    }
}

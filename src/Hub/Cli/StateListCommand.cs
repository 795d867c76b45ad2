using System.CommandLine;
using Crm.Integration.Hub.Pipelines;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub state list</c></summary>
internal sealed class StateListCommand : HubCommand
{
    public StateListCommand()
        : base("list", "List how far each pipeline has come.") => Examples = [("hub state list", "all pipelines that have run")];

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        using var view = context.OpenView();
        using var transaction = view.Store.Look();
        var rows = PipelineState.List(transaction);
        context.Show(rows, console =>
        {
            if (rows.Count == 0)
            {
                console.MarkupLine("No pipeline has run yet. [grey]`hub run` runs them.[/]");
                return;
            }

            var table = Tables.New("pipeline", "endpoint", "#records", "#waiting", "cursor");
            foreach (var row in rows)
            {
                table.AddRow(
                    Tables.Plain(row.Pipeline),
                    Tables.Plain($"{row.Connection}/{row.Stream} {(row.Inbound ? "→" : "←")} {row.Entity}"),
                    Tables.Number(row.Records),
                    Tables.Number(row.Behind, "yellow"),
                    Tables.Plain(row.Inbound ? Tables.Cut(row.Cursor ?? "reads everything", 40) : ""));
            }

            console.Write(table);
        });
        return Task.FromResult(ExitCode.Done);
    }
}

using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Crm.Integration.Hub.TwoWay;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub conflict show</c></summary>
internal sealed class ConflictShowCommand : HubCommand
{
    private readonly Argument<long> _id = new("conflict") { Description = "The conflict's number, as `hub conflict list` shows it." };

    public ConflictShowCommand()
        : base("show", "Show a conflict: what was agreed, what both ends say now, and since when.")
    {
        Add(_id);
        Examples = [("hub conflict show 3", "conflict 3")];
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        using var view = context.OpenView();
        var row = ConflictChoice.Of(view, arguments.GetValue(_id));
        context.Show(
            ConflictText.ToJson(view, row),
            console =>
            {
                var id = view.Id(row.Entity, row.MasterId);
                console.MarkupLine($"[bold]Conflict {row.Id}[/] [grey]found by run {row.RunId}, {Markup.Escape(row.State == "open" ? "waits for you" : row.State == "duplicate" ? "a duplicate" : ConflictText.Stands(row))}[/]");
                console.WriteLine();
                console.Write(Tables.Facts(
                [
                    ("who", id),
                    ("where", row.Record),
                    ("pipeline", row.Pipeline),
                    ("field", row.Field),
                    ("last agreed", row.Field.Length == 0 ? null : ConflictText.Of(row.BaseValue)),
                    ("the hub says", row.Field.Length == 0 ? null : Since(ConflictText.Of(row.OursValue), row.OursAt)),
                    ("there it says", row.Field.Length == 0 ? null : Since(ConflictText.Of(row.TheirsValue), row.TheirsAt)),
                    ("policy", row.Policy),
                    ("note", row.Note),
                ]));
                if (row.State != "open")
                    return;
                console.WriteLine();
                console.MarkupLine($"[grey]`hub conflict accept {row.Id} hub`: the next run writes the hub's value there.  `hub conflict accept {row.Id} source`: the value there becomes everybody's.  `hub explain {Markup.Escape(id)}` tells where the hub's comes from.[/]");
            });
        return Task.FromResult(ExitCode.Done);
    }

    private static string Since(string value, long? at) =>
        ConflictText.Time(at) is { } time ? $"{value} (since {time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)})" : value;
}

using System.CommandLine;
using System.Text.Json;
using Crm.Integration.Hub.Quarantine;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub quarantine show</c></summary>
internal sealed class QuarantineShowCommand : HubCommand
{
    private readonly Argument<long> _id = new("entry") { Description = "The entry's number, as `hub quarantine list` shows it." };

    public QuarantineShowCommand()
        : base("show", "Show a rejected row whole: its values, the rule, and what to do.")
    {
        Add(_id);
        Examples = [("hub quarantine show 12", "entry 12")];
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        using var view = context.OpenView();
        var id = arguments.GetValue(_id);
        var entry = QuarantineQuery.Find(view.Store, id)
            ?? throw RefusedException.Unknown(FormattableString.Invariant($"the quarantine has no entry {id}"), "`hub quarantine list` lists them");
        context.Show(QuarantineDocument.Of(entry), console => Write(console, context, entry));
        return Task.FromResult(ExitCode.Done);
    }

    private static void Write(IAnsiConsole console, CommandContext context, QuarantineEntry entry)
    {
        var state = entry.State == "open" ? "[yellow]waits[/]" : $"{entry.State} by {Markup.Escape(entry.ClosedBy ?? "?")}";
        console.MarkupLine($"[bold]Entry {entry.Id}[/] {state} [grey](since {Words.Time(entry.OpenedAt, context.Clock)}, run {entry.FirstRun})[/]");
        console.WriteLine();
        console.Write(Tables.Facts(
        [
            ("where", entry.Position),
            ("id", entry.SourceId),
            ("pipeline", entry.Pipeline),
            ("rule", entry.Path is null ? $"{entry.Rule} ({entry.Place})" : $"{entry.Rule} on {entry.Path} ({entry.Place})"),
            ("wrong", entry.Message),
            ("fix", entry.Fix),
        ]));
        console.WriteLine();
        if (!entry.Readable)
        {
            console.MarkupLine("[bold]The row as it came[/] [grey](it could not be read)[/]");
            console.WriteLine(Tables.Visible(entry.Payload));
            return;
        }

        console.MarkupLine("[bold]The row[/]");
        var values = Tables.New("field", "value");
        using var payload = JsonDocument.Parse(entry.Payload);
        foreach (var member in payload.RootElement.EnumerateObject())
        {
            var value = member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString() : member.Value.GetRawText();
            values.AddRow(Tables.Plain(member.Name), Tables.Plain(value));
        }

        console.Write(values);
    }
}

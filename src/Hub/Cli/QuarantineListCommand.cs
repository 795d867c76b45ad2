using System.CommandLine;
using Crm.Integration.Hub.Quarantine;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub quarantine list</c></summary>
internal sealed class QuarantineListCommand : HubCommand
{
    private readonly Option<string?> _pipeline = new("--pipeline") { HelpName = "NAME", Description = "Only of this pipeline." };
    private readonly Option<string?> _rule = new("--rule") { HelpName = "RULE", Description = "Only those that this rule rejected." };
    private readonly Option<bool> _all = new("--all") { Description = "Also those that are resolved or discarded." };
    private readonly Option<int> _limit = ListLimit.Option("How many rows at most (20).");

    public QuarantineListCommand()
        : base("list", "List the rejected rows that wait, by cause and one by one.")
    {
        Add(_pipeline);
        Add(_rule);
        Add(_all);
        Add(_limit);
        Examples = [("hub quarantine list", "all causes, and the oldest rows"), ("hub quarantine list --pipeline shop --limit 100", "one pipeline's")];
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        using var view = context.OpenView();
        var filter = new QuarantineFilter(arguments.GetValue(_pipeline), arguments.GetValue(_rule), arguments.GetValue(_all) ? null : "open");
        var limit = arguments.GetValue(_limit);
        var groups = QuarantineQuery.Groups(view.Store, filter);
        var rows = QuarantineQuery.List(view.Store, filter, limit);
        context.Show(
            new { total = groups.Sum(group => group.Count), causes = groups, rows = rows.Select(QuarantineDocument.Of) },
            console => Write(console, context, groups, rows));
        return Task.FromResult(ExitCode.Done);
    }

    private static void Write(IAnsiConsole console, CommandContext context, IReadOnlyList<QuarantineGroup> groups, IReadOnlyList<QuarantineEntry> rows)
    {
        if (rows.Count == 0)
        {
            console.WriteLine("The quarantine is empty.");
            return;
        }

        var causes = Tables.New("#rows", "pipeline", "field", "rule", "what is wrong");
        foreach (var group in groups)
            causes.AddRow(Tables.Number(group.Count, "red"), Tables.Plain(group.Pipeline), Tables.Plain(group.Path), Tables.Plain(group.Rule), Tables.Plain(group.Message));
        console.Write(causes);
        console.WriteLine();

        var table = Tables.New("#entry", "where", "id", "rule", "since");
        foreach (var row in rows)
        {
            var state = row.State == "open" ? Words.Ago(row.OpenedAt, context.Clock) : $"{row.State} by {row.ClosedBy}";
            table.AddRow(Tables.Plain(FormattableString.Invariant($"{row.Id}")), Tables.Plain(row.Position), Tables.Plain(row.SourceId), Tables.Plain(row.Rule), Tables.Plain(state));
        }

        console.Write(table);
        var total = groups.Sum(group => group.Count);
        if (total > rows.Count)
            console.MarkupLine($"[grey]{rows.Count} of {Words.Number(total)}; --limit N shows more[/]");
        console.WriteLine();
        console.MarkupLine($"[grey]`hub quarantine show {rows[0].Id}` shows the row and what to do; `hub quarantine retry` once the cause is put right.[/]");
    }
}

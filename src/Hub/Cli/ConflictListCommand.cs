using System.CommandLine;
using Crm.Integration.Hub.TwoWay;
using Crm.Integration.Mapping.Records;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub conflict list</c></summary>
internal sealed class ConflictListCommand : HubCommand
{
    private const int ValueWidth = 30;

    private readonly Option<ConflictState> _state = new("--state") { HelpName = "open|decided|settled|duplicate", DefaultValueFactory = _ => ConflictState.Open, Description = "Those that wait for a person (open) or for the next run (decided), those that are over (settled), records that are there twice (duplicate)." };
    private readonly Option<int> _limit = ListLimit.Option("How many at most (20).");

    public ConflictListCommand()
        : base("list", "List the fields that were edited at a destination while the hub says otherwise.")
    {
        Add(_state);
        Add(_limit);
        Examples = [("hub conflict list", "those that wait for you"), ("hub conflict list --state settled", "those that a policy settled, with who lost"), ("hub conflict list --state duplicate", "records that a destination has more than once")];
    }

    private enum ConflictState
    {
        Open,
        Decided,
        Settled,
        Duplicate,
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        using var view = context.OpenView();
        var state = arguments.GetValue(_state).ToString().ToLowerInvariant();
        var rows = ConflictQuery.List(view.Store, state, arguments.GetValue(_limit));
        var total = ConflictQuery.Count(view.Store, state);
        context.Show(
            new { total, conflicts = rows.Select(row => ConflictText.ToJson(view, row)) },
            console =>
            {
                if (rows.Count == 0)
                {
                    console.WriteLine(state == "open" ? "No conflict waits for a person." : $"There is nothing {state}.");
                    return;
                }

                var table = state == "duplicate" ? Tables.New("#id", "who", "record", "note") : Tables.New("#id", "who", "field", "the hub says", "there it says", state == "open" ? "where" : "stands");
                foreach (var row in rows)
                {
                    var who = Tables.Plain(view.Id(row.Entity, row.MasterId));
                    if (state == "duplicate")
                        table.AddRow(Tables.Plain(ConflictText.Number(row)), who, Tables.Plain(row.Record), Tables.Plain(row.Note, new Style(Color.Grey)));
                    else
                        table.AddRow(Tables.Plain(ConflictText.Number(row)), who, Tables.Plain(row.Field), Tables.Plain(Cut(row.OursValue)), Tables.Plain(Cut(row.TheirsValue)), Tables.Plain(state == "open" ? row.Record : ConflictText.Stands(row), new Style(Color.Grey)));
                }

                console.Write(table);
                if (total > rows.Count)
                    console.MarkupLine($"[grey]{rows.Count} of {Words.Number(total)}; --limit N shows more[/]");
                if (state != "open")
                    return;
                console.WriteLine();
                console.MarkupLine($"[grey]`hub conflict show {rows[0].Id}` tells more; `hub conflict accept {rows[0].Id} hub` or `source` decides.[/]");
            });
        return Task.FromResult(ExitCode.Done);
    }

    private static string Cut(Value value) => Tables.Cut(ConflictText.Of(value), ValueWidth);
}

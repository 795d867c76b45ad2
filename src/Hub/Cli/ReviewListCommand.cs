using System.CommandLine;
using Crm.Integration.Hub.Customers;
using Crm.Integration.Hub.Review;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub review list</c></summary>
internal sealed class ReviewListCommand : HubCommand
{
    private readonly Option<ReviewState> _state = new("--state") { HelpName = "open|accepted|rejected", DefaultValueFactory = _ => ReviewState.Open, Description = "Those that wait (open), or those that were decided." };
    private readonly Option<int> _limit = ListLimit.Option("How many at most (20).");

    public ReviewListCommand()
        : base("list", "List the pairs that wait for a person: one customer or two?")
    {
        Add(_state);
        Add(_limit);
        Examples = [("hub review list", "the likeliest first"), ("hub review list --state rejected", "those that are known to be two")];
    }

    private enum ReviewState
    {
        Open,
        Accepted,
        Rejected,
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        using var view = context.OpenView();
        var state = arguments.GetValue(_state).ToString().ToLowerInvariant();
        var rows = ReviewQuery.List(view.Store, state, arguments.GetValue(_limit));
        var total = ReviewQuery.Count(view.Store, state);
        var entities = context.ReadConfiguration().Configuration?.Entities;
        var documents = rows.Select(row => ReviewDocument.Of(view, row, entities?.GetValueOrDefault(row.Entity)?.Matcher?.Settings)).ToList();
        context.Show(
            new { total, pairs = documents },
            console =>
            {
                if (rows.Count == 0)
                {
                    console.WriteLine(state == "open" ? "No pair waits for review." : $"No pair was {state}.");
                    return;
                }

                var table = Tables.New("#pair", "one", "the other", "#likely", state == "open" ? "waits because" : "decided");
                foreach (var row in documents)
                {
                    table.AddRow(
                        Tables.Plain(FormattableString.Invariant($"{row.Id}")),
                        Tables.Plain($"{row.A} {row.NameA}"),
                        Tables.Plain($"{row.B} {row.NameB}"),
                        Tables.Plain(WaterfallView.Likely(row.Bits)),
                        Tables.Plain(row.State == "open" ? row.Doubt : $"by {row.DecidedBy}", new Style(Color.Grey)));
                }

                console.Write(table);
                if (total > rows.Count)
                    console.MarkupLine($"[grey]{rows.Count} of {Words.Number(total)}; --limit N shows more[/]");
                if (state != "open")
                    return;
                console.WriteLine();
                console.MarkupLine($"[grey]`hub review show {rows[0].Id}` compares them; `hub review accept` or `reject` decides.[/]");
            });
        return Task.FromResult(ExitCode.Done);
    }
}

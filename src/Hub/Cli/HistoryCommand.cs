using System.CommandLine;
using Crm.Integration.Hub.Customers;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub history</c></summary>
internal sealed class HistoryCommand : HubCommand
{
    private readonly Argument<string> _id = new("id") { Description = "A master id, such as C1042." };
    private readonly Option<string?> _asOf = new("--as-of") { HelpName = "DATE", Description = "Show the golden record as it was at the end of a day (2026-03-01) or at an instant (2026-03-01T12:00)." };

    public HistoryCommand()
        : base("history", "Show how a golden record came about: every version, and who joined or left.")
    {
        Add(_id);
        Add(_asOf);
        Examples = [("hub history C1042", "all versions"), ("hub history C1042 --as-of 2026-03-01", "the record as it was then")];
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        using var view = context.OpenView();
        if (arguments.GetValue(_asOf) is { } day)
        {
            AsOfView.Show(context, view, arguments.GetValue(_id)!, Days.End(day, context.Clock));
            return Task.FromResult(ExitCode.Done);
        }

        var master = MasterChoice.Of(view, arguments.GetValue(_id)!, context.SayMerged);
        All(context, CustomerHistory.Of(view, master));
        return Task.FromResult(ExitCode.Done);
    }

    private static void All(CommandContext context, CustomerHistory history)
    {
        var (id, master, steps, moves, corrections, decisions) = (history.Id, history.Master, history.Steps, history.Moves, history.Corrections, history.Decisions);
        string? Name(long? number) => history.Name(number);
        context.Show(
            history.ToDocument(),
            console =>
            {
                console.MarkupLine($"[bold]{id}[/] {Markup.Escape(Tables.Visible(GoldenText.Title(master.Fields())))}");
                var known = steps.Select(step => step.Version.ChangedRun).ToHashSet();
                var words = Said(corrections, decisions, context.Clock)
                    .Concat(moves.Where(move => !known.Contains(move.RunId)).Select(move => (move.At, Text: $"{move.Record} {Moved(move, master.Id, Name)}")))
                    .OrderBy(word => word.At).ToList();
                var next = 0;
                foreach (var (version, changes) in steps)
                {
                    for (; next < words.Count && words[next].At <= version.ChangedAt; next++)
                        Word(console, context, words[next]);
                    Version(console, context, version, changes, [.. moves.Where(move => move.RunId == version.ChangedRun).Select(move => $"{move.Record} {Moved(move, master.Id, Name)}")]);
                }

                for (; next < words.Count; next++)
                    Word(console, context, words[next]);
            });
    }

    private static string Moved(MoveRow move, long master, Func<long?, string?> name) =>
        move.ToMaster == master ? $"joined from {name(move.FromMaster)}" : move.ToMaster is null ? "left: gone from its source" : $"left for {name(move.ToMaster)}";

    /// <summary>What people said, each with when.</summary>
    private static IEnumerable<(long At, string Text)> Said(IReadOnlyList<CorrectionRow> corrections, IReadOnlyList<DecisionRow> decisions, TimeProvider clock)
    {
        foreach (var correction in corrections)
        {
            yield return (correction.At, $"{correction.Field} {CorrectionView.WordsWithoutTime(correction, clock)}");
            if (CorrectionView.Ended(correction) is { } how)
                yield return (correction.EndedAt ?? correction.At, $"what {correction.Who} said of {correction.Field} no longer counts: {how}");
        }

        foreach (var decision in decisions)
            yield return (decision.At, $"{decision.Who} said that records are {(decision.Same ? "one customer" : "another customer than others")} ({Words.Count(decision.Pairs, "pair")}){(decision.Why is null ? "" : ": " + decision.Why)}");
    }

    private static void Word(IAnsiConsole console, CommandContext context, (long At, string Text) word)
    {
        console.WriteLine();
        console.MarkupLine($"[yellow]{Markup.Escape(Tables.Visible(word.Text))}[/] [grey]{Words.Time(word.At, context.Clock)}[/]");
    }

    private static void Version(IAnsiConsole console, CommandContext context, VersionRow version, IReadOnlyList<(string Field, string? Before, string? After)> changes, IReadOnlyList<string> moves)
    {
        console.WriteLine();
        console.MarkupLine($"[bold]Version {version.Version}[/] [grey]{Words.Time(version.ChangedAt, context.Clock)}, run {version.ChangedRun}[/]");
        foreach (var move in moves)
            console.MarkupLine($"  [yellow]{Markup.Escape(Tables.Visible(move))}[/]");
        var table = Tables.New("", "");
        table.ShowHeaders = false;
        foreach (var (field, before, after) in changes)
        {
            var now = after is null ? "[grey](empty)[/]" : Markup.Escape(Tables.Visible(after));
            table.AddRow(new Markup($"  [grey]{Markup.Escape(field)}[/]"), new Markup(before is null ? now : $"[grey]{Markup.Escape(Tables.Visible(before))} →[/] {now}"));
        }

        if (changes.Count == 0)
            console.MarkupLine("  [grey]no field changed[/]");
        else
            console.Write(table);
    }
}

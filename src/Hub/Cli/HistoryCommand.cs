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
        var master = MasterChoice.Of(context, view, arguments.GetValue(_id)!);
        var id = view.Id(master.Entity, master.Id);
        var versions = MasterHistory.Versions(view.Store, master.Id);
        if (arguments.GetValue(_asOf) is { } day)
            AsOf(context, id, versions, Days.End(day, context.Clock));
        else
            All(context, view, master, id, versions);
        return Task.FromResult(ExitCode.Done);
    }

    private static void AsOf(CommandContext context, string id, IReadOnlyList<VersionRow> versions, DateTimeOffset instant)
    {
        var version = versions.LastOrDefault(each => each.ChangedAt <= instant.ToUnixTimeMilliseconds())
            ?? throw CommandException.Usage($"{id} was not known yet at {Words.Time(instant, context.Clock)}", $"it is known since {Words.Time(versions[0].ChangedAt, context.Clock)}");
        var fields = GoldenText.Fields(version.Data);
        context.Show(
            new { id, asOf = instant, version.Version, changedAt = DateTimeOffset.FromUnixTimeMilliseconds(version.ChangedAt), fields = fields.ToDictionary(field => field.Field, field => field.Value) },
            console =>
            {
                console.MarkupLine($"[bold]{id}[/] [grey]as of {Words.Time(instant, context.Clock)}: version {version.Version}, of {Words.Time(version.ChangedAt, context.Clock)}[/]");
                console.WriteLine();
                console.Write(Tables.Facts(fields.Select(field => (field.Field, (string?)field.Value))));
            });
    }

    private static void All(CommandContext context, HubView view, MasterRow master, string id, IReadOnlyList<VersionRow> versions)
    {
        var moves = MasterHistory.Moves(view.Store, master.Id);
        var steps = versions.Select((version, i) => (Version: version, Changes: MasterHistory.Differences(i == 0 ? null : versions[i - 1], version))).ToList();
        string? Name(long? number) => number is { } one ? view.Id(master.Entity, one) : null;
        context.Show(
            new
            {
                id,
                versions = steps.Select(step => new { step.Version.Version, changedAt = DateTimeOffset.FromUnixTimeMilliseconds(step.Version.ChangedAt), run = step.Version.ChangedRun, changes = step.Changes.Select(change => new { change.Field, change.Before, change.After }) }),
                moves = moves.Select(move => new { move.Record, from = Name(move.FromMaster), to = Name(move.ToMaster), run = move.RunId, at = DateTimeOffset.FromUnixTimeMilliseconds(move.At) }),
            },
            console =>
            {
                console.MarkupLine($"[bold]{id}[/] {Markup.Escape(Tables.Visible(GoldenText.Title(master.Fields())))}");
                foreach (var (version, changes) in steps)
                {
                    console.WriteLine();
                    console.MarkupLine($"[bold]Version {version.Version}[/] [grey]{Words.Time(version.ChangedAt, context.Clock)}, run {version.ChangedRun}[/]");
                    foreach (var move in moves.Where(move => move.RunId == version.ChangedRun))
                    {
                        var what = move.ToMaster == master.Id ? $"joined from {Name(move.FromMaster)}" : move.ToMaster is null ? "left: gone from its source" : $"left for {Name(move.ToMaster)}";
                        console.MarkupLine($"  [yellow]{Markup.Escape(Tables.Visible(move.Record))} {what}[/]");
                    }

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
            });
    }
}

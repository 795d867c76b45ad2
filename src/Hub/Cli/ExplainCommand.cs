using System.CommandLine;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Customers;
using Crm.Integration.Hub.Review;
using Crm.Integration.Mapping.Matching;
using Crm.Integration.Mapping.Records;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub explain</c></summary>
internal sealed class ExplainCommand : HubCommand
{
    private readonly Argument<string> _id = new("id") { Description = "A master id, such as C1042." };
    private readonly Argument<string?> _other = new("field-or-id") { Arity = ArgumentArity.ZeroOrOne, Description = "A field of it, such as email; or a second master, to hear why the two are or are not one." };

    public ExplainCommand()
        : base("explain", "Say where each value of a golden record comes from, or why two are or are not one.")
    {
        Add(_id);
        Add(_other);
        Examples =
        [
            ("hub explain C1042", "where each value comes from"),
            ("hub explain C1042 email", "one field, with the values that lost"),
            ("hub explain C1042 C77", "why these are not one: each comparison and its weight"),
        ];
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var configuration = context.LoadConfiguration();
        using var view = context.OpenView();
        var master = MasterChoice.Of(context, view, arguments.GetValue(_id)!);
        if (!configuration.Entities.TryGetValue(master.Entity, out var entity))
            throw new CommandException(ExitCode.Usage, $"the configuration has no entity '{master.Entity}' any more", "put its file back into model/");

        var other = arguments.GetValue(_other);
        if (other is not null && MasterId.Number(other) is not null)
            Pair(context, view, entity, master, MasterChoice.Of(context, view, other));
        else
            Lineage(context, view, entity, master, other);
        return Task.FromResult(ExitCode.Done);
    }

    private static void Lineage(CommandContext context, HubView view, EntityConfiguration entity, MasterRow master, string? field)
    {
        if (field is not null && entity.Type.Find(field) is null)
        {
            throw CommandException.Usage($"{(master.Entity[0] is 'a' or 'e' or 'i' or 'o' or 'u' ? "an" : "a")} {master.Entity} has no field '{field}'", Suggestion.Of(field, entity.Type.Fields.Select(each => each.Path)));
        }

        var id = view.Id(master.Entity, master.Id);
        var members = MasterQuery.Members(view.Store, master.Id);
        if (members.Count == 0)
            throw CommandException.Usage($"no source has {id} any more, so there is nothing to explain", $"`hub history {id}` shows what it was");
        var names = members.ToDictionary(member => member.Id, member => member.Name);
        var golden = GoldenLineage.Of(entity, members);
        var lines = golden.Fields.Where(line => field is null || line.Field.Path == field).ToList();
        context.Show(
            new
            {
                id,
                master.Entity,
                fields = lines.Select(line => new
                {
                    field = line.Field.Path,
                    value = Shown(line.Value),
                    from = line.From.Select(member => names[member.RecordId]),
                    line.Rule,
                    others = line.Others.Select(lost => new { value = Shown(lost.Value), from = names[lost.Member.RecordId] }),
                }),
            },
            console =>
            {
                console.MarkupLine($"[bold]{id}[/] {Markup.Escape(Tables.Visible(GoldenText.Title(master.Fields())))} [grey]of {Words.Count(members.Count, "source record")}[/]");
                console.WriteLine();
                if (lines.Count == 0)
                {
                    console.WriteLine("No source gives this field a value.");
                    return;
                }

                var table = Tables.New("field", "value", "from", "because");
                foreach (var line in lines)
                {
                    var from = names[line.From[0].RecordId] + (line.From.Count > 1 ? $" and {line.From.Count - 1} more" : "");
                    table.AddRow(Tables.Plain(line.Field.Path), Tables.Plain(Shown(line.Value)), Tables.Plain(from), Tables.Plain(line.Rule));
                    foreach (var (value, lost, _) in field is null ? [] : line.Others)
                        table.AddRow(new Markup(""), Tables.Plain(Shown(value), new Style(Color.Grey)), Tables.Plain(names[lost.RecordId], new Style(Color.Grey)), new Markup("[grey]lost[/]"));
                }

                console.Write(table);
            });
    }

    private static void Pair(CommandContext context, HubView view, EntityConfiguration entity, MasterRow left, MasterRow right)
    {
        var (leftId, rightId) = (view.Id(left.Entity, left.Id), view.Id(right.Entity, right.Id));
        if (left.Entity != right.Entity || entity.Matcher is null)
            throw CommandException.Usage($"{leftId} and {rightId} are not compared: {left.Entity} and {right.Entity}", "compare two masters of one entity that is matched");
        var (lefts, rights) = (MasterQuery.Members(view.Store, left.Id), MasterQuery.Members(view.Store, right.Id));
        if (lefts.Count == 0 || rights.Count == 0 || (left.Id == right.Id && lefts.Count < 2))
            throw CommandException.Usage($"{leftId} and {rightId} have no two records to compare", $"`hub show {leftId}` shows its records");
        var pair = new PairFinder(view.Store, entity).Strongest(lefts, rights);
        var outcome = left.Id == right.Id ? null : Outcome(view, left.Id, right.Id, pair.Why.Score, entity.Matcher.Settings);
        context.Show(
            new { left = leftId, right = rightId, leftRecord = pair.Left.Name, rightRecord = pair.Right.Name, pair.Why.Score.Bits, probability = WaterfallView.Probability(pair.Why.Score.Bits), pair.Why.Score.Guard, outcome, pair.Why.Steps, pair.Why.Summary },
            console =>
            {
                console.MarkupLine(left.Id == right.Id
                    ? $"[bold]{leftId}[/]: the two of its records that are most alike"
                    : $"[bold]{leftId}[/] and [bold]{rightId}[/]: the two of their records that are most alike");
                console.MarkupLine($"[grey]left  {Markup.Escape(Tables.Visible(pair.Left.Name))}[/]");
                console.MarkupLine($"[grey]right {Markup.Escape(Tables.Visible(pair.Right.Name))}[/]");
                console.WriteLine();
                WaterfallView.Write(console, pair.Why, entity.Matcher.Settings, outcome);
            });
    }

    // The score is that of two records; whether their masters are one is decided by all records, and by people.
    private static string? Outcome(HubView view, long left, long right, PairScore score, MatchSettings settings)
    {
        if (ReviewQuery.SeparatedBy(view.Store, left, right) is { } who)
            return $"{who} has said that they are two";
        if (ReviewQuery.Waiting(view.Store, left, right) is { } pair)
            return FormattableString.Invariant($"they wait as pair {pair} because {WaterfallView.Doubt(score.Bits, score.Guard, settings)}: `hub review show {pair}`");
        return score.Guard == MatchGuard.None && WaterfallView.Probability(score.Bits) >= settings.Link
            ? $"they are two all the same, because {WaterfallView.Doubt(score.Bits, score.Guard, settings)}"
            : null;
    }

    private static string Shown(Value value) => value.ToText() ?? RecordJson.ToJson(value);
}

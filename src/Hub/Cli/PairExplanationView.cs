using System.Globalization;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Customers;
using Crm.Integration.Hub.Matching;
using Crm.Integration.Hub.Review;
using Crm.Integration.Mapping.Matching;
using Crm.Integration.Mapping.Records;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary>Why two records, or two masters, are or are not one.</summary>
internal static class PairExplanationView
{
    /// <summary>Shows it.</summary>
    /// <param name="context">Where to.</param>
    /// <param name="view">The store.</param>
    /// <param name="entity">The entity.</param>
    /// <param name="left">A master, and one of its records when the user named one.</param>
    /// <param name="right">The other.</param>
    public static void Show(CommandContext context, HubView view, EntityConfiguration entity, (MasterRow Master, MemberRow? Record) left, (MasterRow Master, MemberRow? Record) right)
    {
        var (leftId, rightId) = (view.Id(left.Master.Entity, left.Master.Id), view.Id(right.Master.Entity, right.Master.Id));
        if (left.Master.Entity != right.Master.Entity || entity.Matcher is null)
            throw CommandException.Usage($"{leftId} and {rightId} are not compared: {left.Master.Entity} and {right.Master.Entity}", "compare two of one entity that is matched");
        var (leftMembers, rightMembers) = (MasterQuery.Members(view.Store, left.Master.Id), MasterQuery.Members(view.Store, right.Master.Id));
        IReadOnlyList<MemberRow> lefts = left.Record is null ? leftMembers : [left.Record], rights = right.Record is null ? rightMembers : [right.Record];
        if (!lefts.Any(one => rights.Any(other => other.Id != one.Id)))
            throw CommandException.Usage($"{leftId} and {rightId} have no two records to compare", $"`hub show {leftId}` shows its records");

        var finder = new PairFinder(view.Store, entity);
        var pair = finder.Strongest(lefts, rights);
        var settings = entity.Matcher.Settings;
        var one = left.Master.Id == right.Master.Id;
        var linked = pair.Why.Score.Guard == MatchGuard.None && pair.Why.Score.Bits >= settings.LinkBits;
        var outcome = !one ? Outcome(view, left.Master.Id, right.Master.Id, pair, settings)
            : linked ? null
            : ReviewQuery.JoinedBy(view.Store, left.Master.Id) is { } who ? $"they are one all the same, because {who} has said so"
            : "they are one all the same, through other records";
        IReadOnlyList<string> advice = one && !linked
            ? [$"`hub split {leftId} RECORD` takes a record out, for ever."]
            : PairAdvice.For(pair, settings, entity.Type.Kind == EntityKind.Person);
        var clusters = (one ? [(leftId, leftMembers)] : new[] { (leftId, leftMembers), (rightId, rightMembers) }).Select(each => (Id: each.Item1, Members: each.Item2.Count, View: ClusterView.Of(finder, each.Item2))).ToList();
        context.Show(
            new
            {
                left = leftId,
                right = rightId,
                leftRecord = pair.Left.Name,
                rightRecord = pair.Right.Name,
                pair.Why.Score.Bits,
                probability = WaterfallView.Probability(pair.Why.Score.Bits),
                pair.Why.Score.Guard,
                guardMeans = GuardWords.Of(pair.Why.Score.Guard),
                outcome,
                steps = pair.Why.Steps.Select((step, i) => new { step.Comparison, step.Level, step.Left, step.Right, step.Bits, remark = pair.Remarks[i] }),
                pair.Why.Summary,
                keys = pair.Keys,
                compared = pair.IsCompared,
                weights = new { finder.Model.Version, finder.Model.Records },
                thresholds = new { settings.Link, settings.LinkBits, settings.Review, settings.ReviewBits },
                matcherVersion = entity.Matcher.Version,
                advice,
                clusters = clusters.Select(cluster => new { cluster.Id, records = cluster.View.Rows, cluster.View.Weakest }),
            },
            console =>
            {
                console.MarkupLine(Title(one, left.Record is not null && right.Record is not null, leftId, rightId));
                console.MarkupLine($"[grey]left  {Markup.Escape(Tables.Visible(pair.Left.Name))}[/]");
                console.MarkupLine($"[grey]right {Markup.Escape(Tables.Visible(pair.Right.Name))}[/]");
                console.WriteLine();
                WaterfallView.Write(console, pair.Why, settings, outcome, pair.Remarks);
                console.WriteLine();
                Paragraph(console, "Keys", Keys(pair));
                foreach (var line in advice)
                    Paragraph(console, line == advice[0] ? "Change" : "", line);
                Paragraph(console, "Rules", string.Create(CultureInfo.InvariantCulture, $"a link from {settings.Link} ({settings.LinkBits:+0.0} bits), a person is asked from {settings.Review} ({settings.ReviewBits:+0.0} bits); matcher version {entity.Matcher.Version}, {finder.Model}"));
                foreach (var (id, members, cluster) in clusters)
                    cluster.Write(console, id, members);
            });
    }

    private static string Title(bool one, bool records, string left, string right) => (one, records) switch
    {
        (true, true) => $"Two records of [bold]{left}[/]",
        (true, false) => $"[bold]{left}[/]: the two of its records that are most alike",
        (false, true) => $"A record of [bold]{left}[/] and one of [bold]{right}[/]",
        _ => $"[bold]{left}[/] and [bold]{right}[/]: the two of their records that are most alike",
    };

    private static void Paragraph(IAnsiConsole console, string heading, string text)
    {
        var first = true;
        foreach (var line in Words.Wrap(Tables.Visible(text), Math.Max(40, Math.Min(100, console.Profile.Width) - 8)))
        {
            console.MarkupLine($"[grey]{(first ? heading : ""),-8}[/]{Markup.Escape(line)}");
            first = false;
        }
    }

    private static string Keys(PairComparison pair)
    {
        if (pair.Keys.Count == 0)
            return "none in common: matching never compares the two, whatever the sum. A field that leads them together would have to be filled in alike in both.";
        var live = pair.Keys.Where(key => key.SetAsideAt is null).Select(key => $"{key.Kind} ({Words.Count(key.Records, "record")})").Distinct().ToList();
        var aside = pair.Keys.Where(key => key.SetAsideAt is not null).Select(key => $"{key.Kind} (over {Words.Count(key.SetAsideAt!.Value, "record")})").ToList();
        var text = live.Count == 0 ? "" : $"they meet by {string.Join(", ", live)}";
        if (aside.Count > 0)
            text += $"{(text.Length > 0 ? "; " : "")}set aside as too common: {string.Join(", ", aside)}";
        return pair.IsCompared ? text : $"{text}. That is not enough to be compared: it takes a key of at most {KeyPairs.FewRecords} records, or two keys";
    }

    // The score is that of two records; whether their masters are one is decided by all records, and by people.
    private static string? Outcome(HubView view, long left, long right, PairComparison pair, MatchSettings settings)
    {
        var score = pair.Why.Score;
        if (ReviewQuery.SeparatedBy(view.Store, left, right) is { } who)
            return $"{who} has said that they are two";
        if (ReviewQuery.Waiting(view.Store, left, right) is { } waiting)
            return FormattableString.Invariant($"they wait as pair {waiting} because {WaterfallView.Doubt(score.Bits, score.Guard, settings)}: `hub review show {waiting}`");
        if (score.IsHeldBack || WaterfallView.Probability(score.Bits) < settings.Link)
            return null;
        return pair.IsCompared
            ? $"they are two all the same, because {WaterfallView.Doubt(score.Bits, score.Guard, settings)}"
            : "they are two all the same, because no key brings them together";
    }
}

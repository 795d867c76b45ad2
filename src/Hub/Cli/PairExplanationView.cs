using System.Globalization;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Customers;
using Crm.Integration.Hub.Matching;
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
        var found = PairQuestion.Ask(view, entity, left, right);
        var (leftId, rightId, one, pair, outcome, advice, clusters, settings) = (found.Left, found.Right, found.One, found.Pair, found.Outcome, found.Advice, found.Clusters, found.Matcher.Settings);
        context.Show(
            found.ToDocument(),
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
                Paragraph(console, "Rules", string.Create(CultureInfo.InvariantCulture, $"a link from {settings.Link} ({settings.LinkBits:+0.0} bits), a person is asked from {settings.Review} ({settings.ReviewBits:+0.0} bits); matcher version {found.Matcher.Version}, {found.Model}"));
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
}

using System.Globalization;
using Crm.Integration.Hub.Cli;
using Crm.Integration.Mapping.Matching;
using Spectre.Console;

namespace Crm.Integration.Hub.Evaluation;

/// <summary>How right matching is, for people and as JSON. Records by their ids only.</summary>
internal static class EvaluationView
{
    /// <summary>As JSON.</summary>
    public static object Json(MatchEvaluation result, string entity) => new
    {
        entity,
        records = new { inStore = result.Records.Ids.Count, labelled = result.Records.Labelled, missing = result.Records.Missing },
        masters = new
        {
            pairs = new { truePairs = result.Masters.TruePairs, found = result.Masters.FoundPairs, right = result.Masters.RightPairs, result.Masters.Precision, result.Masters.Recall, f1 = result.Masters.F1 },
            bCubed = new { precision = result.Masters.BCubedPrecision, recall = result.Masters.BCubedRecall, f1 = result.Masters.BCubedF1 },
            result.Masters.Customers,
            exact = result.Masters.ExactCustomers,
            masters = result.Masters.Masters,
            mixed = result.Masters.MixedMasters,
            torn = result.Masters.TornCustomers,
        },
        blocking = new { recall = result.BlockingRecall, truePairsThatMeet = result.TruePairsThatMeet, compared = result.Compared, setAside = result.SetAside },
        thresholds = result.Table.Select(point => new { point.Probability, point.Bits, point.Links, point.Right, point.Precision, point.Recall, f1 = point.F1, followedF1 = point.ClosedF1 }),
        wrong = Json(result, result.Wrong),
        missed = Json(result, result.Missed),
    };

    /// <summary>For people.</summary>
    public static void Write(IAnsiConsole console, MatchEvaluation result, string entity, MatchSettings settings)
    {
        var (records, masters) = (result.Records, result.Masters);
        console.MarkupLine($"[bold]{Words.Count(records.Labelled, "record")}[/] of {Words.Plural(entity)} with a truth, {Words.Count(masters.Customers, "real customer")} in {Words.Count(masters.Masters, "master")}");
        if (records.Ids.Count > records.Labelled)
            console.MarkupLine($"[grey]{Words.Count(records.Ids.Count - records.Labelled, "record")} of the store {(records.Ids.Count - records.Labelled == 1 ? "is" : "are")} not in the truth and do{(records.Ids.Count - records.Labelled == 1 ? "es" : "")} not count[/]");
        if (records.Missing > 0)
            console.MarkupLine($"[yellow]{Words.Count(records.Missing, "record")} of the truth {(records.Missing == 1 ? "is" : "are")} not in the store: in quarantine, gone, or never pulled[/]");
        console.WriteLine();

        var table = Tables.New("the masters", "#precision", "#recall", "#F1");
        table.AddRow(Tables.Plain("pairs of records"), Share(masters.Precision), Share(masters.Recall), Share(masters.F1, "bold"));
        table.AddRow(Tables.Plain("B-cubed, every record alike"), Share(masters.BCubedPrecision), Share(masters.BCubedRecall), Share(masters.BCubedF1, "bold"));
        console.Write(table);
        console.WriteLine();
        console.Write(Tables.Facts(
        [
            ("exactly right", $"{Words.Number(masters.ExactCustomers)} of {Words.Count(masters.Customers, "customer")} ({Percent(masters.ExactCustomers, masters.Customers)})"),
            ("mixed masters", $"{Words.Number(masters.MixedMasters)} of {Words.Count(masters.Masters, "master")} hold records of several customers"),
            ("torn customers", $"{Words.Number(masters.TornCustomers)} have several masters"),
            ("keys", $"{Percent(result.TruePairsThatMeet, masters.TruePairs)} of {Words.Count(masters.TruePairs, "true pair")} share a key; {Words.Count(result.Compared, "pair")} compared"),
            ("set aside", result.SetAside.Count == 0 ? null : string.Join(", ", result.SetAside.Select(kind => $"{kind.Value} × {kind.Key}"))),
        ]));
        WriteSweep(console, result, settings);
        WriteErrors(console, result, "Wrong: together, but different customers", result.Wrong);
        WriteErrors(console, result, "Missed: one customer, but apart", result.Missed);
        if (result.Wrong.Worst.Count + result.Missed.Worst.Count > 0)
        {
            console.WriteLine();
            console.MarkupLine("[grey]`hub explain RECORD RECORD` shows the comparison of any two.[/]");
        }
    }

    private static void WriteSweep(IAnsiConsole console, MatchEvaluation result, MatchSettings settings)
    {
        console.WriteLine();
        var best = result.Table.MaxBy(point => point.F1);
        var table = Tables.New("linked from", "#links", "#precision", "#recall", "#F1", "#F1 followed", "");
        foreach (var point in result.Table)
        {
            var mark = (Is(point, settings.Link), Is(point, settings.Review), point == best) switch
            {
                (true, _, true) => "link, and the best",
                (true, _, _) => "link",
                (_, true, true) => "review, and the best",
                (_, true, _) => "review",
                (_, _, true) => "best",
                _ => "",
            };
            table.AddRow(
                Tables.Plain(point.Probability.ToString("0.#####", CultureInfo.InvariantCulture)),
                new Markup(Words.Number(point.Links)),
                Share(point.Precision),
                Share(point.Recall),
                Share(point.F1, mark.Length > 0 ? "bold" : null),
                Share(point.ClosedF1),
                Tables.Plain(mark, new Style(Color.Grey)));
        }

        console.Write(table);
        console.MarkupLine("  [grey]Each pair by its own score, guards considered; \"followed\": with the links of links.[/]");
    }

    private static void WriteErrors(IAnsiConsole console, MatchEvaluation result, string title, PairErrors errors)
    {
        console.WriteLine();
        console.MarkupLine($"[bold]{title}[/] [grey]{Words.Count(errors.Total, "pair")}{(errors.Looked < errors.Total ? $", the first {Words.Number(errors.Looked)} looked at" : "")}[/]");
        if (errors.Looked == 0)
            return;
        var table = Tables.New("#", "");
        table.ShowHeaders = false;
        foreach (var (kind, count) in errors.Kinds)
            table.AddRow(new Markup(Words.Number(count)), Tables.Plain(kind));
        console.Write(table);
        console.WriteLine();
        var worst = Tables.New("the worst", "", "#bits", "what");
        foreach (var error in errors.Worst)
            worst.AddRow(Tables.Plain(result.Records.Name(error.A)), Tables.Plain(result.Records.Name(error.B)), new Markup(error.Bits.ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture)), Tables.Plain(error.Kind));
        console.Write(worst);
    }

    private static object Json(MatchEvaluation result, PairErrors errors) => new
    {
        errors.Total,
        errors.Looked,
        kinds = errors.Kinds.Select(kind => new { kind.Kind, kind.Count }),
        worst = errors.Worst.Select(error => new { a = result.Records.Name(error.A), b = result.Records.Name(error.B), error.Bits, error.Kind }),
    };

    private static bool Is(SweepPoint point, double share) => Math.Abs(point.Probability - share) < 1e-9;

    private static Markup Share(double share, string? style = null)
    {
        var text = share.ToString("0.0000", CultureInfo.InvariantCulture);
        return new Markup(style is null ? text : $"[{style}]{text}[/]");
    }

    private static string Percent(long part, long whole) => (whole == 0 ? 1 : (double)part / whole).ToString("0.0%", CultureInfo.InvariantCulture).Replace(" ", "", StringComparison.Ordinal);
}

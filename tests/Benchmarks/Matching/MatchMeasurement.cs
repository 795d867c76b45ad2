using System.Diagnostics;
using Crm.Integration.Mapping.Matching;
using Crm.Integration.Mapping.Model;

namespace Crm.Integration.Benchmarks.Matching;

/// <summary>Measures the matcher alone on labelled records: how right it is, and how fast.</summary>
internal static class MatchMeasurement
{
    private const string Usage = """
        usage: match (--records FILE.csv[.gz] --map MAP)… --truth TRUTH [--entity customer|account] [--weights learned|shipped] [--limit N] [--link P] [--review P] [--show N] [--pairs FILE]
          MAP    a file or text: lines (or parts between ;) of   path = column [+ column] [/regex with one group/]   and   id = column
          TRUTH  a file (record_id,entity_id[,source] or pairs of row numbers), column:NAME of the records, or id:REGEX of their ids
          --show prints the explanations of that many wrong and missed pairs; --pairs writes every scored or true pair with its levels, for analysis
        """;

    public static int Run(string[] arguments)
    {
        var files = new List<(string File, string Map)>();
        var (truth, entity, show, pairsFile, settings) = ("", "customer", 0, "", new MatchSettings());
        for (var i = 0; i + 1 < arguments.Length; i += 2)
        {
            var value = arguments[i + 1];
            switch (arguments[i])
            {
                case "--records": files.Add((value, "")); break;
                case "--map": files[^1] = (files[^1].File, value); break;
                case "--truth": truth = value; break;
                case "--entity": entity = value; break;
                case "--show": show = Number(value); break;
                case "--pairs": pairsFile = value; break;
                case "--limit": settings = settings with { KeyLimit = Number(value) }; break;
                case "--weights": settings = settings with { Weights = Enum.Parse<MatchWeights>(value, ignoreCase: true) }; break;
                case "--link": settings = settings with { Link = Probability(value) }; break;
                case "--review": settings = settings with { Review = Probability(value) }; break;
                default:
                    Console.Error.WriteLine(Usage);
                    return 2;
            }
        }

        if (files.Count == 0 || truth.Length == 0)
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        var type = BuiltInModel.All.First(known => known.Name == entity);
        var labelled = new LabelledRecords();
        foreach (var (file, map) in files)
            labelled.Read(file, map, type);
        labelled.Label(truth);

        // The best of many runs: neither the compiler's work nor that of other programs is taken for the matcher's.
        var pace = (Extract: TimeSpan.MaxValue, Keys: TimeSpan.MaxValue, Score: TimeSpan.MaxValue, Solve: TimeSpan.MaxValue);
        var watch = Stopwatch.StartNew();
        Resolution batch;
        int[] clusters;
        do
        {
            batch = new Resolution(type, settings, labelled.Records, labelled.Ids);
            clusters = batch.Batch();
            pace = (Least(pace.Extract, batch.Extracting), Least(pace.Keys, batch.Keying), Least(pace.Score, batch.Scoring), Least(pace.Solve, batch.Solving));
        }
        while (watch.Elapsed < TimeSpan.FromSeconds(3));
        Print("batch", labelled, batch, clusters);
        double records = labelled.Records.Count, pairs = Math.Max(1, batch.Candidates.Count);
        Console.WriteLine($"        extract {pace.Extract.TotalMicroseconds / records:0.00} µs, keys {pace.Keys.TotalMicroseconds / records:0.00} µs, score {pace.Score.TotalMicroseconds / pairs:0.00} µs a pair, "
            + $"solve {pace.Solve.TotalMicroseconds / records:0.00} µs a record | keys over the limit: {string.Join(", ", batch.TooCommon.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key} {pair.Value}"))}");
        var stream = new Resolution(type, settings, labelled.Records, labelled.Ids);
        Print("stream", labelled, stream, stream.Stream());
        Console.WriteLine("        keys (a record, pairs/true pairs by it alone): " + string.Join("; ", batch.KeyWorth(labelled.Customers).Where(worth => worth.Pairs > 0).Select(worth => $"{worth.Kind} {worth.Each:0.0}, {worth.Pairs}/{worth.Alone}")));
        Console.WriteLine("        model: " + batch.Matcher.Model.ToJson());
        Calibration(labelled, batch);
        Relations(labelled, clusters);
        Examples(labelled, batch, clusters, show);
        if (pairsFile.Length > 0)
            WritePairs(pairsFile, labelled, batch, clusters);
        return 0;
    }

    private static void Print(string name, LabelledRecords labelled, Resolution resolution, int[] clusters)
    {
        var quality = Quality.Of(labelled.Customers, clusters);
        var reached = resolution.Candidates.Count(pair => labelled.Customers[pair.A] == labelled.Customers[pair.B]);
        double count = labelled.Records.Count, pairs = Math.Max(1, resolution.Candidates.Count);
        Console.WriteLine($"{name,-7} pairs P {quality.Precision:0.0000} R {quality.Recall:0.0000} F1 {quality.F1:0.0000} | B-cubed P {quality.BCubedPrecision:0.0000} R {quality.BCubedRecall:0.0000} F1 {quality.BCubed:0.0000} | "
            + $"blocking recall {reached / (double)Math.Max(1, quality.True):0.0000}, {pairs / count:0.0} candidates and {resolution.KeysPerRecord:0.0} keys a record | {resolution.Reviews} pairs to review");
    }

    private static void Calibration(LabelledRecords labelled, Resolution resolution)
    {
        var frequencies = resolution.Frequencies;
        var bins = resolution.Candidates
            .Select(pair => (Score: resolution.Matcher.Score(resolution.Features[pair.A], resolution.Features[pair.B], frequencies), Same: labelled.Customers[pair.A] == labelled.Customers[pair.B]))
            .GroupBy(pair => (Guarded: pair.Score.Guard != MatchGuard.None, Bin: (int)Math.Clamp(Math.Floor(pair.Score.Bits / 2), -5, 10) * 2)).OrderBy(bin => bin.Key);
        foreach (var guarded in bins.GroupBy(bin => bin.Key.Guarded))
            Console.WriteLine($"        true of {(guarded.Key ? "guarded" : "candidates")} from so many bits: " + string.Join(", ", guarded.Select(bin => $"{bin.Key.Bin}: {bin.Count(pair => pair.Same)}/{bin.Count()}")));
    }

    private static void Relations(LabelledRecords labelled, int[] clusters)
    {
        if (!labelled.Notes[0].ContainsKey("relation"))
            return;
        var wrong = Pairs(clusters).Where(pair => labelled.Customers[pair.A] != labelled.Customers[pair.B])
            .GroupBy(pair => Unit(pair.A) == Unit(pair.B) ? labelled.Notes[pair.A]["relation"] : "strangers").OrderByDescending(group => group.Count());
        Console.WriteLine("        false pairs by relation: " + string.Join(", ", wrong.Select(group => $"{group.Key} {group.Count()}")));
        var missed = Pairs(labelled.Customers).Where(pair => clusters[pair.A] != clusters[pair.B])
            .SelectMany(pair => Flags(pair.A).Union(Flags(pair.B)).DefaultIfEmpty("none")).GroupBy(flag => flag).OrderByDescending(group => group.Count());
        var all = Pairs(labelled.Customers).SelectMany(pair => Flags(pair.A).Union(Flags(pair.B)).DefaultIfEmpty("none")).GroupBy(flag => flag).ToDictionary(group => group.Key, group => group.Count());
        Console.WriteLine("        missed pairs by corruption: " + string.Join(", ", missed.Select(group => $"{group.Key} {group.Count()}/{all[group.Key]}")));

        string Unit(int record) => labelled.Notes[record].GetValueOrDefault("unit_id", "");
        IEnumerable<string> Flags(int record) => labelled.Notes[record].GetValueOrDefault("flags", "").Split(';', StringSplitOptions.RemoveEmptyEntries);
    }

    public static void Examples(LabelledRecords labelled, Resolution resolution, int[] clusters, int show)
    {
        var random = new Random(1);
        var wrong = Pairs(clusters).Where(pair => labelled.Customers[pair.A] != labelled.Customers[pair.B]).ToArray();
        var missed = Pairs(labelled.Customers).Where(pair => clusters[pair.A] != clusters[pair.B]).ToArray();
        foreach (var (title, pairs) in new[] { ("wrong", wrong), ("missed", missed) })
        {
            random.Shuffle(pairs);
            foreach (var (a, b) in pairs.Take(show))
            {
                var met = resolution.Candidates.Contains((a, b));
                Console.WriteLine($"  {title} {labelled.Ids[a].Id} {labelled.Ids[b].Id}{(met ? "" : " (no key)")} {labelled.Notes[a].GetValueOrDefault("relation")} {labelled.Notes[a].GetValueOrDefault("flags")} / {labelled.Notes[b].GetValueOrDefault("flags")}");
                Console.WriteLine("    " + resolution.Matcher.Explain(resolution.Features[a], resolution.Features[b], resolution.Frequencies).Summary);
            }
        }
    }

    internal static void WritePairs(string file, LabelledRecords labelled, Resolution resolution, int[] clusters)
    {
        var frequencies = resolution.Frequencies;
        using var writer = new StreamWriter(file);
        foreach (var (a, b) in resolution.Candidates.Union(Pairs(labelled.Customers)).Order())
        {
            var explanation = resolution.Matcher.Explain(resolution.Features[a], resolution.Features[b], frequencies);
            var levels = string.Join(';', explanation.Steps.Skip(1).Select(step => FormattableString.Invariant($"{step.Comparison}:{step.Level}:{step.Bits:0.0}")));
            writer.WriteLine(FormattableString.Invariant(
                $"{labelled.Ids[a].Id}\t{labelled.Ids[b].Id}\t{(labelled.Customers[a] == labelled.Customers[b] ? 1 : 0)}\t{(clusters[a] == clusters[b] ? 1 : 0)}\t{(resolution.Candidates.Contains((a, b)) ? 1 : 0)}\t{explanation.Score.Bits:0.0}\t{explanation.Score.Guard}\t{levels}\t{explanation.Summary}"));
        }
    }

    private static IEnumerable<(int A, int B)> Pairs(IReadOnlyList<int> groups) =>
        Enumerable.Range(0, groups.Count).GroupBy(index => groups[index]).Select(group => group.ToArray())
            .SelectMany(members => members.SelectMany((a, i) => members.Skip(i + 1).Select(b => (a, b))));

    private static TimeSpan Least(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static int Number(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static double Probability(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}

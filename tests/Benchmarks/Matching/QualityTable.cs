using System.Diagnostics;
using System.Globalization;
using Crm.Integration.Benchmarks.Worlds;
using Crm.Integration.Mapping.Matching;
using Crm.Integration.Mapping.Model;

namespace Crm.Integration.Benchmarks.Matching;

/// <summary>How right the shipped defaults are: one line a set of records.</summary>
internal static class QualityTable
{
    private const string Usage = """
        usage: quality [--weights learned|shipped] [--labelled DIR] [--world NAME] [--records N] [--seed N]… [--show N] [--pairs DIR]
          --labelled  a folder with public labelled data: those of its sets that are there are measured, too
          --world     only this kind of made-up data: crm, forms, figures, clean; or none
          --records   about how many records of it; --seed says which, and may be given several times
          --show      explains that many wrong and missed pairs
          --pairs     writes every scored or true pair of each set with its levels, for analysis
        """;

    public static int Run(string[] arguments)
    {
        var (labelled, world, records, show, pairs, seeds) = ("", "", 0, 0, "", new List<ulong>());
        var settings = new MatchSettings();
        for (var i = 0; i < arguments.Length; i += 2)
        {
            var value = i + 1 < arguments.Length ? arguments[i + 1] : "";
            switch (arguments[i])
            {
                case "--labelled" when Directory.Exists(value): labelled = value; break;
                case "--world": world = value; break;
                case "--weights": settings = settings with { Weights = Enum.Parse<MatchWeights>(value, ignoreCase: true) }; break;
                case "--records": records = int.Parse(value, CultureInfo.InvariantCulture); break;
                case "--show": show = int.Parse(value, CultureInfo.InvariantCulture); break;
                case "--pairs": pairs = value; break;
                case "--seed": seeds.Add(ulong.Parse(value, CultureInfo.InvariantCulture)); break;
                default:
                    Console.Error.WriteLine(Usage);
                    return 2;
            }
        }

        Console.WriteLine($"{"set",-18} {"records",8} {"true pairs",10} | {"P",6} {"R",6} {"F1",6} | {"B3 P",6} {"B3 R",6} | {"blocked",7} {"review",6} | {"keys",4} {"pairs",5} {"a record",8}");
        if (labelled.Length > 0)
        {
            foreach (var set in LabelledSet.All.Where(set => set.IsIn(labelled)))
                Measure(set.Name, set.Entity, set.Read(labelled), settings, show, pairs);
        }

        foreach (var made in World.All.Where(made => world.Length == 0 || made.Name == world))
        {
            foreach (var seed in seeds.DefaultIfEmpty(1UL))
                Measure($"{made.Name} {seed}", "customer", made.Make(records == 0 ? made.Records : records, seed), settings, show, pairs);
        }

        return 0;
    }

    private static void Measure(string name, string entity, LabelledRecords labelled, MatchSettings settings, int show, string pairs)
    {
        var watch = Stopwatch.StartNew();
        var batch = new Resolution(BuiltInModel.All.First(known => known.Name == entity), settings, labelled.Records, labelled.Ids);
        var clusters = batch.Batch();
        var took = watch.Elapsed;
        var quality = Quality.Of(labelled.Customers, clusters);
        var reached = batch.Candidates.Count(pair => labelled.Customers[pair.A] == labelled.Customers[pair.B]);
        double count = labelled.Records.Count;
        Console.WriteLine(
            $"{name,-18} {count,8:0} {quality.True,10} | {quality.Precision,6:0.0000} {quality.Recall,6:0.0000} {quality.F1,6:0.0000} | {quality.BCubedPrecision,6:0.0000} {quality.BCubedRecall,6:0.0000} | "
            + $"{reached / (double)Math.Max(1, quality.True),7:0.000} {batch.Reviews / count,6:0.0%} | {batch.KeysPerRecord,4:0.0} {batch.Candidates.Count / count,5:0.0} {took.TotalMicroseconds / count,5:0.0} µs");
        if (entity == "account")
            Baselines(labelled);
        if (pairs.Length > 0)
            MatchMeasurement.WritePairs(Path.Combine(pairs, name.Replace(' ', '-') + ".pairs"), labelled, batch, clusters);
        if (show > 0)
            MatchMeasurement.Examples(labelled, batch, clusters, show);
    }

    /// <summary>What organisations would come to by equal names, as written and normalised.</summary>
    private static void Baselines(LabelledRecords labelled)
    {
        Line("  same name", text => text);
        Line("  normalised name", text => string.Concat(text.ToUpperInvariant().Where(char.IsLetterOrDigit)));

        void Line(string title, Func<string, string> form)
        {
            var names = new Dictionary<string, int>(StringComparer.Ordinal);
            var groups = labelled.Records.Select(record => form(record["name"].ToText() ?? "")).Select(text => names.TryGetValue(text, out var known) ? known : names[text] = names.Count).ToArray();
            var quality = Quality.Of(labelled.Customers, groups);
            Console.WriteLine($"{title,-18} {"",8} {"",10} | {quality.Precision,6:0.0000} {quality.Recall,6:0.0000} {quality.F1,6:0.0000} | {quality.BCubedPrecision,6:0.0000} {quality.BCubedRecall,6:0.0000} |");
        }
    }
}

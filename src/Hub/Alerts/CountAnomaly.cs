using Crm.Integration.Hub.Runs;

namespace Crm.Integration.Hub.Alerts;

/// <summary>
/// Whether a run's counts are unlike those of the runs before it. Robust z-score by the median absolute deviation (Iglewicz and Hoaglin,
/// How to Detect and Handle Outliers, 1993), with floors: small numbers and steady pipelines must not cry wolf.
/// </summary>
internal static class CountAnomaly
{
    /// <summary>How many runs before it are needed, and looked at.</summary>
    public const int Least = 5, Most = 20;

    private const double Limit = 5;
    private const double Floor = 10;

    /// <summary>What is unlike before, in words, or null.</summary>
    /// <param name="before">The runs before it, of the same pipeline and done.</param>
    /// <param name="now">The run.</param>
    public static string? Find(IReadOnlyList<Counts> before, Counts now)
    {
        if (before.Count < Least)
            return null;
        if (now.Read == 0 && before.All(counts => counts.Read >= Floor))
            return $"it read nothing; the {before.Count} runs before it read {Words(Median(before.Select(counts => (double)counts.Read)))} as a rule";
        foreach (var (what, of) in s_measures)
        {
            var values = before.Select(counts => (double)of(counts)).ToList();
            var median = Median(values);
            var deviation = Median(values.Select(value => Math.Abs(value - median)));

            // 1.4826 makes the deviation that of a normal distribution.
            var scale = Math.Max(Math.Max(1.4826 * deviation, 0.1 * median), Floor);
            // What has been seen before, or nearly so, is no surprise.
            if (Math.Abs(of(now) - median) / scale > Limit && (of(now) < values.Min() / 1.5 || of(now) > values.Max() * 1.5))
                return $"{Words(of(now))} {what}; the {before.Count} runs before it had {Words(median)} as a rule";
        }

        return null;
    }

    private static readonly (string What, Func<Counts, long> Of)[] s_measures =
    [
        ("rows rejected", counts => counts.Rejected),
        ("rows deleted", counts => counts.Deleted),
        ("rows created", counts => counts.Created),
        ("rows changed", counts => counts.Changed),
        ("rows read", counts => counts.Read),
    ];

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        var middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static string Words(double number) => number.ToString("N0", System.Globalization.CultureInfo.InvariantCulture);
}

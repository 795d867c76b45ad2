namespace Crm.Integration.Benchmarks.Matching;

/// <summary>How well clusters agree with the truth.</summary>
internal readonly record struct Quality(long True, long Found, long Right, double BCubedPrecision, double BCubedRecall)
{
    public double Precision => Found == 0 ? 1 : (double)Right / Found;

    public double Recall => True == 0 ? 1 : (double)Right / True;

    public double F1 => F(Precision, Recall);

    public double BCubed => F(BCubedPrecision, BCubedRecall);

    public static Quality Of(IReadOnlyList<int> truth, IReadOnlyList<int> clusters)
    {
        var both = Sizes(truth.Zip(clusters).ToList());
        var real = Sizes(truth);
        var found = Sizes(clusters);
        double precision = 0, recall = 0;
        for (var i = 0; i < truth.Count; i++)
        {
            double common = both[(truth[i], clusters[i])];
            precision += common / found[clusters[i]];
            recall += common / real[truth[i]];
        }

        return new Quality(Pairs(real.Values), Pairs(found.Values), Pairs(both.Values), precision / truth.Count, recall / truth.Count);
    }

    private static double F(double precision, double recall) => precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);

    private static Dictionary<T, int> Sizes<T>(IReadOnlyList<T> items)
        where T : notnull => items.GroupBy(item => item).ToDictionary(group => group.Key, group => group.Count());

    private static long Pairs(IEnumerable<int> sizes) => sizes.Sum(size => (long)size * (size - 1) / 2);
}

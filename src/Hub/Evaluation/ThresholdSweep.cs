
namespace Crm.Integration.Hub.Evaluation;

/// <summary>How right links would be at one threshold.</summary>
/// <param name="Bits">The threshold as a weight.</param>
/// <param name="Links">Pairs at or above it that no guard forbids.</param>
/// <param name="Right">Those of them that are one customer.</param>
/// <param name="True">All true pairs.</param>
/// <param name="ClosedLinks">Pairs together when every link is followed: who is linked with one is one with all of them.</param>
/// <param name="ClosedRight">Those of them that are one customer.</param>
internal sealed record SweepPoint(double Bits, long Links, long Right, long True, long ClosedLinks, long ClosedRight)
{
    /// <summary>The threshold as a probability.</summary>
    public double Probability => 1 / (1 + Math.Pow(2, -Bits));

    /// <summary>Of the links, those that are right.</summary>
    public double Precision => Links == 0 ? 1 : (double)Right / Links;

    /// <summary>Of the true pairs, those that are linked.</summary>
    public double Recall => True == 0 ? 1 : (double)Right / True;

    /// <summary>The harmonic mean of both.</summary>
    public double F1 => ClusterQuality.Harmonic(Precision, Recall);

    /// <summary>F1 when every link is followed.</summary>
    public double ClosedF1 => ClusterQuality.Harmonic(ClosedLinks == 0 ? 1 : (double)ClosedRight / ClosedLinks, True == 0 ? 1 : (double)ClosedRight / True);
}

/// <summary>Goes through all thresholds at once, from the strongest pair to the weakest.</summary>
internal static class ThresholdSweep
{
    /// <summary>A point for each threshold, in the order given.</summary>
    /// <param name="pairs">The scored pairs.</param>
    /// <param name="customers">The real customer of each record.</param>
    /// <param name="truePairs">How many true pairs there are in all.</param>
    /// <param name="thresholds">Weights.</param>
    public static IReadOnlyList<SweepPoint> Of(ComparedPairs pairs, int[] customers, long truePairs, IReadOnlyList<double> thresholds)
    {
        var free = Enumerable.Range(0, pairs.Pairs.Length).Where(i => !pairs.Scores[i].IsHeldBack).ToArray();
        var strength = Array.ConvertAll(free, i => -pairs.Scores[i].Bits);
        Array.Sort(strength, free);
        var closure = new Closure(customers);
        var points = new Dictionary<double, SweepPoint>();
        long links = 0, right = 0;
        var next = 0;
        foreach (var bits in thresholds.Distinct().OrderDescending())
        {
            for (; next < free.Length && -strength[next] >= bits; next++)
            {
                var (a, b) = ComparedPairs.Ends(pairs.Pairs[free[next]]);
                links++;
                right += customers[a] == customers[b] ? 1 : 0;
                closure.Join(a, b);
            }

            points[bits] = new SweepPoint(bits, links, right, truePairs, closure.Links, closure.Right);
        }

        return [.. thresholds.Select(bits => points[bits])];
    }

    /// <summary>Groups that grow, and how many pairs they hold: counted as they join, never anew.</summary>
    private sealed class Closure(int[] customers)
    {
        private readonly int[] _parent = [.. Enumerable.Range(0, customers.Length)];
        private readonly int[] _size = [.. Enumerable.Repeat(1, customers.Length)];
        private readonly Dictionary<int, Dictionary<int, int>> _customers = [];

        public long Links { get; private set; }

        public long Right { get; private set; }

        public void Join(int a, int b)
        {
            (a, b) = (Root(a), Root(b));
            if (a == b)
                return;
            if (_size[a] < _size[b])
                (a, b) = (b, a);
            Links += (long)_size[a] * _size[b];
            var (mine, theirs) = (Counts(a), Counts(b));
            foreach (var (customer, count) in theirs)
            {
                var known = mine.GetValueOrDefault(customer);
                Right += (long)known * count;
                mine[customer] = known + count;
            }

            _customers.Remove(b);
            _parent[b] = a;
            _size[a] += _size[b];
        }

        private Dictionary<int, int> Counts(int root)
        {
            if (!_customers.TryGetValue(root, out var counts))
                _customers.Add(root, counts = new Dictionary<int, int> { [customers[root]] = 1 });
            return counts;
        }

        private int Root(int record)
        {
            while (_parent[record] != record)
                record = _parent[record] = _parent[_parent[record]];
            return record;
        }
    }
}

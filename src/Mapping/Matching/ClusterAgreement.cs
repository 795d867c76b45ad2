namespace Crm.Integration.Mapping.Matching;

/// <summary>How well two clusters agree: every member of the one is asked about every member of the other.</summary>
/// <param name="graph">The clusters.</param>
/// <param name="scores">The pairs.</param>
internal sealed class ClusterAgreement(ClusterGraph graph, PairScores scores)
{
    // What one pair can add or take: a single splendid pair must not outweigh many that disagree.
    private const double MostBits = 20;
    private const double LeastBits = -10;
    private const double DifferentNameBits = -25;

    // What another id, or another generation, takes from the place in the queue; whether it forbids is counted.
    private const double VetoBits = -30;

    // Another id may be a slip of one record: then the others vouch for it, three beyond doubt against two. Another generation, or a namesake at
    // home, is a family more often than a slip: three against one.
    private const double VouchersForId = 1.5;
    private const double VouchersForGeneration = 3;

    // Pairs that are looked at between two clusters; larger ones are judged by an even sample.
    private const int MostPairs = 32;

    /// <summary>How well two clusters agree on average, or null when they must stay apart.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <param name="least">The bits that some pair of them must reach.</param>
    /// <param name="clear">The bits from which a pair is beyond doubt.</param>
    /// <returns>The average, and the best pair that no guard holds back.</returns>
    public (double Average, double Best)? Of(int left, int right, double least, double clear)
    {
        if (graph.Between(left, right) is not { Forbidden: false } link || link.Best < least || graph.AreApart(left, right))
            return null;
        double sum = 0, vetoes = 0, vouchers = 0, needed = 0;
        var looked = 0;
        foreach (var (a, b) in Sample(graph.Members(left), graph.Members(right)))
        {
            looked++;
            if (scores.AreSame(a, b))
            {
                sum += MostBits;
                continue;
            }

            var score = scores.Of(a, b);
            if (Forbids(score.Guard))
                return null;
            if (IsVeto(score.Guard))
            {
                vetoes += VetoBits;
                needed += score.Guard == MatchGuard.DifferentId ? VouchersForId : VouchersForGeneration;
                continue;
            }

            if (score.Guard == MatchGuard.None && score.Bits >= clear)
                vouchers++;
            sum += score.Guard switch
            {
                // Below nothing begins with the prior: two that know little of each other contradict each other less than their sum says.
                MatchGuard.None or MatchGuard.NameOnly => Math.Clamp(score.Bits < 0 ? score.Bits / 2 : score.Bits, LeastBits, MostBits),
                // A name that was mistyped beyond knowing, or somebody else: more than one member must vouch for it.
                MatchGuard.DifferentName or MatchGuard.Twins => DifferentNameBits,
                // What a household shares neither joins nor parts: a record without a given name says little about whose it is.
                _ => Math.Clamp(score.Bits, LeastBits, 0),
            };
        }

        return sum >= 0 && vouchers >= needed ? ((sum + vetoes) / looked, link.Best) : null;
    }

    /// <summary>Whether something decisive stands between two clusters.</summary>
    public bool Parted(int left, int right)
    {
        if (graph.AreParted(left, right))
            return true;
        foreach (var (a, b) in Sample(graph.Members(left), graph.Members(right)))
        {
            if (!scores.AreSame(a, b) && scores.Of(a, b).Guard is var guard && (IsVeto(guard) || Forbids(guard)))
                return true;
        }

        return false;
    }

    /// <summary>Whether no number of other members can make good for such a pair.</summary>
    public static bool Forbids(MatchGuard guard) => guard is MatchGuard.PersonAndCompany or MatchGuard.Branches;

    private static bool IsVeto(MatchGuard guard) => guard is MatchGuard.DifferentId or MatchGuard.Generation or MatchGuard.Namesakes;

    /// <summary>The pairs between two clusters, or an even sample of them.</summary>
    private static IEnumerable<(int, int)> Sample(List<int> left, List<int> right)
    {
        var total = (long)left.Count * right.Count;
        var step = total <= MostPairs ? 1 : total / MostPairs;
        var looked = 0;
        for (long i = 0; i < total && looked < MostPairs; i += step, looked++)
            yield return (left[(int)(i / right.Count)], right[(int)(i % right.Count)]);
    }
}

namespace Crm.Integration.Mapping.Matching;

/// <summary>
/// Says of pairs that share a key how likely each is one customer, against two people of one household or firm, and against two
/// strangers. What the three are like is known by now, so only their numbers are estimated: that has one optimum, and
/// none to fall into by chance. The number of strangers is not estimated at all; it is that of all pairs.
/// </summary>
/// <param name="same">Levels of pairs that are clearly one customer.</param>
/// <param name="strangers">Levels of pairs at random.</param>
/// <param name="corrections">What was learned of levels.</param>
/// <param name="pairs">All pairs of records.</param>
internal sealed class PairMixture(LevelCounts same, LevelCounts strangers, LevelCorrections corrections, double pairs)
{
    private const int Rounds = 200;
    private const int LeastAnchors = 30;
    private const int LeastKnown = 500;

    /// <summary>The probability of each pair.</summary>
    public double[] Posterior(List<PairEvidence> meeting, double link)
    {
        var chance = new double[meeting.Count];
        var home = new double[meeting.Count];
        double customers = 1, households = 1;
        for (var i = 0; i < meeting.Count; i++)
        {
            chance[i] = pairs * Math.Pow(2, -AgainstStrangers(meeting[i]));
            home[i] = Math.Pow(2, -AgainstHousemates(meeting[i]));
            if (meeting[i].Guard != MatchGuard.None)
                households++;
            else if (meeting[i].Bits(corrections) + meeting[i].Prior >= link)
                customers++;
        }

        var posterior = new double[meeting.Count];
        for (var round = 0; round < Rounds; round++)
        {
            double nextCustomers = 0.5, nextHouseholds = 0.5;
            for (var i = 0; i < posterior.Length; i++)
            {
                var all = customers + (households * home[i]) + chance[i];
                posterior[i] = customers / all;
                nextCustomers += posterior[i];
                nextHouseholds += households * home[i] / all;
            }

            (customers, households) = (nextCustomers, nextHouseholds);
        }

        return posterior;
    }

    /// <summary>All that speaks for a pair. Where and how one is reached counts here as it is in this data: what a household shares is weighed apart.</summary>
    private double AgainstStrangers(PairEvidence pair)
    {
        double bits = 0;
        double overlap = 0;
        var reached = false;
        foreach (var step in pair.Steps)
        {
            if (step.Comparison == Comparison.Overlap)
            {
                overlap = step.Bits;
                continue;
            }

            double weight = step.Bits + corrections[step.Comparison, step.Level];
            if (step.Comparison is Comparison.Address or Comparison.Phone or Comparison.Email)
            {
                reached |= step.Bits > 0;
                if (same.Known(step.Comparison) >= LeastAnchors && strangers.Known(step.Comparison) >= LeastKnown)
                    weight = Math.Max(weight, Math.Log2(SameShare(step) / StrangerShare(step)));
            }

            bits += weight;
        }

        return reached ? bits : bits + overlap;
    }

    /// <summary>What is a person's own; the rest agrees in a household as it does in one person.</summary>
    private double AgainstHousemates(PairEvidence pair)
    {
        double bits = 0;
        foreach (var step in pair.Steps)
        {
            if (InOneHome(step) is not { } least || strangers.Known(step.Comparison) == 0)
                continue;
            var share = same.Known(step.Comparison) >= LeastAnchors ? SameShare(step) : Math.Min(0.8, StrangerShare(step) * Math.Pow(2, step.Bits));
            bits += Math.Log2(share / Math.Max(least, StrangerShare(step)));
        }

        return bits;
    }

    /// <summary>How often at least two people of one home come to such a level: sons bear their fathers' names, twins are born together, couples share a mailbox. Null for what a home shares anyhow.</summary>
    private static double? InOneHome(EvidenceStep step) => step.Comparison switch
    {
        Comparison.GivenName or Comparison.MiddleName => 0.01,
        Comparison.BirthDate => step.Level == Level.Same ? 0.003 : 0.002,
        Comparison.Email => step.Level == Level.Same ? 0.15 : 0.02,
        Comparison.Phone when step.Level == Level.Mobile => 0.1,
        Comparison.Phone when step.Level is Level.Different or Level.OneDigit => 0.02,
        Comparison.NationalId or Comparison.TaxId => 0.001,
        Comparison.Gender => 0.4,
        _ => null,
    };

    private double SameShare(EvidenceStep step) => (same[step.Comparison, step.Level] + 0.5) / (same.Known(step.Comparison) + 10);

    private double StrangerShare(EvidenceStep step) => (strangers[step.Comparison, step.Level] + 1) / (strangers.Known(step.Comparison) + 2);
}

namespace Crm.Integration.Mapping.Matching;

/// <summary>Finds from which score on the pairs of a store are nearly all one customer, and whether guards hold back what is.</summary>
/// <param name="meeting">Pairs that share a key.</param>
/// <param name="same">How likely each is one customer.</param>
/// <param name="corrections">Takes what is found.</param>
/// <param name="link">The link line in bits.</param>
internal sealed class LinkLine(List<PairEvidence> meeting, double[] same, LevelCorrections corrections, double link)
{
    // How far the prior may move.
    private const double MostShift = 6;
    private const double LeastShift = -3;

    // The line moves by this, and looks at the pairs from it up to so many bits above.
    private const double Step = 0.5;
    private const double Window = 2;

    // How many of them may be false for the line to go down, and how many of all above it for it not to go up.
    private const double MostFalse = 0.005;
    private const double MostFalseAbove = 0.1;
    private const int FewPairs = 10;

    // Where hardly anybody is there twice, that nothing false is seen says nothing: so many true pairs must stand above the line for it to go down.
    private const int LeastFound = 50;

    // Records as which the shipped prior counts.
    private const double FewRecords = 200;

    // A guard is lifted where pairs that it holds back are clearly true, often enough to be a habit of this data, and hardly any near the line is false.
    private const int LeastLifted = 4;
    private const double LeastLiftedShare = 0.002;
    private const double MostFalseLifted = 0.04;
    private const int LiftedGrace = 6;
    private const double MostHeld = 0.05;
    private const double NearLine = 8;

    private static readonly MatchGuard[] s_liftable = [MatchGuard.DifferentId, MatchGuard.DifferentName, MatchGuard.Twins, MatchGuard.SharedOnly, MatchGuard.Generation];

    /// <summary>Moves the prior, so that pairs pass the line from where on they are nearly all true.</summary>
    public void ShiftPrior(long records)
    {
        var free = Pairs(pair => pair.Guard == MatchGuard.None);
        var line = link;
        var found = free.Where(pair => pair.Bits >= link).Sum(pair => pair.Same);
        while (found >= LeastFound && line > link - MostShift && False(line - Step, Window) <= MostFalse * Math.Max(Count(line - Step, Window), FewPairs))
            line -= Step;
        while (line >= link && line < link - LeastShift && False(line, double.PositiveInfinity) > MostFalseAbove * Math.Max(Count(line, double.PositiveInfinity), FewPairs))
            line += Step;
        corrections.Prior = (float)((link - line) * (records / (records + FewRecords)));

        double Count(double from, double width) => free.Count(pair => pair.Bits >= from && pair.Bits < from + width);
        double False(double from, double width) => free.Where(pair => pair.Bits >= from && pair.Bits < from + width).Sum(pair => 1 - pair.Same);
    }

    /// <summary>Lifts guards against what does not occur in this data.</summary>
    /// <param name="matches">How many pairs are one customer, by the estimate.</param>
    public void LiftGuards(double matches)
    {
        foreach (var guard in s_liftable)
        {
            // Where ids were mistyped and all else vouches for it, the guard was not even put up: such pairs bear witness, too.
            var held = Pairs(pair => pair.Guard == guard || (guard == MatchGuard.DifferentId && pair.Guard == MatchGuard.None && pair[Comparison.NationalId] == Level.Mistaken)).ConvertAll(pair => (Bits: pair.Bits + corrections.Prior, pair.Same));
            held.Sort((x, y) => y.CompareTo(x));
            if (held.Count(pair => pair.Same < 0.5 && pair.Bits >= link - NearLine) > matches * MostHeld)
                continue;
            double wrong = 0;
            double? from = null;
            for (var i = 0; i < held.Count && held[i].Bits >= link; i++)
            {
                wrong += 1 - held[i].Same;
                if (i + 1 >= Math.Max(LeastLifted, LeastLiftedShare * matches) && wrong <= MostFalseLifted * (i + LiftedGrace))
                    from = held[i].Bits;
            }

            if (from is { } bits)
                corrections.Lift(guard, Math.Ceiling(bits));
        }
    }

    private List<(double Bits, double Same)> Pairs(Func<PairEvidence, bool> which)
    {
        var pairs = new List<(double Bits, double Same)>();
        for (var i = 0; i < meeting.Count; i++)
        {
            if (which(meeting[i]))
                pairs.Add((meeting[i].Prior + meeting[i].Bits(corrections), same[i]));
        }

        return pairs;
    }
}

namespace Crm.Integration.Mapping.Matching;

/// <summary>A step of a scored pair, as the estimation keeps it.</summary>
internal readonly record struct EvidenceStep(Comparison Comparison, Level Level, float Bits);

/// <summary>A scored pair, as the estimation keeps it: levels and shipped bits, the prior apart.</summary>
internal sealed class PairEvidence(in Tally tally)
{
    public EvidenceStep[] Steps { get; } = Copy(tally);

    public MatchGuard Guard { get; } = tally.Guard;

    /// <summary>The shipped prior.</summary>
    public double Prior { get; } = tally[0].Bits;

    /// <summary>The level of a comparison; none where one side is empty.</summary>
    public Level this[Comparison comparison]
    {
        get
        {
            foreach (var step in Steps)
            {
                if (step.Comparison == comparison)
                    return step.Level;
            }

            return Level.None;
        }
    }

    /// <summary>All bits but the prior's, corrected.</summary>
    public double Bits(LevelCorrections corrections)
    {
        double bits = 0;
        foreach (var step in Steps)
            bits += step.Bits + corrections[step.Comparison, step.Level];
        return bits;
    }

    private static EvidenceStep[] Copy(in Tally tally)
    {
        var steps = new EvidenceStep[tally.Count - 1];
        for (var i = 1; i < tally.Count; i++)
            steps[i - 1] = new EvidenceStep(tally[i].Comparison, tally[i].Level, tally[i].Bits);
        return steps;
    }
}

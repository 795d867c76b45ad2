namespace Crm.Integration.Mapping.Matching;

/// <summary>Learns the corrections for one kind of pair: people, or organisations.</summary>
/// <remarks>
/// How often one customer's records disagree is learned from anchors: pairs that are clearly one customer by everything but
/// the comparison in question. So a comparison never confirms itself, and no start value decides what is found, as happens
/// where all parameters are estimated at once.
/// </remarks>
/// <param name="atRandom">Pairs of records at random.</param>
/// <param name="meeting">Pairs that share a key.</param>
/// <param name="link">The link line in bits.</param>
internal sealed class ModelLearning(List<PairEvidence> atRandom, List<PairEvidence> meeting, double link)
{
    private const int LeastRandom = 5_000;
    private const int LeastKnown = 500;
    private const int LeastAnchors = 30;
    private const int Rounds = 4;

    // Bits beyond the link line that the rest of a pair must reach to be an anchor.
    private const double Clear = 2;

    // As so many anchors the shipped weights count.
    private const double PriorAnchors = 60;

    // Anchors know each other well, so they are the better kept records: that a level is rarer among them than supposed says less than that it is more frequent.
    private const double Most = 4;
    private const double Least = -1;

    private readonly LevelCounts _strangers = new();
    private LevelCounts _same = new();
    private double _matches;

    /// <summary>What was learned.</summary>
    public LevelCorrections Corrections { get; } = new();

    /// <summary>The probability of each meeting pair to be one customer, once the prior was learned.</summary>
    public double[] Same { get; private set; } = [];

    /// <summary>Learns the weight of each level.</summary>
    public void LearnLevels()
    {
        if (atRandom.Count < LeastRandom)
            return;
        foreach (var pair in atRandom)
        {
            if (pair.Guard == MatchGuard.None && pair.Bits(Corrections) + pair.Prior >= link)
                continue;
            foreach (var step in pair.Steps)
                _strangers.Add(step);
        }

        for (var round = 0; round < Rounds; round++)
        {
            CountAnchors();
            Correct();
        }
    }

    /// <summary>Learns from which score on pairs are nearly all true, and which guards hold back what is.</summary>
    /// <param name="pairs">How many pairs of records there are of which the meeting ones were taken.</param>
    /// <param name="records">How many records the store has.</param>
    public void LearnPrior(double pairs, long records)
    {
        if (atRandom.Count < LeastRandom)
            return;
        var mixture = new PairMixture(_same, _strangers, Corrections, pairs);
        Same = mixture.Posterior(meeting, link);
        _matches = Same.Sum();
        var line = new LinkLine(meeting, Same, Corrections, link);
        line.ShiftPrior(records);
        line.LiftGuards(_matches);
    }

    /// <summary>Each level that was seen.</summary>
    public IEnumerable<LearnedLevel> Levels(string part) =>
        from comparison in Enum.GetValues<Comparison>()
        where comparison is not (Comparison.Prior or Comparison.Overlap)
        from level in Enum.GetValues<Level>()
        let seen = _same[comparison, level] + _strangers[comparison, level]
        where seen > 0
        let shipped = Shipped(comparison, level)
        select new LearnedLevel(
            part, Explanation.Name(comparison), Explanation.Word(comparison, level), Share(_same, comparison, level), (long)_same[comparison, level], Share(_strangers, comparison, level),
            (long)_strangers[comparison, level], Math.Round(shipped, 2), Math.Round(shipped + Corrections[comparison, level], 2));

    /// <summary>What was learned as a whole.</summary>
    public LearnedPart Summary(string part) =>
        new(part, atRandom.Count, meeting.Count, Math.Round(_matches), Corrections.Prior, Corrections.Lifted.ToDictionary(guard => Explanation.Word(guard.Guard), guard => guard.Bits));

    private void CountAnchors()
    {
        _same = new LevelCounts();
        foreach (var pair in meeting)
        {
            var bits = pair.Bits(Corrections) + pair.Prior;
            var otherName = pair[Comparison.GivenName] is Level.Different or Level.Gendered or Level.OtherName;
            var otherId = pair[Comparison.NationalId] is Level.Different or Level.Mistaken || pair[Comparison.TaxId] == Level.Different;
            foreach (var step in pair.Steps)
            {
                if (bits - step.Bits - Corrections[step.Comparison, step.Level] < link + Clear)
                    continue;
                if (otherName && step.Comparison is not (Comparison.GivenName or Comparison.MiddleName))
                    continue;
                if (otherId && step.Comparison is not (Comparison.NationalId or Comparison.TaxId))
                    continue;
                // A couple shares nearly all but the name, a birth date or an id it does not.
                if (step.Comparison == Comparison.GivenName && !IsPersonal(pair))
                    continue;
                _same.Add(step);
            }
        }
    }

    private static bool IsPersonal(PairEvidence pair) =>
        pair[Comparison.BirthDate] == Level.Same || pair[Comparison.NationalId] == Level.Same || pair[Comparison.TaxId] == Level.Same;

    private void Correct()
    {
        foreach (var comparison in Enum.GetValues<Comparison>())
        {
            if (comparison is Comparison.Prior or Comparison.Overlap || _same.Known(comparison) < LeastAnchors || _strangers.Known(comparison) < LeastKnown)
                continue;
            foreach (var level in Enum.GetValues<Level>())
            {
                if (!IsCorrectable(comparison, level) || _strangers[comparison, level] + _same[comparison, level] == 0)
                    continue;
                var (shipped, against) = (Shipped(comparison, level), level is Level.Different or Level.Mistaken);
                var learned = Math.Clamp(Math.Log2(SameShare(comparison, level) / StrangerShare(comparison, level)) - shipped, against ? 0 : Least, Most);

                // However often it happens, a disagreement never speaks for a pair.
                Corrections[comparison, level] = (float)(against ? Math.Min(learned, Math.Max(0, -0.5 - shipped)) : learned);
            }
        }
    }

    /// <summary>Levels of one weight for all values. How much an agreement says depends on how rare the value is, and is no matter of levels.</summary>
    private static bool IsCorrectable(Comparison comparison, Level level) => comparison == Comparison.Company
        ? level == Level.Different
        : level is Level.OneEdit or Level.Alike or Level.Half or Level.Truncated or Level.Middle or Level.Gendered or Level.OtherName or Level.DayMonthSwapped or Level.OneDigit or Level.TwoDigits or Level.Near
            or Level.SameYear or Level.LocalPart or Level.Street or Level.PostalCode or Level.City or Level.Mistaken or Level.Different;

    /// <summary>How often strangers come to a level. Ids of strangers differ; only the rest of a pair tells whether one is mistyped.</summary>
    private double StrangerShare(Comparison comparison, Level level) => level == Level.Mistaken
        ? StrangerShare(comparison, Level.Different)
        : (_strangers[comparison, level] + 1) / (_strangers.Known(comparison) + 2);

    /// <summary>How often two records of one customer do: what the anchors show, and what the shipped weights suppose.</summary>
    private double SameShare(Comparison comparison, Level level)
    {
        var supposed = Math.Min(0.9, StrangerShare(comparison, level) * Math.Pow(2, Shipped(comparison, level)));
        var seen = level is Level.Different or Level.Mistaken ? _same[comparison, Level.Different] + _same[comparison, Level.Mistaken] : _same[comparison, level];
        return (seen + (PriorAnchors * supposed)) / (_same.Known(comparison) + PriorAnchors);
    }

    private double Shipped(Comparison comparison, Level level) =>
        _same[comparison, level] > 0 ? _same.AverageBits(comparison, level) : _strangers.AverageBits(comparison, level);

    private static double Share(LevelCounts counts, Comparison comparison, Level level) =>
        counts.Known(comparison) is > 0 and var known ? Math.Round(counts[comparison, level] / known, 6) : 0;
}

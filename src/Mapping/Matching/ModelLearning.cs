namespace Crm.Integration.Mapping.Matching;

/// <summary>Learns the corrections for one kind of pair.</summary>
internal sealed class ModelLearning(List<PairEvidence> atRandom, List<PairEvidence> meeting, double pairs, double link, long records, bool firms)
{
    private const int LeastRandom = 5_000;
    private const int LeastAnchors = 30;
    private const int Rounds = 4;

    // Anchors: bits beyond the link line that the rest of a pair must reach.
    private const double Clear = 2;

    // Anchors as which the shipped weights count.
    private const double PriorAnchors = 60;
    private const double Most = 4;
    private const double Least = -1;

    // How far the prior may move, how finely it is sought, and how many pairs just above the line may be false.
    private const double MostShift = 6;
    private const double LeastShift = -3;
    private const double FewRecords = 200;
    private const double Step = 0.5;
    private const double Window = 2;
    private const double MostFalse = 0.005;
    private const double MostFalseAbove = 0.1;
    private const int FewPairs = 10;

    // A guard is lifted where pairs that it would hold back are clearly true, often enough to be a habit of this data, and hardly any is false.
    private const double MostHeld = 0.05;
    private const double MostFalseLifted = 0.01;
    private const double NearLine = 8;
    private const int LeastLifted = 4;
    private const double LeastLiftedShare = 0.002;

    private static readonly MatchGuard[] s_liftable = [MatchGuard.DifferentId, MatchGuard.DifferentName, MatchGuard.Twins, MatchGuard.SharedOnly, MatchGuard.Generation];

    private readonly LevelCounts _strangers = new();
    private LevelCounts _same = new();

    public LevelCorrections Corrections { get; } = new();

    public double[] Posterior { get; private set; } = [];

    public double Households { get; private set; }

    public double Matches { get; private set; }

    public LevelCorrections Learn()
    {
        foreach (var pair in atRandom)
        {
            if (pair.Guard == MatchGuard.None && pair.Prior + pair.Bits(Corrections) >= link)
                continue;
            foreach (var step in pair.Steps)
                _strangers.Add(step);
        }

        if (atRandom.Count < LeastRandom)
            return Corrections;
        for (var round = 0; round < Rounds; round++)
        {
            CountAnchors();
            Correct();
        }

        if (firms)
            return Corrections;
        Weigh();
        ShiftPrior();
        LiftGuards();
        return Corrections;
    }

    /// <summary>Moves the prior so that pairs pass the link line from where on they are nearly all true.</summary>
    private void ShiftPrior()
    {
        var free = Enumerable.Range(0, meeting.Count).Where(i => meeting[i].Guard == MatchGuard.None).Select(i => (Bits: meeting[i].Prior + meeting[i].Bits(Corrections), Same: Posterior[i])).ToArray();
        var line = link;
        while (line > link - MostShift && False(line - Step) <= MostFalse * Math.Max(Count(line - Step), FewPairs))
            line -= Step;
        while (line >= link && line < link - LeastShift && FalseAbove(line) > MostFalseAbove * Math.Max(CountAbove(line), FewPairs))
            line += Step;

        Corrections.Prior = (float)((link - line) * (records / (records + FewRecords)));

        double CountAbove(double from) => free.Count(pair => pair.Bits >= from);
        double FalseAbove(double from) => free.Where(pair => pair.Bits >= from).Sum(pair => 1 - pair.Same);
        double Count(double from) => free.Count(pair => pair.Bits >= from && pair.Bits < from + Window);
        double False(double from) => free.Where(pair => pair.Bits >= from && pair.Bits < from + Window).Sum(pair => 1 - pair.Same);
    }

    /// <summary>Lifts guards against what does not occur in this data.</summary>
    private void LiftGuards()
    {
        foreach (var guard in s_liftable)
        {
            var held = Enumerable.Range(0, meeting.Count).Where(i => meeting[i].Guard == guard).Select(i => (Bits: meeting[i].Prior + meeting[i].Bits(Corrections) + Corrections.Prior, Same: Posterior[i])).OrderByDescending(pair => pair.Bits).ToArray();
            if (held.Count(pair => pair.Same < 0.5 && pair.Bits >= link - NearLine) > Matches * MostHeld)
                continue;
            double wrong = 0;
            var from = double.PositiveInfinity;
            for (var i = 0; i < held.Length && held[i].Bits >= link; i++)
            {
                wrong += 1 - held[i].Same;
                if (i + 1 >= Math.Max(LeastLifted, LeastLiftedShare * Matches) && wrong <= MostFalseLifted * (i + 6))
                    from = held[i].Bits;
            }

            if (!double.IsInfinity(from))
                Corrections.Lift(guard, Math.Ceiling(from));
        }
    }

    private void CountAnchors()
    {
        _same = new LevelCounts();
        foreach (var pair in meeting)
        {
            var bits = pair.Prior + pair.Bits(Corrections);
            var otherName = IsOther(pair[Comparison.GivenName]);
            var otherId = pair[Comparison.NationalId] is Level.Different or Level.Mistaken || pair[Comparison.TaxId] == Level.Different;
            foreach (var step in pair.Steps)
            {
                if (bits - step.Bits - Corrections[step.Comparison, step.Level] < link + Clear)
                    continue;
                if (otherName && step.Comparison is not (Comparison.GivenName or Comparison.MiddleName))
                    continue;
                if (otherId && step.Comparison is not (Comparison.NationalId or Comparison.TaxId))
                    continue;
                if (step.Comparison == Comparison.GivenName && !IsPersonal(pair))
                    continue;
                _same.Add(step);
            }
        }
    }

    private static bool IsOther(Level given) => given is Level.Different or Level.Gendered or Level.OtherName;

    private static bool IsPersonal(PairEvidence pair) =>
        pair[Comparison.BirthDate] == Level.Same || pair[Comparison.NationalId] == Level.Same || pair[Comparison.TaxId] == Level.Same;

    private void Correct()
    {
        foreach (var comparison in Enum.GetValues<Comparison>())
        {
            if (comparison is Comparison.Prior or Comparison.Overlap || _same.Known(comparison) < LeastAnchors || _strangers.Known(comparison) < LeastRandom / 10)
                continue;
            foreach (var level in Enum.GetValues<Level>())
            {
                if (!IsCorrectable(comparison, level) || _strangers[comparison, level] + _same[comparison, level] == 0)
                    continue;
                var shipped = _same[comparison, level] > 0 ? _same.AverageBits(comparison, level) : _strangers.AverageBits(comparison, level);
                Corrections[comparison, level] = (float)Math.Clamp(Math.Log2(M(comparison, level) / U(comparison, level)) - shipped, level is Level.Different or Level.Mistaken ? 0 : Least, Most);
            }
        }

        // However often it errs, a disagreement never speaks for a pair.
        foreach (var (comparison, level, bits) in Corrections.All().ToList())
        {
            if (level is Level.Different or Level.Mistaken)
                Corrections[comparison, level] = (float)Math.Min(bits, Math.Max(0, -0.5 - _same.AverageBits(comparison, level)));
        }
    }

    internal static bool IsCorrectable(Comparison comparison, Level level) => level is not (Level.None or Level.Same or Level.FirstWord or Level.Variant or Level.Nickname or Level.Pinyin or Level.Swapped
        or Level.Role or Level.Mobile or Level.Line or Level.StreetAndNumber or Level.Building or Level.Initial or Level.WeakSame or Level.Domain or Level.Sibling) && !(comparison == Comparison.Company && level != Level.Different);

    /// <summary>How often strangers come to a level; ids of strangers differ, and only the rest of a pair tells whether mistyped.</summary>
    private double U(Comparison comparison, Level level) => level == Level.Mistaken ? U(comparison, Level.Different) : (_strangers[comparison, level] + 1) / (_strangers.Known(comparison) + 2);

    /// <summary>How often two records of one customer do: what the anchors show, and what the shipped weights suppose.</summary>
    private double M(Comparison comparison, Level level)
    {
        var shipped = _same[comparison, level] > 0 ? _same.AverageBits(comparison, level) : _strangers.AverageBits(comparison, level);
        var supposed = Math.Min(0.9, U(comparison, level) * Math.Pow(2, shipped));
        var seen = level is Level.Different or Level.Mistaken ? _same[comparison, Level.Different] + _same[comparison, Level.Mistaken] : _same[comparison, level];
        return (seen + (PriorAnchors * supposed)) / (_same.Known(comparison) + PriorAnchors);
    }

    private void Weigh()
    {
        var count = meeting.Count;
        var stranger = new double[count];
        var housemate = new double[count];
        double same = 1, house = 1;
        for (var i = 0; i < count; i++)
        {
            var bits = meeting[i].Bits(Corrections);
            stranger[i] = pairs * Math.Pow(2, -Apart(meeting[i]));
            housemate[i] = Math.Pow(2, -Own(meeting[i]));
            if (bits + meeting[i].Prior >= link && meeting[i].Guard == MatchGuard.None)
                same++;
            else if (meeting[i].Guard != MatchGuard.None)
                house++;
        }

        Posterior = new double[count];
        for (var round = 0; round < 200; round++)
        {
            double nextSame = 0.5, nextHouse = 0.5;
            for (var i = 0; i < count; i++)
            {
                var all = same + (house * housemate[i]) + stranger[i];
                Posterior[i] = same / all;
                nextSame += Posterior[i];
                nextHouse += house * housemate[i] / all;
            }

            (same, house) = (nextSame, nextHouse);
        }

        (Matches, Households) = (same, house);
    }

    /// <summary>All that speaks for a pair, against two strangers.</summary>
    private double Apart(PairEvidence pair)
    {
        double bits = 0;
        double overlap = 0;
        var shared = false;
        foreach (var step in pair.Steps)
        {
            if (step.Comparison == Comparison.Overlap)
            {
                overlap = step.Bits;
                continue;
            }

            double plain = step.Bits + Corrections[step.Comparison, step.Level];
            if (step.Comparison is Comparison.Address or Comparison.Phone or Comparison.Email)
            {
                shared |= step.Bits > 0;
                if (_same.Known(step.Comparison) >= LeastAnchors && _strangers.Known(step.Comparison) >= LeastRandom / 10)
                    plain = Math.Max(plain, Math.Log2((_same[step.Comparison, step.Level] + 0.5) / (_same.Known(step.Comparison) + 10) / U(step.Comparison, step.Level)));
            }

            bits += plain;
        }

        return shared ? bits : bits + overlap;
    }

    /// <summary>What is a person's own, against two people of one home.</summary>
    private double Own(PairEvidence pair)
    {
        double bits = 0;
        foreach (var step in pair.Steps)
        {
            var floor = step.Comparison switch
            {
                Comparison.GivenName or Comparison.MiddleName => 0.01,
                Comparison.BirthDate => step.Level == Level.Same ? 0.003 : 0.002,
                Comparison.Email => step.Level == Level.Same ? 0.15 : 0.02,
                Comparison.Phone when step.Level is Level.Mobile or Level.Different or Level.OneDigit => step.Level == Level.Mobile ? 0.1 : 0.02,
                Comparison.NationalId or Comparison.TaxId or Comparison.RegistrationId => 0.001,
                Comparison.Gender => 0.4,
                _ => 0,
            };
            if (floor == 0 || _strangers.Known(step.Comparison) == 0)
                continue;
            var same = _same.Known(step.Comparison) >= LeastAnchors ? (_same[step.Comparison, step.Level] + 0.5) / (_same.Known(step.Comparison) + 10) : Math.Min(0.8, U(step.Comparison, step.Level) * Math.Pow(2, step.Bits));
            bits += Math.Log2(same / Math.Max(floor, U(step.Comparison, step.Level)));
        }

        return bits;
    }
}

namespace Crm.Integration.Mapping.Matching;

/// <summary>How often each level of each comparison was seen.</summary>
internal sealed class LevelCounts
{
    private const int Levels = (int)Level.Different + 1;
    private const int Comparisons = (int)Comparison.Overlap + 1;

    private readonly double[] _counts = new double[Comparisons * Levels];
    private readonly double[] _bits = new double[Comparisons * Levels];
    private readonly double[] _known = new double[Comparisons];

    public void Add(EvidenceStep step)
    {
        _counts[Index(step.Comparison, step.Level)]++;
        _bits[Index(step.Comparison, step.Level)] += step.Bits;
        _known[(int)step.Comparison]++;
    }

    /// <summary>How often the comparison was made.</summary>
    public double Known(Comparison comparison) => _known[(int)comparison];

    /// <summary>How often it came to that level.</summary>
    public double this[Comparison comparison, Level level] => _counts[Index(comparison, level)];

    /// <summary>The shipped bits of the level, on average.</summary>
    public double AverageBits(Comparison comparison, Level level) =>
        this[comparison, level] is > 0 and var count ? _bits[Index(comparison, level)] / count : 0;

    private static int Index(Comparison comparison, Level level) => ((int)comparison * Levels) + (int)level;
}

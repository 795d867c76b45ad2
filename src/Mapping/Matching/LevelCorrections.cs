namespace Crm.Integration.Mapping.Matching;

/// <summary>What a store's data teaches of pairs of people, or of pairs of organisations: bits to add, level by level.</summary>
internal sealed class LevelCorrections
{
    // Hundredths of a bit: enough to decide by, and the same on every machine.
    private const double Unit = 100;

    private const int Levels = (int)Level.Different + 1;
    private const int Comparisons = (int)Comparison.Overlap + 1;

    private readonly float[] _bits = new float[Comparisons * Levels];
    private readonly double[] _lifted = [.. Enumerable.Repeat(double.PositiveInfinity, Enum.GetValues<MatchGuard>().Length)];

    /// <summary>The bits to add to a level of a comparison.</summary>
    public float this[Comparison comparison, Level level]
    {
        get => _bits[((int)comparison * Levels) + (int)level];
        set => _bits[((int)comparison * Levels) + (int)level] = (float)(Math.Round(value * Unit) / Unit);
    }

    /// <summary>The shift of the prior: by how much more, or fewer, of the pairs that meet here are one customer.</summary>
    public float Prior
    {
        get => this[Comparison.Prior, Level.None];
        set => this[Comparison.Prior, Level.None] = value;
    }

    /// <summary>What is left of a guard: nothing, where what it guards against does not occur in this data and enough speaks for the pair.</summary>
    public MatchGuard Left(MatchGuard guard, double bits) =>
        double.IsPositiveInfinity(_lifted[(int)guard]) ? guard : bits >= _lifted[(int)guard] ? MatchGuard.None : MatchGuard.Doubtful;

    /// <summary>Lifts a guard for pairs from so many bits.</summary>
    public void Lift(MatchGuard guard, double bits) => _lifted[(int)guard] = bits;

    /// <summary>The lifted guards, and from how many bits.</summary>
    public IEnumerable<(MatchGuard Guard, double Bits)> Lifted => Enum.GetValues<MatchGuard>().Where(guard => double.IsFinite(_lifted[(int)guard])).Select(guard => (guard, _lifted[(int)guard]));

    /// <summary>What is not zero, in the order of comparisons and levels.</summary>
    public IEnumerable<(Comparison Comparison, Level Level, float Bits)> All()
    {
        for (var index = 0; index < _bits.Length; index++)
        {
            if (_bits[index] != 0)
                yield return ((Comparison)(index / Levels), (Level)(index % Levels), _bits[index]);
        }
    }

    /// <summary>Whether nothing is corrected.</summary>
    public bool IsEmpty => !Lifted.Any() && Array.TrueForAll(_bits, bits => bits == 0);
}

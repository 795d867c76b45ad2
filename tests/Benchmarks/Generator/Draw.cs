namespace Crm.Integration.Benchmarks.Generator;

/// <summary>Seeded chance (SplitMix64). Ours and not System.Random, so that a sample stays the same byte for byte on every version of .NET.</summary>
internal sealed class Draw(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    public int Below(int limit) => (int)((Next() >> 32) * (ulong)limit >> 32);

    public int Between(int least, int greatest) => least + Below(greatest - least + 1);

    public bool Chance(double probability) => (Next() >> 11) * (1.0 / (1UL << 53)) < probability;

    public T Of<T>(T[] items) => items[Below(items.Length)];

    /// <summary>The first items much more often than the last, as names are spread.</summary>
    public T Common<T>(T[] items)
    {
        var u = (Next() >> 11) * (1.0 / (1UL << 53));
        return items[(int)(items.Length * u * u)];
    }

    public string Digits(int count) => string.Create(count, this, static (span, draw) =>
    {
        foreach (ref var c in span)
            c = (char)('0' + draw.Below(10));
    });

    public DateOnly Date(DateOnly first, DateOnly last) => first.AddDays(Below(last.DayNumber - first.DayNumber + 1));
}

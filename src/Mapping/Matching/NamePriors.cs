using System.Collections.Frozen;
using System.Globalization;

namespace Crm.Integration.Mapping.Matching;

/// <summary>How common names are in the world, for stores that are too small to tell.</summary>
internal static class NamePriors
{
    /// <summary>A family name that is in no table.</summary>
    public const float RareFamily = 0.00002f;

    /// <summary>A given name that is in no table.</summary>
    public const float RareGiven = 0.0005f;

    /// <summary>A given name of the nickname table, so one of the usual ones.</summary>
    public const float UsualGiven = 0.004f;

    // People counted by the US census of 2010, in thousands, the unit of the table.
    private const float CensusPeople = 295_000;

    // A name in Latin letters may be borne in any country; of the people of a store, some are from the one where it is usual.
    private const float LatinPart = 0.3f;

    private static readonly FrozenDictionary<string, float> s_families = Load();

    /// <summary>The share of people with a folded Latin family name.</summary>
    public static float Family(ReadOnlySpan<char> name) =>
        s_families.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var share) ? share : RareFamily;

    /// <summary>The share of people with a family name in Hangul, kanji, kana, Arabic or Hebrew letters.</summary>
    public static float Native(ReadOnlySpan<char> native, ReadOnlySpan<char> latin) =>
        s_families.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(native, out var share) ? share : Math.Max(0.0005f, Family(latin));

    /// <summary>The share of people with a Chinese family name.</summary>
    public static float HanFamily(ReadOnlySpan<char> name) =>
        HanNames.Surname(name) is { PerMille: > 0 } known ? known.PerMille / 1000f : 0.0005f;

    /// <summary>The share of people with a given name of so many Chinese characters.</summary>
    public static float HanGiven(int characters) => characters == 1 ? 0.004f : 0.0004f;

    private static FrozenDictionary<string, float> Load()
    {
        var shares = new Dictionary<string, float>(StringComparer.Ordinal);
        foreach (var line in Tables.Lines("surnames.txt"))
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            shares[line[..space]] = float.Parse(line.AsSpan(space + 1), CultureInfo.InvariantCulture) / CensusPeople;
        }

        // In pinyin several characters fall together. Half, because a name in Latin letters may be that of another people.
        foreach (var reading in HanNames.Surnames.Values.Where(known => known.PerMille > 0).GroupBy(known => known.Pinyin))
            shares[reading.Key] = Math.Max(shares.GetValueOrDefault(reading.Key), reading.Sum(known => known.PerMille) / 2000f);

        foreach (var line in Tables.Lines("surnames-world.txt"))
        {
            var words = line.Split(' ');
            var share = float.Parse(words[0], CultureInfo.InvariantCulture) / 1000;
            foreach (var word in words.Skip(1))
            {
                var name = Folding.Fold(word);
                shares[name] = Math.Max(shares.GetValueOrDefault(name), char.IsAsciiLetter(name[0]) ? share * LatinPart : share);
            }
        }

        return shares.ToFrozenDictionary(StringComparer.Ordinal);
    }
}

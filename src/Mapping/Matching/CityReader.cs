using System.Collections.Frozen;

namespace Crm.Integration.Mapping.Matching;

/// <summary>Reads names of cities: one word, in the language that the table prefers.</summary>
internal static class CityReader
{
    private static readonly FrozenDictionary<string, string> s_cities = Tables.Variants("city-names.txt").ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Adds a city.</summary>
    public static Slice Read(scoped ReadOnlySpan<char> raw, ref FeatureText text)
    {
        if (raw.IsWhiteSpace())
            return default;
        Span<char> folded = stackalloc char[64], word = stackalloc char[96];
        ReadOnlySpan<char> city = folded[..Folding.Fold(raw, folded)];
        var native = HanNames.HasHan(city);
        if (native)
            city = WithoutRank(city);
        var length = 0;
        foreach (var character in city)
        {
            if (character != ' ')
                word[length++] = character;
        }

        var cities = s_cities.GetAlternateLookup<ReadOnlySpan<char>>();
        if (cities.TryGetValue(word[..length], out var canonical))
            return text.Add(canonical);
        if (native)
            length = HanNames.Pinyin(city, word);
        else if (length > 0 && word[0] >= 128 && Transliteration.Knows(city))
            length = Transliteration.Read(city, word);
        else
            return text.Add(word[..length]);
        return cities.TryGetValue(word[..length], out canonical) ? text.Add(canonical) : text.Add(word[..length]);
    }

    /// <summary>Whether a folded word is a city of the table.</summary>
    public static bool IsKnown(ReadOnlySpan<char> word) => s_cities.GetAlternateLookup<ReadOnlySpan<char>>().ContainsKey(word);

    /// <summary>东京都新宿区, 广东省深圳市, 成都市市: the name of the city without the words for what it is.</summary>
    private static ReadOnlySpan<char> WithoutRank(ReadOnlySpan<char> city)
    {
        if (city.StartsWith("东京"))
            return city[..2];
        var province = city.LastIndexOfAny("省府县");
        if (province > 0 && city.Length - province > 2)
            city = city[(province + 1)..];
        var end = city.IndexOf('市');
        return end >= 2 ? city[..end] : city;
    }
}

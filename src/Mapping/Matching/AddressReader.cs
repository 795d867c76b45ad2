using System.Collections.Frozen;

namespace Crm.Integration.Mapping.Matching;

/// <summary>Takes an address apart as far as comparing needs it.</summary>
internal static class AddressReader
{
    private static readonly FrozenDictionary<string, string> s_words = Tables.Variants("address-words.txt").ToFrozenDictionary(StringComparer.Ordinal);
    private static readonly FrozenDictionary<string, string> s_cities = Tables.Variants("city-names.txt").ToFrozenDictionary(StringComparer.Ordinal);
    private static readonly FrozenSet<string> s_units = new[] { "apt", "ste", "rm", "unit", "lot", "fl", "bldg", "dept", "trlr" }.ToFrozenSet(StringComparer.Ordinal);
    private static readonly FrozenSet<string> s_fillers = new[] { "de", "des", "du", "la", "le", "les", "l", "d", "del", "della", "di", "da", "do", "dos", "the", "of", "no", "nr", "num" }.ToFrozenSet(StringComparer.Ordinal);

    // Endings that German, Dutch and Scandinavian grow onto the street's own name.
    private static readonly string[] s_endings = ["strasse", "straat", "str", "platz", "plein", "pln", "pl", "gasse", "weg", "laan", "gatan", "g", "vagen", "vej", "v", "gade"];

    /// <summary>Adds the parts of an address.</summary>
    public static Address Read(scoped ReadOnlySpan<char> line, scoped ReadOnlySpan<char> line2, scoped ReadOnlySpan<char> city, scoped ReadOnlySpan<char> postalCode, scoped ReadOnlySpan<char> country, ref FeatureText text)
    {
        Span<char> folded = stackalloc char[256];
        var length = Folding.Fold(line, folded[..200]);
        if (!line2.IsWhiteSpace())
        {
            if (length > 0)
                folded[length++] = ' ';
            length += Folding.Fold(line2, folded[length..]);
        }

        Slice number = default, unit = default;
        Span<char> street = stackalloc char[128];
        var streetLength = 0;
        Span<char> whole = stackalloc char[128];
        var wholeLength = 0;
        var expectUnit = false;
        ReadOnlySpan<char> rest = folded[..length];
        while (NextToken(ref rest, out var token))
        {
            if (s_words.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(token, out var canonical) && s_units.Contains(canonical))
            {
                expectUnit = true;
                continue;
            }

            if (token is "室" or "号" or "號" or "楼" or "单元" or "栋")
            {
                continue;
            }

            if (char.IsAsciiDigit(token[0]))
            {
                if (number.IsEmpty && !expectUnit)
                    number = text.Add(token);
                else if (unit.IsEmpty)
                    unit = text.Add(token);
                expectUnit = false;
                continue;
            }

            if (expectUnit && token.Length <= 2)
            {
                unit = text.Add(token);
                expectUnit = false;
                continue;
            }

            if (s_fillers.GetAlternateLookup<ReadOnlySpan<char>>().Contains(token))
                continue;
            Append(token, whole, ref wholeLength);
            if (canonical is null)
                Append(HanNames.HasHan(token) ? token : Stem(token), street, ref streetLength);
        }

        var name = streetLength >= 3 ? street[..streetLength] : whole[..wholeLength];
        return new Address
        {
            Number = number,
            Unit = unit,
            Street = text.Add(name),
            PostalCode = PostalCode(postalCode, ref text),
            City = City(city, ref text),
            Country = country.Trim().Length == 2 ? Upper(country.Trim(), ref text) : default,
        };
    }

    private static void Append(ReadOnlySpan<char> token, Span<char> into, ref int length)
    {
        if (HanNames.HasHan(token))
        {
            length += HanNames.Pinyin(token, into[length..]);
            return;
        }

        var fits = Math.Min(token.Length, into.Length - length);
        token[..fits].CopyTo(into[length..]);
        length += fits;
    }

    private static ReadOnlySpan<char> Stem(ReadOnlySpan<char> token)
    {
        foreach (var ending in s_endings)
        {
            if (token.Length >= ending.Length + 4 && token.EndsWith(ending))
                return token[..^ending.Length];
        }

        return token;
    }

    /// <summary>Words of a folded line; where digits and Chinese characters meet, a word ends.</summary>
    private static bool NextToken(ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> token)
    {
        rest = rest.TrimStart(' ');
        token = default;
        if (rest.IsEmpty)
            return false;
        var end = 1;
        while (end < rest.Length && rest[end] != ' ' && !(HanNames.IsHan(rest[end]) ? char.IsAsciiDigit(rest[end - 1]) || IsMark(rest[end]) : HanNames.IsHan(rest[end - 1])))
            end++;
        token = rest[..end];
        rest = rest[end..];
        return true;
    }

    private static bool IsMark(char character) => character is '室' or '号' or '號';

    private static Slice PostalCode(scoped ReadOnlySpan<char> raw, ref FeatureText text)
    {
        Span<char> code = stackalloc char[12];
        var length = 0;
        foreach (var character in raw)
        {
            if (char.IsAsciiLetterOrDigit(character) && length < code.Length)
                code[length++] = char.ToUpperInvariant(character);
        }

        return length < 3 || code[..length].IndexOfAnyExcept('0') < 0 ? default : text.Add(code[..length]);
    }

    private static Slice City(scoped ReadOnlySpan<char> raw, ref FeatureText text)
    {
        Span<char> folded = stackalloc char[64];
        ReadOnlySpan<char> city = folded[..Folding.Fold(raw, folded)];
        Span<char> word = stackalloc char[96];
        int length;
        if (HanNames.HasHan(city))
        {
            // 东京都新宿区, 成都市市: the name of the city without the words for what it is.
            city = city.TrimEnd('市');
            length = HanNames.Pinyin(city, word);
        }
        else
        {
            length = 0;
            foreach (var character in city)
            {
                if (character != ' ')
                    word[length++] = character;
            }
        }

        var name = word[..length];
        return s_cities.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var canonical) ? text.Add(canonical) : text.Add(name);
    }

    private static Slice Upper(scoped ReadOnlySpan<char> country, ref FeatureText text)
    {
        Span<char> upper = stackalloc char[2];
        country.ToUpperInvariant(upper);
        if (upper is "UK")
            "GB".CopyTo(upper);
        return text.Add(upper);
    }
}

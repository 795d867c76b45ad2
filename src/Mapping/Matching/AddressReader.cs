using System.Collections.Frozen;

namespace Crm.Integration.Mapping.Matching;

/// <summary>Takes an address apart as far as comparing needs it.</summary>
internal static class AddressReader
{
    private static readonly FrozenDictionary<string, string> s_words = Tables.Variants("address-words.txt").ToFrozenDictionary(StringComparer.Ordinal);
    private static readonly FrozenSet<string> s_units = new[] { "apt", "ste", "rm", "unit", "lot", "fl", "bldg", "dept", "trlr" }.ToFrozenSet(StringComparer.Ordinal);
    private static readonly FrozenSet<string> s_fillers = new[] { "de", "des", "du", "la", "le", "les", "l", "d", "del", "della", "di", "da", "do", "dos", "the", "of", "no", "nr", "num" }.ToFrozenSet(StringComparer.Ordinal);

    // Endings that German, Dutch and Scandinavian grow onto the street's own name.
    private static readonly string[] s_endings = ["strasse", "straat", "str", "platz", "plein", "pln", "pl", "gasse", "weg", "laan", "gatan", "g", "vagen", "vej", "v", "gade"];

    /// <summary>Adds the parts of an address.</summary>
    public static Address Read(scoped ReadOnlySpan<char> line, scoped ReadOnlySpan<char> line2, scoped ReadOnlySpan<char> city, scoped ReadOnlySpan<char> postalCode, scoped ReadOnlySpan<char> country, ref FeatureText text)
    {
        if (city.IsWhiteSpace() && postalCode.IsWhiteSpace())
            WholeAddress.Split(ref line, ref line2, ref city, ref postalCode);
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
        var afterNumber = false;
        ReadOnlySpan<char> rest = folded[..length];
        var eastern = HanNames.HasHan(rest);
        while (NextToken(ref rest, out var token))
        {
            var extends = afterNumber;
            afterNumber = false;
            if (s_words.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(token, out var canonical) && s_units.Contains(canonical))
            {
                expectUnit = true;
                continue;
            }

            if (token is "室" or "号" or "楼" or "单元" or "栋" or "丁目" or "番地" or "番" or "层" or "호" or "층" or "동" or "th")
            {
                afterNumber = token is "丁目" or "番地" or "番";
                continue;
            }

            if (char.IsAsciiDigit(token[0]) && !IsOrdinal(token))
            {
                if (eastern && extends && !number.IsEmpty && unit.IsEmpty && text.Length == number.End)
                {
                    // 銀座1-8-1: block, lot and house are one number.
                    text.Add("-");
                    text.Add(token);
                    number = text.Since(number.Start);
                    afterNumber = true;
                }
                else if (number.IsEmpty && !expectUnit)
                {
                    number = text.Add(token);
                    afterNumber = true;
                }
                else if (unit.IsEmpty)
                {
                    unit = text.Add(token);
                }

                expectUnit = false;
                continue;
            }

            if (expectUnit && token.Length <= 2)
            {
                unit = text.Add(token);
                expectUnit = false;
                continue;
            }

            // "12 A" is 12a, at the end or before the flat; elsewhere a letter alone is what is left of an abbreviation (пр-т, P.º).
            if (token.Length == 1 && token[0] < 128)
            {
                if (extends && token[0] is >= 'a' and <= 'h' && text.Length == number.End && rest.IsWhiteSpace())
                {
                    text.Add(token);
                    number = text.Since(number.Start);
                }
                else
                {
                    Append(token, whole, ref wholeLength);
                }

                continue;
            }

            if (s_fillers.GetAlternateLookup<ReadOnlySpan<char>>().Contains(token))
                continue;
            if (eastern)
                token = WithoutDistrict(token);
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
            PostalCode = PostalCodeReader.Read(postalCode, ref text),
            City = CityReader.Read(city, ref text),
            Country = country.Trim().Length == 2 ? Upper(country.Trim(), ref text) : default,
        };
    }

    /// <summary>5th, 42nd: a street's name.</summary>
    private static bool IsOrdinal(ReadOnlySpan<char> token) =>
        token.Length > 2 && char.IsAsciiDigit(token[^3]) && (token.EndsWith("th") || token.EndsWith("st") || token.EndsWith("nd") || token.EndsWith("rd"));

    /// <summary>广东省深圳市南山区科技路: the street alone; province, city and district have fields of their own, or none.</summary>
    private static ReadOnlySpan<char> WithoutDistrict(ReadOnlySpan<char> token)
    {
        var at = token.LastIndexOfAny("省市区县");
        return at > 0 && token.Length - at > 2 ? token[(at + 1)..] : token;
    }

    private static void Append(ReadOnlySpan<char> token, Span<char> into, ref int length)
    {
        if (HanNames.HasHan(token))
        {
            length += HanNames.Pinyin(token, into[length..]);
            return;
        }

        if (Transliteration.Knows(token))
        {
            length += Transliteration.Read(token, into[length..]);
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

    private static bool IsMark(char character) => character is '室' or '号' or '栋';

    private static Slice Upper(scoped ReadOnlySpan<char> country, ref FeatureText text)
    {
        Span<char> upper = stackalloc char[2];
        country.ToUpperInvariant(upper);
        if (upper is "UK")
            "GB".CopyTo(upper);
        return text.Add(upper);
    }
}

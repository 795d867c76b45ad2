using System.Collections.Frozen;

namespace Crm.Integration.Mapping.Values;

/// <summary>Postal codes in the form in which each country writes them.</summary>
public static class PostalCode
{
    // 9 a digit, A a letter, other characters stand for themselves and are put in; the first one whose letters and digits fit holds.
    private static readonly FrozenDictionary<string, string[]> s_formats = new Dictionary<string, string[]>
    {
        ["AD"] = ["AA999"], ["AR"] = ["9999", "A9999AAA"], ["AT"] = ["9999"], ["AU"] = ["9999"], ["BE"] = ["9999"], ["BG"] = ["9999"], ["BR"] = ["99999-999"],
        ["CA"] = ["A9A 9A9"], ["CH"] = ["9999"], ["CL"] = ["9999999"], ["CN"] = ["999999"], ["CO"] = ["999999"], ["CZ"] = ["999 99"], ["CY"] = ["9999"], ["DE"] = ["99999"], ["DK"] = ["9999"],
        ["EE"] = ["99999"], ["ES"] = ["99999"], ["FI"] = ["99999"], ["FR"] = ["99999"], ["GR"] = ["999 99"], ["HR"] = ["99999"], ["HU"] = ["9999"], ["ID"] = ["99999"],
        ["IE"] = ["AA9 A9AA", "A99 AAAA", "A99 9AAA", "A99 A9AA", "A99 AA9A", "A99 AAA9", "A99 99AA", "A99 A99A", "A99 9A9A", "A9A AAAA"], ["IL"] = ["9999999", "99999"], ["IN"] = ["999999"], ["IT"] = ["99999"], ["JP"] = ["999-9999"], ["KR"] = ["99999"], ["LT"] = ["99999"], ["LU"] = ["9999"],
        ["LV"] = ["LV-9999"], ["MX"] = ["99999"], ["MY"] = ["99999"], ["NL"] = ["9999 AA"], ["NO"] = ["9999"], ["NZ"] = ["9999"], ["PH"] = ["9999"], ["PL"] = ["99-999"],
        ["PT"] = ["9999-999"], ["RO"] = ["999999"], ["RU"] = ["999999"], ["SA"] = ["99999", "99999-9999"], ["SE"] = ["999 99"], ["SG"] = ["999999"], ["SI"] = ["9999"], ["SK"] = ["999 99"], ["TH"] = ["99999"],
        ["TR"] = ["99999"], ["TW"] = ["999", "99999", "999999"], ["UA"] = ["99999"], ["US"] = ["99999", "99999-9999"], ["VN"] = ["999999", "99999"], ["ZA"] = ["9999"],
        ["GB"] = ["A9 9AA", "A99 9AA", "AA9 9AA", "AA99 9AA", "A9A 9AA", "AA9A 9AA"],
    }.ToFrozenDictionary();

    // Leading zeros that a spreadsheet ate come back where the length is fixed and codes do begin with 0.
    private static readonly FrozenSet<string> s_zeros = FrozenSet.Create(StringComparer.Ordinal, "AU", "CN", "DE", "EE", "ES", "FI", "FR", "GR", "HR", "IT", "LT", "MX", "MY", "RO", "TR", "UA", "US");

    /// <summary>The code as its country writes it, or null when it does not fit. Without a known country: half-width, upper case, one blank at most.</summary>
    /// <param name="text">What somebody typed. The same string comes back when there is nothing to change.</param>
    /// <param name="country">ISO 3166-1 alpha-2, or null.</param>
    public static string? Parse(string? text, string? country)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > 20)
            return null;
        if (country is null || !s_formats.TryGetValue(country, out var formats))
        {
            var plain = TextFold.Collapse(TextFold.ToHalfWidth(text)).ToUpperInvariant();
            return plain == text ? text : plain;
        }

        Span<char> code = stackalloc char[20];
        var length = Squeeze(text, country, code);
        if (Fit(code[..length], formats) is { } fitting)
            return fitting == text ? text : fitting;
        var missing = formats[0].Length - length;
        if (missing != 1 || !s_zeros.Contains(country) || code[..length].ContainsAnyExceptInRange('0', '9'))
            return null;
        return Fit("0" + code[..length].ToString(), formats);
    }

    /// <summary>Letters and digits only, in upper case, without the country that some write before: D-10115, CH 8001.</summary>
    private static int Squeeze(string text, string country, Span<char> code)
    {
        var length = 0;
        foreach (var character in text)
        {
            var c = char.ToUpperInvariant(TextFold.ToHalfWidth(character));
            if (char.IsAsciiLetterOrDigit(c))
                code[length++] = c;
            else if (c is not (' ' or '-' or '.' or '\u00A0' or '–'))
                return 0;
        }

        var letters = code[..length].IndexOfAnyExceptInRange('A', 'Z');
        if (s_formats[country][0][0] == '9' && letters is 1 or 2 && letters < length
            && (code[..letters].SequenceEqual(country) || (letters == 1 && code[0] == country[0])))
        {
            code[letters..length].CopyTo(code);
            length -= letters;
        }

        return length;
    }

    private static string? Fit(ReadOnlySpan<char> code, string[] formats)
    {
        Span<char> written = stackalloc char[24];
        foreach (var format in formats)
        {
            if (Fit(code, format, written) is > 0 and var length)
                return written[..length].ToString();
        }

        return null;
    }

    private static int Fit(ReadOnlySpan<char> code, string format, Span<char> written)
    {
        var at = 0;
        for (var i = 0; i < format.Length; i++)
        {
            var wanted = format[i];
            if (wanted is ' ' or '-')
            {
                written[i] = wanted;
                continue;
            }

            if (at == code.Length)
                return -1;
            var c = code[at++];
            if (!(wanted switch { '9' => char.IsAsciiDigit(c), 'A' => char.IsAsciiLetterUpper(c), _ => c == wanted }))
                return -1;
            written[i] = c;
        }

        return at == code.Length ? format.Length : -1;
    }
}

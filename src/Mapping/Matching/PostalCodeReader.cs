namespace Crm.Integration.Mapping.Matching;

/// <summary>Reads postal codes: letters and digits, without the sign of the country.</summary>
internal static class PostalCodeReader
{
    /// <summary>Adds a code; nothing for noughts.</summary>
    public static Slice Read(scoped ReadOnlySpan<char> raw, ref FeatureText text)
    {
        raw = raw.Trim();
        // D-50667, CH-8001, NL-1076 VV: the letters are the country's.
        var letters = 0;
        while (letters < raw.Length && char.IsAsciiLetter(raw[letters]))
            letters++;
        if (letters is 1 or 2 or 3 && raw.Length > letters + 4 && raw[letters] is '-' && char.IsAsciiDigit(raw[letters + 1]))
            raw = raw[(letters + 1)..];

        Span<char> code = stackalloc char[12];
        int length = 0, digits = 0;
        foreach (var character in raw)
        {
            var plain = character is >= '０' and <= '９' ? (char)(character - '０' + '0') : character;
            if (!char.IsAsciiLetterOrDigit(plain) || length == code.Length)
                continue;
            code[length++] = char.ToUpperInvariant(plain);
            digits += char.IsAsciiDigit(plain) ? 1 : 0;
        }

        // 10001-2345: four digits more than others write.
        if (digits == 9 && length == 9 && raw.IndexOf('-') == 5)
            length = 5;
        return length < 3 || digits == 0 || code[..length].IndexOfAnyExcept('0') < 0 || code[..length] is "99999" or "999999" or "123456" or "12345678" ? default : text.Add(code[..length]);
    }
}

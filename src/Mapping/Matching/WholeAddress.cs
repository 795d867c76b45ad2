namespace Crm.Integration.Mapping.Matching;

/// <summary>Finds postal code and city in an address that stands in one field: "12 Main St, 02119 Boston, USA".</summary>
internal static class WholeAddress
{
    /// <summary>Cuts the field; leaves everything as it is where no part looks like code and city.</summary>
    public static void Split(scoped ref ReadOnlySpan<char> line, scoped ref ReadOnlySpan<char> line2, scoped ref ReadOnlySpan<char> city, scoped ref ReadOnlySpan<char> postalCode)
    {
        var end = line.Length;
        // From behind: the country, if it is there, comes last, and has no digits.
        for (var parts = 0; parts < 3 && end > 0; parts++)
        {
            var start = line[..end].LastIndexOfAny(",\n;，") + 1;
            var part = line[start..end].Trim();
            if (start > 0 && IsPlace(part, out var code, out var town))
            {
                postalCode = code;
                city = town;
                line = line[..(start - 1)];
                return;
            }

            if (part.IndexOfAnyInRange('0', '9') >= 0)
                return;
            end = Math.Max(0, start - 1);
        }
    }

    /// <summary>Whether a part is "02119 Boston", "1076 VV Amsterdam", "Boston MA 02119" or "London SW1A 1AA".</summary>
    private static bool IsPlace(ReadOnlySpan<char> part, out ReadOnlySpan<char> code, out ReadOnlySpan<char> town)
    {
        code = town = default;
        var space = part.IndexOf(' ');
        if (space < 3 || part.Length < space + 3)
            return false;
        if (Digits(part[..space]) >= 3 && part.Length > space + 2)
        {
            // A second group belongs to the code: 1076 VV, 114 55, BS13 5ND.
            var second = part[(space + 1)..];
            var next = second.IndexOf(' ');
            if (next is 2 or 3 && (Digits(second[..next]) > 0 || IsUpper(second[..next])))
                space += next + 1;
        }
        else if (Digits(part[..space]) > 0 && part[(space + 1)..].IndexOf(' ') == 3 && char.IsAsciiDigit(part[space + 1]))
        {
            space += 4;
        }
        else
        {
            return FromBehind(part, out code, out town);
        }

        code = part[..space];
        town = part[(space + 1)..];
        return town.IndexOfAnyInRange('0', '9') < 0;
    }

    private static bool FromBehind(ReadOnlySpan<char> part, out ReadOnlySpan<char> code, out ReadOnlySpan<char> town)
    {
        code = town = default;
        var last = part.LastIndexOf(' ');
        if (Digits(part[(last + 1)..]) < 1)
            return false;
        if (Digits(part[(last + 1)..]) < 4)
        {
            var before = part[..last].LastIndexOf(' ');
            if (before < 0 || Digits(part[(before + 1)..last]) == 0 || !IsUpper(part[(before + 1)..(before + 2)]))
                return false;
            last = before;
        }

        code = part[(last + 1)..];
        town = part[..last];
        if (town.LastIndexOf(' ') is > 0 and var state && town.Length - state == 3 && IsUpper(town[(state + 1)..]))
            town = town[..state];
        return town.IndexOfAnyInRange('0', '9') < 0;
    }

    private static int Digits(ReadOnlySpan<char> text)
    {
        var digits = 0;
        foreach (var character in text)
            digits += char.IsAsciiDigit(character) ? 1 : 0;
        return digits;
    }

    private static bool IsUpper(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (!char.IsAsciiLetterUpper(character))
                return false;
        }

        return true;
    }
}

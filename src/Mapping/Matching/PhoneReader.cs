using System.Buffers;

namespace Crm.Integration.Mapping.Matching;

/// <summary>Reads phone numbers, in E.164 or as people write them.</summary>
internal static class PhoneReader
{
    private static readonly SearchValues<char> s_between = SearchValues.Create("/;,|\nou");

    // Prefixes of mobile numbers after the country code. Where mobiles share the prefixes of fixed lines (+1) nothing is known.
    private static readonly (string Country, string[] Mobile)[] s_plans =
    [
        ("86", ["13", "14", "15", "16", "17", "18", "19"]), ("852", ["5", "6", "9"]), ("886", ["9"]), ("49", ["15", "16", "17"]), ("43", ["65", "66", "67", "68", "69"]),
        ("41", ["74", "75", "76", "77", "78", "79"]), ("44", ["7"]), ("353", ["8"]), ("33", ["6", "7"]), ("32", ["4"]), ("31", ["6"]), ("352", ["6"]),
        ("34", ["6", "7"]), ("351", ["9"]), ("39", ["3"]), ("46", ["7"]), ("47", ["4", "9"]), ("45", []), ("358", ["4", "5"]), ("48", ["5", "6", "7", "88"]),
        ("420", ["6", "7"]), ("36", ["20", "30", "31", "70"]), ("40", ["7"]), ("30", ["69"]), ("90", ["5"]), ("7", ["9"]), ("380", ["39", "5", "6", "9"]),
        ("91", ["6", "7", "8", "9"]), ("81", ["70", "80", "90"]), ("82", ["10"]), ("65", ["8", "9"]), ("61", ["4"]), ("64", ["2"]), ("971", ["5"]), ("966", ["5"]), ("27", ["6", "7", "8"]), ("354", ["6", "7", "8"]), ("372", ["5"]), ("370", ["6"]), ("371", ["2"]), ("385", ["9"]), ("386", ["3", "4", "5", "6", "7"]), ("421", ["9"]), ("359", ["8", "9"]), ("381", ["6"]), ("972", ["5"]), ("20", ["1"]), ("55", []),
    ];

    /// <summary>The number that stands in text; false when there is none, or a placeholder.</summary>
    public static bool TryRead(ReadOnlySpan<char> raw, out Phone phone)
    {
        phone = default;
        raw = raw.Trim();
        if (raw.IsEmpty)
            return false;

        Span<char> digits = stackalloc char[20];
        var count = 0;
        var international = raw[0] == '+' || (raw.IndexOf('+') is > 0 and < 6 and var plus && raw[..plus].IndexOfAnyInRange('0', '9') < 0);
        for (var i = 0; i < raw.Length && count < digits.Length; i++)
        {
            var character = raw[i];
            if (character is >= '０' and <= '９')
                character = (char)(character - '０' + '0');
            if (char.IsAsciiDigit(character))
            {
                digits[count++] = character;
            }
            else if (character == '(' && i + 2 < raw.Length && raw[i + 1] == '0' && raw[i + 2] == ')' && count > 0)
            {
                // "+49 (0)511": the nought is for callers at home.
                i += 2;
            }
            else if ((char.IsLetter(character) || character is '#' or ';') && count > 5)
            {
                // "x56", "ext. 56", "#56": the line inside the house.
                break;
            }
        }

        var number = digits[..count];
        if (!international && number.StartsWith("00"))
        {
            international = true;
            number = number[2..];
        }
        else if (!international && number.Length > 12 && number.StartsWith("011"))
        {
            international = true;
            number = number[3..];
        }

        if (number.Length < 7 || number.Length > 17 || IsPlaceholder(number))
            return false;
        var line = international ? LineOf(number) : DomesticLineOf(number);
        var significant = (international ? WithoutCountry(number) : number).TrimStart('0');
        if (significant.Length < 6)
            return false;
        ulong value = 0;
        foreach (var digit in significant)
            value = (value * 10) + (ulong)(digit - '0');
        phone = new Phone(value, line);
        return true;
    }

    /// <summary>Where the number is short, the country's digits would reach into those that are compared: +354 555 1234 is 5551234.</summary>
    private static ReadOnlySpan<char> WithoutCountry(ReadOnlySpan<char> number)
    {
        if (number.Length > 11)
            return number;
        foreach (var (country, _) in s_plans)
        {
            if (number.StartsWith(country) && number.Length - country.Length is 6 or 7)
                return number[country.Length..];
        }

        return number;
    }

    /// <summary>Where a second number begins in a field of several, or 0: "030 1234567 / 0171 2345678".</summary>
    public static int Second(ReadOnlySpan<char> raw)
    {
        if (raw.Length < 15 || raw.IndexOfAny(s_between) < 0)
            return 0;
        for (var i = 7; i + 7 < raw.Length; i++)
        {
            var apart = raw[i] is '/' or ';' or ',' or '|' or '\n' || raw[i..].StartsWith(" or ") || raw[i..].StartsWith(" oder ") || raw[i..].StartsWith(" und ");
            if (apart && Digits(raw[..i]) >= 7 && Digits(raw[(i + 1)..]) >= 7)
                return i + 1;
        }

        return 0;
    }

    private static int Digits(ReadOnlySpan<char> text)
    {
        var digits = 0;
        foreach (var character in text)
            digits += char.IsAsciiDigit(character) ? 1 : 0;
        return digits;
    }

    private static PhoneLine LineOf(ReadOnlySpan<char> number)
    {
        foreach (var (country, mobile) in s_plans)
        {
            if (!number.StartsWith(country))
                continue;
            var rest = number[country.Length..].TrimStart('0');
            foreach (var prefix in mobile)
            {
                if (rest.StartsWith(prefix))
                    return PhoneLine.Mobile;
            }

            return mobile.Length == 0 ? PhoneLine.Unknown : PhoneLine.Fixed;
        }

        return PhoneLine.Unknown;
    }

    private static PhoneLine DomesticLineOf(ReadOnlySpan<char> number) => number switch
    {
        ['1', >= '3' and <= '9', ..] when number.Length == 11 => PhoneLine.Mobile,
        ['0', '1', '5' or '6' or '7', ..] when number.Length is 11 or 12 => PhoneLine.Mobile,
        ['0', '7', ..] when number.Length == 11 => PhoneLine.Mobile,
        ['0', '6', ..] when number.Length == 10 => PhoneLine.Mobile,
        ['0', '7' or '8' or '9', '0', ..] when number.Length == 11 => PhoneLine.Mobile,
        ['0', '1', '0', ..] when number.Length == 11 => PhoneLine.Mobile,
        ['8', '9', ..] when number.Length == 11 => PhoneLine.Mobile,
        _ => PhoneLine.Unknown,
    };

    private static bool IsPlaceholder(ReadOnlySpan<char> number)
    {
        // Nobody's: one digit over and over, a run up or down, a tail of noughts, and 555 01xx, kept free for films.
        Span<int> counts = stackalloc int[10];
        int up = 0, down = 0;
        for (var i = 0; i < number.Length; i++)
        {
            counts[number[i] - '0']++;
            if (i == 0)
                continue;
            if (number[i] == number[i - 1] + 1 || (number[i] == '0' && number[i - 1] == '9'))
                up++;
            if (number[i] == number[i - 1] - 1 || (number[i] == '9' && number[i - 1] == '0'))
                down++;
        }

        var most = 0;
        foreach (var count in counts)
            most = Math.Max(most, count);
        return most >= number.Length - 1 || number[^7..].IndexOfAnyExcept(number[^1]) < 0 || (most >= 8 && most >= number.Length - 3) || up >= Math.Max(5, number.Length - 3) || down >= Math.Max(5, number.Length - 3)
            || number.EndsWith("000000") || (number.Length == 7 && number.StartsWith("555"));
    }
}

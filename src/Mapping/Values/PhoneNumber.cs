namespace Crm.Integration.Mapping.Values;

/// <summary>Phone numbers as people type and systems export them, by the numbering plans of all countries.</summary>
public static class PhoneNumber
{
    private const int MaxDigits = 32;

    private static readonly string[] s_extensionMarks = ["ext", "extn", "extension", "x", "xt", "durchwahl", "dw", "poste", "interno", "int", "ramal", "anexo", "doorkies", "转", "轉", "分机", "分機", "内線", "內線"];

    /// <summary>Whether a number in E.164 form (<c>+8613800138000</c>) fits the numbering plan of its country.</summary>
    /// <param name="e164">A plus and digits, nothing else.</param>
    public static bool IsPossible(string? e164)
    {
        if (e164 is null || e164.Length is < 6 or > 16 || e164[0] != '+' || e164.AsSpan(1).ContainsAnyExceptInRange('0', '9'))
            return false;
        var digits = e164.AsSpan(1);
        foreach (var plan in PhonePlan.OfInternational(digits))
        {
            if (plan.Fits(digits[plan.CallingCode.Length..]))
                return true;
        }

        return false;
    }

    /// <summary>The number in E.164 form, or null when it fits no numbering plan. Extensions are dropped.</summary>
    /// <param name="text">What somebody typed. The same string comes back when there is nothing to change.</param>
    /// <param name="country">ISO 3166-1 alpha-2 of the country whose habits hold when the number does not say; null when none is known.</param>
    public static string? Parse(string? text, string? country) => text is null ? null : IsPossible(text) ? text : Parse(text, PhonePlan.Of(country));

    /// <summary>The country (ISO 3166-1 alpha-2) of a number in E.164 form, or null.</summary>
    /// <param name="e164">A plus and digits, nothing else.</param>
    public static string? CountryOf(string? e164)
    {
        if (!IsPossible(e164))
            return null;
        var digits = e164.AsSpan(1);
        var plans = PhonePlan.OfInternational(digits);
        foreach (var plan in plans)
        {
            if (plan.Owns(digits[plan.CallingCode.Length..]))
                return plan.Country == "001" ? null : plan.Country;
        }

        // Not assigned yet, or made up (+1 555…): the plan's main country.
        return plans[0].Country;
    }

    internal static string? Parse(string text, PhonePlan? home)
    {
        Span<char> buffer = stackalloc char[MaxDigits];
        if (!TryRead(text, buffer, out var length, out var isInternational))
            return null;
        ReadOnlySpan<char> digits = buffer[..length];
        if (isInternational)
            return International(digits, home);

        var abroad = home?.InternationalPrefixLength(digits) ?? -1;
        if (abroad > 0 && International(digits[abroad..], home) is { } dialled)
            return dialled;
        if (digits.StartsWith("00") && International(digits[2..], home) is { } plain)
            return plain;
        if (home is null)
            return null;
        if (National(digits, home, preferStripped: true) is { } national)
            return national;

        // "86 138 0013 8000": the calling code without its plus.
        return digits.StartsWith(home.CallingCode) ? National(digits[home.CallingCode.Length..], home, preferStripped: false) : null;
    }

    private static string? International(ReadOnlySpan<char> digits, PhonePlan? home)
    {
        var plans = PhonePlan.OfInternational(digits);
        if (plans.IsEmpty)
            return null;
        var national = digits[plans[0].CallingCode.Length..];
        if (home is not null && home.CallingCode == plans[0].CallingCode && National(national, home, preferStripped: false) is { } number)
            return number;
        foreach (var plan in plans)
        {
            if (National(national, plan, preferStripped: false) is { } found)
                return found;
        }

        // Mexican mobiles were written +52 1 until 2019; old records still are.
        return plans[0].Country == "MX" && national.Length == 11 && national[0] == '1' ? National(national[1..], plans[0], preferStripped: false) : null;
    }

    private static string? National(ReadOnlySpan<char> digits, PhonePlan plan, bool preferStripped)
    {
        Span<char> stripped = stackalloc char[MaxDigits];
        if (!preferStripped && plan.Fits(digits))
            return string.Concat("+", plan.CallingCode, digits);
        if (plan.TryStripPrefix(digits, stripped, out var length) && plan.Fits(stripped[..length]))
            return string.Concat("+", plan.CallingCode, stripped[..length]);
        return preferStripped && plan.Fits(digits) ? string.Concat("+", plan.CallingCode, digits) : null;
    }

    /// <summary>Takes the digits out of a text; false when it holds anything that no phone number holds.</summary>
    private static bool TryRead(string text, Span<char> digits, out int length, out bool isInternational)
    {
        length = 0;
        isInternational = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = TextFold.ToHalfWidth(text[i]);
            if (char.IsDigit(c))
            {
                if (length == digits.Length)
                    return false;
                digits[length++] = char.IsAsciiDigit(c) ? c : (char)('0' + (int)char.GetNumericValue(c));
            }
            else if (c == '+')
            {
                if (length > 0 || isInternational)
                    return false;
                isInternational = true;
            }
            else if (c == '(' && length > 0 && IsBracketedZero(text, i))
            {
                // +44 (0)20: the zero is only dialled inside the country.
                i = text.AsSpan(i).IndexOfAny(')', '）') + i;
            }
            else if (c == '#' || char.IsLetter(c))
            {
                if (length >= 5 && IsExtension(text.AsSpan(i)))
                    return true;
                if (length > 0 || isInternational || !TrySkipLabel(text, ref i))
                    return false;
            }
            else if (c == ';' && length >= 5 && text.AsSpan(i).StartsWith(";ext=", StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
            else if (!IsSeparator(c))
            {
                return false;
            }
        }

        return length >= 3;
    }

    private static bool IsBracketedZero(string text, int open)
    {
        var close = text.AsSpan(open).IndexOfAny(')', '）');
        return close > 0 && TextFold.ToHalfWidth(text.Substring(open + 1, close - 1)).Trim() == "0";
    }

    private static bool IsSeparator(char c) =>
        c is ' ' or '-' or '.' or '/' or '(' or ')' or '[' or ']' or '\t' or '\u00A0' or '\u202F' or '~' or '·' or '\'' or '=' or '"' or '_'
        || (c > 127 && (char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.DashPunctuation or System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.SpaceSeparator || c == '−'));

    private static bool IsExtension(ReadOnlySpan<char> rest)
    {
        if (rest[0] == '#')
            return !rest[1..].IsEmpty && !rest[1..].Trim().ContainsAnyExceptInRange('0', '9');
        foreach (var mark in s_extensionMarks)
        {
            if (!rest.StartsWith(mark, StringComparison.OrdinalIgnoreCase))
                continue;
            var number = rest[mark.Length..].Trim(" .:-：#");
            if (number.Length is > 0 and <= 7 && !number.ContainsAnyExceptInRange('0', '9'))
                return true;
        }

        return false;
    }

    // "Tel.: 030 …", "M: …", "手机：…", "tel:+49…": words that end in a colon or a dot before the first digit.
    private static bool TrySkipLabel(string text, ref int index)
    {
        var mark = ' ';
        for (var i = index; i < text.Length && i - index <= 20; i++)
        {
            var c = TextFold.ToHalfWidth(text[i]);
            if (char.IsDigit(c) || c is '+' or '(')
            {
                index = i - 1;
                return mark is ':' or '.';
            }

            if (!char.IsLetter(c) && c is not (' ' or '-' or '.' or ':'))
                return false;
            if (c != ' ')
                mark = c;
        }

        return false;
    }
}

using System.Globalization;

namespace Crm.Integration.Mapping.Values;

/// <summary>Numbers and amounts as people and locales write them.</summary>
public static class NumberText
{
    // Where the comma is the decimal sign; all others use the dot.
    private static readonly HashSet<string> s_commaLanguages = new(StringComparer.OrdinalIgnoreCase)
    {
        "de", "fr", "es", "it", "pt", "nl", "ru", "pl", "sv", "da", "nb", "no", "nn", "fi", "cs", "sk", "hu", "ro", "bg", "el", "uk", "tr", "hr", "sl", "sr", "lt", "lv", "et", "is", "id", "vi", "ca", "gl", "eu", "af", "kk", "be", "mk", "sq", "bs", "az", "ka", "hy",
    };

    private static readonly HashSet<string> s_dotLocales = new(StringComparer.OrdinalIgnoreCase) { "de-CH", "de-LI", "it-CH", "es-MX", "es-US", "es-PR", "es-DO", "es-GT", "es-HN", "es-NI", "es-PA", "es-PE", "es-SV" };

    /// <summary>The decimal sign that a locale (<c>de</c>, <c>de-CH</c>) or a sign itself stands for; null when it is neither.</summary>
    /// <param name="locale">A language tag, a dot or a comma.</param>
    public static char? DecimalSign(string locale)
    {
        ArgumentNullException.ThrowIfNull(locale);
        if (locale is "." or ",")
            return locale[0];
        var tag = locale.Replace('_', '-');
        var language = tag.Split('-')[0];
        if (language.Length is < 2 or > 3 || !language.All(char.IsAsciiLetter))
            return null;
        return s_commaLanguages.Contains(language) && !s_dotLocales.Contains(tag) ? ',' : '.';
    }

    /// <summary>The number in a text, or null. Currency signs and codes, blanks, apostrophes and a percent sign are passed over; brackets mean minus.</summary>
    /// <param name="text">The text.</param>
    /// <param name="decimalSign">A dot or a comma; null to find out: of both the last one is it; a single comma before other than three digits is it. 1,234 alone could be both, and is refused.</param>
    public static decimal? Parse(string? text, char? decimalSign = null)
    {
        if (text is null || text.Length > 60)
            return null;
        Span<char> digits = stackalloc char[text.Length + 1];
        var length = 0;
        var isNegative = false;
        var signs = 0;
        Span<int> marks = stackalloc int[text.Length];
        var markCount = 0;
        var isOpen = false;
        var source = text.AsSpan().Trim();
        for (var i = 0; i < source.Length; i++)
        {
            var c = TextFold.ToHalfWidth(source[i]);
            switch (c)
            {
                case >= '0' and <= '9':
                    digits[length++] = c;
                    break;
                case '.' or ',' or '٫' or '、':
                    marks[markCount++] = length;
                    digits[length++] = c;
                    break;
                case '-' or '−' or '–':
                    // A minus stands before or after all the digits.
                    if (signs++ > 0 || (length > 0 && !IsRest(source[(i + 1)..])))
                        return null;
                    isNegative = true;
                    break;
                case '+':
                    if (signs++ > 0 || length > 0)
                        return null;
                    break;
                case '(':
                    if (length > 0)
                        return null;
                    isOpen = true;
                    break;
                case ')':
                    if (!isOpen)
                        return null;
                    isNegative = true;
                    break;
                case ' ' or '\u00A0' or '\u202F' or '\u2009' or '\'' or '’' or '%' or '\t':
                    break;
                default:
                    if (!IsCurrency(source, ref i, length))
                        return null;
                    break;
            }
        }

        if (length == markCount)
            return null;
        var number = Read(digits[..length], marks[..markCount], decimalSign);
        return isNegative ? -number : number;
    }

    private static bool IsRest(ReadOnlySpan<char> rest)
    {
        foreach (var c in rest)
        {
            if (char.IsDigit(c))
                return false;
        }

        return true;
    }

    // "€", "US$", "EUR", "kr.", "元": signs, and words of at most three letters, before or after the digits.
    private static bool IsCurrency(ReadOnlySpan<char> text, ref int index, int digitsBefore)
    {
        if (char.GetUnicodeCategory(text[index]) == UnicodeCategory.CurrencySymbol)
            return true;
        var start = index;
        while (index + 1 < text.Length && char.IsLetter(text[index + 1]))
            index++;
        if (!char.IsLetter(text[start]) || index - start > 2)
            return false;
        // "12E5" is no amount.
        return (digitsBefore == 0 || IsRest(text[(index + 1)..])) && !text[start..(index + 1)].Equals("E", StringComparison.OrdinalIgnoreCase);
    }

    private static decimal? Read(ReadOnlySpan<char> digits, ReadOnlySpan<int> marks, char? decimalSign)
    {
        var point = -1;
        if (decimalSign is { } sign)
        {
            foreach (var mark in marks)
            {
                if (digits[mark] != sign)
                    continue;
                if (point >= 0)
                    return null;
                point = mark;
            }
        }
        else if (marks.Length > 0)
        {
            var last = digits[marks[^1]];
            var sameAsLast = 0;
            foreach (var mark in marks)
                sameAsLast += digits[mark] == last ? 1 : 0;
            if (sameAsLast == 1 && (marks.Length > 1 || last == '.' || digits.Length - marks[^1] != 4))
                point = marks[^1];
            else if (sameAsLast == 1)
                return null;
        }

        // Grouping signs stand before the point, between groups of two (India) to four (East Asia) digits.
        Span<char> plain = stackalloc char[digits.Length];
        var length = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            if (char.IsAsciiDigit(digits[i]))
                plain[length++] = digits[i];
            else if (i == point)
                plain[length++] = '.';
            else if ((point >= 0 && i > point) || i == 0 || GroupLength(digits[(i + 1)..]) is < 2 or > 4)
                return null;
        }

        return decimal.TryParse(plain[..length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private static int GroupLength(ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOfAnyExceptInRange('0', '9');
        return end < 0 ? rest.Length : end;
    }
}

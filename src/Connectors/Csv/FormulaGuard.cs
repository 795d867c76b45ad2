namespace Crm.Integration.Connectors.Csv;

/// <summary>
/// Keeps spreadsheets from running cells as formulas, reversibly: for every text, <c>Unescape(Escape(text)) == text</c>.
/// An apostrophe before a text that is dangerous behind any number of apostrophes; so a text that came with one keeps it.
/// </summary>
internal static class FormulaGuard
{
    public static string Escape(string text) => IsDangerous(text.AsSpan().TrimStart('\'')) ? "'" + text : text;

    public static string Unescape(string text) =>
        text.Length > 1 && text[0] == '\'' && IsDangerous(text.AsSpan().TrimStart('\'')) ? text[1..] : text;

    private static bool IsDangerous(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return false;
        // Tab and carriage return are dangerous where they stand first; spaces and line feeds may stand before the sign.
        if (text[0] is '\t' or '\r')
            return true;
        var start = text.TrimStart(" \n\u00A0\u3000");
        if (start.IsEmpty)
            return false;
        return start[0] switch
        {
            '=' or '@' or '＝' or '＠' or '\t' or '\r' => true,
            '＋' or '－' => true,
            '+' or '-' => !IsNumberOrPhone(start.TrimEnd()),
            _ => false,
        };
    }

    // Digits and separators compute at worst a wrong number; without a letter nothing can be called.
    private static bool IsNumberOrPhone(ReadOnlySpan<char> text)
    {
        var digits = 0;
        var others = 0;
        for (var i = 1; i < text.Length; i++)
        {
            if (char.IsAsciiDigit(text[i]))
                digits++;
            else if (text[i] is '.' or ',' || (text[0] == '+' && text[i] is ' ' or '(' or ')' or '-' or '/' or '\u00A0'))
                others++;
            else if (text[i] is 'e' or 'E' && digits > 0 && i + 1 < text.Length && IsExponent(text[(i + 1)..]))
                return true;
            else
                return false;
        }

        return digits > 0 && others <= digits;
    }

    private static bool IsExponent(ReadOnlySpan<char> text)
    {
        if (text[0] is '+' or '-')
            text = text[1..];
        return !text.IsEmpty && text.Length <= 3 && !text.ContainsAnyExceptInRange('0', '9');
    }
}

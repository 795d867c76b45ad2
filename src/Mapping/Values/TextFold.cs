using System.Globalization;
using System.Text;

namespace Crm.Integration.Mapping.Values;

/// <summary>Makes texts that look alike be alike. Every method gives back the same string when there is nothing to change.</summary>
public static class TextFold
{
    // Letters that Unicode does not take apart into a base letter and a mark.
    private static readonly Dictionary<char, string> s_letters = new()
    {
        ['ß'] = "ss", ['ẞ'] = "SS", ['æ'] = "ae", ['Æ'] = "AE", ['œ'] = "oe", ['Œ'] = "OE", ['ø'] = "o", ['Ø'] = "O", ['đ'] = "d", ['Đ'] = "D",
        ['ð'] = "d", ['Ð'] = "D", ['þ'] = "th", ['Þ'] = "TH", ['ł'] = "l", ['Ł'] = "L", ['ħ'] = "h", ['Ħ'] = "H", ['ı'] = "i", ['ĸ'] = "k",
        ['ŋ'] = "ng", ['Ŋ'] = "NG", ['ŧ'] = "t", ['Ŧ'] = "T", ['ĳ'] = "ij", ['Ĳ'] = "IJ", ['ſ'] = "s", ['ƒ'] = "f",
        ['‘'] = "'", ['’'] = "'", ['‚'] = "'", ['“'] = "\"", ['”'] = "\"", ['„'] = "\"", ['«'] = "\"", ['»'] = "\"",
        ['–'] = "-", ['—'] = "-", ['‐'] = "-", ['‑'] = "-", ['−'] = "-", ['…'] = "...", ['€'] = "EUR", ['№'] = "No",
    };

    /// <summary>Folds diacritics and typographic signs to ASCII: Müller → Muller, Łódź → Lodz, “a” → "a". Other scripts stay.</summary>
    /// <param name="text">The text.</param>
    public static string ToAscii(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Ascii.IsValid(text))
            return text;
        var buffer = new StringBuilder(text.Length);
        foreach (var c in Normalize(text, NormalizationForm.FormD))
        {
            // Marks of other scripts belong to their letters: only those after a Latin letter go.
            if (char.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark && buffer.Length > 0 && char.IsAsciiLetter(buffer[^1]))
                continue;
            if (s_letters.TryGetValue(c, out var plain))
                buffer.Append(plain);
            else
                buffer.Append(c == '\u00A0' ? ' ' : c);
        }

        var folded = Normalize(buffer.ToString(), NormalizationForm.FormC);
        return folded == text ? text : folded;
    }

    /// <summary>Full-width ASCII and the ideographic space to their usual forms: Ｔｅｌ　１２ → Tel 12.</summary>
    /// <param name="text">The text.</param>
    public static string ToHalfWidth(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.AsSpan().IndexOfAnyInRange('\uFF01', '\uFF5E') < 0 && !text.Contains('\u3000', StringComparison.Ordinal))
            return text;
        return string.Create(text.Length, text, static (target, source) =>
        {
            for (var i = 0; i < source.Length; i++)
                target[i] = ToHalfWidth(source[i]);
        });
    }

    /// <summary>One character in its half-width form.</summary>
    internal static char ToHalfWidth(char c) => c switch
    {
        >= '\uFF01' and <= '\uFF5E' => (char)(c - 0xFEE0),
        '\u3000' => ' ',
        _ => c,
    };

    /// <summary>Unicode normalisation form KC: ligatures, full-width and half-width forms, circled digits become plain.</summary>
    /// <param name="text">The text.</param>
    public static string ToCompatible(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Ascii.IsValid(text))
            return text;
        var folded = Normalize(text, NormalizationForm.FormKC);
        return folded == text ? text : folded;
    }

    /// <summary>Without zero-width characters, byte order marks and soft hyphens, which copy and paste brings along.</summary>
    /// <param name="text">The text.</param>
    public static string RemoveInvisible(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.AsSpan().IndexOfAny(s_invisible) < 0 ? text : string.Concat(text.Where(c => !s_invisible.Contains(c)));
    }

    private static readonly System.Buffers.SearchValues<char> s_invisible = System.Buffers.SearchValues.Create("\u200B\u200C\u200D\u200E\u200F\u2060\uFEFF\u00AD\u202A\u202B\u202C\u202D\u202E");

    /// <summary>Runs of white space become one blank, none at the ends.</summary>
    /// <param name="text">The text.</param>
    public static string Collapse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (IsCollapsed(text))
            return text;
        var buffer = new StringBuilder(text.Length);
        foreach (var c in text.AsSpan().Trim())
        {
            if (!char.IsWhiteSpace(c))
                buffer.Append(c);
            else if (buffer[^1] != ' ')
                buffer.Append(' ');
        }

        return buffer.ToString();
    }

    private static bool IsCollapsed(string text)
    {
        var afterSpace = true;
        foreach (var c in text)
        {
            if (c == ' ')
            {
                if (afterSpace)
                    return false;
                afterSpace = true;
            }
            else if (c < '!' || (c >= 127 && char.IsWhiteSpace(c)))
            {
                if (char.IsWhiteSpace(c))
                    return false;
                afterSpace = false;
            }
            else
            {
                afterSpace = false;
            }
        }

        return !afterSpace || text.Length == 0;
    }

    // A lone surrogate (cut-off export) has no normal form: the text stays as it is.
    private static string Normalize(string text, NormalizationForm form)
    {
        try
        {
            return text.Normalize(form);
        }
        catch (ArgumentException)
        {
            return text;
        }
    }
}

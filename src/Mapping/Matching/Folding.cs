namespace Crm.Integration.Mapping.Matching;

/// <summary>
/// Writes text the way it is compared: lower case without accents, full-width forms and traditional characters made plain,
/// Cyrillic and Greek in Latin letters, words set apart by single blanks. Own tables, so that a machine without ICU folds alike.
/// </summary>
internal static class Folding
{
    private const char Drop = '\0';
    private const char Expand = '\u0001';

    // 佐々木 is 佐佐木.
    private const char Again = '々';
    private static readonly char[] s_fold = new char[char.MaxValue + 1];
    private static readonly Dictionary<char, string> s_expansions = [];

    static Folding()
    {
        for (var code = 0; code <= char.MaxValue; code++)
        {
            var letter = (char)code;
            s_fold[code] = letter < 128
                ? char.IsAsciiLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : ' '
                : char.IsLetterOrDigit(letter) ? letter : IsMark(letter) ? Drop : ' ';
        }

        foreach (var apostrophe in "'’‘`´ʼʻ")
            s_fold[apostrophe] = Drop;

        foreach (var line in Tables.Lines("letters.txt"))
        {
            var (target, letters) = (line.Split(' ')[0], line.Split(' ')[1]);
            foreach (var letter in letters)
            {
                s_fold[letter] = target == "-" ? Drop : target.Length == 1 ? target[0] : Expand;
                if (target.Length > 1)
                    s_expansions[letter] = target;
            }
        }

        foreach (var table in new[] { "simplified.txt", "japanese-forms.txt" })
        {
            var pairs = Tables.Text(table).AsSpan().Trim();
            for (var i = 0; i + 1 < pairs.Length; i += 2)
                s_fold[pairs[i]] = pairs[i + 1];
        }

        for (var kana = 'ァ'; kana <= 'ヴ'; kana++)
            s_fold[kana] = (char)(kana - 'ァ' + 'ぁ');
        s_fold[Again] = Expand;
    }

    /// <summary>Folds text into a buffer and returns how much was written; what does not fit is cut.</summary>
    /// <param name="text">The text.</param>
    /// <param name="into">The buffer.</param>
    /// <param name="joinInitials">Whether "S.p.A." is one word rather than three, as in names of companies.</param>
    public static int Fold(ReadOnlySpan<char> text, Span<char> into, bool joinInitials = false)
    {
        var length = 0;
        var wordStart = 0;
        var fold = s_fold;
        for (var i = 0; i < text.Length; i++)
        {
            var folded = fold[text[i]];
            if (folded > ' ')
            {
                if (length == into.Length)
                    break;
                into[length++] = folded;
            }
            else if (folded == Expand && text[i] == Again)
            {
                if (length > 0 && length < into.Length)
                {
                    into[length] = into[length - 1];
                    length++;
                }
            }
            else if (folded == Expand)
            {
                foreach (var letter in s_expansions[text[i]])
                {
                    if (length < into.Length)
                        into[length++] = letter;
                }
            }
            else if (folded == ' ')
            {
                if (joinInitials && text[i] == '.' && length - wordStart <= 3 && i + 1 < text.Length && char.IsLetter(text[i + 1]) && !IsLongWord(text, i + 1))
                    continue;
                if (length > 0 && into[length - 1] != ' ')
                {
                    if (length == into.Length)
                        break;
                    into[length++] = ' ';
                    wordStart = length;
                }
            }
        }

        return length > 0 && into[length - 1] == ' ' ? length - 1 : length;
    }

    /// <summary>Folded text as a string.</summary>
    public static string Fold(string text, bool joinInitials = false)
    {
        Span<char> buffer = stackalloc char[Math.Min(1024, (text.Length * 4) + 8)];
        return new string(buffer[..Fold(text.AsSpan(), buffer, joinInitials)]);
    }

    /// <summary>
    /// Cuts a folded name to what different spellings share: umlauts written out or not, doubled letters, ph and f, y and i,
    /// ck and k. Coarse, so a key or a level below "same", never "same" itself.
    /// </summary>
    public static int Loosen(ReadOnlySpan<char> word, Span<char> into)
    {
        var length = 0;
        for (var i = 0; i < word.Length && length < into.Length; i++)
        {
            var letter = word[i];
            var next = i + 1 < word.Length ? word[i + 1] : '\0';
            switch (letter)
            {
                case 'i' or 'y' or 'j' when i == 0 && next == 'e' && word.Length > 3:
                    continue;
                case 'o' when next == 'u' && word.Length > 3:
                    i++;
                    break;
                case 'x':
                    if (length == 0 || into[length - 1] != 'k')
                        into[length++] = 'k';
                    if (length == into.Length)
                        return length;
                    letter = 's';
                    break;
                case 's' when next == 'c' && i + 2 < word.Length && word[i + 2] == 'h':
                    i++;
                    break;
                case 't' when next is 's' or 'z':
                    continue;
                case 'k' when next == 'h' && i > 0:
                    i++;
                    letter = 'h';
                    break;
                case 'h' when i > 1 && word[i - 1] is 'a' or 'e' or 'i' or 'o' or 'u' && next is not ('a' or 'e' or 'i' or 'o' or 'u' or 'y'):
                    continue;
                case 'a' or 'o' or 'u' when next == 'e' && word.Length > 3:
                    i++;
                    break;
                case 'p' when next == 'h':
                    letter = 'f';
                    i++;
                    break;
                case 'c' when next == 'k':
                    continue;
                case 'c' when next is not 'h':
                    letter = 'k';
                    break;
                case 'd' when next == 't':
                    continue;
                case 't' when next == 'h':
                    i++;
                    break;
                case 'y' or 'j':
                    letter = 'i';
                    break;
                case 'w':
                    letter = 'v';
                    break;
                case 'z':
                    letter = 's';
                    break;
            }

            if (length == 0 || into[length - 1] != letter)
                into[length++] = letter;
        }

        return length;
    }

    private static bool IsLongWord(ReadOnlySpan<char> text, int start)
    {
        var end = start;
        while (end < text.Length && char.IsLetter(text[end]))
            end++;
        return end - start > 3;
    }

    private static bool IsMark(char letter) => char.GetUnicodeCategory(letter) is
        System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.EnclosingMark or System.Globalization.UnicodeCategory.Format;
}

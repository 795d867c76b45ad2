using System.Buffers;
using System.Collections.Frozen;

namespace Crm.Integration.Mapping.Matching;

/// <summary>Cleans a name field down to the words of the name: no titles, generations, degrees, brackets and stopgaps.</summary>
internal static class NameWords
{
    private static readonly SearchValues<char> s_brackets = SearchValues.Create("([\"（“„«{");
    private static readonly Dictionary<string, string[]> s_lists = Tables.Lines("name-words.txt").Select(line => line.Split(' '))
        .ToDictionary(words => words[0], words => words.Skip(1).Select(word => Folding.Fold(word)).ToArray(), StringComparer.Ordinal);

    // One look-up a word: most words are none of these.
    private static readonly FrozenDictionary<string, Kind> s_kinds = Kinds();
    private static readonly string[] s_honorifics = [.. s_lists["honorific"].OrderByDescending(word => word.Length)];

    /// <summary>Folds a field into words set apart by single blanks; Chinese beside Latin letters becomes a word of its own.</summary>
    /// <param name="raw">The field.</param>
    /// <param name="into">The buffer.</param>
    /// <param name="leading">Whether the field can begin with "Jr.", as what is left of "Hall, Jr. Anna" does.</param>
    /// <param name="generation">Set when the field names one.</param>
    /// <param name="stopgap">Whether the words, though there are some, are of the kind that stand where a name is missing.</param>
    public static int Clean(ReadOnlySpan<char> raw, Span<char> into, bool leading, ref Generation generation, out Stopgap stopgap)
    {
        stopgap = Stopgap.No;
        if (raw.IsWhiteSpace() || raw.Contains('@'))
            return 0;
        Span<char> folded = stackalloc char[100];
        ReadOnlySpan<char> name = folded[..(raw.IndexOfAny(s_brackets) < 0 ? Folding.Fold(raw, folded) : FoldWithoutBrackets(raw[..Math.Min(raw.Length, 100)], folded))];
        int length = 0, words = 0, placeholders = 0, weak = 0, seen = 0;
        var afterTitle = false;
        while (!(name = name.TrimStart(' ')).IsEmpty)
        {
            var end = 1;
            while (end < name.Length && name[end] != ' ' && HanNames.IsHan(name[end]) == HanNames.IsHan(name[end - 1]))
                end++;
            var word = name[..end];
            name = name[end..];
            var first = seen++ == 0;
            var kind = KindOf(word);
            if (kind.HasFlag(Kind.Title) || (word is "sr" && first && !leading && !name.IsEmpty))
            {
                afterTitle = true;
                continue;
            }

            // Don José Cruz, but Don Smith; Dr. phil. Anna, but Phil Collins; Anna Hall, MD.
            if ((afterTitle && (kind & (Kind.SoftTitle | Kind.TitlePart)) != 0) || (first && kind.HasFlag(Kind.SoftTitle) && name.TrimStart(' ').Contains(' '))
                || (length > 0 && kind.HasFlag(Kind.Degree) && IsSuffix(name)))
                continue;
            afterTitle = false;
            var suffix = GenerationOf(word, first, length > 0 && name.IsWhiteSpace(), leading);
            if (suffix != Generation.None)
            {
                generation = suffix;
                continue;
            }

            word = WithoutHonorific(word);
            if (word.IsEmpty || char.IsAsciiDigit(word[0]))
                continue;
            word = WithoutTone(word);
            words++;
            if (kind.HasFlag(Kind.Placeholder) || (word.Length == 1 && word[0] is 'x'))
                placeholders++;
            else if (kind.HasFlag(Kind.Weak) || word.Length == 1)
                weak++;
            if (length > 0 && length < into.Length)
                into[length++] = ' ';
            var fits = Math.Min(word.Length, into.Length - length);
            word[..fits].CopyTo(into[length..]);
            length += fits;
        }

        if (words > 0 && placeholders + weak == words)
            stopgap = placeholders > 0 || (words == 2 && raw.Contains('/')) ? Stopgap.Yes : length > 1 ? Stopgap.Perhaps : Stopgap.No;
        return length;
    }

    /// <summary>Whether what follows a comma is no given name: John Smith, PhD.</summary>
    public static bool IsSuffix(ReadOnlySpan<char> raw)
    {
        Span<char> folded = stackalloc char[60];
        ReadOnlySpan<char> words = folded[..Folding.Fold(raw[..Math.Min(raw.Length, 60)], folded, joinInitials: true)];
        if (words.IsEmpty)
            return true;
        foreach (var range in words.Split(' '))
        {
            var word = words[range];
            if ((KindOf(word) & (Kind.Title | Kind.Degree)) == 0 && GenerationOf(word, false, true, false) == Generation.None)
                return false;
        }

        return true;
    }

    /// <summary>Whether the end of a field tells nothing of what stands before it: Anna Hall (Acme Ltd); Anna Hall, CPA.</summary>
    public static bool IsBesideName(ReadOnlySpan<char> raw) =>
        raw.IndexOfAny('(', '（', '[') > 3 || (raw.IndexOf(',') is > 3 and var comma && IsSuffix(raw[(comma + 1)..]));

    private static Generation GenerationOf(ReadOnlySpan<char> word, bool first, bool last, bool leading)
    {
        if (first && !(leading && word is "jr" or "jnr" or "sr"))
            return Generation.None;
        return word switch
        {
            "jr" or "junior" or "jnr" or "ii" or "2nd" => Generation.Junior,
            "sr" or "senior" or "snr" => Generation.Senior,
            "iii" or "3rd" => Generation.Third,
            "iv" or "4th" => Generation.Fourth,
            "filho" or "fils" when last => Generation.Junior,
            "pere" when last => Generation.Senior,
            "neto" when last => Generation.Third,
            _ => Generation.None,
        };
    }

    /// <summary>王先生, 田中様, 김하은님: how one is addressed is no part of the name.</summary>
    private static ReadOnlySpan<char> WithoutHonorific(ReadOnlySpan<char> word)
    {
        if (word[0] < 0x2E80)
            return word;
        foreach (var honorific in s_honorifics)
        {
            if (word.Length >= honorific.Length && word.EndsWith(honorific) && (honorific.Length > 1 || word.Length > 2))
                return word[..^honorific.Length];
        }

        return word.Length == 2 && word[1] == '总' ? word[..1] : word;
    }

    /// <summary>zhang1 wei3: pinyin as it is typed.</summary>
    private static ReadOnlySpan<char> WithoutTone(ReadOnlySpan<char> word) =>
        word.Length > 2 && word[^1] is >= '1' and <= '5' && HanNames.IsSyllables(word[..^1], 1) ? word[..^1] : word;

    private static int FoldWithoutBrackets(ReadOnlySpan<char> raw, Span<char> folded)
    {
        Span<char> into = stackalloc char[100];
        int length = 0, depth = 0;
        var quoted = false;
        foreach (var character in raw)
        {
            if (character is '"' or '“' or '”' or '„' or '«' or '»')
            {
                quoted = !quoted;
                into[length++] = ' ';
                continue;
            }

            depth += character is '(' or '[' or '（' or '{' ? 1 : 0;
            if (depth == 0 && !quoted)
                into[length++] = character;
            depth -= character is ')' or ']' or '）' or '}' && depth > 0 ? 1 : 0;
        }

        return Folding.Fold(into[..length].IsWhiteSpace() ? raw : into[..length], folded);
    }

    private static Kind KindOf(ReadOnlySpan<char> word) => s_kinds.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(word, out var kind) ? kind : Kind.None;

    private static FrozenDictionary<string, Kind> Kinds()
    {
        var kinds = new Dictionary<string, Kind>(StringComparer.Ordinal);
        foreach (var (list, kind) in new[] { ("title", Kind.Title), ("soft", Kind.SoftTitle), ("after", Kind.TitlePart), ("degree", Kind.Degree), ("placeholder", Kind.Placeholder), ("weak", Kind.Weak) })
        {
            foreach (var word in s_lists[list])
                kinds[word] = kinds.GetValueOrDefault(word) | kind;
        }

        return kinds.ToFrozenDictionary(StringComparer.Ordinal);
    }

    [Flags]
    private enum Kind : byte
    {
        None = 0,
        Title = 1,
        SoftTitle = 2,
        TitlePart = 4,
        Degree = 8,
        Placeholder = 16,
        Weak = 32,
    }
}

/// <summary>Whether words stand where a name is missing.</summary>
internal enum Stopgap : byte
{
    No,

    /// <summary>Guest is a stopgap, Christopher Guest is a man.</summary>
    Perhaps,
    Yes,
}

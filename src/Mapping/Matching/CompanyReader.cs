using System.Collections.Frozen;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Matching;

/// <summary>Reads names of organisations: legal form off, abbreviations written out, Chinese names in pinyin and translated words.</summary>
internal static class CompanyReader
{
    private const ulong WordSeed = 0xC0;
    private const ulong NameSeed = 0xC1;
    private static readonly FrozenDictionary<string, string> s_words;
    private static readonly FrozenSet<string> s_business;
    private static readonly (string Han, string Word)[] s_hanWords;
    private static readonly FrozenSet<string> s_distinguishing = new[]
    {
        "holding", "branch", "filiale", "zweigstelle", "niederlassung", "sucursal", "succursale", "subsidiary", "filial", "agencia", "agence", "sede", "oddzial", "subsidiaria", "filiaal", "vestiging", "kontor",
        "north", "south", "east", "west", "nord", "sud", "ost", "norte", "sur", "este", "oeste", "sul", "noord", "zuid",
        "ii", "iii", "iv", "one", "two", "three", "group", "europe", "asia", "america", "americas", "usa", "uk", "china", "deutschland", "germany", "france", "espana", "italia", "india", "japan",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> s_fillers = new[] { "the", "and", "und", "et", "y", "e", "of", "de", "la", "der", "die", "das", "for", "in", "i" }.ToFrozenSet(StringComparer.Ordinal);
    private static readonly FrozenSet<string> s_placeholders = Tables.Lines("name-words.txt").Select(line => line.Split(' ')).First(words => words[0] == "company").Skip(1).Select(word => Folding.Fold(word.Replace('_', ' '))).ToFrozenSet(StringComparer.Ordinal);

    static CompanyReader()
    {
        var words = Tables.Variants("company-words.txt");
        s_words = words.Where(pair => !HanNames.HasHan(pair.Key)).ToFrozenDictionary(StringComparer.Ordinal);
        s_business = words.Values.ToFrozenSet(StringComparer.Ordinal);
        s_hanWords = [.. words.Where(pair => HanNames.HasHan(pair.Key)).Select(pair => (pair.Key, pair.Value)).OrderByDescending(pair => pair.Key.Length).ThenBy(pair => pair.Key, StringComparer.Ordinal)];
    }

    /// <summary>Adds a name; nothing for a placeholder.</summary>
    public static Company Read(scoped ReadOnlySpan<char> raw, ref FeatureText text)
    {
        if (raw.IsWhiteSpace())
            return default;
        Span<char> folded = stackalloc char[160];
        var comma = raw.IndexOf(',');
        int length;
        if (comma > 0 && raw[(comma + 1)..].Trim() is { Length: > 3 } after && !LegalForms.Is(folded[..Folding.Fold(after, folded, joinInitials: true)]))
        {
            // "Textiles, Penhale Ltd": what stands before the comma belongs behind.
            length = Folding.Fold(after, folded, joinInitials: true);
        }
        else
        {
            length = Folding.Fold(raw, folded, joinInitials: true);
            comma = -1;
        }

        Span<char> more = stackalloc char[200];
        var total = LegalForms.Clean(folded[..length], more);
        if (total == 0 || IsStopgap(more[..total], raw))
            return default;
        if (comma > 0 && total < more.Length - 1)
        {
            more[total++] = ' ';
            total += Folding.Fold(raw[..comma], more[total..], joinInitials: true);
        }

        return ReadWords(more[..total], ref text);
    }

    private static Company ReadWords(scoped ReadOnlySpan<char> core, ref FeatureText text)
    {
        Span<char> spelled = stackalloc char[320];
        if (HanNames.HasHan(core))
            core = spelled[..SpellHan(core, spelled)];
        else if (Transliteration.Knows(core))
            core = spelled[..SpellWords(core, spelled)];

        Span<CompanyWord> words = stackalloc CompanyWord[12];
        var count = 0;
        var start = text.Length;
        foreach (var range in core.Split(' '))
        {
            var word = core[range];
            if (word.IsEmpty || s_fillers.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word))
                continue;
            if (s_words.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(word, out var canonical))
                word = canonical;
            if (text.Length > start)
                text.Add(" ");
            var slice = text.Add(word);
            var hash = ContentHash.Of(word, WordSeed);
            var known = false;
            foreach (var seen in words[..count])
                known |= seen.Hash == hash;
            if (known || count == words.Length)
                continue;
            var kind = s_distinguishing.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word) || char.IsAsciiDigit(word[0]) ? CompanyWordKind.Distinguishing
                : s_business.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word) ? CompanyWordKind.Business : CompanyWordKind.Telling;
            words[count++] = new CompanyWord(hash, slice, kind);
        }

        if (count == 0)
        {
            // A name of nothing but small words: DE & Co.
            var slice = text.Add(core);
            words[count++] = new CompanyWord(ContentHash.Of(core, WordSeed), slice, CompanyWordKind.Telling);
        }

        var sorted = words[..count];
        sorted.Sort((a, b) => a.Hash.CompareTo(b.Hash));
        var name = NameSeed;
        foreach (var word in sorted)
            name = (name ^ word.Hash) * 0x9E3779B185EBCA87;
        return new Company { Core = text.Since(start), Words = sorted.ToArray(), Hash = name };
    }

    /// <summary>"n/a", "Private", "keine Angabe": no firm.</summary>
    private static bool IsStopgap(ReadOnlySpan<char> core, ReadOnlySpan<char> raw) =>
        s_placeholders.GetAlternateLookup<ReadOnlySpan<char>>().Contains(core) || (core.Length < 4 && raw.Contains('/')) || core.IndexOfAnyExcept(core[0]) < 0 && core.Length != 2;

    private static int SpellWords(ReadOnlySpan<char> core, Span<char> into)
    {
        var length = 0;
        foreach (var range in core.Split(' '))
        {
            if (length > 0)
                into[length++] = ' ';
            length += Transliteration.Read(core[range], into[length..]);
        }

        return length;
    }

    /// <summary>杭州金中信息技术 → hangzhoujinzhong information technology.</summary>
    private static int SpellHan(ReadOnlySpan<char> core, Span<char> into)
    {
        var length = 0;
        while (!core.IsEmpty)
        {
            var matched = false;
            foreach (var (han, word) in s_hanWords)
            {
                if (!core.StartsWith(han) || length + word.Length + 2 > into.Length)
                    continue;
                into[length++] = ' ';
                word.CopyTo(into[length..]);
                length += word.Length;
                into[length++] = ' ';
                core = core[han.Length..];
                matched = true;
                break;
            }

            if (matched)
                continue;
            if (length + 8 > into.Length)
                break;
            if (core[0] == ' ')
                into[length++] = ' ';
            else if (core[0] is '市' or '省' && length is > 0 and < 16)
            {
                // 上海市… and 上海… are one firm.
            }
            else
                length += HanNames.Pinyin(core[..1], into[length..]);
            core = core[1..];
        }

        return length;
    }
}

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
    private static readonly FrozenSet<string> s_legalForms;
    private static readonly string[] s_hanLegalForms;
    private static readonly (string Han, string Word)[] s_hanWords;
    private static readonly FrozenSet<string> s_distinguishing = new[]
    {
        "holding", "branch", "filiale", "zweigstelle", "niederlassung", "sucursal", "succursale", "subsidiary", "north", "south", "east", "west", "nord", "sud", "ost",
        "ii", "iii", "iv", "one", "two", "three", "group",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> s_fillers = new[] { "the", "and", "und", "et", "y", "e", "of", "de", "la", "der", "die", "das", "for", "in", "i" }.ToFrozenSet(StringComparer.Ordinal);
    private static readonly FrozenSet<string> s_placeholders =
        new[] { "private", "privat", "na", "n a", "none", "self", "self employed", "selbstandig", "unknown", "individual", "company", "personal", "null", "test", "home", "retired", "student", "no company", "freelance", "freelancer", "无", "个人" }
            .ToFrozenSet(StringComparer.Ordinal);

    static CompanyReader()
    {
        var words = Tables.Variants("company-words.txt");
        s_words = words.Where(pair => !HanNames.HasHan(pair.Key)).ToFrozenDictionary(StringComparer.Ordinal);
        s_business = words.Values.ToFrozenSet(StringComparer.Ordinal);
        s_hanWords = [.. words.Where(pair => HanNames.HasHan(pair.Key)).Select(pair => (pair.Key, pair.Value)).OrderByDescending(pair => pair.Key.Length).ThenBy(pair => pair.Key, StringComparer.Ordinal)];
        var forms = Tables.Lines("legal-forms.txt").Select(form => Folding.Fold(form, joinInitials: true)).Where(form => form.Length > 1).Distinct().ToList();
        s_legalForms = forms.Concat(Tables.Lines("legal-forms.txt").Select(form => Folding.Fold(form)).Where(form => form.Length > 1)).ToFrozenSet(StringComparer.Ordinal);
        s_hanLegalForms = [.. forms.Where(form => form[0] >= 0x2E80).OrderByDescending(form => form.Length).ThenBy(form => form, StringComparer.Ordinal)];
    }

    /// <summary>Whether a name ends in a legal form, so that it can only be a company's.</summary>
    public static bool HasLegalForm(ReadOnlySpan<char> raw)
    {
        Span<char> folded = stackalloc char[160];
        ReadOnlySpan<char> name = folded[..Folding.Fold(raw, folded, joinInitials: true)];
        var core = StripLegalForm(name, out var form);
        return core.Length < name.Length && form >= 2 && !core.IsEmpty;
    }

    /// <summary>Adds a name; nothing for a placeholder.</summary>
    public static Company Read(scoped ReadOnlySpan<char> raw, ref FeatureText text)
    {
        if (raw.IsWhiteSpace())
            return default;
        Span<char> folded = stackalloc char[160];
        var comma = raw.IndexOf(',');
        int length;
        if (comma > 0 && raw[(comma + 1)..].Trim() is { IsEmpty: false } after && !s_legalForms.GetAlternateLookup<ReadOnlySpan<char>>().Contains(Folding.Fold(after.ToString(), true)))
        {
            // "Textiles, Penhale Ltd": what stands before the comma belongs behind.
            length = Folding.Fold(after, folded, joinInitials: true);
        }
        else
        {
            length = Folding.Fold(raw, folded, joinInitials: true);
            comma = -1;
        }

        ReadOnlySpan<char> core = StripLegalForm(folded[..length], out _);
        if (core.IsEmpty || s_placeholders.GetAlternateLookup<ReadOnlySpan<char>>().Contains(core))
            return default;

        Span<char> more = stackalloc char[160];
        core.CopyTo(more);
        var total = core.Length;
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
        {
            core = spelled[..SpellHan(core, spelled)];
        }

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
            else
                length += HanNames.Pinyin(core[..1], into[length..]);
            core = core[1..];
        }

        return length;
    }

    private static ReadOnlySpan<char> StripLegalForm(ReadOnlySpan<char> name, out int formLength)
    {
        formLength = 0;
        foreach (var form in s_hanLegalForms)
        {
            if (name.Length > form.Length + 1 && name.EndsWith(form))
            {
                formLength = form.Length;
                return name[..^form.Length].TrimEnd(' ');
            }

            if (name.Length > form.Length + 1 && name.StartsWith(form))
            {
                formLength = form.Length;
                return name[form.Length..].TrimStart(' ');
            }
        }

        var forms = s_legalForms.GetAlternateLookup<ReadOnlySpan<char>>();
        while (true)
        {
            var stripped = false;
            for (var words = 5; words >= 1 && !stripped; words--)
            {
                var cut = CutBefore(name, words);
                if (cut <= 0 || !forms.Contains(name[(cut + 1)..]))
                    continue;
                formLength += name.Length - cut - 1;
                name = name[..cut];
                stripped = true;
            }

            if (!stripped)
                break;
        }

        // Slavic and Indonesian forms stand before the name: ООО Ромашка, PT Sinar.
        var space = name.IndexOf(' ');
        if (formLength == 0 && space is >= 2 and <= 5 && name[..space] is "ooo" or "oao" or "zao" or "pao" or "pt" or "cv" or "ao" or "ip" or "too")
        {
            formLength = space;
            name = name[(space + 1)..];
        }

        return name;
    }

    private static int CutBefore(ReadOnlySpan<char> name, int words)
    {
        var end = name.Length;
        for (var i = 0; i < words; i++)
        {
            end = name[..end].LastIndexOf(' ');
            if (end <= 0)
                return -1;
        }

        return end;
    }
}

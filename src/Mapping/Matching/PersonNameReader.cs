using System.Collections.Frozen;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Matching;

/// <summary>Reads personal names, whether they come in parts or whole, Western or Chinese.</summary>
internal static class PersonNameReader
{
    private const ulong GivenSeed = 0xA1;
    private const ulong FamilySeed = 0xA2;

    private static readonly FrozenSet<string> s_titles = new[]
    {
        "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sir", "dame", "lord", "lady", "rev", "hon", "capt", "herr", "frau", "hr", "fr", "dipl", "ing", "mag", "med", "phil", "jur", "rer", "nat",
        "mme", "mlle", "monsieur", "madame", "sra", "srta", "senor", "senora", "don", "dona", "sig", "signor", "signora", "dott", "dottssa", "avv", "dhr", "mevr", "drs", "ir", "pan", "pani", "phd", "mba", "md", "esq",
        "先生", "女士", "小姐", "太太", "博士", "教授", "经理", "总", "老师", "医生",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> s_particles = new[]
    {
        "van", "von", "vom", "zu", "zum", "zur", "de", "den", "der", "des", "del", "della", "di", "da", "do", "dos", "das", "du", "la", "le", "el", "al", "bin", "ibn", "ben", "bint", "ter", "ten", "te", "af", "av", "y", "e", "und",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> s_placeholders = new[]
    {
        "test", "unknown", "n a", "na", "none", "null", "xxx", "xx", "unbekannt", "guest", "customer", "kunde", "user", "anonymous", "no name", "noname", "nn", "n n", "tbd", "name", "first name", "last name", "vorname", "nachname", "未知", "无", "测试", "匿名", "客户",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Adds a name.</summary>
    public static PersonName Read(scoped ReadOnlySpan<char> given, scoped ReadOnlySpan<char> middle, scoped ReadOnlySpan<char> family, scoped ReadOnlySpan<char> full, ref FeatureText text)
    {
        given = given.Trim();
        family = family.Trim();
        if (given.IsEmpty && !family.IsEmpty && (family.Contains(',') || full.IsWhiteSpace()))
        {
            if (family.Contains(','))
            {
                full = family;
                family = default;
            }
        }
        else if (!given.IsEmpty && family.IsEmpty && full.IsWhiteSpace() && given.Contains(' '))
        {
            full = given;
            given = default;
        }

        var comesWhole = (given.IsEmpty || family.IsEmpty) && !full.IsWhiteSpace();
        if (comesWhole && full.IndexOf(',') is > 0 and var comma)
        {
            // "Hall, Anna" and also "Hall, Jr., Anna": the family name comes first.
            family = full[..comma];
            given = full[(comma + 1)..];
            comesWhole = false;
        }

        // "Brittany Jones-Dunman": the hyphen, soon folded away, tells where the family name begins.
        if (comesWhole && full.Trim().LastIndexOf(' ') is > 0 and var last && full.Trim()[last..].IndexOf('-') > 1)
        {
            given = full.Trim()[..last];
            family = full.Trim()[(last + 1)..];
            comesWhole = false;
        }

        Span<char> familyText = stackalloc char[100], givenText = stackalloc char[100];
        var generation = Generation.None;
        if (comesWhole)
        {
            var length = Words(full, familyText, ref generation);
            var split = FamilyStart(familyText[..length], out var familyFirst);
            var left = familyText[..split].TrimEnd(' ');
            var right = familyText[split..length].TrimStart(' ');
            return familyFirst ? Build(right, default, left, generation, ref text) : Build(left, default, right, generation, ref text);
        }

        var familyLength = Words(family, familyText, ref generation);
        var givenLength = Words(given, givenText, ref generation);
        Span<char> middleText = stackalloc char[60];
        var middleLength = Words(middle, middleText, ref generation);
        return Build(givenText[..givenLength], middleText[..middleLength], familyText[..familyLength], generation, ref text);
    }

    /// <summary>Folds and drops titles, generations and placeholders; Chinese beside Latin letters becomes a word of its own.</summary>
    private static int Words(ReadOnlySpan<char> raw, Span<char> into, ref Generation generation)
    {
        if (raw.IsWhiteSpace())
            return 0;
        Span<char> folded = stackalloc char[100];
        ReadOnlySpan<char> name = folded[..Folding.Fold(raw, folded)];
        if (name.IndexOf('@') >= 0 || s_placeholders.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name))
            return 0;

        var length = 0;
        var first = true;
        while (!(name = name.TrimStart(' ')).IsEmpty)
        {
            var end = 1;
            while (end < name.Length && name[end] != ' ' && HanNames.IsHan(name[end]) == HanNames.IsHan(name[end - 1]))
                end++;
            var word = name[..end];
            name = name[end..];
            if (s_titles.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word))
                continue;
            var suffix = first ? Generation.None : word switch
            {
                "jr" or "junior" or "jnr" or "ii" => Generation.Junior,
                "sr" or "senior" or "snr" => Generation.Senior,
                "iii" => Generation.Third,
                "iv" => Generation.Fourth,
                _ => Generation.None,
            };
            if (suffix != Generation.None)
            {
                generation = suffix;
                continue;
            }

            // In a field of its own "Jr." may be all there is before the given name: "Hall, Jr. Anna" leaves " jr anna".
            if (first && word is "jr" or "jnr")
            {
                generation = Generation.Junior;
                continue;
            }

            if (char.IsAsciiDigit(word[0]))
                continue;
            if (length > 0 && length < into.Length)
                into[length++] = ' ';
            var fits = Math.Min(word.Length, into.Length - length);
            word[..fits].CopyTo(into[length..]);
            length += fits;
            first = false;
        }

        return length;
    }

    /// <summary>Where the second part of a whole name begins, and whether the first part is the family name.</summary>
    private static int FamilyStart(ReadOnlySpan<char> words, out bool familyFirst)
    {
        var space = words.IndexOf(' ');
        if (HanNames.AllHan(words) || (words.Length > 0 && words[0] is >= '가' and <= '힣' && space < 0))
        {
            familyFirst = true;
            return HanNames.SurnameLength(words);
        }

        familyFirst = space > 0 && HanNames.AllHan(words[..space]);
        if (familyFirst)
            return space;
        if (space < 0)
            return 0;

        // The family name is the last word with the particles before it: Jan van der Velde.
        var start = words.LastIndexOf(' ') + 1;
        while (start > 1)
        {
            var before = words[..(start - 1)].LastIndexOf(' ') + 1;
            if (before == 0 || !s_particles.GetAlternateLookup<ReadOnlySpan<char>>().Contains(words[before..(start - 1)]))
                break;
            start = before;
        }

        return start;
    }

    private static PersonName Build(scoped ReadOnlySpan<char> given, scoped ReadOnlySpan<char> middle, scoped ReadOnlySpan<char> family, Generation generation, ref FeatureText text)
    {
        // Given names.
        Slice givenAll = default, first = default, second = default, givenHan = default;
        float givenPrior = 0;
        if (HanNames.HasHan(given))
        {
            givenHan = AddWithoutBlanks(given, ref text);
            Span<char> spelled = stackalloc char[64];
            givenAll = text.Add(spelled[..HanNames.Pinyin(given, spelled)]);
            first = givenAll;
            givenPrior = NamePriors.HanGiven(givenHan.Length);
        }
        else if (!given.IsEmpty)
        {
            var start = text.Length;
            var count = 0;
            foreach (var range in given.Split(' '))
            {
                var slice = text.Add(given[range]);
                if (count == 0)
                    first = slice;
                else if (count == 1)
                    second = slice;
                count++;
            }

            givenAll = text.Since(start);
        }

        var nickname = Nicknames.IndexOf(text[first]);
        if (givenPrior == 0)
            givenPrior = nickname > 0 ? NamePriors.UsualGiven : NamePriors.RareGiven;
        if (second.IsEmpty && !middle.IsEmpty)
            second = text.Add(middle.IndexOf(' ') is > 0 and var space ? middle[..space] : middle);

        // The family name.
        Slice whole = default, core = default, head = default, tail = default, familyHan = default;
        float familyPrior = 0;
        if (HanNames.HasHan(family))
        {
            familyHan = AddWithoutBlanks(family, ref text);
            Span<char> spelled = stackalloc char[64];
            whole = core = text.Add(spelled[..HanNames.Pinyin(family, spelled, surname: true)]);
            familyPrior = NamePriors.HanFamily(family);
        }
        else if (!family.IsEmpty)
        {
            var start = text.Length;
            var coreStart = -1;
            foreach (var range in family.Split(' '))
            {
                var word = family[range];
                var particle = s_particles.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);
                if (particle && coreStart >= 0)
                    continue;
                var slice = text.Add(word);
                if (particle)
                    continue;
                if (coreStart < 0)
                {
                    coreStart = slice.Start;
                    head = slice;
                }
                else
                {
                    tail = slice;
                }
            }

            whole = text.Since(start);
            core = coreStart < 0 ? whole : text.Since(coreStart);
            if (tail.IsEmpty)
                head = default;
            familyPrior = NamePriors.Family(text[core]);
        }

        return new PersonName
        {
            Given = givenAll, First = first, Middle = second, GivenHan = givenHan,
            FamilyWhole = whole, Family = core, FamilyHead = head, FamilyTail = tail, FamilyHan = familyHan,
            GivenHash = Hash(text[givenHan.IsEmpty ? givenAll : givenHan], GivenSeed), FamilyHash = Hash(text[familyHan.IsEmpty ? core : familyHan], FamilySeed),
            GivenLoose = Loose(text[first]), FamilyLoose = Loose(text[core]),
            GivenPrior = givenPrior, FamilyPrior = familyPrior, Nickname = nickname, Generation = generation,
            Pinyin = IsPinyin(text[givenAll], text[core], !givenHan.IsEmpty || !familyHan.IsEmpty),
            Script = !givenHan.IsEmpty || !familyHan.IsEmpty ? NameScript.Han : IsLatin(text[givenAll]) && IsLatin(text[core]) ? NameScript.Latin : NameScript.Other,
        };
    }

    /// <summary>Whether a name reads as Chinese: a known family name, and a given name of one or two syllables (or the two swapped).</summary>
    private static bool IsPinyin(ReadOnlySpan<char> given, ReadOnlySpan<char> family, bool han)
    {
        if (han)
            return true;
        return (HanNames.IsSurnameReading(family) && (given.IsEmpty || HanNames.IsSyllables(given, 2)))
            || (HanNames.IsSurnameReading(given) && HanNames.IsSyllables(family, 2));
    }

    private static bool IsLatin(ReadOnlySpan<char> word) => word.IndexOfAnyExceptInRange('a', 'z') < 0;

    /// <summary>The loose hash of a word of a name; the same for given and family names, so that swapped ones meet.</summary>
    public static ulong Loose(ReadOnlySpan<char> word)
    {
        if (word.IsEmpty)
            return 0;
        Span<char> loose = stackalloc char[64];
        return ContentHash.Of(loose[..Folding.Loosen(word, loose)]);
    }

    private static ulong Hash(ReadOnlySpan<char> word, ulong seed) => word.IsEmpty ? 0 : ContentHash.Of(word, seed);

    private static Slice AddWithoutBlanks(scoped ReadOnlySpan<char> words, ref FeatureText text)
    {
        var start = text.Length;
        foreach (var range in words.Split(' '))
            text.Add(words[range]);
        return text.Since(start);
    }
}

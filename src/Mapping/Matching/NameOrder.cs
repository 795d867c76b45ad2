using System.Collections.Frozen;

namespace Crm.Integration.Mapping.Matching;

/// <summary>Where in a whole name, cleaned, the second part begins, and whether the first is the family name.</summary>
internal readonly ref struct NameOrder
{
    private static readonly FrozenSet<string> s_particles = new[]
    {
        "van", "von", "vom", "vander", "vanden", "vande", "zu", "zum", "zur", "de", "den", "der", "des", "del", "della", "dello", "delle", "dei", "degli", "dal", "dalla", "di", "da", "do", "dos", "das", "du", "la", "le", "lo", "el", "al", "bin",
        "ibn", "ben", "bint", "abu", "ould", "ter", "ten", "te", "het", "op", "af", "av", "y", "e", "und", "st", "san", "santa", "auf", "am", "mac", "mc", "o", "d", "l",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly string[] s_patronymics = ["ovich", "evich", "ovna", "evna", "ichna", "ovych", "ivna"];
    private static readonly string[] s_slavic = ["ov", "ova", "ev", "eva", "in", "ina", "yn", "yna", "sky", "skiy", "skii", "skij", "skaya", "ko", "uk", "yuk", "chuk", "ykh", "oy", "oi", "ian", "yan", "dze", "shvili"];

    private NameOrder(int split, bool familyFirst, int patronymic = 0, int patronymicEnd = 0)
    {
        Split = split;
        FamilyFirst = familyFirst;
        Patronymic = patronymic;
        PatronymicEnd = patronymicEnd;
    }

    public int Split { get; }

    public bool FamilyFirst { get; }

    /// <summary>Where a father's name stands, 0 for none: Иванов Иван Петрович.</summary>
    public int Patronymic { get; }

    public int PatronymicEnd { get; }

    /// <summary>Whether a word is a particle of a family name.</summary>
    public static bool IsParticle(ReadOnlySpan<char> word) => s_particles.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);

    /// <summary>Whether a Latin word reads as a syllable or two of a Chinese or Korean given name.</summary>
    public static bool IsEastern(ReadOnlySpan<char> word) => HanNames.IsSyllables(word, 1) || KoreanSyllables.Has(word);

    /// <summary>Reads the order off a name.</summary>
    /// <param name="words">The cleaned words.</param>
    /// <param name="raw">The field as it came: capitals tell, too.</param>
    /// <param name="origin">Where the record is from.</param>
    public static NameOrder Of(ReadOnlySpan<char> words, ReadOnlySpan<char> raw, NameOrigin origin)
    {
        var space = words.IndexOf(' ');
        if (space < 0)
        {
            if (HanNames.AllHan(words))
                return OfHan(words, origin);
            if (words.Length > 1 && words[0] is >= '가' and <= '힣')
                return OfHangul(words);
            if (origin == NameOrigin.Chinese && HanNames.SurnamePrefix(words) is > 0 and var prefix)
                return new NameOrder(prefix, true);
            return new NameOrder(0, false);
        }

        ReadOnlySpan<char> first = words[..space], last = words[(words.LastIndexOf(' ') + 1)..];
        if (Transliteration.ScriptOf(first[0]) is NameScript.Han or NameScript.Hangul or NameScript.Japanese && Transliteration.ScriptOf(last[0]) != NameScript.Latin)
        {
            // 文雨 叶: somebody joined given and family name the Western way.
            var swapped = IsEasternFamily(last) && !IsEasternFamily(first) && last.Length <= first.Length;
            return swapped ? new NameOrder(words.LastIndexOf(' ') + 1, false) : new NameOrder(space, true);
        }

        // Wei Zhang 张伟: both ways of writing one name; the characters say more.
        if (HanNames.AllHan(last) && last.Length >= 2)
            return OfHan(last, origin).After(words.Length - last.Length);
        if (HanNames.AllHan(first))
            return first.Length >= 2 && words[(space + 1)..].Contains(' ') ? OfHan(first, origin) : new NameOrder(space, true);
        if (words.Count(' ') == 2 && Fathers(words, space) is { Patronymic: > 0 } fathers)
            return fathers;
        var second = words[(space + 1)..];
        if (HanNames.SurnameShare(first) > 4 * HanNames.SurnameShare(last) && IsEasternGiven(second) && (origin == NameOrigin.Chinese || Nicknames.IndexOf(first) == 0))
            return new NameOrder(space, true);
        if (Capitals(raw) || (!second.Contains(' ') && IsGivenOnly(second) && IsFamilyOnly(first)))
            return new NameOrder(space, true);

        // The family name is the last word with the particles before it: Jan van der Velde.
        var start = words.LastIndexOf(' ') + 1;
        while (start > 1)
        {
            var before = words[..(start - 1)].LastIndexOf(' ') + 1;
            if (before == 0 || !IsParticle(words[before..(start - 1)]))
                break;
            start = before;
        }

        return new NameOrder(start, false);
    }

    private NameOrder After(int start) => new(start + Split, FamilyFirst);

    private static NameOrder OfHan(ReadOnlySpan<char> name, NameOrigin origin)
    {
        if (name.Length > 1 && (HanNames.Surname(name) is not null || (Romanisation.IsJapaneseFamily(name) && (origin == NameOrigin.Japanese || !HanNames.IsUsualSurname(name[..1])))))
            return new NameOrder(name.Length, true);
        if (origin != NameOrigin.Chinese)
        {
            for (var length = Math.Min(3, name.Length - 1); length > 0; length--)
            {
                if (Romanisation.IsJapaneseFamily(name[..length]) && (origin == NameOrigin.Japanese || Romanisation.IsJapaneseGiven(name[length..]) || (length > 1 && (name.Length > 3 || !HanNames.IsUsualSurname(name[..1])))))
                    return new NameOrder(length, true);
                if (length > 1 && Romanisation.IsJapaneseFamily(name[^length..]) && (origin == NameOrigin.Japanese || Romanisation.IsJapaneseGiven(name[..^length])))
                    return new NameOrder(name.Length - length, false);
            }

            if (origin == NameOrigin.Japanese && name.Length >= 3)
                return new NameOrder(2, true);
        }

        // 晓雪谭: 谭 is a family name, 晓 is none.
        if (name.Length is 2 or 3 && HanNames.Surname(name[..1]) is null && HanNames.IsUsualSurname(name[^1..]))
            return new NameOrder(name.Length - 1, false);
        return new NameOrder(HanNames.SurnameLength(name), true);
    }

    private static NameOrder OfHangul(ReadOnlySpan<char> name)
    {
        if (name.Length >= 4 && Romanisation.IsKoreanFamily(name[..2]))
            return new NameOrder(2, true);
        return !Romanisation.IsKoreanFamily(name[..1]) && Romanisation.IsKoreanFamily(name[^1..]) ? new NameOrder(name.Length - 1, false) : new NameOrder(1, true);
    }

    private static bool IsEasternFamily(ReadOnlySpan<char> word) =>
        word[0] is >= '가' and <= '힣' ? Romanisation.IsKoreanFamily(word) : HanNames.Surname(word) is not null || Romanisation.IsJapaneseFamily(word);

    private static bool IsEasternGiven(ReadOnlySpan<char> words)
    {
        foreach (var range in words.Split(' '))
        {
            if (!HanNames.IsSyllables(words[range], 2))
                return false;
        }

        return words.Count(' ') < 2;
    }

    private static NameOrder Fathers(ReadOnlySpan<char> words, int space)
    {
        var last = words.LastIndexOf(' ') + 1;
        if (EndsWith(words[(space + 1)..(last - 1)], s_patronymics))
            return new NameOrder(space, false, space + 1, last - 1);
        return EndsWith(words[last..], s_patronymics) && EndsWith(words[..space], s_slavic) ? new NameOrder(space, true, last, words.Length) : default;
    }

    private static bool EndsWith(ReadOnlySpan<char> word, string[] endings)
    {
        foreach (var ending in endings)
        {
            if (word.Length > ending.Length + 1 && word.EndsWith(ending))
                return true;
        }

        return false;
    }

    /// <summary>SMITH Anna, ZHANG Wei: the family name in capitals, the rest not.</summary>
    private static bool Capitals(ReadOnlySpan<char> raw)
    {
        raw = raw.Trim();
        var space = raw.IndexOf(' ');
        return space >= 2 && IsUpper(raw[..space]) && !IsUpper(raw[(space + 1)..]) && (space > 2 || HanNames.IsSurnameReading([char.ToLowerInvariant(raw[0]), char.ToLowerInvariant(raw[1])]));
    }

    private static bool IsUpper(ReadOnlySpan<char> word)
    {
        foreach (var letter in word)
        {
            if (letter == '.' || char.IsLower(letter))
                return false;
        }

        return char.IsUpper(word[0]);
    }

    private static bool IsGivenOnly(ReadOnlySpan<char> word) => Nicknames.IndexOf(word) > 0 && NamePriors.Family(word) <= NamePriors.RareFamily;

    private static bool IsFamilyOnly(ReadOnlySpan<char> word) => Nicknames.IndexOf(word) == 0 && NamePriors.Family(word) > NamePriors.RareFamily;
}

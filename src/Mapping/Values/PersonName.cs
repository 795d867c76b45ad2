using System.Collections.Frozen;

namespace Crm.Integration.Mapping.Values;

/// <summary>The parts of a person's name; null for what there is not.</summary>
/// <param name="Given">The given name.</param>
/// <param name="Middle">What stands between.</param>
/// <param name="Family">The family name with its particles.</param>
public sealed record PersonName(string? Given, string? Middle, string? Family)
{
    private static readonly FrozenSet<string> s_titles = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sir", "dame", "lord", "lady", "rev", "herr", "frau", "hr", "fr", "herrn", "dipl", "dipl-ing", "ing", "mag", "med", "phil", "jur", "rer", "nat", "h.c", "hc",
        "mme", "mlle", "monsieur", "madame", "sr", "sra", "srta", "señor", "señora", "dott", "dott.ssa", "sig", "sig.ra", "dhr", "mevr", "mw", "capt");

    private static readonly FrozenSet<string> s_suffixes = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        "jr", "sr", "ii", "iii", "iv", "phd", "ph.d", "md", "m.d", "mba", "esq", "cpa", "dds", "msc", "bsc", "m.a", "b.a", "jd", "llm", "ret", "dipl-ing", "filho", "neto", "junior", "senior");

    private static readonly string[] s_honorifics = ["先生", "女士", "小姐", "太太", "夫人", "老师", "老師", "经理", "經理", "様", "さん", "님"];

    /// <summary>
    /// Takes a whole name apart: "Dr. Ann Mary van der Berg", "Lee, Ann", "LEE Ann", 欧阳娜娜, 卡尔·马克思, 김민준. Titles and suffixes are left away. A single word is
    /// taken for the family name, as every CRM asks for that one.
    /// </summary>
    /// <param name="text">The name.</param>
    /// <param name="familyFirst">The family name comes first, even without a comma.</param>
    public static PersonName Parse(string? text, bool familyFirst = false)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > 300)
            return new PersonName(null, null, text is { Length: > 300 } ? text : null);
        var name = TextFold.Collapse(TextFold.RemoveInvisible(TextFold.ToHalfWidth(text)));
        if (EastAsian(name) is { } eastern)
            return eastern;
        var comma = name.IndexOf(',', StringComparison.Ordinal);
        if (comma > 0)
        {
            var before = Strip(Words(name[..comma]));
            var after = Strip(Words(name[(comma + 1)..].Replace(',', ' ')));
            if (after.Count > 0 && before.Count > 0)
                return new PersonName(after[0], Join(after, 1, after.Count), Join(before, 0, before.Count));
            return Western(before.Count > 0 ? before : after, familyFirst);
        }

        return Western(Strip(Words(name)), familyFirst);
    }

    /// <summary>The whole name in the order of its script: 张三, Ann Lee.</summary>
    /// <param name="given">The given name.</param>
    /// <param name="family">The family name.</param>
    /// <param name="middle">What stands between in scripts that write the given name first.</param>
    public static string? Compose(string? given, string? family, string? middle = null)
    {
        given = string.IsNullOrWhiteSpace(given) ? null : given.Trim();
        family = string.IsNullOrWhiteSpace(family) ? null : family.Trim();
        middle = string.IsNullOrWhiteSpace(middle) ? null : middle.Trim();
        if (given is not null && family is not null && IsEastAsian(given) && IsEastAsian(family))
            return family + middle + given;
        return (given, middle, family) switch
        {
            (null, null, null) => null,
            ({ }, null, { }) => string.Concat(given, " ", family),
            _ => string.Join(' ', new[] { given, middle, family }.Where(part => part is not null)),
        };
    }

    private static PersonName? EastAsian(string name)
    {
        foreach (var honorific in s_honorifics)
        {
            if (name.Length > honorific.Length && name.EndsWith(honorific, StringComparison.Ordinal))
                name = name[..^honorific.Length].TrimEnd();
        }

        // A foreign name in Chinese characters keeps its own order.
        var dot = name.AsSpan().IndexOfAny('·', '・', '•');
        if (dot > 0 && dot < name.Length - 1 && IsEastAsian(name.AsSpan(0, dot)))
        {
            var parts = name.Split('·', '・', '•').Select(part => part.Trim()).Where(part => part.Length > 0).ToList();
            return parts.Count > 1 ? new PersonName(parts[0], Join(parts, 1, parts.Count - 1, "·"), parts[^1]) : null;
        }

        var blank = name.IndexOf(' ', StringComparison.Ordinal);
        if (blank > 0 && IsEastAsian(name.AsSpan(0, blank)) && IsEastAsian(name.AsSpan(blank + 1)))
        {
            var given = name[(blank + 1)..].Replace(" ", "", StringComparison.Ordinal);
            return new PersonName(given, null, name[..blank]);
        }

        if (blank >= 0 || !IsEastAsian(name))
            return null;
        // Three or four syllables of Hangul, or up to five characters, are a name; longer ones and kana without a blank cannot be cut safely.
        var isHangul = name.All(c => c is >= '\uAC00' and <= '\uD7A3');
        if ((!isHangul && !ChineseNames.IsHan(name)) || name.Length > (isHangul ? 4 : 5))
            return new PersonName(null, null, name);
        var length = isHangul ? 1 : ChineseNames.SurnameLength(name);
        return new PersonName(length < name.Length ? name[length..] : null, null, name[..length]);
    }

    private static bool IsEastAsian(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (c is not ((>= '\u3040' and <= '\u30FF') or (>= '\uAC00' and <= '\uD7A3') or ' ') && !ChineseNames.IsHan([c]))
                return false;
        }

        return !text.IsEmpty;
    }

    private static PersonName Western(List<string> words, bool familyFirst)
    {
        if (words.Count <= 1)
            return new PersonName(null, null, words.Count == 1 ? words[0] : null);
        if (familyFirst || (IsUpper(words[0]) && !words.Skip(1).Any(IsUpper)))
            return new PersonName(words[1], Join(words, 2, words.Count), words[0]);
        var family = words.Count - 1;
        for (var i = 1; i < words.Count - 1; i++)
        {
            if (!NameCase.IsParticle(words[i]))
                continue;
            family = i;
            break;
        }

        return new PersonName(words[0], Join(words, 1, family), Join(words, family, words.Count));
    }

    private static bool IsUpper(string word) => word.Length > 2 && word.All(c => !char.IsLetter(c) || char.IsUpper(c)) && !word.Contains('.', StringComparison.Ordinal);

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static List<string> Strip(string[] words)
    {
        var kept = new List<string>(words);
        while (kept.Count > 1 && s_titles.Contains(kept[0].TrimEnd('.')))
            kept.RemoveAt(0);
        if (kept.Count == 1 && kept[0].EndsWith('.') && s_titles.Contains(kept[0].TrimEnd('.')))
            kept.Clear();
        while (kept.Count > 1 && s_suffixes.Contains(kept[^1].TrimEnd('.')))
            kept.RemoveAt(kept.Count - 1);
        if (kept.Count == 1 && words.Length == 1 && s_suffixes.Contains(kept[0].TrimEnd('.')))
            kept.Clear();
        return kept;
    }

    private static string? Join(List<string> words, int from, int to, string separator = " ") =>
        to <= from ? null : to == from + 1 ? words[from] : string.Join(separator, words.Skip(from).Take(to - from));
}

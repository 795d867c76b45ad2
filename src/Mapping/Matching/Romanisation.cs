using System.Collections.Frozen;

namespace Crm.Integration.Mapping.Matching;

/// <summary>Whether a name in letters of its own and one in Latin letters are the same.</summary>
internal enum Reading : byte
{
    /// <summary>Nothing here knows how the name is read.</summary>
    Unknown,
    Different,
    Near,
    Same,
}

/// <summary>
/// Compares names across scripts. One name has many spellings in Latin letters (이 is Lee, Yi and Rhee, محمد Mohammed and Muhammad),
/// so both sides are cut down to what the spellings share, script by script; a table has the usual names, where letters do not tell.
/// </summary>
internal static class Romanisation
{
    private static readonly FrozenDictionary<string, string[]> s_families = Load("japanese-surnames.txt", "korean-surnames.txt", "chinese-spellings.txt", "semitic-names.txt");
    private static readonly FrozenDictionary<string, string[]> s_givens = Load("japanese-given-names.txt", "semitic-names.txt");
    private static readonly FrozenDictionary<string, string> s_spellings = LoadSpellings();
    private static readonly FrozenSet<string> s_japaneseFamilies = Tables.Lines("japanese-surnames.txt").Select(line => Folding.Fold(line.Split(' ')[0])).ToFrozenSet(StringComparer.Ordinal);
    private static readonly FrozenSet<string> s_japaneseGivens = Tables.Lines("japanese-given-names.txt").Select(line => Folding.Fold(line.Split(' ')[0])).ToFrozenSet(StringComparer.Ordinal);
    private static readonly FrozenSet<string> s_koreanFamilies = Tables.Lines("korean-surnames.txt").SelectMany(line => line.Split(' ')).ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> s_semitic = Tables.Lines("semitic-names.txt").SelectMany(line => line.Split(' ').Skip(1)).ToFrozenSet(StringComparer.Ordinal);

    // What the spellings of one sound have in common; the longest rule that fits wins, what no rule has stays, repeats go.
    private static readonly (string From, string To)[] s_korean = Rules("yeo:o yae:e you:o yoo:o woo:o wae:e weo:o eui:i eo:o eu:o ou:o oo:o ae:e ai:e ay:e oi:e oe:e ui:i wi:i ee:i ya:a yu:o yo:o ye:e wa:a we:e wo:o u:o "
        + "ngk:N ngg:N nkk:N ng:N nk:N kk:k kh:k gg:k g:k tt:t th:t d:t pp:p ph:p b:p ch:c jj:c j:c z:c sh:s l:r y:i v:p f:p");

    private static readonly (string From, string To)[] s_japanese = Rules("sha:sya shi:si shu:syu sho:syo cha:tya chi:ti chu:tyu cho:tyo tsu:tu fu:hu ja:zya ji:zi ju:zyu jo:zyo jya:zya jyu:zyu jyo:zyo dzu:zu di:zi du:zu mb:nb mp:np "
        + "ou:o oo:o uu:u ei:e l:r c:k wo:o");

    private static readonly (string From, string To)[] s_arabic = Rules("kh:x sh:c sch:c ch:c gh:g dj:g th:t dh:d ph:f j:g q:k c:k v:f p:b x:ks a: e: i: o: u: w: y:");
    private static readonly (string From, string To)[] s_hebrew = Rules("tz:s ts:s sh:s sch:s ch: kh: ph:p f:p v:b w:b c:k q:k j:y th:t h: a: e: i: o: u: y:");
    private static readonly (string From, string To)[] s_chinese = Rules("zh:C ch:C q:C j:C hs:S x:S sh:S tz:Z ts:Z z:Z c:Z ss:s sz:s b:p d:t g:k ueh:ue ieh:ie ien:ian ung:ong erh:er uo:o lyu:lu lv:lu nyu:nu nv:nu yen:yan yueh:yue ou:o");

    /// <summary>Whether a folded text is a Japanese family name of two or more characters, or one of one.</summary>
    public static bool IsJapaneseFamily(ReadOnlySpan<char> name) => s_japaneseFamilies.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name);

    /// <summary>Whether a folded text is one of the usual Japanese given names.</summary>
    public static bool IsJapaneseGiven(ReadOnlySpan<char> name) => s_japaneseGivens.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name);

    /// <summary>Whether a folded word, in Hangul or Latin letters, is a Korean family name.</summary>
    public static bool IsKoreanFamily(ReadOnlySpan<char> name) => s_koreanFamilies.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name);

    /// <summary>Whether a folded Latin word is one of the usual Arabic or Hebrew names.</summary>
    public static bool IsSemitic(ReadOnlySpan<char> name) => s_semitic.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name);

    /// <summary>The usual Latin spelling of a name in other letters, or nothing.</summary>
    public static ReadOnlySpan<char> Usual(ReadOnlySpan<char> native, bool family) =>
        (family ? s_families : s_givens).GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(native, out var readings) ? readings[0] : default;

    /// <summary>The spelling that stands for all of one name's: mohammed for muhammad; the word itself where there is none.</summary>
    public static ReadOnlySpan<char> Canonical(ReadOnlySpan<char> word) =>
        s_spellings.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(word, out var canonical) ? canonical : word;

    /// <summary>Whether two Latin spellings are of one Korean family name: Cho and Jo, Chang and Jang.</summary>
    public static bool SameKorean(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        if (!IsKoreanFamily(a) || !IsKoreanFamily(b))
            return false;
        Span<char> left = stackalloc char[64], right = stackalloc char[64];
        return left[..Apply(s_korean, a, left)].SequenceEqual(right[..Apply(s_korean, b, right)]);
    }

    /// <summary>A hash of how a Korean given name sounds.</summary>
    public static ulong KoreanSound(ReadOnlySpan<char> latin)
    {
        if (latin.IsEmpty)
            return 0;
        Span<char> sound = stackalloc char[64];
        return Records.ContentHash.Of(sound[..Apply(s_korean, latin, sound)]);
    }

    /// <summary>Compares a name in its own letters with one in Latin letters.</summary>
    /// <param name="script">The script of <paramref name="native"/>.</param>
    /// <param name="native">The folded name, without blanks.</param>
    /// <param name="latin">The folded Latin name, without blanks.</param>
    /// <param name="family">Whether they are family names.</param>
    public static Reading Compare(NameScript script, ReadOnlySpan<char> native, ReadOnlySpan<char> latin, bool family)
    {
        if (native.IsEmpty || latin.IsEmpty)
            return Reading.Unknown;
        var rules = RulesOf(script);
        Span<char> left = stackalloc char[64], right = stackalloc char[64];
        ReadOnlySpan<char> sound = right[..Apply(rules, latin, right)];
        var best = Reading.Unknown;
        if ((family ? s_families : s_givens).GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(native, out var readings))
        {
            foreach (var reading in readings)
            {
                best = Max(best, latin.SequenceEqual(reading) ? Reading.Same : Of(left[..Apply(rules, reading, left)], sound, script));
                if (best == Reading.Same)
                    return best;
            }

            // Tables of kanji are never complete: another reading is no other name.
            if (best == Reading.Different && script == NameScript.Japanese && !family)
                return Reading.Unknown;
        }

        if (HanNames.HasHan(native) && script != NameScript.Han)
            return best;
        Span<char> read = stackalloc char[64];
        var length = script == NameScript.Han ? HanNames.Pinyin(native, read, family) : Transliteration.Read(native, read);
        return readings is { } && best != Reading.Unknown && script is NameScript.Arabic or NameScript.Hebrew ? best : Max(best, Of(left[..Apply(rules, read[..length], left)], sound, script));
    }

    private static Reading Of(ReadOnlySpan<char> left, ReadOnlySpan<char> right, NameScript script)
    {
        // Consonants alone: نور and نار are the same one; where there are few of them they say nothing.
        var consonants = script is NameScript.Arabic or NameScript.Hebrew;
        if (left.SequenceEqual(right))
            return consonants && left.Length < 3 ? left.Length < 2 ? Reading.Unknown : Reading.Near : Reading.Same;
        if (Math.Min(left.Length, right.Length) >= (consonants ? 3 : 4) && Similarity.OneEdit(left, right))
            return Reading.Near;
        return Reading.Different;
    }

    private static Reading Max(Reading a, Reading b) => a > b ? a : b;

    private static (string From, string To)[] RulesOf(NameScript script) => script switch
    {
        NameScript.Hangul => s_korean,
        NameScript.Japanese => s_japanese,
        NameScript.Arabic => s_arabic,
        NameScript.Hebrew => s_hebrew,
        _ => s_chinese,
    };

    private static int Apply((string From, string To)[] rules, ReadOnlySpan<char> word, Span<char> into)
    {
        var length = 0;
        for (var i = 0; i < word.Length && length < into.Length - 4;)
        {
            // Ahn and An, Itoh and Ito: an h that closes a syllable is not heard.
            if (word[i] == 'h' && i > 0 && IsVowel(word[i - 1]) && (i + 1 == word.Length || !IsVowel(word[i + 1]) && word[i + 1] != 'y'))
            {
                i++;
                continue;
            }

            var fitted = false;
            foreach (var (from, to) in rules)
            {
                if (!word[i..].StartsWith(from))
                    continue;
                foreach (var letter in to)
                    Append(letter, into, ref length);
                i += from.Length;
                fitted = true;
                break;
            }

            if (!fitted)
                Append(word[i++], into, ref length);
        }

        return length;
    }

    private static void Append(char letter, Span<char> into, ref int length)
    {
        if (length == 0 || into[length - 1] != letter)
            into[length++] = letter;
    }

    private static bool IsVowel(char letter) => letter is 'a' or 'e' or 'i' or 'o' or 'u';

    private static (string From, string To)[] Rules(string rules) =>
        [.. rules.Split(' ').Select(rule => rule.Split(':')).Select(rule => (rule[0], rule[1])).OrderByDescending(rule => rule.Item1.Length)];

    private static FrozenDictionary<string, string[]> Load(params string[] tables)
    {
        var names = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var line in tables.SelectMany(Tables.Lines))
        {
            var words = line.Split(' ');
            names.TryAdd(Folding.Fold(words[0]), words[1..]);
        }

        return names.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static FrozenDictionary<string, string> LoadSpellings()
    {
        var spellings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var words in Tables.Lines("spellings.txt").Select(line => line.Split(' ')).Concat(Tables.Lines("semitic-names.txt").Select(line => line.Split(' ')[1..])))
        {
            foreach (var word in words.Skip(1))
                spellings.TryAdd(word, words[0]);
        }

        return spellings.ToFrozenDictionary(StringComparer.Ordinal);
    }
}

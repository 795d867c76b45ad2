using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Matching;

/// <summary>Makes the parts of a name, cleaned and in order, what they are compared by.</summary>
internal static class PersonNameBuilder
{
    private const ulong GivenSeed = 0xA1;
    private const ulong FamilySeed = 0xA2;

    /// <summary>Adds the parts.</summary>
    public static PersonName Build(scoped ReadOnlySpan<char> given, scoped ReadOnlySpan<char> middle, scoped ReadOnlySpan<char> family, Generation generation, NameOrigin origin, ref FeatureText text)
    {
        var script = ScriptOf(given, family, origin);
        Slice givenAll = default, first = default, second = default, givenHan = default;
        float givenPrior = 0;
        if (IsNative(given))
        {
            givenHan = AddWithoutBlanks(given, ref text);
            givenAll = first = AddReading(text[givenHan], script, false, ref text);
            if (script is NameScript.Han or NameScript.Japanese or NameScript.Hangul)
                givenPrior = NamePriors.HanGiven(script == NameScript.Hangul ? 1 : givenHan.Length);
        }
        else if (!given.IsEmpty)
        {
            Words(given, family, ref text, out givenAll, out first, out second);
        }

        var nickname = Nicknames.IndexOf(text[first]);
        if (givenPrior == 0)
            givenPrior = nickname > 0 ? NamePriors.UsualGiven : NamePriors.RareGiven;
        if (second.IsEmpty && !middle.IsEmpty)
            second = text.Add(middle.IndexOf(' ') is > 0 and var space ? middle[..space] : middle);

        Slice whole = default, core = default, head = default, tail = default, familyHan = default;
        float familyPrior = 0;
        if (IsNative(family))
        {
            // The Arabic article is written onto the name: المصري is al-Masri.
            var article = script == NameScript.Arabic && family.Length > 4 && family.StartsWith("ال");
            familyHan = AddWithoutBlanks(article ? family[2..] : family, ref text);
            core = AddReading(text[familyHan], script, true, ref text);
            whole = core;
            familyPrior = script == NameScript.Han ? NamePriors.HanFamily(family) : NamePriors.Native(text[familyHan], text[core]);
        }
        else if (!family.IsEmpty)
        {
            FamilyWords(family, ref text, out whole, out core, out head, out tail);
            familyPrior = NamePriors.Family(text[core]);
        }

        return new PersonName
        {
            Given = givenAll, First = first, Middle = second, GivenHan = givenHan,
            FamilyWhole = whole, Family = core, FamilyHead = head, FamilyTail = tail, FamilyHan = familyHan,
            GivenHash = Hash(text[givenHan.IsEmpty ? givenAll : givenHan], GivenSeed), FamilyHash = Hash(text[familyHan.IsEmpty ? core : familyHan], FamilySeed),
            GivenLoose = IsKorean(script, text[first], text[core]) ? Romanisation.KoreanSound(text[first]) : PersonNameReader.Loose(text[first]), FamilyLoose = PersonNameReader.Loose(text[core]),
            GivenPrior = givenPrior, FamilyPrior = familyPrior, Nickname = nickname, Generation = generation,
            Pinyin = script == NameScript.Han || (script == NameScript.Latin && IsPinyin(text[givenAll], text[core])),
            Script = script,
        };
    }

    private static void Words(scoped ReadOnlySpan<char> given, scoped ReadOnlySpan<char> family, ref FeatureText text, out Slice all, out Slice first, out Slice second)
    {
        first = second = default;
        var start = text.Length;
        var space = given.IndexOf(' ');
        // "JR", "TJ": two initials that lost their full stops.
        if (given.Length == 2 && !IsVowel(given[0]) && !IsVowel(given[1]))
        {
            first = text.Add(given[..1]);
            second = text.Add(given[1..]);
        }
        else if (space > 0 && IsOneEasternName(given, space, family))
        {
            // Wen-yu, Seo Yun: one name, however its syllables are joined.
            text.Add(given[..space]);
            text.Add(given[(space + 1)..]);
            first = text.Since(start);
        }
        else
        {
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
        }

        all = text.Since(start);
    }

    private static bool IsOneEasternName(ReadOnlySpan<char> given, int space, ReadOnlySpan<char> family)
    {
        ReadOnlySpan<char> left = given[..space], right = given[(space + 1)..];
        if (right.Contains(' ') || left.Length < 2 || right.Length < 2)
            return false;
        return (HanNames.IsSurnameReading(family) && HanNames.IsSyllables(left, 1) && HanNames.IsSyllables(right, 1))
            || (Romanisation.IsKoreanFamily(family) && KoreanSyllables.Has(left) && KoreanSyllables.Has(right));
    }

    /// <summary>Whether a given name is spelled in one of the many ways of Korean: Ji-woo, Jiu, 지우.</summary>
    private static bool IsKorean(NameScript script, ReadOnlySpan<char> first, ReadOnlySpan<char> family) =>
        script == NameScript.Hangul || (script == NameScript.Latin && first.Length > 3 && Romanisation.IsKoreanFamily(family) && KoreanSyllables.Make(first, 2));

    private static void FamilyWords(scoped ReadOnlySpan<char> family, ref FeatureText text, out Slice whole, out Slice core, out Slice head, out Slice tail)
    {
        head = tail = default;
        var start = text.Length;
        var coreStart = -1;
        var joined = false;
        // Alahmad is al-Ahmad where Ahmad is known for a name of its own.
        if (!family.Contains(' ') && family.Length > 5 && family[1] == 'l' && family[0] is 'a' or 'e' && Romanisation.IsSemitic(family[2..]))
        {
            text.Add(family[..2]);
            coreStart = text.Add(family[2..]).Start;
        }
        else
        {
            foreach (var range in family.Split(' '))
            {
                var word = family[range];
                var particle = NameOrder.IsParticle(word);
                if (particle && coreStart >= 0)
                    continue;
                var slice = text.Add(word);
                if (particle && !joined && word is "o" or "mc" or "mac" or "d")
                {
                    // O'Brien is O Brien is Obrien, and Mc Donald is McDonald.
                    coreStart = slice.Start;
                    joined = true;
                    continue;
                }

                if (particle)
                    continue;
                if (coreStart < 0 || joined)
                {
                    coreStart = joined ? coreStart : slice.Start;
                    head = new Slice((ushort)coreStart, (ushort)(slice.End - coreStart));
                    joined = false;
                }
                else
                {
                    tail = slice;
                }
            }
        }

        whole = text.Since(start);
        core = coreStart < 0 ? whole : text.Since(coreStart);
        if (tail.IsEmpty)
            head = default;
    }

    private static bool IsVowel(char letter) => letter is 'a' or 'e' or 'i' or 'o' or 'u' or 'y';

    private static bool IsNative(ReadOnlySpan<char> words) => words.IndexOfAnyExceptInRange('\0', '\u024F') >= 0 && (HanNames.HasHan(words) || Transliteration.Knows(words));

    private static NameScript ScriptOf(ReadOnlySpan<char> given, ReadOnlySpan<char> family, NameOrigin origin)
    {
        NameScript left = Widest(given), right = Widest(family);
        var script = right is NameScript.Latin ? left : left == NameScript.Japanese ? left : right;
        if (script != NameScript.Han || origin == NameOrigin.Chinese)
            return script;
        // 林 is Lin and Hayashi: what it is called beside tells.
        var japanese = Romanisation.IsJapaneseFamily(family)
            ? origin == NameOrigin.Japanese || family.Length > 1 || Romanisation.IsJapaneseGiven(given)
            : origin == NameOrigin.Japanese || (HanNames.Surname(family) is null && Romanisation.IsJapaneseGiven(given));
        return japanese ? NameScript.Japanese : NameScript.Han;
    }

    /// <summary>Latin only if all letters are; Japanese if one is kana.</summary>
    private static NameScript Widest(ReadOnlySpan<char> words)
    {
        var found = NameScript.Latin;
        if (words.IndexOfAnyExceptInRange('\0', '\u024F') < 0)
            return found;
        foreach (var letter in words)
        {
            var script = Transliteration.ScriptOf(letter);
            if (script == NameScript.Japanese)
                return script;
            if (script != NameScript.Latin)
                found = script;
        }

        return found;
    }

    private static Slice AddReading(scoped ReadOnlySpan<char> native, NameScript script, bool family, ref FeatureText text)
    {
        Span<char> copy = stackalloc char[64], spelled = stackalloc char[96];
        native = native[..Math.Min(native.Length, copy.Length)];
        native.CopyTo(copy);
        native = copy[..native.Length];
        var usual = script == NameScript.Han ? default : Romanisation.Usual(native, family);
        if (!usual.IsEmpty)
            return text.Add(usual);
        // Kanji that no table reads are not read as Chinese either: nothing says so.
        return text.Add(spelled[..(HanNames.HasHan(native) ? HanNames.Pinyin(native, spelled, family) : Transliteration.Read(native, spelled))]);
    }

    /// <summary>Whether a name reads as Chinese: a known family name, and a given name of one or two syllables (or the two swapped).</summary>
    private static bool IsPinyin(ReadOnlySpan<char> given, ReadOnlySpan<char> family) =>
        (HanNames.IsSurnameReading(family) && (given.IsEmpty || HanNames.IsSyllables(given, 2)))
        || (HanNames.IsSurnameReading(given) && HanNames.IsSyllables(family, 2));

    private static ulong Hash(ReadOnlySpan<char> word, ulong seed) => word.IsEmpty ? 0 : ContentHash.Of(word, seed);

    private static Slice AddWithoutBlanks(scoped ReadOnlySpan<char> words, ref FeatureText text)
    {
        var start = text.Length;
        foreach (var range in words.Split(' '))
            text.Add(words[range]);
        return text.Since(start);
    }
}

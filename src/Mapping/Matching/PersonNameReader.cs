using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Matching;

/// <summary>Reads personal names, whether they come in parts or whole, Western or Eastern: which part is the family name.</summary>
internal static class PersonNameReader
{
    /// <summary>Adds a name.</summary>
    /// <param name="given">The given name, or nothing.</param>
    /// <param name="middle">The middle name, or nothing.</param>
    /// <param name="family">The family name, or nothing.</param>
    /// <param name="full">The whole name; read when one of the parts is missing.</param>
    /// <param name="origin">Where the record is from, as far as the rest of it tells.</param>
    /// <param name="text">Where the parts are added.</param>
    /// <param name="stopgap">Whether the fields hold words like "Unknown" in place of a name.</param>
    public static PersonName Read(scoped ReadOnlySpan<char> given, scoped ReadOnlySpan<char> middle, scoped ReadOnlySpan<char> family, scoped ReadOnlySpan<char> full, NameOrigin origin, ref FeatureText text, out bool stopgap)
    {
        given = given.Trim();
        family = family.Trim();
        if (given.IsEmpty && !family.IsEmpty && (family.Contains(',') || full.IsWhiteSpace()))
        {
            if (family.Contains(',') || IsWhole(family, 2))
            {
                full = family;
                family = default;
            }
        }
        else if (!given.IsEmpty && family.IsEmpty && full.IsWhiteSpace() && (given.Contains(' ') || given.Contains(',') || IsWhole(given, 3)))
        {
            full = given;
            given = default;
        }

        var comesWhole = (given.IsEmpty || family.IsEmpty) && !full.IsWhiteSpace();
        var afterComma = false;
        if (comesWhole && full.IndexOfAny(",，、") is > 0 and var comma)
        {
            // "Hall, Anna" and also "Hall, Jr., Anna": the family name comes first. "John Smith, PhD" is no such name.
            if (!NameWords.IsSuffix(full[(comma + 1)..]))
            {
                family = full[..comma];
                given = full[(comma + 1)..];
                comesWhole = false;
                afterComma = true;
            }
        }

        // "Brittany Jones-Dunman": the hyphen, soon folded away, tells where the family name begins.
        if (comesWhole && full.Trim().LastIndexOf(' ') is > 0 and var last && full.Trim()[last..].IndexOf('-') > 1)
        {
            ReadOnlySpan<char> before = full.Trim()[..last], hyphened = full.Trim()[(last + 1)..];
            var eastern = !before.Contains(' ') && IsSyllablePair(hyphened);
            given = eastern ? hyphened : before;
            family = eastern ? before : hyphened;
            comesWhole = false;
        }

        Span<char> familyText = stackalloc char[100], givenText = stackalloc char[100];
        var generation = Generation.None;
        if (comesWhole)
        {
            var length = NameWords.Clean(full, familyText, false, ref generation, out var none);
            stopgap = none != Stopgap.No;
            if (stopgap)
                return default;
            var order = NameOrder.Of(familyText[..length], full, origin);
            ReadOnlySpan<char> words = familyText[..length];
            var left = words[..order.Split].Trim(' ');
            var right = words[order.Split..].Trim(' ');
            if (order.Patronymic > 0)
            {
                var patronymic = words[order.Patronymic..order.PatronymicEnd].Trim(' ');
                return order.FamilyFirst
                    ? PersonNameBuilder.Build(words[order.Split..order.Patronymic].Trim(' '), patronymic, left, generation, origin, ref text)
                    : PersonNameBuilder.Build(left, patronymic, words[order.PatronymicEnd..].Trim(' '), generation, origin, ref text);
            }

            return order.FamilyFirst ? PersonNameBuilder.Build(right, default, left, generation, origin, ref text) : PersonNameBuilder.Build(left, default, right, generation, origin, ref text);
        }

        ReadOnlySpan<char> familyWords = familyText[..NameWords.Clean(family, familyText, false, ref generation, out var noFamily)];
        ReadOnlySpan<char> givenWords = givenText[..NameWords.Clean(given, givenText, afterComma, ref generation, out var noGiven)];
        stopgap = (noFamily != Stopgap.No || familyWords.IsEmpty) && (noGiven != Stopgap.No || givenWords.IsEmpty) && !(familyWords.IsEmpty && givenWords.IsEmpty);
        if (stopgap)
            return default;
        if (noFamily == Stopgap.Yes)
            familyWords = default;
        if (noGiven == Stopgap.Yes)
            givenWords = default;
        WithoutOther(ref givenWords, ref familyWords);
        Span<char> middleText = stackalloc char[60];
        ReadOnlySpan<char> middleWords = middleText[..NameWords.Clean(middle, middleText, false, ref generation, out _)];
        return PersonNameBuilder.Build(givenWords, middleWords, familyWords, generation, origin, ref text);
    }

    /// <summary>The loose hash of a word of a name; the same for given and family names, so that swapped ones meet.</summary>
    public static ulong Loose(ReadOnlySpan<char> word)
    {
        if (word.IsEmpty)
            return 0;
        word = Romanisation.Canonical(word);
        Span<char> loose = stackalloc char[64];
        return ContentHash.Of(loose[..Folding.Loosen(word, loose)]);
    }

    /// <summary>Whether a lone field, without blanks, can hold a whole name: 刘文雨, 김하은.</summary>
    private static bool IsWhole(ReadOnlySpan<char> field, int least)
    {
        if (field.Length < least || (!HanNames.HasHan(field) && field.IndexOfAnyInRange('가', '힣') < 0))
            return false;
        return HanNames.Surname(field) is null && !Romanisation.IsJapaneseFamily(field) && !Romanisation.IsKoreanFamily(field);
    }

    /// <summary>Whether a hyphen parts two syllables of a given name: Wen-yu, Seo-yun.</summary>
    private static bool IsSyllablePair(ReadOnlySpan<char> word)
    {
        Span<char> folded = stackalloc char[24];
        if (word.Length > 20)
            return false;
        ReadOnlySpan<char> both = folded[..Folding.Fold(word, folded)];
        return both.IndexOf(' ') is > 0 and var blank && blank <= 6 && both.Length - blank <= 7 && NameOrder.IsEastern(both[..blank]) && NameOrder.IsEastern(both[(blank + 1)..]);
    }

    /// <summary>The whole name in the field of the given name, and the family name once more in its own.</summary>
    private static void WithoutOther(scoped ref ReadOnlySpan<char> given, scoped ref ReadOnlySpan<char> family)
    {
        if (given.IsEmpty || family.IsEmpty)
            return;
        if (given.Length > family.Length + 1 && given.EndsWith(family) && given[^(family.Length + 1)] == ' ')
            given = given[..^(family.Length + 1)];
        else if (family.Length > given.Length + 1 && family.StartsWith(given) && family[given.Length] == ' ')
            family = family[(given.Length + 1)..];
        else if (given.SequenceEqual(family) && given.LastIndexOf(' ') is > 0 and var blank)
        {
            given = given[..blank];
            family = family[(blank + 1)..];
        }
    }
}

/// <summary>Where a record is from, as far as names are read otherwise there.</summary>
internal enum NameOrigin : byte
{
    Unknown,
    Chinese,
    Japanese,
    Korean,
}

namespace Crm.Integration.Mapping.Matching;

/// <summary>Reads Chinese characters: as pinyin without tones, and where the family name of a full name ends.</summary>
internal static class HanNames
{
    private const int First = 0x4E00;
    private static readonly string?[] s_pinyin = new string?[0xA000 - First];
    private static readonly Dictionary<string, (string Pinyin, int PerMille)> s_surnames = new(StringComparer.Ordinal);

    private static readonly HashSet<string> s_syllables = new(StringComparer.Ordinal);
    private static readonly Dictionary<string, float> s_readings = new(StringComparer.Ordinal);

    static HanNames()
    {
        foreach (var line in Tables.Lines("han-pinyin.txt"))
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            var syllable = line[..space];
            s_syllables.Add(syllable);
            foreach (var character in line.AsSpan(space + 1))
                s_pinyin[character - First] = syllable;
        }

        foreach (var line in Tables.Lines("chinese-surnames.txt"))
        {
            var parts = line.Split(' ');
            var perMille = int.Parse(parts[2], System.Globalization.CultureInfo.InvariantCulture);
            s_readings[parts[1]] = s_readings.GetValueOrDefault(parts[1]) + perMille + 0.1f;
            s_surnames[parts[0]] = (parts[1], perMille);
        }
    }

    /// <summary>The surnames, how they are read and how many in a thousand bear them (0: few).</summary>
    public static IReadOnlyDictionary<string, (string Pinyin, int PerMille)> Surnames => s_surnames;

    /// <summary>What is known of a surname, or null.</summary>
    public static (string Pinyin, int PerMille)? Surname(ReadOnlySpan<char> name) =>
        s_surnames.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var known) ? known : null;

    /// <summary>Whether a folded Latin word is how a Chinese surname reads.</summary>
    public static bool IsSurnameReading(ReadOnlySpan<char> word) => s_readings.GetAlternateLookup<ReadOnlySpan<char>>().ContainsKey(word);

    /// <summary>How many of a thousand Chinese have a family name that reads so, 0 for no family name.</summary>
    public static float SurnameShare(ReadOnlySpan<char> word) => s_readings.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(word, out var share) ? share : 0;

    /// <summary>Whether a Chinese family name is borne by one in a thousand or more.</summary>
    public static bool IsUsualSurname(ReadOnlySpan<char> name) => Surname(name) is { PerMille: > 0 };

    /// <summary>How many letters of a whole name in pinyin without blanks, zhangwei, are the family name; 0 when it is none.</summary>
    public static int SurnamePrefix(ReadOnlySpan<char> word)
    {
        for (var length = Math.Min(8, word.Length - 2); length > 1; length--)
        {
            if (IsSurnameReading(word[..length]) && IsSyllables(word[length..], 2))
                return length;
        }

        return 0;
    }

    /// <summary>Whether a folded Latin word is made of at most so many Chinese syllables.</summary>
    public static bool IsSyllables(ReadOnlySpan<char> word, int most)
    {
        if (word.IsEmpty)
            return true;
        if (most == 0)
            return false;
        for (var length = Math.Min(6, word.Length); length > 0; length--)
        {
            if (s_syllables.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word[..length]) && IsSyllables(word[length..], most - 1))
                return true;
        }

        return false;
    }

    /// <summary>Whether a character is Chinese.</summary>
    public static bool IsHan(char character) => character is >= (char)First and < (char)0xA000;

    /// <summary>Whether text holds a Chinese character.</summary>
    public static bool HasHan(ReadOnlySpan<char> text) => text.IndexOfAnyInRange((char)First, (char)0x9FFF) >= 0;

    /// <summary>Whether text is Chinese characters throughout.</summary>
    public static bool AllHan(ReadOnlySpan<char> text) => !text.IsEmpty && text.IndexOfAnyExceptInRange((char)First, (char)0x9FFF) < 0;

    /// <summary>How many characters of a full name without blanks are the family name.</summary>
    public static int SurnameLength(ReadOnlySpan<char> name)
    {
        if (name.Length >= 3 && s_surnames.GetAlternateLookup<ReadOnlySpan<char>>().ContainsKey(name[..2]))
            return 2;
        return Math.Min(1, name.Length);
    }

    /// <summary>Writes text as pinyin; characters without a reading, and other letters, stay. Blanks go.</summary>
    public static int Pinyin(ReadOnlySpan<char> text, Span<char> into, bool surname = false)
    {
        if (surname && s_surnames.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out var known))
        {
            var fits = Math.Min(known.Pinyin.Length, into.Length);
            known.Pinyin.AsSpan(0, fits).CopyTo(into);
            return fits;
        }

        var length = 0;
        foreach (var character in text)
        {
            if (IsHan(character) && s_pinyin[character - First] is { } syllable)
            {
                if (length + syllable.Length > into.Length)
                    break;
                syllable.CopyTo(into[length..]);
                length += syllable.Length;
            }
            else if (character != ' ' && length < into.Length)
            {
                into[length++] = character;
            }
        }

        return length;
    }
}

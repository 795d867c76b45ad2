using System.Collections.Frozen;
using System.Text;

namespace Crm.Integration.Mapping.Values;

/// <summary>Countries by code, by their names in many languages, and by the abbreviations that people write.</summary>
public static class Countries
{
    private static readonly string[] s_languages;
    private static readonly FrozenDictionary<string, string> s_exact;
    private static readonly FrozenDictionary<string, string> s_byName;
    private static readonly FrozenDictionary<string, string[]> s_names;

    static Countries()
    {
        var exact = new Dictionary<string, string>(StringComparer.Ordinal);
        var byName = new Dictionary<string, string>(StringComparer.Ordinal);
        var names = new Dictionary<string, string[]>(StringComparer.Ordinal);
        // In the order of the table's columns.
        s_languages = ["en", "de", "fr", "es", "pt", "it", "nl", "zh", "zh-Hant", "ja", "ko", "ru", "pl", "sv", "da", "nb", "fi", "cs", "hu", "tr", "ro", "el", "uk", "ar", "he"];
        var rows = EmbeddedText.Lines("Values.Data.countries.tsv").Select(line => line.Split('\t')).ToList();
        foreach (var row in rows)
        {
            var code = row[0];
            exact[code] = code;
            names[code] = [.. row.Skip(3).Select(column => column.Split('|')[0])];
            byName[code.ToLowerInvariant()] = code;
            byName[row[1].ToLowerInvariant()] = code;
            byName[row[2]] = code;
        }

        foreach (var line in EmbeddedText.Lines("Values.Data.country-aliases.tsv"))
        {
            var row = line.Split('\t');
            foreach (var alias in row[1].Split('|'))
                byName.TryAdd(Key(alias), row[0]);
        }

        foreach (var row in rows)
        {
            foreach (var name in row.Skip(3).SelectMany(column => column.Split('|')).Where(name => name.Length > 0))
            {
                // In some language a country is called as another one in English: the first one, in English, holds.
                byName.TryAdd(Key(name), row[0]);
                exact.TryAdd(name, byName[Key(name)]);
            }
        }

        s_exact = exact.ToFrozenDictionary(StringComparer.Ordinal);
        s_byName = byName.ToFrozenDictionary(StringComparer.Ordinal);
        s_names = names.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The ISO 3166-1 alpha-2 codes.</summary>
    public static IEnumerable<string> Codes => s_names.Keys;

    /// <summary>The country that a text means, as ISO 3166-1 alpha-2, or null. Takes codes of two or three letters or digits, names, abbreviations.</summary>
    /// <param name="text">The text.</param>
    public static string? Find(string? text)
    {
        if (string.IsNullOrEmpty(text) || text.Length > 100)
            return null;
        if (s_exact.TryGetValue(text, out var code))
            return code;
        var key = Key(text);
        return key.Length > 0 && s_byName.TryGetValue(key, out code) ? code : null;
    }

    /// <summary>The name of a country in a language (<c>en</c>, <c>zh</c>, <c>de</c>…), or null when one of them is not known.</summary>
    /// <param name="code">ISO 3166-1 alpha-2.</param>
    /// <param name="language">A language, with or without a region.</param>
    public static string? NameOf(string code, string language)
    {
        ArgumentNullException.ThrowIfNull(code);
        ArgumentNullException.ThrowIfNull(language);
        var index = LanguageIndex(language);
        return index >= 0 && s_names.TryGetValue(code, out var names) && names[index].Length > 0 ? names[index] : null;
    }

    /// <summary>The languages in which names are known.</summary>
    public static IReadOnlyList<string> Languages => s_languages;

    private static int LanguageIndex(string language)
    {
        var tag = language.Replace('_', '-').ToLowerInvariant() switch
        {
            "zh-tw" or "zh-hk" or "zh-mo" or "zh-hant" => "zh-Hant",
            "no" or "nn" => "nb",
            var other => other.Split('-')[0],
        };
        return Array.IndexOf(s_languages, tag);
    }

    /// <summary>Lower case without diacritics, punctuation, blanks, "and", "of" and "the": what is left of a name when spelling habits are taken off.</summary>
    internal static string Key(string name)
    {
        var folded = TextFold.ToAscii(TextFold.ToHalfWidth(name)).ToLowerInvariant();
        var key = new StringBuilder(folded.Length);
        var start = 0;
        for (var i = 0; i <= folded.Length; i++)
        {
            if (i < folded.Length && folded[i] is not (' ' or '-' or '/' or '(' or ')' or ',' or '&' or '\''))
                continue;
            var word = folded.AsSpan(start, i - start);
            start = i + 1;
            if (word is "and" or "of" or "the" or "y" or "und" or "et")
                continue;
            foreach (var c in word)
            {
                if (char.IsLetterOrDigit(c) || char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark)
                    key.Append(c);
            }
        }

        return key.ToString();
    }
}

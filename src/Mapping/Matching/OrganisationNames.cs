using System.Collections.Frozen;

namespace Crm.Integration.Mapping.Matching;

/// <summary>Tells names of organisations from names of people, where a source has one field for both.</summary>
internal static class OrganisationNames
{
    private static readonly Dictionary<string, string[]> s_lists = Tables.Lines("organisation-words.txt").Select(line => line.Split(' '))
        .ToDictionary(words => words[0], words => words.Skip(1).Select(word => Folding.Fold(word)).ToArray(), StringComparer.Ordinal);

    private static readonly FrozenSet<string> s_sure = s_lists["sure"].ToFrozenSet(StringComparer.Ordinal);
    private static readonly FrozenSet<string> s_trade = s_lists["trade"].ToFrozenSet(StringComparer.Ordinal);
    private static readonly FrozenSet<string> s_weak = s_lists["weak"].ToFrozenSet(StringComparer.Ordinal);
    private static readonly FrozenSet<string> s_kin = s_lists["kin"].ToFrozenSet(StringComparer.Ordinal);
    private static readonly string[] s_han = s_lists["han"];

    /// <summary>Whether a folded word is a legal form that is nothing else.</summary>
    public static bool IsSureForm(ReadOnlySpan<char> word) => Has(s_sure, word);

    /// <summary>Whether a whole name is an organisation's.</summary>
    /// <param name="raw">The name as it came.</param>
    public static bool Is(ReadOnlySpan<char> raw)
    {
        raw = raw.Trim();
        if (raw.Length < 3 || NameWords.IsBesideName(raw))
            return false;
        Span<char> folded = stackalloc char[160];
        ReadOnlySpan<char> name = folded[..Folding.Fold(raw, folded, joinInitials: true)];
        if (name.IsEmpty)
            return false;
        if (name.IndexOfAnyExceptInRange('\0', '\u2E7F') >= 0)
            return IsEastern(name);

        int words = 0, trade = 0, weak = 0, givens = 0;
        bool and = raw.Contains('&') || raw.Contains('+'), last = false;
        foreach (var range in name.Split(' '))
        {
            var word = name[range];
            words++;
            if (Has(s_sure, word) && words > 1)
                return true;
            and |= word is "and" or "und" or "et" or "y" or "e" or "og" or "en" or "i";
            if (and && Has(s_kin, word))
                return true;
            last = Has(s_weak, word);
            if (Has(s_trade, word))
                trade++;
            else if (last)
                weak++;
            else if (Nicknames.IndexOf(word) > 0)
                givens++;
        }

        if (trade > 0 && words > 1 && (givens == 0 || trade > 1 || words > 2))
            return true;
        if (words > 1 && last && weak > 0 && givens == 0 && !raw.Contains(',') && words > weak)
            return true;
        // "Hofkamp, Sem": what looks like a short legal form is more often a name, unless it is written like one.
        return CompanyReader.HasLegalForm(raw, out var form) && (form.Length > 4 || IsWrittenAsForm(raw, form));
    }

    private static bool IsEastern(ReadOnlySpan<char> name)
    {
        foreach (var word in s_han)
        {
            if (name.Length > word.Length && name.Contains(word, StringComparison.Ordinal) && name.Length >= 4)
                return true;
        }

        return CompanyReader.HasLegalForm(name, out _);
    }

    /// <summary>Whether a short legal form has full stops (S.A.), or stands in capitals behind words that do not (Volvo AB).</summary>
    private static bool IsWrittenAsForm(ReadOnlySpan<char> raw, ReadOnlySpan<char> form)
    {
        if (raw.Contains(','))
            return false;
        var tail = raw[(raw.LastIndexOf(' ') + 1)..];
        if (tail.Count('.') > 1)
            return true;
        var lower = false;
        foreach (var letter in raw)
            lower |= char.IsLower(letter);
        var capitals = tail.Length >= 2;
        foreach (var letter in tail)
            capitals &= char.IsUpper(letter);
        return lower ? capitals && form.Length >= 2 : Nicknames.IndexOf(form) == 0 && raw.Count(' ') > 1;
    }

    private static bool Has(FrozenSet<string> words, ReadOnlySpan<char> word) => words.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);
}

using System.Buffers;
using System.Collections.Frozen;

namespace Crm.Integration.Mapping.Matching;

/// <summary>Tells names of organisations from names of people, where a source has one field for both.</summary>
internal static class OrganisationNames
{
    private static readonly Dictionary<string, string[]> s_lists = Tables.Lines("organisation-words.txt").Select(line => line.Split(' '))
        .ToDictionary(words => words[0], words => words.Skip(1).Select(word => Folding.Fold(word)).ToArray(), StringComparer.Ordinal);

    // One look-up a word: most words are none of these.
    private static readonly FrozenDictionary<string, Kind> s_kinds = Kinds();
    private static readonly SearchValues<string> s_eastern = SearchValues.Create(s_lists["han"], StringComparison.Ordinal);

    /// <summary>Whether a whole name is an organisation's.</summary>
    /// <param name="raw">The name as it came.</param>
    public static bool Is(ReadOnlySpan<char> raw)
    {
        raw = raw.Trim();
        if (raw.Length < 3)
            return false;
        Span<char> folded = stackalloc char[160];
        ReadOnlySpan<char> name = folded[..Folding.Fold(raw, folded, joinInitials: true)];
        if (name.IsEmpty)
            return false;
        if (name.IndexOfAnyExceptInRange('\0', '\u2E7F') >= 0)
            return !NameWords.IsBesideName(raw) && IsEastern(name);

        int words = 0, trade = 0, weak = 0;
        bool and = raw.Contains('&') || raw.Contains('+'), last = false, sure = false;
        foreach (var range in name.Split(' '))
        {
            var kind = s_kinds.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name[range], out var known) ? known : Kind.None;
            words++;
            sure |= (kind & Kind.Sure) != 0 && words > 1;
            and |= (kind & Kind.And) != 0;
            sure |= and && (kind & Kind.Kin) != 0;
            last = (kind & Kind.Weak) != 0;
            if ((kind & Kind.Trade) != 0)
                trade++;
            else if (last)
                weak++;
        }

        var given = (trade > 0 || last) && HasGivenName(name);
        var likely = sure || (trade > 0 && words > 1 && (!given || trade > 1 || words > 2)) || (words > 1 && last && weak > 0 && !given && !raw.Contains(',') && words > weak);
        // "Hofkamp, Sem": what looks like a short legal form is more often a name, unless it is written like one.
        if (!likely)
        {
            var core = LegalForms.Strip(name, out var length);
            likely = length >= 2 && core.Length < name.Length && !core.IsEmpty && (length > 4 || IsWrittenAsForm(raw, name[^Math.Min(length, name.Length)..]));
        }

        return likely && !NameWords.IsBesideName(raw);
    }

    private static bool HasGivenName(ReadOnlySpan<char> name)
    {
        foreach (var range in name.Split(' '))
        {
            if (Nicknames.IndexOf(name[range]) > 0)
                return true;
        }

        return false;
    }

    private static bool IsEastern(ReadOnlySpan<char> name)
    {
        if (name.Length >= 4 && name.IndexOfAny(s_eastern) >= 0)
            return true;
        var core = LegalForms.Strip(name, out var length);
        return length >= 2 && core.Length < name.Length && !core.IsEmpty;
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

    private static FrozenDictionary<string, Kind> Kinds()
    {
        var kinds = new Dictionary<string, Kind>(StringComparer.Ordinal);
        foreach (var (list, kind) in new[] { ("sure", Kind.Sure), ("trade", Kind.Trade), ("weak", Kind.Weak), ("kin", Kind.Kin), ("and", Kind.And) })
        {
            foreach (var word in s_lists[list])
                kinds[word] = kinds.GetValueOrDefault(word) | kind;
        }

        return kinds.ToFrozenDictionary(StringComparer.Ordinal);
    }

    [Flags]
    private enum Kind : byte
    {
        None = 0,
        Sure = 1,
        Trade = 2,
        Weak = 4,
        Kin = 8,
        And = 16,
    }
}

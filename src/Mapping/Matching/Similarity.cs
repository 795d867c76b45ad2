namespace Crm.Integration.Mapping.Matching;

/// <summary>How alike two words are. Symmetric; nothing is allocated.</summary>
internal static class Similarity
{
    /// <summary>Jaro-Winkler similarity, 0 to 1; 1 is equal.</summary>
    public static double JaroWinkler(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        if (a.IsEmpty || b.IsEmpty)
            return 0;
        if (a.Length > 64 || b.Length > 64)
        {
            a = a[..Math.Min(64, a.Length)];
            b = b[..Math.Min(64, b.Length)];
        }

        if (a.Length > b.Length || (a.Length == b.Length && a.SequenceCompareTo(b) > 0))
        {
            var swap = a;
            a = b;
            b = swap;
        }

        var reach = Math.Max(0, (b.Length / 2) - 1);
        ulong usedA = 0, usedB = 0;
        var matches = 0;
        for (var i = 0; i < a.Length; i++)
        {
            for (var j = Math.Max(0, i - reach); j < Math.Min(b.Length, i + reach + 1); j++)
            {
                if (a[i] != b[j] || (usedB & (1UL << j)) != 0)
                    continue;
                usedA |= 1UL << i;
                usedB |= 1UL << j;
                matches++;
                break;
            }
        }

        if (matches == 0)
            return 0;

        var outOfOrder = 0;
        for (int i = 0, j = 0; i < a.Length; i++)
        {
            if ((usedA & (1UL << i)) == 0)
                continue;
            while ((usedB & (1UL << j)) == 0)
                j++;
            if (a[i] != b[j])
                outOfOrder++;
            j++;
        }

        double m = matches;
        var jaro = ((m / a.Length) + (m / b.Length) + ((m - (outOfOrder / 2)) / m)) / 3;
        var prefix = 0;
        while (prefix < Math.Min(4, a.Length) && a[prefix] == b[prefix])
            prefix++;
        return jaro + (prefix * 0.1 * (1 - jaro));
    }

    /// <summary>Whether one insertion, deletion, substitution or swap of neighbours at most parts the two.</summary>
    public static bool OneEdit(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        if (a.Length > b.Length)
        {
            var swap = a;
            a = b;
            b = swap;
        }

        if (b.Length - a.Length > 1)
            return false;
        var start = a.CommonPrefixLength(b);
        if (start == a.Length)
            return true;
        if (a.Length < b.Length)
            return a[start..].SequenceEqual(b[(start + 1)..]);
        if (a[(start + 1)..].SequenceEqual(b[(start + 1)..]))
            return true;
        return start + 1 < a.Length && a[start] == b[start + 1] && a[start + 1] == b[start] && a[(start + 2)..].SequenceEqual(b[(start + 2)..]);
    }

    /// <summary>Whether two words of some length are the same letters in disorder, but for one more or less in a long one: sofia, fosia.</summary>
    public static bool SameLetters(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        var shorter = Math.Min(a.Length, b.Length);
        var allowed = shorter >= 5 ? 1 : 0;
        if (shorter < 4 || Math.Max(a.Length, b.Length) - shorter > allowed || a.Length > 64 || b.Length > 64)
            return false;
        ulong used = 0;
        var without = 0;
        foreach (var letter in a)
        {
            var at = 0;
            while (at < b.Length && (b[at] != letter || (used & (1UL << at)) != 0))
                at++;
            if (at < b.Length)
                used |= 1UL << at;
            else if (++without > allowed)
                return false;
        }

        // Of two as long, a letter that the other lacks is a slip besides; once is enough.
        return without == 0 || a.Length > b.Length;
    }

    /// <summary>The number of edits (swap of neighbours counts one), or <paramref name="limit"/> + 1 when there are more.</summary>
    public static int Edits(ReadOnlySpan<char> a, ReadOnlySpan<char> b, int limit)
    {
        if (Math.Abs(a.Length - b.Length) > limit || a.Length > 40 || b.Length > 40)
            return a.SequenceEqual(b) ? 0 : limit + 1;
        Span<int> before = stackalloc int[42], last = stackalloc int[42], now = stackalloc int[42];
        for (var j = 0; j <= b.Length; j++)
            last[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            now[0] = i;
            var least = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                var edits = Math.Min(Math.Min(now[j - 1] + 1, last[j] + 1), last[j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    edits = Math.Min(edits, before[j - 2] + 1);
                now[j] = edits;
                least = Math.Min(least, edits);
            }

            if (least > limit)
                return limit + 1;
            var free = before;
            before = last;
            last = now;
            now = free;
        }

        return Math.Min(last[b.Length], limit + 1);
    }
}

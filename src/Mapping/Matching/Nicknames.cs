using System.Collections.Frozen;

namespace Crm.Integration.Mapping.Matching;

/// <summary>Which given names stand for one another: Bob and Robert, Sasha and Aleksandr.</summary>
internal static class Nicknames
{
    private static readonly FrozenDictionary<string, ushort> s_index;
    private static readonly ushort[][] s_groups;
    private static readonly string[][] s_members;

    static Nicknames()
    {
        var groups = new Dictionary<string, SortedSet<ushort>>(StringComparer.Ordinal);
        ushort group = 0;
        foreach (var line in Tables.Lines("nicknames.txt"))
        {
            foreach (var name in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                var folded = Folding.Fold(name);
                if (!groups.TryGetValue(folded, out var set))
                    groups.Add(folded, set = []);
                set.Add(group);
            }

            group++;
        }

        s_members = [.. Tables.Lines("nicknames.txt").Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => Folding.Fold(name)).ToArray())];
        var index = new Dictionary<string, ushort>(StringComparer.Ordinal);
        var all = new List<ushort[]> { Array.Empty<ushort>() };
        foreach (var (name, set) in groups.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            index.Add(name, (ushort)all.Count);
            all.Add([.. set]);
        }

        s_index = index.ToFrozenDictionary(StringComparer.Ordinal);
        s_groups = [.. all];
    }

    /// <summary>The number of a folded name; 0 for one that is not in the table.</summary>
    public static ushort IndexOf(ReadOnlySpan<char> name) =>
        s_index.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var index) ? index : (ushort)0;

    /// <summary>Whether two names, by number, can be one person's.</summary>
    public static bool Related(ushort a, ushort b)
    {
        if (a == 0 || b == 0)
            return false;
        ushort[] left = s_groups[a], right = s_groups[b];
        int i = 0, j = 0;
        while (i < left.Length && j < right.Length)
        {
            if (left[i] == right[j])
                return true;
            if (left[i] < right[j])
                i++;
            else
                j++;
        }

        return false;
    }

    /// <summary>Whether a name that the table does not know is one slip away from a form of one that it knows: Susna and Suzy.</summary>
    public static bool NearlyRelated(ushort known, ReadOnlySpan<char> mistyped)
    {
        if (known == 0 || mistyped.Length < 5)
            return false;
        foreach (var group in s_groups[known])
        {
            foreach (var name in s_members[group])
            {
                if (name.Length >= 4 && Similarity.OneEdit(name, mistyped))
                    return true;
            }
        }

        return false;
    }
}

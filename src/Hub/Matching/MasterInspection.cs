using Crm.Integration.Mapping.Matching;

namespace Crm.Integration.Hub.Matching;

/// <summary>Looks at one master, record against record.</summary>
/// <param name="master">Its number.</param>
/// <param name="records">How many records it has.</param>
/// <param name="members">They.</param>
internal sealed class MasterInspection(long master, long records, List<long> members)
{
    // A very large one is judged by its first records.
    private const int MostMembers = 48;

    // Of six records and more, a quarter of the pairs at least should be links of their own.
    private const int LooseFrom = 6;
    private const double LeastDensity = 0.25;

    private readonly long[] _looked = [.. members.Order().Take(MostMembers)];

    /// <summary>How many records it has.</summary>
    public long Records => records;

    /// <summary>The records that are looked at.</summary>
    public IReadOnlyList<long> Looked => _looked;

    /// <summary>What is wrong with it, or null.</summary>
    /// <param name="score">Scores a pair.</param>
    /// <param name="judged">Pairs that a steward has joined: what contradicts them is known.</param>
    /// <param name="settings">Thresholds.</param>
    /// <param name="large">Whether it has unusually many records.</param>
    public SuspiciousMaster? Find(Func<long, long, PairScore> score, HashSet<(long, long)> judged, MatchSettings settings, bool large)
    {
        var count = _looked.Length;
        var linked = new bool[count, count];
        double[] ids = new double[count], generations = new double[count];
        var links = 0;
        for (var a = 0; a < count; a++)
        {
            for (var b = a + 1; b < count; b++)
            {
                if (judged.Contains((_looked[a], _looked[b])))
                {
                    linked[a, b] = linked[b, a] = true;
                    links++;
                    continue;
                }

                var pair = score(_looked[a], _looked[b]);
                if (pair.Guard is MatchGuard.DifferentId or MatchGuard.Generation)
                {
                    var against = pair.Guard == MatchGuard.DifferentId ? ids : generations;
                    against[a]++;
                    against[b]++;
                }
                else if (pair.Guard == MatchGuard.None && pair.Bits >= settings.LinkBits)
                {
                    linked[a, b] = linked[b, a] = true;
                    links++;
                }
            }
        }

        if (Odd(ids) is { Length: > 0 } others)
            return new(master, records, SuspicionKind.Ids, others);
        if (Odd(generations) is { Length: > 0 } older)
            return new(master, records, SuspicionKind.Generations, older);
        if (Bridge(linked) is { Length: > 0 } half)
            return new(master, records, SuspicionKind.Bridge, half);
        if (large)
            return new(master, records, SuspicionKind.Large, []);
        return count >= LooseFrom && links < LeastDensity * count * (count - 1) / 2 ? new(master, records, SuspicionKind.Loose, []) : null;
    }

    /// <summary>Those that most of the others contradict; where it is one against one, the later record.</summary>
    private long[] Odd(double[] against)
    {
        var most = against.Max();
        if (most == 0)
            return [];
        var clear = Enumerable.Range(0, against.Length).Where(i => against[i] > against.Length / 2.0).ToArray();
        return clear.Length > 0 ? [.. clear.Select(i => _looked[i])] : [_looked[Array.LastIndexOf(against, most)]];
    }

    /// <summary>The lesser of two groups of two and more that a single link holds together.</summary>
    private long[] Bridge(bool[,] linked)
    {
        var count = _looked.Length;
        for (var a = 0; a < count; a++)
        {
            for (var b = a + 1; b < count; b++)
            {
                if (!linked[a, b])
                    continue;
                var side = Side(linked, a, b);
                if (side.Count >= 2 && !side.Contains(b) && count - side.Count >= 2)
                    return [.. (side.Count * 2 <= count ? side : [.. Enumerable.Range(0, count).Except(side)]).Order().Select(i => _looked[i])];
            }
        }

        return [];
    }

    /// <summary>What hangs together with a record when one link is cut.</summary>
    private static HashSet<int> Side(bool[,] linked, int from, int cut)
    {
        var side = new HashSet<int> { from };
        var open = new Stack<int>([from]);
        while (open.TryPop(out var at))
        {
            for (var other = 0; other < linked.GetLength(0); other++)
            {
                if (linked[at, other] && !(at == from && other == cut) && side.Add(other))
                    open.Push(other);
            }
        }

        return side;
    }
}

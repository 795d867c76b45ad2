namespace Crm.Integration.Hub.Matching;

/// <summary>
/// Cuts records that nobody matches by what was said of them: those are one that are said to be, or that were so far, unless somebody has said
/// that they are not.
/// </summary>
internal sealed class JudgedClusters
{
    private readonly Dictionary<long, long> _parent;
    private readonly Dictionary<long, HashSet<long>> _apart = [];

    /// <summary>Of all records of a neighbourhood. Those that are gone hold others together as before.</summary>
    public JudgedClusters(Neighbourhood area)
    {
        _parent = area.Records.ToDictionary(record => record);
        var said = area.Judgements.Where(pair => area.Contains(pair.Key.A) && area.Contains(pair.Key.B)).OrderBy(pair => pair.Key).ToList();
        foreach (var ((a, b), _) in said.Where(pair => !pair.Value))
        {
            ApartFrom(a).Add(b);
            ApartFrom(b).Add(a);
        }

        foreach (var ((a, b), _) in said.Where(pair => pair.Value))
            Join(a, b);
        foreach (var mates in area.Records.Where(record => area.MasterOf(record) != 0).Order().GroupBy(area.MasterOf).Select(group => group.ToArray()))
        {
            for (var i = 1; i < mates.Length; i++)
            {
                for (var other = 0; other < i; other++)
                    Join(mates[other], mates[i]);
            }
        }
    }

    /// <summary>For each of some records the number of its cluster, from 0.</summary>
    public int[] Of(long[] records)
    {
        var numbers = new Dictionary<long, int>();
        return Array.ConvertAll(records, record => numbers.TryAdd(Root(record), numbers.Count) ? numbers.Count - 1 : numbers[Root(record)]);
    }

    private void Join(long left, long right)
    {
        var (a, b) = (Root(left), Root(right));
        if (a == b || (_apart.TryGetValue(a, out var others) && others.Any(other => Root(other) == b)))
            return;
        (a, b) = (Math.Min(a, b), Math.Max(a, b));
        _parent[b] = a;
        if (_apart.Remove(b, out var inherited))
            ApartFrom(a).UnionWith(inherited);
    }

    private HashSet<long> ApartFrom(long record) => _apart.TryGetValue(record, out var others) ? others : _apart[record] = [];

    private long Root(long record)
    {
        while (_parent[record] is var parent && parent != record)
            record = parent;
        return record;
    }
}

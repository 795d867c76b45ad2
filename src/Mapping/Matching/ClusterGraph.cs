namespace Crm.Integration.Mapping.Matching;

/// <summary>
/// Clusters that grow by joining, and what is known between any two of them. The lesser side is always added to the greater,
/// so that joining thousands one by one stays near linear.
/// </summary>
internal sealed class ClusterGraph
{
    private readonly int[] _cluster;
    private readonly List<int>?[] _members;
    private readonly int[] _lowest;
    private readonly int[] _version;
    private readonly Dictionary<int, ClusterLink>[] _links;
    private readonly HashSet<string>?[] _exclusive;
    private readonly Dictionary<int, HashSet<int>> _parted = [];

    /// <summary>A graph in which every node is a cluster alone.</summary>
    /// <param name="connections">The connection of each node.</param>
    /// <param name="duplicateFree">Connections of which a cluster holds one record at most.</param>
    /// <param name="known">The pairs that were scored.</param>
    public ClusterGraph(string[] connections, IReadOnlyList<string> duplicateFree, PairScores known)
    {
        var count = connections.Length;
        _cluster = [.. Enumerable.Range(0, count)];
        _lowest = [.. Enumerable.Range(0, count)];
        _members = [.. Enumerable.Range(0, count).Select(node => new List<int>(1) { node })];
        _version = new int[count];
        _links = [.. Enumerable.Range(0, count).Select(_ => new Dictionary<int, ClusterLink>())];
        _exclusive = new HashSet<string>?[count];
        for (var node = 0; node < count && duplicateFree.Count > 0; node++)
        {
            if (duplicateFree.Contains(connections[node], StringComparer.OrdinalIgnoreCase))
                _exclusive[node] = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { connections[node] };
        }

        foreach (var ((a, b), score) in known.Edges)
            _links[a][b] = _links[b][a] = ClusterLink.Of(score, known.AreSame(a, b));
    }

    /// <summary>The cluster that a node, or a former cluster, is part of now.</summary>
    public int ClusterOf(int node) => _cluster[node];

    /// <summary>The nodes of a cluster.</summary>
    public List<int> Members(int cluster) => _members[cluster]!;

    /// <summary>The lowest node of a cluster.</summary>
    public int Lowest(int cluster) => _lowest[cluster];

    /// <summary>Changes whenever the cluster does.</summary>
    public int Version(int cluster) => _version[cluster];

    /// <summary>The clusters that have an edge to a cluster.</summary>
    public IReadOnlyCollection<int> Around(int cluster) => _links[cluster].Keys;

    /// <summary>What the edges between two clusters say together, or null where there is none.</summary>
    public ClusterLink? Between(int left, int right) => _links[left].TryGetValue(right, out var link) ? link : null;

    /// <summary>Keeps two nodes, and whatever they become part of, apart.</summary>
    public void Part(int a, int b)
    {
        Of(a).Add(b);
        Of(b).Add(a);

        HashSet<int> Of(int cluster) => _parted.TryGetValue(cluster, out var others) ? others : _parted[cluster] = [];
    }

    /// <summary>Whether a person said that they are two, or both hold a record of a connection without duplicates.</summary>
    public bool AreApart(int left, int right) => AreParted(left, right) || (_exclusive[left] is { } held && _exclusive[right] is { } others && held.Overlaps(others));

    /// <summary>Whether a person said that they are two.</summary>
    public bool AreParted(int left, int right) => _parted.Count > 0 && _parted.TryGetValue(left, out var others) && others.Contains(right);

    /// <summary>Makes two clusters one.</summary>
    /// <returns>It: one of the two.</returns>
    public int Join(int left, int right)
    {
        var (keep, gone) = Weight(left) >= Weight(right) ? (left, right) : (right, left);
        foreach (var node in _members[gone]!)
            _cluster[node] = keep;
        _members[keep]!.AddRange(_members[gone]!);
        _members[gone] = null;
        _lowest[keep] = Math.Min(_lowest[keep], _lowest[gone]);
        _version[keep]++;

        _links[keep].Remove(gone);
        foreach (var (other, link) in _links[gone])
        {
            _links[other].Remove(gone);
            if (other == keep)
                continue;
            var together = _links[keep].TryGetValue(other, out var known) ? known.And(link) : link;
            _links[keep][other] = _links[other][keep] = together;
        }

        _links[gone].Clear();
        if (_exclusive[gone] is { } exclusive)
        {
            if (_exclusive[keep] is { } held)
                held.UnionWith(exclusive);
            else
                _exclusive[keep] = exclusive;
        }

        if (_parted.Remove(gone, out var parted))
        {
            foreach (var other in parted)
            {
                _parted[other].Remove(gone);
                Part(keep, other);
            }
        }

        return keep;
    }

    /// <summary>A pair of nodes, the lower first.</summary>
    public static (int A, int B) Pair(int a, int b) => a < b ? (a, b) : (b, a);

    private long Weight(int cluster) => _members[cluster]!.Count + (long)_links[cluster].Count;
}

/// <summary>What the edges between two clusters say together.</summary>
/// <param name="Best">The bits of the best pair that no guard holds back.</param>
/// <param name="Forbidden">Whether some pair of them can never be one customer.</param>
internal readonly record struct ClusterLink(double Best, bool Forbidden)
{
    /// <summary>What one pair says.</summary>
    public static ClusterLink Of(PairScore score, bool same) =>
        same ? new(double.NegativeInfinity, false) : new(score.Guard == MatchGuard.None ? score.Bits : double.NegativeInfinity, ClusterAgreement.Forbids(score.Guard));

    /// <summary>What two say together.</summary>
    public ClusterLink And(ClusterLink other) => new(Math.Max(Best, other.Best), Forbidden || other.Forbidden);
}

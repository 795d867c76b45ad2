namespace Crm.Integration.Mapping.Matching;

/// <summary>The state of solving one component. All nodes are renumbered by record id, so that no order of arrival shows.</summary>
internal sealed class ComponentSolver
{
    // What one pair can add or take: a single splendid pair must not outweigh many that disagree.
    private const double MostBits = 20;
    private const double LeastBits = -10;
    private const double DifferentNameBits = -25;

    // Pairs that are looked at between two clusters; larger ones are judged by an even sample.
    private const int MostPairs = 48;

    // Bits by which a cluster must fit one of two rivals better than the other.
    private const double Margin = 3;

    private const int MostRivals = 8;

    // Bits above the link threshold from which nobody asks for rivals.
    private const double Clearly = 4;

    private readonly int[] _rank;
    private readonly int[] _node;
    private readonly string[] _connections;
    private readonly bool[] _duplicateFree;
    private readonly Dictionary<(int, int), PairScore> _scores = [];
    private readonly HashSet<(int, int)> _same = [];
    private readonly HashSet<(int, int)> _different = [];
    private readonly HashSet<int>[] _neighbours;
    private readonly Func<int, int, PairScore> _score;
    private readonly double _link;
    private readonly int[] _cluster;
    private readonly List<int>?[] _members;
    private readonly int[] _version;
    private readonly bool[] _settled;

    public ComponentSolver(
        IReadOnlyList<ClusterNode> nodes, IReadOnlyList<ClusterEdge> edges, IReadOnlyList<ClusterJudgement> judgements, Func<int, int, PairScore> score, MatchSettings settings)
    {
        var count = nodes.Count;
        _node = [.. Enumerable.Range(0, count).OrderBy(index => nodes[index].RecordId)];
        _rank = new int[count];
        for (var rank = 0; rank < count; rank++)
            _rank[_node[rank]] = rank;
        _connections = [.. _node.Select(index => nodes[index].Connection)];
        _duplicateFree = [.. _connections.Select(connection => settings.DuplicateFree.Contains(connection, StringComparer.OrdinalIgnoreCase))];
        _score = score;
        _link = settings.LinkBits;
        _cluster = [.. Enumerable.Range(0, count)];
        _members = [.. Enumerable.Range(0, count).Select(rank => new List<int> { rank })];
        _neighbours = [.. Enumerable.Range(0, count).Select(_ => new HashSet<int>())];
        _version = new int[count];
        _settled = new bool[count];
        foreach (var edge in edges)
        {
            var pair = Pair(_rank[edge.A], _rank[edge.B]);
            if (pair.Item1 == pair.Item2)
                continue;
            // A pair that is given twice counts as the stronger of the two, whatever their order.
            if (!_scores.TryGetValue(pair, out var known) || edge.Score.Bits > known.Bits || (edge.Score.Bits == known.Bits && edge.Score.Guard > known.Guard))
                _scores[pair] = edge.Score;
            _neighbours[pair.Item1].Add(pair.Item2);
            _neighbours[pair.Item2].Add(pair.Item1);
        }

        foreach (var judgement in judgements)
            (judgement.Same ? _same : _different).Add(Pair(_rank[judgement.A], _rank[judgement.B]));
        _same.ExceptWith(_different);
    }

    public int[] Solve()
    {
        foreach (var (a, b) in _same.Order())
        {
            int left = _cluster[a], right = _cluster[b];
            if (left != right && !Judged(_members[left]!, _members[right]!))
                Join(left, right);
        }

        JoinByScore();

        var numbers = new Dictionary<int, int>();
        var result = new int[_cluster.Length];
        for (var index = 0; index < result.Length; index++)
        {
            var cluster = _cluster[_rank[index]];
            if (!numbers.TryGetValue(cluster, out var number))
                numbers.Add(cluster, number = numbers.Count);
            result[index] = number;
        }

        return result;
    }

    private void JoinByScore()
    {
        // Best average first; among equals the lowest records.
        var queue = new PriorityQueue<(int Left, int Right, int LeftVersion, int RightVersion), (double, int, int)>();
        for (var cluster = 0; cluster < _cluster.Length; cluster++)
        {
            if (_members[cluster] is null)
                continue;
            foreach (var other in _neighbours[cluster].Select(node => _cluster[node]).Where(other => other > cluster).Distinct().ToList())
                Offer(cluster, other);
        }

        while (queue.TryDequeue(out var candidate, out var order))
        {
            var (left, right, leftVersion, rightVersion) = candidate;
            if (_members[left] is null || _members[right] is null || _version[left] != leftVersion || _version[right] != rightVersion)
                continue;
            if (IsTorn(left, -order.Item1) || IsTorn(right, -order.Item1))
                continue;
            Join(left, right);
            var joined = Math.Min(left, right);
            _settled[joined] = _settled[left] || _settled[right] || -order.Item1 >= _link + Clearly;
            foreach (var other in Around(joined))
                Offer(joined, other);
        }

        void Offer(int a, int b)
        {
            var (left, right) = (Math.Min(a, b), Math.Max(a, b));
            if (Agreement(_members[left]!, _members[right]!) is { } average)
                queue.Enqueue((left, right, _version[left], _version[right]), (-average, left, right));
        }
    }

    /// <summary>The clusters that have an edge to a cluster.</summary>
    private List<int> Around(int cluster) =>
        _members[cluster]!.SelectMany(node => _neighbours[node]).Select(node => _cluster[node]).Where(other => other != cluster).Distinct().Order().ToList();

    /// <summary>
    /// Whether a cluster fits two others about as well that must stay apart: a record that knows but name and home belongs to
    /// the father or to the son, and only a person can say to which.
    /// </summary>
    private bool IsTorn(int cluster, double average)
    {
        // Whoever has more than name and home in common fits well enough: there the veto may as well rest on an error.
        if (average >= _link + Clearly)
            return false;
        var fits = new List<int>();
        foreach (var other in Around(cluster))
        {
            if (Agreement(_members[cluster]!, _members[other]!) is not { } agreement || agreement <= average - Margin)
                continue;
            if (fits.Exists(fit => Parted(_members[fit]!, _members[other]!)))
                return true;
            if (fits.Count < MostRivals)
                fits.Add(other);
        }

        return false;
    }

    /// <summary>Whether something decisive stands between two clusters.</summary>
    private bool Parted(List<int> left, List<int> right)
    {
        if (Judged(left, right))
            return true;
        foreach (var pair in Sample(left, right))
        {
            if (Forbids(ScoreOf(pair).Guard) && !_same.Contains(pair))
                return true;
        }

        return false;
    }

    /// <summary>The pairs between two clusters, or an even sample of them.</summary>
    private static IEnumerable<(int, int)> Sample(List<int> left, List<int> right)
    {
        var total = left.Count * right.Count;
        var step = total <= MostPairs ? 1 : total / MostPairs;
        for (int i = 0, looked = 0; i < total && looked < MostPairs; i += step, looked++)
            yield return Pair(left[i / right.Count], right[i % right.Count]);
    }

    /// <summary>How well two clusters agree on average, or null when they must stay apart.</summary>
    private double? Agreement(List<int> left, List<int> right)
    {
        if (Judged(left, right) || SharesDuplicateFree(left, right))
            return null;
        var best = double.NegativeInfinity;
        foreach (var (a, b) in KnownPairs(left, right))
        {
            var known = _scores[(a, b)];
            if (_same.Contains((a, b)))
                continue;
            if (Forbids(known.Guard))
                return null;
            if (known.Guard == MatchGuard.None)
                best = Math.Max(best, known.Bits);
        }

        // Two customers that each stand on clear evidence of their own need clear evidence to be one, not just a name and a home.
        if (best < (_settled[_cluster[left[0]]] && _settled[_cluster[right[0]]] ? _link + Clearly : _link))
            return null;

        double sum = 0;
        var looked = 0;
        foreach (var pair in Sample(left, right))
        {
            looked++;
            var score = ScoreOf(pair);
            if (Forbids(score.Guard) && !_same.Contains(pair))
                return null;
            sum += score.Guard switch
            {
                MatchGuard.None => Math.Clamp(score.Bits, LeastBits, MostBits),
                _ when _same.Contains(pair) => MostBits,
                // A name that was mistyped beyond knowing, or somebody else: more than one member must vouch for it.
                MatchGuard.DifferentName or MatchGuard.Twins => DifferentNameBits,
                // What a household shares neither joins nor parts: a record without a given name says little about whose it is.
                _ => Math.Clamp(score.Bits, LeastBits, 0),
            };
        }

        var average = sum / looked;
        return average >= 0 ? average : null;
    }

    /// <summary>Whether a guard speaks against a pair, rather than only for too little.</summary>
    private static bool Forbids(MatchGuard guard) => guard is not (MatchGuard.None or MatchGuard.SharedOnly or MatchGuard.DifferentName or MatchGuard.Twins or MatchGuard.Doubtful);

    private IEnumerable<(int, int)> KnownPairs(List<int> left, List<int> right)
    {
        var (few, many) = left.Count <= right.Count ? (left, right) : (right, left);
        var cluster = _cluster[many[0]];
        foreach (var node in few)
        {
            foreach (var neighbour in _neighbours[node])
            {
                if (_cluster[neighbour] == cluster)
                    yield return Pair(node, neighbour);
            }
        }
    }

    private PairScore ScoreOf((int A, int B) pair)
    {
        if (!_scores.TryGetValue(pair, out var score))
            _scores.Add(pair, score = _score(_node[pair.A], _node[pair.B]));
        return score;
    }

    private bool Judged(List<int> left, List<int> right)
    {
        if (_different.Count == 0)
            return false;
        foreach (var a in left)
        {
            foreach (var b in right)
            {
                if (_different.Contains(Pair(a, b)))
                    return true;
            }
        }

        return false;
    }

    private bool SharesDuplicateFree(List<int> left, List<int> right)
    {
        foreach (var a in left)
        {
            if (!_duplicateFree[a])
                continue;
            foreach (var b in right)
            {
                if (_duplicateFree[b] && string.Equals(_connections[a], _connections[b], StringComparison.OrdinalIgnoreCase))
                    return true;
            }
        }

        return false;
    }

    private void Join(int left, int right)
    {
        var (keep, gone) = (Math.Min(left, right), Math.Max(left, right));
        var members = _members[keep]!;
        foreach (var node in _members[gone]!)
        {
            members.Add(node);
            _cluster[node] = keep;
        }

        // In order of record ids, so that sums of floating numbers come out alike.
        members.Sort();
        _members[gone] = null;
        _version[keep]++;
        _version[gone]++;
    }

    private static (int, int) Pair(int a, int b) => a < b ? (a, b) : (b, a);
}

namespace Crm.Integration.Mapping.Matching;

/// <summary>The state of solving one component. Ties are broken by the nodes' own order, so that no order of arrival shows.</summary>
internal sealed class ComponentSolver
{
    // Bits by which a cluster must fit one of two rivals better than the other.
    private const double Margin = 3;

    private const int MostRivals = 8;

    // Bits above the link threshold from which nobody asks for rivals.
    private const double Clearly = 4;

    // Bits above the link threshold that more than a name and a home give.
    private const double Well = 2;

    // A cluster of so many members or neighbours is judged again only when a pair that concerns it is next in the queue: it no longer changes with each record that
    // joins, and asking all its neighbours each time would take quadratic time.
    private const int Large = 32;
    private const int ManyNeighbours = 200;

    private readonly int[] _node;
    private readonly ClusterGraph _graph;
    private readonly ClusterAgreement _agreement;
    private readonly double _link;
    private readonly bool[] _settled;
    private readonly bool[] _large;
    private readonly PriorityQueue<Candidate, (double, int, int)> _queue = new();
    private readonly List<(int A, int B)> _same = [];
    private readonly HashSet<(int, int, int, int)> _asked = [];

    public ComponentSolver(
        IReadOnlyList<ClusterNode> nodes, IReadOnlyList<ClusterEdge> edges, IReadOnlyList<ClusterJudgement> judgements, Func<int, int, PairScore> score, MatchSettings settings)
    {
        var count = nodes.Count;
        _node = [.. Enumerable.Range(0, count).OrderBy(index => nodes[index].Order)];
        var rank = new int[count];
        for (var i = 0; i < count; i++)
            rank[_node[i]] = i;
        _link = settings.LinkBits;
        _settled = new bool[count];
        _large = new bool[count];

        var said = new Dictionary<(int, int), bool>();
        foreach (var judgement in judgements)
        {
            // "Different" outweighs "same".
            var pair = ClusterGraph.Pair(rank[judgement.A], rank[judgement.B]);
            said[pair] = judgement.Same && said.GetValueOrDefault(pair, true);
        }

        var known = new PairScores(said, (a, b) => score(_node[a], _node[b]));
        foreach (var edge in edges)
            known.Add(rank[edge.A], rank[edge.B], edge.Score);
        _graph = new ClusterGraph([.. _node.Select(index => nodes[index].Connection)], settings.DuplicateFree, known);
        _agreement = new ClusterAgreement(_graph, known);
        foreach (var (pair, same) in said.OrderBy(pair => pair.Key))
        {
            if (same)
                _same.Add(pair);
            else
                _graph.Part(pair.Item1, pair.Item2);
        }
    }

    /// <summary>For each node, in the order given, the number of its cluster.</summary>
    public int[] Solve()
    {
        foreach (var (a, b) in _same)
        {
            int left = _graph.ClusterOf(a), right = _graph.ClusterOf(b);
            if (left != right && !_graph.AreParted(left, right))
                _graph.Join(left, right);
        }

        JoinByScore();

        var numbers = new Dictionary<int, int>();
        var result = new int[_node.Length];
        var clusters = new int[_node.Length];
        for (var rank = 0; rank < _node.Length; rank++)
            clusters[_node[rank]] = _graph.ClusterOf(rank);
        for (var index = 0; index < result.Length; index++)
        {
            if (!numbers.TryGetValue(clusters[index], out var number))
                numbers.Add(clusters[index], number = numbers.Count);
            result[index] = number;
        }

        return result;
    }

    private void JoinByScore()
    {
        for (var node = 0; node < _large.Length; node++)
            _large[node] = _graph.ClusterOf(node) == node && (_graph.Members(node).Count >= Large || _graph.Around(node).Count >= ManyNeighbours);

        // Best agreement first; among equals the lowest nodes.
        foreach (var cluster in Enumerable.Range(0, _node.Length).Where(node => _graph.ClusterOf(node) == node))
        {
            foreach (var other in _graph.Around(cluster).Where(other => _graph.Lowest(other) > _graph.Lowest(cluster)).OrderBy(_graph.Lowest))
                Offer(cluster, other);
        }

        while (_queue.TryDequeue(out var candidate, out var order))
        {
            var (left, right) = (_graph.ClusterOf(candidate.Left), _graph.ClusterOf(candidate.Right));
            if (left == right)
                continue;
            if (Stage(left) != candidate.LeftStage || Stage(right) != candidate.RightStage)
            {
                if ((_large[left] || _large[right]) && _asked.Add((Math.Min(left, right), Math.Max(left, right), Stage(left), Stage(right))))
                    Offer(left, right);
                continue;
            }

            var average = -order.Item1;
            if (_graph.AreApart(left, right) || IsTorn(left, average) || IsTorn(right, average))
                continue;
            Join(left, right, average);
        }
    }

    private void Join(int left, int right, double average)
    {
        var settled = _settled[left] || _settled[right] || average >= _link + Clearly;
        var large = _large[left] || _large[right];
        var joined = _graph.Join(left, right);
        _settled[joined] = settled;
        _large[joined] = large || _graph.Members(joined).Count >= Large || _graph.Around(joined).Count >= ManyNeighbours;
        if (_large[joined])
            return;
        foreach (var other in _graph.Around(joined).OrderBy(_graph.Lowest).ToList())
            Offer(joined, other);
    }

    /// <summary>What has been found out about a cluster holds as long as this is the same: until it changes, or, if it is large, until it has grown by a quarter.</summary>
    private int Stage(int cluster) => _large[cluster] ? -1 - (int)(Math.Log2(_graph.Members(cluster).Count) * 3) : _graph.Version(cluster);

    private void Offer(int a, int b)
    {
        var (left, right) = _graph.Lowest(a) < _graph.Lowest(b) ? (a, b) : (b, a);
        if (Agreement(left, right) is { } average)
            _queue.Enqueue(new Candidate(left, right, Stage(left), Stage(right)), (-average, _graph.Lowest(left), _graph.Lowest(right)));
    }

    /// <summary>
    /// How well two clusters agree, or null when they must stay apart. Two customers that each stand on clear evidence of their own need clear
    /// evidence to be one, or good evidence and agreement in all their records; not just a name and a home.
    /// </summary>
    private double? Agreement(int left, int right)
    {
        var established = _settled[left] && _settled[right];
        return _agreement.Of(left, right, established ? _link + Well : _link, _link + Clearly) is { } found
            && (!established || found.Best >= _link + Clearly || found.Average >= _link / 2) ? found.Average : null;
    }

    /// <summary>
    /// Whether a cluster fits two others about as well that must stay apart: a record that knows but name and home belongs to
    /// the father or to the son, and only a person can say to which.
    /// </summary>
    private bool IsTorn(int cluster, double average)
    {
        // Whoever has more than name and home in common fits well enough: there the veto may as well rest on an error.
        if (average >= _link + Clearly || _large[cluster])
            return false;
        var fits = new List<int>();
        foreach (var other in _graph.Around(cluster).OrderBy(_graph.Lowest).ToList())
        {
            if (Agreement(cluster, other) is not { } agreement || agreement <= average - Margin)
                continue;
            if (fits.Exists(fit => _agreement.Parted(fit, other)))
                return true;
            if (fits.Count < MostRivals)
                fits.Add(other);
        }

        return false;
    }

    private readonly record struct Candidate(int Left, int Right, int LeftStage, int RightStage);
}

namespace Crm.Integration.Mapping.Matching;

/// <summary>The scores of a component's pairs: those that are edges, and others as they are asked for.</summary>
/// <param name="said">What stewards said of pairs, the lower node first: true for the same.</param>
/// <param name="score">Scores a pair that is no edge.</param>
internal sealed class PairScores(Dictionary<(int A, int B), bool> said, Func<int, int, PairScore> score)
{
    // Scores that were asked for are kept for the next time, up to so many.
    private const int MostKept = 200_000;

    private readonly Dictionary<(int A, int B), PairScore> _edges = [];
    private readonly Dictionary<(int A, int B), PairScore> _asked = [];

    /// <summary>The pairs that are edges.</summary>
    public IEnumerable<KeyValuePair<(int A, int B), PairScore>> Edges => _edges;

    /// <summary>Whether a steward said that they are one.</summary>
    public bool AreSame(int a, int b) => said.Count > 0 && said.GetValueOrDefault(ClusterGraph.Pair(a, b));

    /// <summary>Takes in an edge. One that is given twice counts as the stronger of the two, whatever their order.</summary>
    public void Add(int a, int b, PairScore edge)
    {
        var pair = ClusterGraph.Pair(a, b);
        if (a == b)
            return;
        if (!_edges.TryGetValue(pair, out var known) || edge.Bits > known.Bits || (edge.Bits == known.Bits && edge.Guard > known.Guard))
            _edges[pair] = edge;
    }

    /// <summary>The score of any pair.</summary>
    public PairScore Of(int a, int b)
    {
        var pair = ClusterGraph.Pair(a, b);
        if (_edges.TryGetValue(pair, out var known) || _asked.TryGetValue(pair, out known))
            return known;
        known = score(pair.A, pair.B);
        if (_asked.Count >= MostKept)
            _asked.Clear();
        _asked[pair] = known;
        return known;
    }
}

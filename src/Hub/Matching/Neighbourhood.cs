using Crm.Integration.Hub.Store;
using Crm.Integration.Mapping.Matching;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.Matching;

/// <summary>
/// All that a chunk's changes can reach: the records connected with it by links, by a common master, or by a steward's
/// word; grown in sets until nothing is added, then cut into components.
/// </summary>
internal sealed class Neighbourhood
{
    private readonly Dictionary<long, Node> _nodes = [];
    private readonly Dictionary<(long A, long B), PairScore> _edges = [];
    private readonly Dictionary<(long A, long B), bool> _judgements = [];
    private readonly Dictionary<long, long> _parent = [];

    /// <summary>The scored pairs that have at least one end here, lower number first.</summary>
    public IReadOnlyDictionary<(long A, long B), PairScore> Edges => _edges;

    /// <summary>What stewards said of pairs here, lower number first: true for the same.</summary>
    public IReadOnlyDictionary<(long A, long B), bool> Judgements => _judgements;

    /// <summary>The master a record belongs to so far; 0 for none.</summary>
    public long MasterOf(long record) => _nodes[record].Master;

    /// <summary>A record as the solver sees it.</summary>
    public ClusterNode NodeOf(long record) => new(_nodes[record].Order, _nodes[record].Connection);

    /// <summary>Whether a record is gone from its source.</summary>
    public bool IsGone(long record) => _nodes[record].Gone;

    /// <summary>Of a record that is gone: the one that is said to be the same and is still there; 0 for none.</summary>
    public long HeirOf(long record)
    {
        foreach (var ((a, b), same) in _judgements)
        {
            if (same && (a == record || b == record) && (a == record ? b : a) is var other && _nodes.ContainsKey(other) && !IsGone(other))
                return other;
        }

        return 0;
    }

    /// <summary>All records of the neighbourhood.</summary>
    public IReadOnlyCollection<long> Records => _parent.Keys;

    /// <summary>Whether a record is in the neighbourhood.</summary>
    public bool Contains(long record) => _parent.ContainsKey(record);

    /// <summary>Grows from some records.</summary>
    /// <param name="transaction">The chunk's transaction.</param>
    /// <param name="start">The records that changed, and those that were linked with them before.</param>
    /// <param name="linkBits">The weight from which a pair connects.</param>
    public static Neighbourhood Grow(StoreTransaction transaction, IEnumerable<long> start, double linkBits)
    {
        var area = new Neighbourhood();
        var connections = Connections(transaction);
        var frontier = start.Distinct().Order().ToArray();
        foreach (var id in frontier)
            area._parent[id] = id;
        while (frontier.Length > 0)
        {
            var added = new List<long>();
            area.ReadNodes(transaction, frontier, connections);
            area.ReadMates(transaction, frontier, added);
            area.ReadEdges(transaction, frontier, linkBits, added);
            area.ReadJudgements(transaction, frontier, added);
            frontier = [.. added.Order()];
        }

        return area;
    }

    /// <summary>The connection of each inbound pipeline, by its number in the store.</summary>
    public static Dictionary<long, string> Connections(StoreTransaction transaction) =>
        transaction.Query<(long Id, string Connection)>("select id, connection from inbound").ToDictionary(row => row.Id, row => row.Connection);

    /// <summary>The components, in the order of their lowest record.</summary>
    public List<Component> Components()
    {
        var records = _parent.Keys.ToArray();
        var roots = Array.ConvertAll(records, Root);

        // The root of a component is its lowest record.
        var order = new (long Root, long Record)[records.Length];
        for (var i = 0; i < records.Length; i++)
            order[i] = (roots[i], records[i]);
        Array.Sort(order);
        var components = new List<Component>(records.Length);
        var places = new Dictionary<long, int>();
        for (var start = 0; start < order.Length;)
        {
            var end = start;
            while (end < order.Length && order[end].Root == order[start].Root)
                end++;
            var all = Array.ConvertAll(order[start..end], one => one.Record);
            var gone = Array.FindAll(all, IsGone);
            var component = new Component(gone.Length == 0 ? all : Array.FindAll(all, record => !IsGone(record)), gone);
            for (var i = 0; i < component.Records.Length && all.Length > 1; i++)
                places.Add(component.Records[i], i);
            components.Add(component);
            start = end;
        }

        var byRoot = components.Where(component => component.Records.Length > 1).ToDictionary(component => Root(component.Records[0]));
        foreach (var ((a, b), score) in _edges)
        {
            if (places.TryGetValue(a, out var left) && places.TryGetValue(b, out var right) && Root(a) is var root && root == Root(b) && byRoot.TryGetValue(root, out var component))
                component.Edges.Add(new ClusterEdge(left, right, score));
        }

        foreach (var ((a, b), same) in _judgements)
        {
            if (places.TryGetValue(a, out var left) && places.TryGetValue(b, out var right) && Root(a) is var root && root == Root(b) && byRoot.TryGetValue(root, out var component))
                component.Judgements.Add(new ClusterJudgement(left, right, same));
        }

        return components;
    }

    private void ReadNodes(StoreTransaction transaction, long[] records, Dictionary<long, string> connections)
    {
        using (var rows = transaction.Lookup("source_record", "id", records, "inbound_id", "gone_run", "source_id"))
        {
            // The number of a record tells when it came; its name at the source does not, and so may break ties.
            while (rows.Next())
                _nodes[records[rows.Index]] = new Node(connections[rows.Int64(0)], !rows.IsNull(1), unchecked((long)(ContentHash.Of(rows.Utf8(2)) ^ ContentHash.Of(connections[rows.Int64(0)]))), 0);
        }

        using var masters = transaction.Lookup("xref", "record_id", records, "master_id");
        while (masters.Next())
            _nodes[records[masters.Index]] = _nodes[records[masters.Index]] with { Master = masters.Int64(0) };
    }

    private void ReadMates(StoreTransaction transaction, long[] records, List<long> added)
    {
        var masters = Array.FindAll(records, record => _nodes[record].Master != 0);
        Array.Sort(Array.ConvertAll(masters, record => _nodes[record].Master), masters);
        var known = Array.ConvertAll(masters, record => _nodes[record].Master);
        using var rows = transaction.Lookup("xref", "master_id", known, "record_id");
        while (rows.Next())
            Join(masters[rows.Index], rows.Int64(0), added);
    }

    private void ReadEdges(StoreTransaction transaction, long[] records, double linkBits, List<long> added)
    {
        using var rows = transaction.Lookup("edge", "a", records, "b", "bits", "guard");
        while (rows.Next())
        {
            var (a, b) = (records[rows.Index], rows.Int64(0));
            var score = new PairScore(rows.Double(1), (MatchGuard)rows.Int64(2));
            _edges[a < b ? (a, b) : (b, a)] = score;
            if (score.Guard == MatchGuard.None && score.Bits >= linkBits)
                Join(a, b, added);
        }
    }

    private void ReadJudgements(StoreTransaction transaction, long[] records, List<long> added)
    {
        Read("record_a", "record_b", (record, other) => (record, other));
        Read("record_b", "record_a", (record, other) => (other, record));

        void Read(string by, string give, Func<long, long, (long, long)> pair)
        {
            using var rows = transaction.Lookup("judgement", by, records, give, "same");
            while (rows.Next())
            {
                var (record, other) = (records[rows.Index], rows.Int64(0));
                var same = rows.Int64(1) != 0;
                _judgements[pair(record, other)] = same;
                if (same)
                    Join(record, other, added);
            }
        }
    }

    private void Join(long known, long other, List<long> added)
    {
        if (_parent.TryAdd(other, other))
            added.Add(other);
        var (a, b) = (Root(known), Root(other));
        if (a != b)
            _parent[Math.Max(a, b)] = Math.Min(a, b);
    }

    private long Root(long record)
    {
        while (_parent[record] is var parent && parent != record)
        {
            _parent[record] = _parent[parent];
            record = parent;
        }

        return record;
    }

    private readonly record struct Node(string Connection, bool Gone, long Order, long Master);
}

/// <summary>Records that hang together, with what is known between them.</summary>
/// <param name="Records">Those that are not gone, in ascending order.</param>
/// <param name="Gone">Those that are.</param>
internal sealed record Component(long[] Records, long[] Gone)
{
    /// <summary>The scored pairs, by places in <see cref="Records"/>.</summary>
    public List<ClusterEdge> Edges { get; } = [];

    /// <summary>What stewards said of pairs, by places in <see cref="Records"/>.</summary>
    public List<ClusterJudgement> Judgements { get; } = [];
}

using Crm.Integration.Hub.Store;
using Crm.Integration.Mapping.Matching;

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

    /// <summary>The connection that a record comes from.</summary>
    public string ConnectionOf(long record) => _nodes[record].Connection;

    /// <summary>Whether a record is gone from its source.</summary>
    public bool IsGone(long record) => _nodes[record].Gone;

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
        var connections = transaction.Query<(long Id, string Connection)>("select id, connection from inbound").ToDictionary(row => row.Id, row => row.Connection);
        var frontier = start.Distinct().Order().ToArray();
        foreach (var id in frontier)
            area._parent[id] = id;
        while (frontier.Length > 0)
        {
            var added = new List<long>();
            transaction.Batch(frontier);
            area.ReadNodes(transaction, connections);
            area.ReadMates(transaction, added);
            area.ReadEdges(transaction, linkBits, added);
            area.ReadJudgements(transaction, added);
            frontier = [.. added.Order()];
        }

        return area;
    }

    /// <summary>The components, each with its records in ascending order; themselves in the order of their lowest record.</summary>
    public List<long[]> Components()
    {
        var records = _parent.Keys.ToArray();
        var roots = Array.ConvertAll(records, Root);

        // The root of a component is its lowest record.
        var order = new (long Root, long Record)[records.Length];
        for (var i = 0; i < records.Length; i++)
            order[i] = (roots[i], records[i]);
        Array.Sort(order);
        var components = new List<long[]>(records.Length);
        for (var start = 0; start < order.Length;)
        {
            var end = start;
            while (end < order.Length && order[end].Root == order[start].Root)
                end++;
            components.Add(Array.ConvertAll(order[start..end], one => one.Record));
            start = end;
        }

        return components;
    }

    private void ReadMates(StoreTransaction transaction, List<long> added)
    {
        using var rows = transaction.Read(
            "select b.k, y.record_id from batch b cross join xref x cross join xref y where x.record_id = b.k and y.master_id = x.master_id");
        while (rows.Next())
            Join(rows.Int64(0), rows.Int64(1), added);
    }

    private void ReadNodes(StoreTransaction transaction, Dictionary<long, string> connections)
    {
        using var rows = transaction.Read(
            "select b.k, r.inbound_id, r.gone_run, x.master_id from batch b cross join source_record r left join xref x on x.record_id = r.id where r.id = b.k");
        while (rows.Next())
            _nodes[rows.Int64(0)] = new Node(connections[rows.Int64(1)], !rows.IsNull(2), rows.NullableInt64(3) ?? 0);
    }

    private void ReadEdges(StoreTransaction transaction, double linkBits, List<long> added)
    {
        using var rows = transaction.Read("select e.a, e.b, e.bits, e.guard from batch b cross join edge e where e.a = b.k");
        while (rows.Next())
        {
            var (a, b) = (rows.Int64(0), rows.Int64(1));
            var score = new PairScore(rows.Double(2), (MatchGuard)rows.Int64(3));
            _edges[a < b ? (a, b) : (b, a)] = score;
            if (score.Guard == MatchGuard.None && score.Bits >= linkBits)
                Join(a, b, added);
        }
    }

    private void ReadJudgements(StoreTransaction transaction, List<long> added)
    {
        using var rows = transaction.Read(
            """
            select j.record_a, j.record_b, j.same from batch b cross join judgement j where j.record_a = b.k
            union select j.record_a, j.record_b, j.same from batch b cross join judgement j where j.record_b = b.k
            """);
        while (rows.Next())
        {
            var (a, b) = (rows.Int64(0), rows.Int64(1));
            var same = rows.Int64(2) != 0;
            _judgements[(a, b)] = same;
            if (!same)
                continue;
            if (_parent.ContainsKey(a))
                Join(a, b, added);
            else
                Join(b, a, added);
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

    private readonly record struct Node(string Connection, bool Gone, long Master);
}

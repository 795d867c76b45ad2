using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Evaluation;

/// <summary>The live records of an entity with the master that each has, and the customer that it really is.</summary>
internal sealed class LabelledStore
{
    /// <summary>Nobody has said who a record is.</summary>
    public const int Unlabelled = -1;

    private readonly List<(string Connection, string Stream)> _inbounds = [];
    private readonly List<int> _inboundOf = [];
    private readonly List<string> _sourceIds = [];

    /// <summary>The store's numbers of the records, ascending.</summary>
    public List<long> Ids { get; } = [];

    /// <summary>The master of each.</summary>
    public List<long> Masters { get; } = [];

    /// <summary>The customer that each really is, numbered from 0; or <see cref="Unlabelled"/>.</summary>
    public int[] Customers { get; private set; } = [];

    /// <summary>How many records of the truth the store does not have: in quarantine, gone, or never seen.</summary>
    public int Missing { get; set; }

    /// <summary>How many records the truth names that the store has.</summary>
    public int Labelled => Customers.Count(customer => customer != Unlabelled);

    /// <summary>"crm/customers.csv/4711".</summary>
    public string Name(int record) => $"{_inbounds[_inboundOf[record]].Connection}/{_inbounds[_inboundOf[record]].Stream}/{_sourceIds[record]}";

    /// <summary>Reads the records of an entity.</summary>
    public static LabelledStore Read(MasterStore store, string entity, CancellationToken cancellationToken)
    {
        var records = new LabelledStore();
        var numbers = new Dictionary<long, int>();
        foreach (var (id, connection, stream) in store.Query<(long, string, string)>("select id, connection, stream from inbound where entity = @entity order by id", new { entity }))
        {
            numbers[id] = records._inbounds.Count;
            records._inbounds.Add((connection, stream));
        }

        using var rows = store.Read(
            """
            select r.id, r.inbound_id, r.source_id, x.master_id
            from source_record r join inbound i on i.id = r.inbound_id join xref x on x.record_id = r.id
            where i.entity = @entity order by r.id
            """,
            ("entity", entity));
        while (rows.Next())
        {
            cancellationToken.ThrowIfCancellationRequested();
            records.Ids.Add(rows.Int64(0));
            records._inboundOf.Add(numbers[rows.Int64(1)]);
            records._sourceIds.Add(rows.Text(2));
            records.Masters.Add(rows.Int64(3));
        }

        records.Customers = new int[records.Ids.Count];
        Array.Fill(records.Customers, Unlabelled);
        return records;
    }

    /// <summary>Takes over what a truth file says. Where it lists pairs, whoever it does not name is alone.</summary>
    /// <exception cref="TruthException">A record's name can be several, or two customers are given to one.</exception>
    public void Label(TruthFile truth)
    {
        var index = Index();
        if (truth.IsPairs)
        {
            LabelPairs(truth, index);
            return;
        }

        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (record, customer) in truth.Records)
        {
            if (Find(index, truth, record) is not (>= 0 and var found))
            {
                Missing++;
                continue;
            }

            if (!names.TryGetValue(customer, out var number))
                names.Add(customer, number = names.Count);
            if (Customers[found] != Unlabelled && Customers[found] != number)
                throw new TruthException($"{truth.Name} line {record.Line}: the record is another customer here than on a line before", "a record is one customer: take one of the lines out");
            Customers[found] = number;
        }
    }

    private void LabelPairs(TruthFile truth, Dictionary<string, int>[] index)
    {
        var parents = Enumerable.Range(0, Ids.Count).ToArray();
        foreach (var (left, right) in truth.Pairs)
        {
            var (a, b) = (Find(index, truth, left), Find(index, truth, right));
            Missing += (a < 0 ? 1 : 0) + (b < 0 ? 1 : 0);
            if (a >= 0 && b >= 0)
                parents[Math.Max(Root(a), Root(b))] = Math.Min(Root(a), Root(b));
        }

        for (var i = 0; i < Customers.Length; i++)
            Customers[i] = Root(i);

        int Root(int record)
        {
            while (parents[record] != record)
                record = parents[record] = parents[parents[record]];
            return record;
        }
    }

    private Dictionary<string, int>[] Index()
    {
        var index = new Dictionary<string, int>[_inbounds.Count];
        for (var i = 0; i < index.Length; i++)
            index[i] = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < Ids.Count; i++)
            index[_inboundOf[i]][_sourceIds[i]] = i;
        return index;
    }

    private int Find(Dictionary<string, int>[] index, TruthFile truth, NamedRecord record)
    {
        var found = -1;
        for (var i = 0; i < index.Length; i++)
        {
            if (!Fits(_inbounds[i], record) || !index[i].TryGetValue(record.Id, out var one))
                continue;
            if (found >= 0)
                throw new TruthException($"{truth.Name} line {record.Line}: the record can be {Name(found)} or {Name(one)}", "add the columns connection and stream, or write connection/stream/id");
            found = one;
        }

        return found;
    }

    // "crm" may be the connection or the file crm.csv of a connection that has many.
    private static bool Fits((string Connection, string Stream) inbound, NamedRecord record) =>
        (record.Source is null || record.Source == inbound.Connection || record.Source == inbound.Stream || record.Source == Path.GetFileNameWithoutExtension(inbound.Stream))
        && (record.Stream is null || record.Stream == inbound.Stream);
}

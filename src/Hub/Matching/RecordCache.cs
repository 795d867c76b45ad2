using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Store;
using Crm.Integration.Mapping.Matching;

namespace Crm.Integration.Hub.Matching;

/// <summary>The source records that a chunk needs, read in sets, each at most once.</summary>
/// <param name="entity">The entity.</param>
internal sealed class RecordCache(EntityConfiguration entity)
{
    private const string Columns = "r.id, i.connection, r.source_id, r.modified_at, r.data, r.gone_run, x.master_id";

    private readonly Dictionary<long, MatchRecord> _records = [];
    private readonly Dictionary<ulong, long> _terms = [];

    /// <summary>A record that was read before.</summary>
    public MatchRecord this[long id] => _records[id];

    /// <summary>How common terms are, as far as they were asked for.</summary>
    public TermFrequencies Frequencies { get; private set; } = TermFrequencies.None;

    /// <summary>Reads the next records that wait for matching, in the order of their numbers.</summary>
    public List<MatchRecord> ReadPending(StoreTransaction transaction, int count)
    {
        var pending = new List<MatchRecord>(count);
        using var rows = transaction.Read(
            $"""
            select {Columns}, p.matched_data
            from pending p join source_record r on r.id = p.record_id join inbound i on i.id = r.inbound_id left join xref x on x.record_id = p.record_id
            where p.entity = @entity order by p.record_id limit @count
            """,
            ("entity", entity.Type.Name),
            ("count", count));
        while (rows.Next())
        {
            var record = Row(rows, rows.IsNull(7) ? null : rows.Utf8(7));
            _records.Add(record.Id, record);
            pending.Add(record);
        }

        return pending;
    }

    /// <summary>Reads those of the records that were not read before, and makes them comparable where that is asked.</summary>
    public void Read(StoreTransaction transaction, IEnumerable<long> ids, bool comparable)
    {
        var missing = ids.Where(id => !_records.ContainsKey(id)).Distinct().Order().ToArray();
        if (missing.Length > 0)
        {
            transaction.Batch(missing);
            using var rows = transaction.Read(
                $"select {Columns} from batch b cross join source_record r join inbound i on i.id = r.inbound_id left join xref x on x.record_id = r.id where r.id = b.k");
            while (rows.Next())
            {
                var record = Row(rows, null);
                _records.Add(record.Id, record);
            }
        }

        if (comparable)
            Parallel.ForEach(ids.Distinct().Select(id => _records[id]).Where(record => record.Features is null), record => Prepare(record, entity));
    }

    /// <summary>Makes sure that the frequencies of the records' terms are known.</summary>
    public void ReadTerms(StoreTransaction transaction, IEnumerable<MatchRecord> records)
    {
        var missing = records.SelectMany(record => record.Terms).Distinct().Where(term => !_terms.ContainsKey(term)).Select(term => unchecked((long)term)).Order().ToArray();
        if (missing.Length > 0)
        {
            transaction.Batch(missing);
            foreach (var term in missing)
                _terms[unchecked((ulong)term)] = 0;
            using var rows = transaction.Read("select b.k, t.records from batch b cross join term t where t.hash = b.k");
            while (rows.Next())
                _terms[unchecked((ulong)rows.Int64(0))] = rows.Int64(1);
        }

        var total = transaction.Scalar<long?>("select records from entity_total where entity = @entity", new { entity = entity.Type.Name }) ?? 0;
        Frequencies = new TermFrequencies(_terms, total);
    }

    /// <summary>Makes a record comparable, its keys and terms included.</summary>
    public static void Prepare(MatchRecord record, EntityConfiguration entity)
    {
        record.Prepare(entity.Type, entity.Matcher);
        (record.Keys, record.Terms) = KeysAndTerms(entity.Matcher!, record.Features!);
    }

    /// <summary>The keys and terms of features.</summary>
    public static (MatchKey[] Keys, ulong[] Terms) KeysAndTerms(Matcher matcher, MatchFeatures features)
    {
        var keys = t_keys ??= [];
        var terms = t_terms ??= [];
        keys.Clear();
        terms.Clear();
        matcher.Keys(features, keys);
        matcher.Terms(features, terms);
        return ([.. keys], [.. terms]);
    }

    [ThreadStatic]
    private static List<MatchKey>? t_keys;

    [ThreadStatic]
    private static List<ulong>? t_terms;

    private static MatchRecord Row(StoreRows rows, byte[]? matched) => new()
    {
        Id = rows.Int64(0),
        Connection = string.Intern(rows.Text(1)),
        SourceId = rows.Text(2),
        ModifiedAt = rows.NullableInt64(3),
        Data = rows.Utf8(4),
        Gone = !rows.IsNull(5),
        MasterId = rows.NullableInt64(6) ?? 0,
        MatchedData = matched,
    };
}

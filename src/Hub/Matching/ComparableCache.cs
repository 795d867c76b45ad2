using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Store;
using Crm.Integration.Mapping.Matching;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.Matching;

/// <summary>
/// The records that a chunk is compared with, read in sets, each at most once, and kept only in the matcher's compact form.
/// </summary>
/// <param name="entity">The entity.</param>
internal sealed class ComparableCache(EntityConfiguration entity)
{
    private const int BlockRecords = 2048;

    private readonly ulong _salt = SaltOf(entity);
    private readonly Dictionary<long, Comparable> _records = [];
    private readonly Dictionary<ulong, long> _terms = [];

    [ThreadStatic]
    private static List<MatchKey>? t_keys;

    [ThreadStatic]
    private static List<ulong>? t_terms;

    /// <summary>A record that was read before.</summary>
    public Comparable this[long id] => _records[id];

    /// <summary>How common terms are, as far as they were asked for.</summary>
    public TermFrequencies Frequencies { get; private set; } = TermFrequencies.None;

    /// <summary>What makes the keys and terms of an entity its own in the store: a customer and an account may share a mailbox, and yet never meet.</summary>
    public static ulong SaltOf(EntityConfiguration entity) => ContentHash.Of(entity.Type.Name);

    /// <summary>Makes the chunk's own records comparable, and finds their keys.</summary>
    public void Prepare(List<MatchRecord> chunk)
    {
        Parallel.ForEach(chunk, record =>
        {
            if (record.Gone)
                return;
            record.Comparable = Read(record.Data);
            record.Keys = KeysOf(record.Comparable.Features);
        });
        foreach (var record in chunk)
        {
            if (record.Comparable is { } comparable)
                _records.Add(record.Id, comparable);
        }
    }

    /// <summary>The keys and terms that a record had, from its earlier content.</summary>
    public (MatchKey[] Keys, ulong[] Terms) Earlier(byte[] data)
    {
        var comparable = Read(data);
        return (KeysOf(comparable.Features), comparable.Terms);
    }

    /// <summary>Reads those of the records that are not known yet, and the frequencies of everybody's terms.</summary>
    public void Read(StoreTransaction transaction, IReadOnlyCollection<long> ids)
    {
        var missing = ids.Where(id => !_records.ContainsKey(id)).Order().ToArray();
        if (missing.Length > 0)
        {
            using var rows = transaction.Lookup("source_record", "id", missing, "data");
            var parsing = Task.CompletedTask;
            for (var more = true; more;)
            {
                var block = new List<(long Id, byte[] Data)>(BlockRecords);
                while (block.Count < BlockRecords && (more = rows.Next()))
                    block.Add((missing[rows.Index], rows.Utf8(0).ToArray()));

                // While one block is made comparable, the next is read.
                parsing.GetAwaiter().GetResult();
                parsing = Task.Run(() => Parse(block));
            }

            parsing.GetAwaiter().GetResult();
        }

        ReadTerms(transaction, ids);
    }

    private void Parse(List<(long Id, byte[] Data)> block)
    {
        foreach (var (id, data) in block)
            _records[id] = Read(data);
    }

    private void ReadTerms(StoreTransaction transaction, IReadOnlyCollection<long> ids)
    {
        var missing = new List<long>();
        foreach (var id in ids)
        {
            foreach (var term in _records[id].Terms)
            {
                if (_terms.TryAdd(term, 0))
                    missing.Add(unchecked((long)(term ^ _salt)));
            }
        }

        if (missing.Count > 0)
        {
            missing.Sort();
            var hashes = missing.ToArray();
            using var rows = transaction.Lookup("term", "hash", hashes, "records");
            while (rows.Next())
                _terms[unchecked((ulong)hashes[rows.Index]) ^ _salt] = rows.Int64(0);
        }

        var total = transaction.Scalar<long?>("select records from entity_total where entity = @entity", new { entity = entity.Type.Name }) ?? 0;
        Frequencies = new TermFrequencies(_terms, total);
    }

    private Comparable Read(byte[] data)
    {
        var features = entity.Matcher!.Extract(RecordJson.Read(entity.Type, data));
        var terms = t_terms ??= [];
        terms.Clear();
        entity.Matcher.Terms(features, terms);
        return new Comparable(features, [.. terms]);
    }

    private MatchKey[] KeysOf(MatchFeatures features)
    {
        var keys = t_keys ??= [];
        keys.Clear();
        entity.Matcher!.Keys(features, keys);
        return [.. keys.Select(key => key with { Hash = key.Hash ^ _salt })];
    }
}

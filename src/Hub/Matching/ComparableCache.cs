using System.Buffers;
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
    private readonly FeatureBytes _bytes = new(entity.Type);
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

    /// <summary>Keeps the chunk's records in the form in which they are compared, for those that come later.</summary>
    public void Keep(StoreTransaction transaction, List<MatchRecord> chunk)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var insert = transaction.Insert("comparable", ["record_id", "data"], WhenExists.Replace))
        {
            foreach (var record in chunk)
            {
                if (record.Comparable is not { } comparable)
                    continue;
                buffer.ResetWrittenCount();
                _bytes.Write(comparable.Features, buffer);
                insert.Int64(record.Id);
                insert.Bytes(buffer.WrittenSpan);
                insert.EndRow();
            }
        }

        long[] gone = [.. chunk.Where(record => record.Gone).Select(record => record.Id)];
        if (gone.Length == 0)
            return;
        transaction.Batch(gone);
        transaction.Execute("delete from comparable where record_id in (select k from batch)");
    }

    /// <summary>The keys of a record that was read before.</summary>
    public MatchKey[] KeysOf(long id) => KeysOf(_records[id].Features);

    /// <summary>The keys and terms that a record had, from its earlier content.</summary>
    public (MatchKey[] Keys, ulong[] Terms) Earlier(byte[] data)
    {
        var comparable = Read(data);
        return (KeysOf(comparable.Features), comparable.Terms);
    }

    /// <summary>Reads those of the records that are not known yet, and the frequencies of everybody's terms.</summary>
    public void Read(StoreTransaction transaction, IReadOnlyCollection<long> ids)
    {
        ReadRecords(transaction, ids);
        ReadTerms(transaction, ids);
    }

    /// <summary>Reads those of the records that are not known yet, and nothing about their terms.</summary>
    public void ReadRecords(StoreTransaction transaction, IReadOnlyCollection<long> ids)
    {
        var missing = ids.Where(id => !_records.ContainsKey(id)).Order().ToArray();
        if (missing.Length == 0)
            return;
        using (var rows = transaction.Lookup("comparable", "record_id", missing, "data"))
        {
            while (rows.Next())
            {
                if (_bytes.Read(rows.Bytes(0)) is { } features)
                    _records.Add(missing[rows.Index], Comparable(features));
            }
        }

        ReadWhole(transaction, Array.FindAll(missing, id => !_records.ContainsKey(id)));
    }

    /// <summary>Whether a record was read before: one that no source has any more cannot be.</summary>
    public bool Has(long id) => _records.ContainsKey(id);

    /// <summary>Reads the records themselves, where there are no bytes of this program's making.</summary>
    private void ReadWhole(StoreTransaction transaction, long[] missing)
    {
        if (missing.Length == 0)
            return;
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
        return Comparable(entity.Matcher!.Extract(RecordJson.Read(entity.Type, data)));
    }

    private Comparable Comparable(MatchFeatures features)
    {
        var terms = t_terms ??= [];
        terms.Clear();
        entity.Matcher!.Terms(features, terms);
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

using System.Buffers;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Store;
using Crm.Integration.Mapping.Matching;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.Matching;

/// <summary>
/// The first part of a bulk load: reads new records in order, makes them comparable on all cores, keeps that form, and gives
/// their keys and terms away.
/// </summary>
/// <param name="entity">The entity.</param>
internal sealed class BulkPrepare(EntityConfiguration entity)
{
    private const int BlockRecords = 4_096;
    private const int Slices = 4;

    private readonly FeatureBytes _bytes = new(entity.Type);

    /// <summary>Prepares records that wait, from the lowest number on, and marks them so.</summary>
    /// <param name="transaction">The load's transaction.</param>
    /// <param name="most">How many.</param>
    /// <param name="key">Takes each key with its record.</param>
    /// <param name="terms">Takes the terms of a number of records.</param>
    /// <param name="cancellationToken">Ends the work between blocks.</param>
    /// <returns>The records' numbers, ascending.</returns>
    public List<long> Run(StoreTransaction transaction, int most, Action<ulong, long> key, Action<List<ulong>> terms, CancellationToken cancellationToken)
    {
        var ids = new List<long>();
        var after = 0L;
        var (busy, next) = (new Block(), new Block());
        var working = Task.CompletedTask;
        for (var more = true; more;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            more = ids.Count < most && Read(transaction, next, ref after, Math.Min(BlockRecords, most - ids.Count));
            ids.AddRange(next.Ids);

            // While one block is made comparable, the next is read and the one before is written.
            working.GetAwaiter().GetResult();
            (busy, next) = (next, busy);
            var block = busy;
            working = Task.Run(() => Parallel.For(0, Slices, slice => Prepare(block, slice)), cancellationToken);
            Write(transaction, next, key, terms);
        }

        working.GetAwaiter().GetResult();
        Write(transaction, busy, key, terms);
        return ids;
    }

    private bool Read(StoreTransaction transaction, Block block, ref long after, int count)
    {
        // The queue by itself, and then what belongs to it: as one statement, a server may choose to join the whole tables for every block.
        var waiting = new List<long>(count);
        using (var queue = transaction.Read(
            """
            select record_id from pending
            where entity = @entity and record_id > @after and paired = 0 and matched_data is null
            order by record_id limit @count for update skip locked
            """,
            ("entity", entity.Type.Name),
            ("after", after),
            ("count", count)))
        {
            while (queue.Next())
                waiting.Add(queue.Int64(0));
        }

        if (waiting.Count == 0)
            return false;
        after = waiting[^1];
        var ids = waiting.ToArray();
        var owned = new HashSet<long>();
        using (var masters = transaction.Lookup("xref", "record_id", ids, "master_id"))
        {
            while (masters.Next())
                owned.Add(ids[masters.Index]);
        }

        using (var rows = transaction.Lookup("source_record", "id", ids, "gone_run", "data"))
        {
            while (rows.Next())
            {
                if (!rows.IsNull(0) || owned.Contains(ids[rows.Index]))
                    continue;
                block.Ids.Add(ids[rows.Index]);
                block.Data.Add(rows.Utf8(1).ToArray());
            }
        }

        return ids.Length == count;
    }

    private void Prepare(Block block, int slice)
    {
        var part = block.Parts[slice];
        var keys = new List<MatchKey>();
        var terms = new List<ulong>();
        for (var i = block.Ids.Count * slice / Slices; i < block.Ids.Count * (slice + 1) / Slices; i++)
        {
            var features = entity.Matcher!.Extract(RecordJson.Read(entity.Type, block.Data[i]));
            _bytes.Write(features, part.Bytes);
            keys.Clear();
            entity.Matcher.Keys(features, keys);
            foreach (var key in keys)
                part.Keys.Add(key.Hash);
            terms.Clear();
            entity.Matcher.Terms(features, terms);
            part.Terms.AddRange(terms);
            part.Ends.Add((part.Bytes.WrittenCount, part.Keys.Count));
        }
    }

    private static void Write(StoreTransaction transaction, Block block, Action<ulong, long> key, Action<List<ulong>> terms)
    {
        if (block.Ids.Count == 0)
            return;

        // One statement for a range would take in records that wait for other reasons.
        transaction.Batch(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(block.Ids));
        transaction.Execute("update pending set paired = 1 where record_id in (select k from batch)");

        // There are none, but for what another version may have left; to put rows into a free place is faster.
        transaction.Execute(
            "delete from comparable where record_id between @first and @last and record_id in (select k from batch)",
            new { first = block.Ids[0], last = block.Ids[^1] });
        var record = 0;
        using (var insert = transaction.Insert("comparable", ["record_id", "data"]))
        {
            foreach (var part in block.Parts)
            {
                var (bytes, keys) = (0, 0);
                foreach (var (bytesEnd, keysEnd) in part.Ends)
                {
                    var id = block.Ids[record++];
                    insert.Int64(id);
                    insert.Bytes(part.Bytes.WrittenSpan[bytes..bytesEnd]);
                    insert.EndRow();
                    for (; keys < keysEnd; keys++)
                        key(part.Keys[keys], id);
                    bytes = bytesEnd;
                }

                terms(part.Terms);
                part.Clear();
            }
        }

        block.Ids.Clear();
        block.Data.Clear();
    }

    private sealed class Block
    {
        public List<long> Ids { get; } = new(BlockRecords);

        public List<byte[]> Data { get; } = new(BlockRecords);

        public Part[] Parts { get; } = [.. Enumerable.Range(0, Slices).Select(_ => new Part())];
    }

    private sealed class Part
    {
        public ArrayBufferWriter<byte> Bytes { get; } = new(BlockRecords / Slices * 320);

        public List<ulong> Keys { get; } = [];

        public List<ulong> Terms { get; } = [];

        public List<(int Bytes, int Keys)> Ends { get; } = new(BlockRecords / Slices);

        public void Clear()
        {
            Bytes.ResetWrittenCount();
            Keys.Clear();
            Terms.Clear();
            Ends.Clear();
        }
    }
}

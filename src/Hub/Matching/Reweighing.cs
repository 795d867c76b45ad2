using System.Globalization;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Store;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.Matching;

/// <summary>
/// Weighs all pairs of an entity anew, in bulk: the keys of all its records are sorted and joined, the weights are learned from
/// the whole, and every pair is scored by them and by how common names are now. What comes of it depends on which records there
/// are, never on the order in which they came. Only those wait for a customer afterwards who met somebody, before or now.
/// </summary>
/// <param name="entity">The entity.</param>
/// <param name="meter">Where the time goes.</param>
/// <param name="learn">Learns from what is in the index now; gives the entity with the weights to use.</param>
/// <param name="everybody">Whether those are weighed as well who were never matched; else they wait for that.</param>
internal sealed class Reweighing(EntityConfiguration entity, MatchMeter meter, Func<StoreTransaction, EntityConfiguration> learn, bool everybody)
{
    private const int BlockRecords = 8_192;
    private const int BatchRecords = 100_000;

    private const ulong RankSeed = 0x6F776E657273;

    private uint[] _ids = [];
    private uint[] _ranks = [];

    /// <summary>Does it, up to the customers: those are made of the records that wait with their pairs.</summary>
    /// <param name="transaction">All of it is one transaction.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public void Run(StoreTransaction transaction, CancellationToken cancellationToken)
    {
        transaction.Execute("update entity_total set scored = records where entity = @entity", new { entity = entity.Type.Name });
        ReadRecords(transaction);
        if (_ids.Length == 0)
            return;
        meter.Start();
        using var entries = new Spill<KeyEntry>(KeyEntry.Partitions);
        ReadKeys(transaction, entries, cancellationToken);
        meter.Ends(MatchStage.Prepare);
        using var pairs = new BulkPairs(_ids.Length, _ids[0], _ids[^1]);
        Join(transaction, entries, pairs, cancellationToken);
        meter.Ends(MatchStage.Keys);
        entity = learn(transaction);
        var concerned = new RecordSet();
        var met = pairs.Weigh(transaction, entity, meter, () => Forget(transaction, concerned), cancellationToken);
        Enqueue(transaction, [.. _ids.Select(id => (long)id).Where(id => met.Contains(id) || concerned.Contains(id))]);
    }

    /// <summary>The entity's records, and of each a number that depends on where it comes from alone.</summary>
    private void ReadRecords(StoreTransaction transaction)
    {
        var (ids, ranks) = (new List<uint>(), new List<uint>());
        using (var rows = transaction.Read(
            """
            select i.connection, i.stream, k.source_id, k.record_id from inbound i join source_key k on k.inbound_id = i.id
            where i.entity = @entity and k.row_hash is not null
            """,
            ("entity", entity.Type.Name)))
        {
            while (rows.Next())
            {
                ids.Add(checked((uint)rows.Int64(3)));
                ranks.Add((uint)ContentHash.Of(string.Create(CultureInfo.InvariantCulture, $"{rows.Text(0)}/{rows.Text(1)}/{rows.Text(2)}"), RankSeed));
            }
        }

        HashSet<long> waiting = everybody ? [] : Waiting(transaction);
        if (waiting.Count > 0)
        {
            ranks = [.. ranks.Where((_, i) => !waiting.Contains(ids[i]))];
            ids.RemoveAll(id => waiting.Contains(id));
        }

        (_ids, _ranks) = ([.. ids], [.. ranks]);
        Array.Sort(_ids, _ranks);
    }

    /// <summary>Who has landed since and was never matched. Asked after the others were read, so that nobody is taken for an old one who has just come.</summary>
    private HashSet<long> Waiting(StoreTransaction transaction) =>
    [
        .. transaction.Query<long>(
            """
            select p.record_id from pending p left join xref x on x.record_id = p.record_id
            where p.entity = @entity and p.paired = 0 and p.matched_data is null and x.record_id is null
            """,
            new { entity = entity.Type.Name }),
    ];

    private void ReadKeys(StoreTransaction transaction, Spill<KeyEntry> entries, CancellationToken cancellationToken)
    {
        foreach (var block in _ids.Chunk(BlockRecords))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var cache = new ComparableCache(entity);
            cache.ReadRecords(transaction, Array.ConvertAll(block, id => (long)id));
            var keys = new Mapping.Matching.MatchKey[block.Length][];
            Parallel.For(0, block.Length, i => keys[i] = cache.Has(block[i]) ? cache.KeysOf(block[i]) : []);
            for (var i = 0; i < block.Length; i++)
            {
                foreach (var key in keys[i])
                    KeyEntry.Add(entries, unchecked((long)key.Hash), block[i]);
            }
        }
    }

    private void Join(StoreTransaction transaction, Spill<KeyEntry> entries, BulkPairs pairs, CancellationToken cancellationToken)
    {
        var limit = entity.Matcher!.Settings.KeyLimit;
        var common = new CommonKeys(transaction, entity);
        var sorting = Task.Run(() => KeyEntry.Sorted(entries.Take(0)), cancellationToken);
        for (var partition = 0; partition < KeyEntry.Partitions; partition++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (hashes, records) = sorting.GetAwaiter().GetResult();
            var next = partition + 1;
            sorting = next < KeyEntry.Partitions ? Task.Run(() => KeyEntry.Sorted(entries.Take(next)), cancellationToken) : sorting;
            for (int start = 0, end; start < hashes.Length; start = end)
            {
                for (end = start; end < hashes.Length && hashes[end] == hashes[start];)
                    end++;
                var owners = records.AsSpan(start, end - start);
                if (owners.Length <= limit)
                {
                    common.Rare(hashes[start], owners);
                    for (var i = 1; i < owners.Length; i++)
                    {
                        for (var j = 0; j < i; j++)
                            pairs.Add(owners[i], KeyPairs.Pack(owners[j], owners[i], owners.Length));
                    }

                    continue;
                }

                var first = First(owners);
                common.Common(hashes[start], first, owners.Length);
                foreach (var owner in owners)
                {
                    foreach (var other in first)
                    {
                        // Of two of the first the lower is met by the higher.
                        if (other < owner || (other > owner && Array.IndexOf(first, owner) < 0))
                            pairs.Add(Math.Max(owner, other), KeyPairs.Pack(other, owner, int.MaxValue));
                    }
                }
            }
        }

        common.Save(transaction);
    }

    /// <summary>Those of a common key's owners that the others meet: the lowest by where they come from, whoever came first.</summary>
    private uint[] First(ReadOnlySpan<uint> owners)
    {
        var lowest = new PriorityQueue<uint, (uint, uint)>(Comparer<(uint Rank, uint Id)>.Create((x, y) => y.CompareTo(x)));
        foreach (var owner in owners)
        {
            var rank = (_ranks[Array.BinarySearch(_ids, owner)], owner);
            if (lowest.Count < KeyIndex.Representatives)
                lowest.Enqueue(owner, rank);
            else
                lowest.EnqueueDequeue(owner, rank);
        }

        return [.. lowest.UnorderedItems.Select(item => item.Element).Order()];
    }

    /// <summary>Forgets the pairs that are kept, and tells whose they were.</summary>
    private void Forget(StoreTransaction transaction, RecordSet concerned)
    {
        var records = new List<long>();
        using (var rows = transaction.Read("select distinct a from edge"))
        {
            while (rows.Next())
            {
                // Entities share the table.
                if (Array.BinarySearch(_ids, (uint)rows.Int64(0)) < 0)
                    continue;
                records.Add(rows.Int64(0));
                concerned.Add(rows.Int64(0));
            }
        }

        foreach (var batch in records.Chunk(BatchRecords))
        {
            transaction.Batch(batch);
            transaction.Execute("delete from edge where a in (select k from batch)");
        }
    }

    private void Enqueue(StoreTransaction transaction, long[] records)
    {
        foreach (var batch in records.Chunk(BatchRecords))
            MatchQueue.Add(transaction, entity.Type.Name, batch, paired: 1);
    }
}

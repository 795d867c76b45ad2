using System.Runtime.InteropServices;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Store;
using Crm.Integration.Mapping.Matching;

namespace Crm.Integration.Hub.Matching;

/// <summary>
/// Finds and scores the pairs of very many new records at once: where what waits is large against what is stored, all keys
/// are sorted and joined in one pass over the index, in place of asking it record by record. The same keys, limits and scores
/// as chunk by chunk; every table is read and written in its order.
/// </summary>
/// <param name="entity">The entity.</param>
/// <param name="keys">The index of keys.</param>
/// <param name="meter">Where the time goes.</param>
/// <param name="learn">Learns from what is in the index now; gives the entity with the weights to use.</param>
internal sealed class BulkLoad(EntityConfiguration entity, KeyIndex keys, MatchMeter meter, Func<StoreTransaction, EntityConfiguration> learn)
{
    private const int KeyPartitions = 64;
    private const int EdgePartitions = 64;

    // Records whose pairs are scored together: some ten thousand of them and their candidates are in memory.
    private const int OwnersTogether = 16_384;

    // New keys touch most pages of the large index: worth it for an eighth of all records, others gather in the small one first.
    private const int DirectShare = 8;

    // Names that are counted before the counts are written.
    private const int MostTerms = 400_000;

    /// <summary>Pairs up records that wait and are new. What it writes, the pending ones are marked with, is one transaction.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="most">How many records.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The records that met somebody, or null when there were none to pair up.</returns>
    public RecordSet? Run(StoreTransaction transaction, int most, CancellationToken cancellationToken)
    {
        var terms = new Dictionary<ulong, int>();
        var salt = ComparableCache.SaltOf(entity);
        using var entries = new Spill<KeyEntry>(KeyPartitions);
        var ids = new BulkPrepare(entity).Run(transaction, most, AddKey, AddTerms, cancellationToken);
        if (ids.Count == 0)
            return null;
        keys.CountTerms(transaction, terms, ids.Count);
        meter.Ends(MatchStage.Prepare);

        var span = ids[^1] - ids[0] + 1;
        var partitions = (int)((ids.Count / OwnersTogether) + 1);
        using var pairs = new Spill<ulong>(partitions);
        var recent = ids.Count < keys.Records / DirectShare;
        if (!recent)
            keys.SettleAll(transaction);
        var added = Enumerable.Range(0, KeyPartitions).Sum(entries.Count);
        Join(transaction, entries, recent, (owner, pair) => pairs.Add((int)(Math.Clamp(owner - ids[0], 0, span - 1) * partitions / span), pair), cancellationToken);
        keys.Settle(transaction, recent ? added : 0);
        keys.SaveHot(transaction, new ComparableCache(entity));
        meter.Ends(MatchStage.Keys);
        entity = learn(transaction);

        using var edges = new Spill<EdgeEntry>(EdgePartitions);
        var met = Score(transaction, pairs, edges, ids[^1], cancellationToken);
        WriteEdges(transaction, edges);
        meter.Ends(MatchStage.Edges);
        return met;

        void AddKey(ulong hash, long record)
        {
            hash ^= salt;
            var signed = unchecked((long)hash);
            if (!keys.IsHot(signed))
                entries.Add((int)((hash ^ (1UL << 63)) >> 58), new KeyEntry(signed, checked((uint)record)));
        }

        void AddTerms(List<ulong> some)
        {
            foreach (var term in some)
                CollectionsMarshal.GetValueRefOrAddDefault(terms, term, out _)++;
            if (terms.Count < MostTerms)
                return;
            keys.CountTerms(transaction, terms, 0);
            terms.Clear();
        }
    }

    /// <summary>Joins the new keys among themselves and with the index, partition by partition, and writes them into it.</summary>
    private void Join(StoreTransaction transaction, Spill<KeyEntry> entries, bool recent, Action<long, ulong> pair, CancellationToken cancellationToken)
    {
        var sorting = Task.Run(() => Sorted(entries.Take(0)), cancellationToken);
        for (var partition = 0; partition < KeyPartitions; partition++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (hashes, records) = sorting.GetAwaiter().GetResult();
            var next = partition + 1;

            // While one partition goes through the store, the next is sorted.
            sorting = next < KeyPartitions ? Task.Run(() => Sorted(entries.Take(next)), cancellationToken) : sorting;
            keys.Join(transaction, hashes, records, recent, pair);
        }
    }

    private static (long[] Hashes, uint[] Records) Sorted(KeyEntry[] entries)
    {
        var hashes = Array.ConvertAll(entries, entry => entry.Hash);
        var records = Array.ConvertAll(entries, entry => entry.Record);
        Array.Sort(hashes, records);
        for (var start = 0; start < hashes.Length;)
        {
            var end = start + 1;
            while (end < hashes.Length && hashes[end] == hashes[start])
                end++;
            if (end - start > 1)
                Array.Sort(records, start, end - start);
            start = end;
        }

        return (hashes, records);
    }

    private RecordSet Score(StoreTransaction transaction, Spill<ulong> pairs, Spill<EdgeEntry> edges, long highest, CancellationToken cancellationToken)
    {
        var met = new RecordSet();
        var scores = new PairScores(entity, meter);
        var sorting = Task.Run(() => KeyPairs.WorthScoring(pairs.Take(0)), cancellationToken);
        for (var partition = 0; partition < pairs.Partitions; partition++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var some = sorting.GetAwaiter().GetResult();
            var next = partition + 1;
            sorting = next < pairs.Partitions ? Task.Run(() => KeyPairs.WorthScoring(pairs.Take(next)), cancellationToken) : sorting;
            var cache = new ComparableCache(entity);
            meter.Ends(MatchStage.Keys);
            foreach (var (a, b, score) in scores.Of(transaction, cache, some))
            {
                met.Add(a);
                met.Add(b);
                edges.Add(Partition(a), new EdgeEntry(a, b, score));
                edges.Add(Partition(b), new EdgeEntry(b, a, score));
            }
        }

        return met;

        int Partition(long record) => (int)(Math.Min(record, highest) * EdgePartitions / (highest + 1));
    }

    private static void WriteEdges(StoreTransaction transaction, Spill<EdgeEntry> edges)
    {
        using var insert = transaction.Insert("edge", ["a", "b", "bits", "guard"], WhenExists.Replace);
        for (var partition = 0; partition < EdgePartitions; partition++)
        {
            var some = edges.Take(partition);
            Array.Sort(some);
            foreach (var edge in some)
            {
                insert.Int64(edge.A);
                insert.Int64(edge.B);
                insert.Double(edge.Bits);
                insert.Int64(edge.Guard);
                insert.EndRow();
            }
        }
    }

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private readonly record struct KeyEntry(long Hash, uint Record);

    private readonly struct EdgeEntry(long a, long b, PairScore score) : IComparable<EdgeEntry>
    {
        public uint A { get; } = (uint)a;

        public uint B { get; } = (uint)b;

        public int Guard { get; } = (int)score.Guard;

        public double Bits { get; } = score.Bits;

        public int CompareTo(EdgeEntry other) => (A, B).CompareTo((other.A, other.B));
    }
}

using System.Runtime.InteropServices;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Store;

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
        using var entries = new Spill<KeyEntry>(KeyEntry.Partitions);
        var ids = new BulkPrepare(entity).Run(transaction, most, AddKey, AddTerms, cancellationToken);
        if (ids.Count == 0)
            return null;
        keys.CountTerms(transaction, terms, ids.Count);
        meter.Ends(MatchStage.Prepare);

        using var pairs = new BulkPairs(ids.Count, ids[0], ids[^1]);
        var recent = ids.Count < keys.Records / DirectShare;
        if (!recent)
            keys.SettleAll(transaction);
        var added = Enumerable.Range(0, KeyEntry.Partitions).Sum(entries.Count);
        Join(transaction, entries, recent, pairs.Add, cancellationToken);
        keys.Settle(transaction, recent ? added : 0);
        keys.SaveHot(transaction, new ComparableCache(entity));
        meter.Ends(MatchStage.Keys);
        entity = learn(transaction);

        return pairs.Weigh(transaction, entity, meter, null, cancellationToken);

        void AddKey(ulong hash, long record)
        {
            hash ^= salt;
            KeyEntry.Add(entries, unchecked((long)hash), record);
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
        var sorting = Task.Run(() => KeyEntry.Sorted(entries.Take(0)), cancellationToken);
        for (var partition = 0; partition < KeyEntry.Partitions; partition++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (hashes, records) = sorting.GetAwaiter().GetResult();
            var next = partition + 1;

            // While one partition goes through the store, the next is sorted.
            sorting = next < KeyEntry.Partitions ? Task.Run(() => KeyEntry.Sorted(entries.Take(next)), cancellationToken) : sorting;
            keys.Join(transaction, hashes, records, recent, pair);
        }
    }
}

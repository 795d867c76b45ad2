using System.Globalization;
using System.Runtime.InteropServices;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Store;
using Crm.Integration.Mapping.Matching;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.Matching;

/// <summary>
/// Estimates an entity's model from what is stored. Which records are looked at depends on their sources' ids alone, so that the
/// same records give the same model in whatever order they came.
/// </summary>
/// <param name="entity">The entity, with a matcher.</param>
internal sealed class ModelTraining(EntityConfiguration entity)
{
    // Records whose candidates are looked at: some ten thousand pairs, a second or two.
    private const int SampledRecords = 10_000;
    private const int RandomPairs = 200_000;
    private const int MostRandomEach = 60;

    private const ulong SampleSeed = 0x6D6F64656C;

    /// <summary>Estimates.</summary>
    /// <param name="transaction">Reads the store; keys and names of all records are in their index.</param>
    /// <returns>The estimate, or null where there are too few records.</returns>
    public ModelEstimate? Estimate(StoreTransaction transaction)
    {
        var (sample, records) = Sample(transaction);
        if (records < ReweighingRule.LeastRecords)
            return null;
        var cache = new ComparableCache(entity);
        cache.Read(transaction, sample);
        var pairs = Meeting(transaction, cache, sample);
        cache.Read(transaction, [.. pairs.SelectMany(pair => new[] { pair.A, pair.B }).Distinct()]);
        var estimator = new ModelEstimator(entity.Matcher!, cache.Frequencies);
        AddAtRandom(estimator, cache, sample);
        foreach (var (a, b) in pairs)
            estimator.AddMeeting(cache[a].Features, cache[b].Features);
        double taken = sample.Count;
        return estimator.Estimate(records, (taken * (records - taken)) + (taken * (taken - 1) / 2));
    }

    private static void AddAtRandom(ModelEstimator estimator, ComparableCache cache, List<long> sample)
    {
        var each = Math.Min(Math.Min(MostRandomEach, (sample.Count - 1) / 2), RandomPairs / sample.Count);
        for (var step = 1; step <= each; step++)
        {
            for (var i = 0; i < sample.Count; i++)
                estimator.AddAtRandom(cache[sample[i]].Features, cache[sample[(i + step) % sample.Count]].Features);
        }
    }

    /// <summary>The records with the lowest hashes of where they come from, in the order of these.</summary>
    private (List<long> Sample, long Records) Sample(StoreTransaction transaction)
    {
        var lowest = new PriorityQueue<long, (ulong, string)>(Comparer<(ulong Hash, string Name)>.Create((x, y) => (y.Hash, y.Name).CompareTo((x.Hash, x.Name))));
        var count = 0L;
        using (var rows = transaction.Read(
            """
            select i.connection, i.stream, k.source_id, k.record_id from inbound i join source_key k on k.inbound_id = i.id
            where i.entity = @entity and k.row_hash is not null
            """,
            ("entity", entity.Type.Name)))
        {
            while (rows.Next())
            {
                count++;
                var name = string.Create(CultureInfo.InvariantCulture, $"{rows.Text(0)}/{rows.Text(1)}/{rows.Text(2)}");
                var rank = (ContentHash.Of(name, SampleSeed), name);
                if (lowest.Count < SampledRecords)
                    lowest.Enqueue(rows.Int64(3), rank);
                else
                    lowest.EnqueueDequeue(rows.Int64(3), rank);
            }
        }

        var sample = new List<long>(lowest.Count);
        while (lowest.TryDequeue(out var record, out _))
            sample.Add(record);
        sample.Reverse();
        return (sample, count);
    }

    /// <summary>The pairs of sampled records with all that they share keys with, as they would be scored.</summary>
    private List<(long A, long B)> Meeting(StoreTransaction transaction, ComparableCache cache, List<long> sample)
    {
        var hot = transaction.Query<long>("select hash from hot_key where entity = @entity", new { entity = entity.Type.Name }).ToHashSet();
        var owners = new List<(long Hash, long Record)>();
        foreach (var record in sample)
        {
            foreach (var key in cache.KeysOf(record))
            {
                if (!hot.Contains(unchecked((long)key.Hash)))
                    owners.Add((unchecked((long)key.Hash), record));
            }
        }

        owners.Sort();
        long[] hashes = [.. owners.Select(owner => owner.Hash).Distinct()];
        var members = hashes.ToDictionary(hash => hash, _ => new List<long>());
        foreach (var table in new[] { "match_key", "match_key_recent" })
        {
            using var rows = transaction.Lookup(table, "hash", hashes, "record_id");
            while (rows.Next())
                members[hashes[rows.Index]].Add(rows.Int64(0));
        }

        // Two sampled records are found from either side; taken twice, one common key would count as two.
        var sampled = sample.ToHashSet();
        var packed = new List<ulong>();
        foreach (var (hash, record) in owners)
        {
            foreach (var other in members[hash])
            {
                if (other > record || (other < record && !sampled.Contains(other)))
                    packed.Add(KeyPairs.Pack(record, other, members[hash].Count));
            }
        }

        return KeyPairs.WorthScoring(CollectionsMarshal.AsSpan(packed));
    }
}

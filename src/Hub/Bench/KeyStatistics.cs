using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Matching;
using Crm.Integration.Hub.Store;
using Crm.Integration.Mapping.Matching;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.Bench;

/// <summary>What the match keys of a store are like, from an even sample of its records.</summary>
internal static class KeyStatistics
{
    private const int Sample = 5_000;

    /// <summary>The kinds of key, the most frequent first.</summary>
    public static IReadOnlyList<KeyKind> Of(StoreTransaction transaction, EntityConfiguration entity)
    {
        var most = transaction.Scalar<long?>("select max(id) from source_record") ?? 0;
        var step = Math.Max(1, most / Sample);
        long[] ids = [.. Enumerable.Range(0, Sample).Select(i => 1 + (i * step)).Where(id => id <= most)];
        var keys = new List<MatchKey>();
        using (var rows = transaction.Lookup("source_record", "id", ids, "data"))
        {
            var some = new List<MatchKey>();
            var salt = ComparableCache.SaltOf(entity);
            while (rows.Next())
            {
                some.Clear();
                entity.Matcher!.Keys(entity.Matcher.Extract(RecordJson.Read(entity.Type, rows.Utf8(0))), some);
                keys.AddRange(some.Select(key => key with { Hash = key.Hash ^ salt }));
            }
        }

        var hot = transaction.Query<long>("select hash from hot_key where entity = @entity", new { entity = entity.Type.Name }).ToHashSet();
        long[] hashes = [.. keys.Select(key => unchecked((long)key.Hash)).Where(hash => !hot.Contains(hash)).Distinct().Order()];
        var sharing = new Dictionary<long, int>();
        foreach (var table in new[] { "match_key", "match_key_recent" })
        {
            using var rows = transaction.Lookup(table, "hash", hashes, "record_id");
            while (rows.Next())
                sharing[hashes[rows.Index]] = sharing.GetValueOrDefault(hashes[rows.Index]) + 1;
        }

        return
        [
            .. keys.GroupBy(key => key.Kind).OrderByDescending(group => group.Count()).Select(group =>
            {
                var live = group.Select(key => unchecked((long)key.Hash)).Where(hash => !hot.Contains(hash)).ToList();
                return new KeyKind(
                    group.Key.ToString(),
                    (double)group.Count() / ids.Length,
                    live.Count == 0 ? 0 : live.Average(hash => sharing.GetValueOrDefault(hash, 1)),
                    live.Count == 0 ? 0 : live.Max(hash => sharing.GetValueOrDefault(hash, 1)),
                    1 - ((double)live.Count / group.Count()));
            }),
        ];
    }
}

/// <summary>A kind of key.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="PerRecord">How many of it a record has, on average.</param>
/// <param name="Sharing">How many records share the key that a record has, on average; keys set aside left out.</param>
/// <param name="Most">The most of the sample.</param>
/// <param name="Hot">The share of them that is set aside as too common.</param>
internal sealed record KeyKind(string Kind, double PerRecord, double Sharing, int Most, double Hot);

using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Store;
using Crm.Integration.Mapping.Matching;

namespace Crm.Integration.Hub.Matching;

/// <summary>Scores pairs, and gives those that matter.</summary>
/// <param name="entity">The entity.</param>
/// <param name="meter">Where the time goes.</param>
internal sealed class PairScores(EntityConfiguration entity, MatchMeter meter)
{
    /// <summary>The pairs at or above the review threshold, in the order given.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="cache">Has the records, or reads them.</param>
    /// <param name="pairs">The pairs.</param>
    public List<(long A, long B, PairScore Score)> Of(StoreTransaction transaction, ComparableCache cache, List<(long A, long B)> pairs)
    {
        var matcher = entity.Matcher!;
        var ids = new HashSet<long>(pairs.Count);
        foreach (var (a, b) in pairs)
        {
            ids.Add(a);
            ids.Add(b);
        }

        cache.Read(transaction, ids);
        meter.Ends(MatchStage.LookUp);
        var scores = new PairScore[pairs.Count];
        var frequencies = cache.Frequencies;
        Parallel.For(0, pairs.Count, i => scores[i] = matcher.Score(cache[pairs[i].A].Features, cache[pairs[i].B].Features, frequencies));
        meter.Scored += pairs.Count;
        var kept = new List<(long A, long B, PairScore Score)>();
        for (var i = 0; i < scores.Length; i++)
        {
            if (scores[i].Bits >= matcher.Settings.ReviewBits)
                kept.Add((pairs[i].A, pairs[i].B, scores[i]));
        }

        meter.Kept += kept.Count;
        meter.Ends(MatchStage.Score);
        return kept;
    }
}

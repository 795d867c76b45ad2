using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Evaluation;

/// <summary>How right matching is on labelled records, and where it is not.</summary>
internal sealed record MatchEvaluation
{
    private static readonly double[] s_shown = [0.5, 0.8, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9999, 0.99999];

    /// <summary>The records.</summary>
    public required LabelledStore Records { get; init; }

    /// <summary>How right the masters are.</summary>
    public required ClusterQuality Masters { get; init; }

    /// <summary>True pairs that share a key.</summary>
    public required long TruePairsThatMeet { get; init; }

    /// <summary>Labelled pairs that were compared.</summary>
    public required long Compared { get; init; }

    /// <summary>By kind: keys that too many records share.</summary>
    public required IReadOnlyDictionary<string, int> SetAside { get; init; }

    /// <summary>Thresholds as people know them, with those of the configuration.</summary>
    public required IReadOnlyList<SweepPoint> Table { get; init; }

    /// <summary>Thresholds in even steps, for drawing.</summary>
    public required IReadOnlyList<SweepPoint> Curve { get; init; }

    /// <summary>Pairs together that should not be.</summary>
    public required PairErrors Wrong { get; init; }

    /// <summary>Pairs apart that should not be.</summary>
    public required PairErrors Missed { get; init; }

    /// <summary>Of the true pairs, those that share a key.</summary>
    public double BlockingRecall => Masters.TruePairs == 0 ? 1 : (double)TruePairsThatMeet / Masters.TruePairs;

    /// <summary>Measures.</summary>
    /// <param name="store">The store.</param>
    /// <param name="entity">The entity, with a matcher.</param>
    /// <param name="records">Its records, labelled.</param>
    /// <param name="progress">Hears how many records were read.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static MatchEvaluation Of(MasterStore store, EntityConfiguration entity, LabelledStore records, Action<int> progress, CancellationToken cancellationToken)
    {
        var settings = entity.Matcher!.Settings;
        var masters = ClusterQuality.Of(records.Customers, records.Masters);
        var pairs = ComparedPairs.Find(store, entity, records, progress, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        var table = s_shown.Append(settings.Review).Append(settings.Link).Where(share => share < 1).Distinct().Order().Select(share => Math.Log2(share / (1 - share))).ToArray();
        var curve = Enumerable.Range(0, 81).Select(step => step / 4.0).ToArray();
        var points = ThresholdSweep.Of(pairs, records.Customers, masters.TruePairs, [.. table, .. curve]);
        return new MatchEvaluation
        {
            Records = records,
            Masters = masters,
            TruePairsThatMeet = pairs.TruePairsThatMeet.Count,
            Compared = pairs.Pairs.Length,
            SetAside = pairs.SetAside,
            Table = [.. points.Take(table.Length)],
            Curve = [.. points.Skip(table.Length)],
            Wrong = PairErrors.Wrong(records, pairs, masters.FoundPairs - masters.RightPairs),
            Missed = PairErrors.Missed(records, pairs, settings, masters.TruePairs - masters.RightPairs),
        };
    }
}

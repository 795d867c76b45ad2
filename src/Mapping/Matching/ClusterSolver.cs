namespace Crm.Integration.Mapping.Matching;

/// <summary>
/// Splits a connected set of records into customers. A pure function: the same records, edges and judgements give the same
/// clusters, in whatever order they come.
/// </summary>
/// <remarks>
/// Greedy correlation clustering: every record starts alone, and the two clusters that agree best on average are joined, again
/// and again, as long as nothing decisive stands between any two of their members (different ids, a steward's word). Averages, not best pairs, keep a chain of
/// weak links from joining two strong clusters.
/// </remarks>
public static class ClusterSolver
{
    /// <summary>Solves one component.</summary>
    /// <param name="nodes">The records.</param>
    /// <param name="edges">The pairs that were scored at or above the review threshold, judgements not considered.</param>
    /// <param name="judgements">What stewards said of pairs; they outweigh every score and guard, except that "different" outweighs "same".</param>
    /// <param name="score">Scores any other pair of the component; asked only where a cluster's consistency depends on it.</param>
    /// <param name="settings">Thresholds and constraints.</param>
    /// <returns>For each node the number of its cluster; clusters are numbered from 0 by their lowest node.</returns>
    public static int[] Solve(
        IReadOnlyList<ClusterNode> nodes,
        IReadOnlyList<ClusterEdge> edges,
        IReadOnlyList<ClusterJudgement> judgements,
        Func<int, int, PairScore> score,
        MatchSettings settings)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        ArgumentNullException.ThrowIfNull(edges);
        ArgumentNullException.ThrowIfNull(judgements);
        ArgumentNullException.ThrowIfNull(score);
        ArgumentNullException.ThrowIfNull(settings);
        return new ComponentSolver(nodes, edges, judgements, score, settings).Solve();
    }
}

/// <summary>A record in a component.</summary>
/// <param name="Order">What breaks ties: must come from the record itself, not from when it arrived.</param>
/// <param name="Connection">The name of its connection, for the constraint of at most one per source.</param>
public readonly record struct ClusterNode(long Order, string Connection);

/// <summary>A scored pair of a component.</summary>
/// <param name="A">Index of one node.</param>
/// <param name="B">Index of the other.</param>
/// <param name="Score">Its score.</param>
public readonly record struct ClusterEdge(int A, int B, PairScore Score);

/// <summary>What a steward said of a pair.</summary>
/// <param name="A">Index of one node.</param>
/// <param name="B">Index of the other.</param>
/// <param name="Same">True for one customer, false for two.</param>
public readonly record struct ClusterJudgement(int A, int B, bool Same);

using Crm.Integration.Mapping.Matching;

namespace Crm.Integration.Hub.Evaluation;

/// <summary>A pair about which matching and truth disagree.</summary>
/// <param name="A">One record.</param>
/// <param name="B">The other.</param>
/// <param name="Bits">How strongly it speaks for one customer.</param>
/// <param name="Kind">What kind of mistake it is.</param>
internal sealed record PairError(int A, int B, double Bits, string Kind);

/// <summary>The mistakes of one sort, counted by kind.</summary>
/// <param name="Total">All of them.</param>
/// <param name="Looked">How many were looked at one by one.</param>
/// <param name="Kinds">The kinds, the most frequent first, of those looked at.</param>
/// <param name="Worst">The pairs of which the score was surest.</param>
internal sealed record PairErrors(long Total, int Looked, IReadOnlyList<(string Kind, int Count)> Kinds, IReadOnlyList<PairError> Worst)
{
    private const int MostLooked = 100_000;
    private const int MostShown = 10;

    /// <summary>Pairs with one master that are different customers.</summary>
    public static PairErrors Wrong(LabelledStore records, ComparedPairs pairs, long total) => Of(
        total,
        Disagreements(Group(records, record => records.Masters[record]), (a, b) => records.Customers[a] != records.Customers[b]),
        pairs,
        ErrorKinds.OfWrong,
        errors => errors.OrderByDescending(error => error.Bits));

    /// <summary>Pairs of one customer that have different masters.</summary>
    public static PairErrors Missed(LabelledStore records, ComparedPairs pairs, MatchSettings settings, long total) => Of(
        total,
        Disagreements(Group(records, record => records.Customers[record]), (a, b) => records.Masters[a] != records.Masters[b]),
        pairs,
        (pair, why) => ErrorKinds.OfMissed(why, settings, pairs.TruePairsThatMeet.Contains(pair), Array.BinarySearch(pairs.Pairs, pair) >= 0),
        errors => errors.OrderBy(error => error.Bits));

    private static PairErrors Of(
        long total, List<ulong> found, ComparedPairs pairs, Func<ulong, PairExplanation, string> kindOf, Func<IEnumerable<PairError>, IOrderedEnumerable<PairError>> worst)
    {
        var errors = new PairError[found.Count];
        Parallel.For(0, errors.Length, i =>
        {
            var (a, b) = ComparedPairs.Ends(found[i]);
            var why = pairs.Explain(found[i]);
            errors[i] = new PairError(a, b, why.Score.Bits, kindOf(found[i], why));
        });
        return new PairErrors(
            total,
            errors.Length,
            [.. errors.GroupBy(error => error.Kind).Select(group => (group.Key, group.Count())).OrderByDescending(kind => kind.Item2).ThenBy(kind => kind.Key, StringComparer.Ordinal)],
            [.. worst(errors).ThenBy(error => error.A).ThenBy(error => error.B).Take(MostShown)]);
    }

    private static IEnumerable<List<int>> Group(LabelledStore records, Func<int, long> by) => Enumerable.Range(0, records.Ids.Count)
        .Where(record => records.Customers[record] != LabelledStore.Unlabelled)
        .GroupBy(by, (_, members) => members.ToList())
        .Where(members => members.Count > 1);

    // In order of the records, so that the same store gives the same sample.
    private static List<ulong> Disagreements(IEnumerable<List<int>> groups, Func<int, int, bool> disagree)
    {
        var found = new List<ulong>();
        foreach (var members in groups)
        {
            for (var i = 0; i < members.Count; i++)
            {
                for (var j = i + 1; j < members.Count; j++)
                {
                    if (!disagree(members[i], members[j]))
                        continue;
                    found.Add(ComparedPairs.Pair(members[i], members[j]));
                    if (found.Count == MostLooked)
                        return found;
                }
            }
        }

        return found;
    }
}

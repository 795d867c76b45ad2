namespace Crm.Integration.Hub.Matching;

/// <summary>
/// Gives clusters their masters: each keeps the one that most of its records had, so that ids stay. A pure function, the
/// same whatever the order.
/// </summary>
internal static class MasterAssignment
{
    /// <summary>Assigns the masters of one component.</summary>
    /// <param name="records">The records that are not gone, in ascending order.</param>
    /// <param name="clusters">For each the number of its cluster.</param>
    /// <param name="masterOf">The master a record belongs to so far (or last belonged to, if that has ended); 0 for none.</param>
    /// <returns>For each cluster its master, 0 where a new one is needed.</returns>
    public static long[] Assign(ReadOnlySpan<long> records, ReadOnlySpan<int> clusters, Func<long, long> masterOf)
    {
        var overlap = new Dictionary<(long Master, int Cluster), int>();
        var count = 0;
        for (var i = 0; i < records.Length; i++)
        {
            count = Math.Max(count, clusters[i] + 1);
            if (masterOf(records[i]) is var master and not 0)
                overlap[(master, clusters[i])] = overlap.GetValueOrDefault((master, clusters[i])) + 1;
        }

        var masters = new long[count];
        var taken = new HashSet<long>();
        foreach (var ((master, cluster), _) in overlap.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key.Master).ThenBy(pair => pair.Key.Cluster))
        {
            if (masters[cluster] == 0 && taken.Add(master))
                masters[cluster] = master;
        }

        return masters;
    }
}

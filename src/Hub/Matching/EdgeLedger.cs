using Crm.Integration.Hub.Store;
using Crm.Integration.Mapping.Matching;

namespace Crm.Integration.Hub.Matching;

/// <summary>The scored pairs that are kept, each from both of its ends.</summary>
internal static class EdgeLedger
{
    /// <summary>Keeps the chunk's scored pairs in place of what was known of its records.</summary>
    /// <param name="transaction">The chunk's transaction.</param>
    /// <param name="chunk">The records.</param>
    /// <param name="scores">Their pairs.</param>
    /// <returns>The records that the chunk's were linked with before, and those that met somebody now.</returns>
    public static (List<long> Before, HashSet<long> Met) Replace(StoreTransaction transaction, List<MatchRecord> chunk, List<(long A, long B, PairScore Score)> scores)
    {
        var before = Drop(transaction, chunk);
        var met = new HashSet<long>();
        var edges = new List<(long A, long B, PairScore Score)>(scores.Count * 2);
        foreach (var (a, b, score) in scores)
        {
            met.Add(a);
            met.Add(b);
            edges.Add((a, b, score));
            edges.Add((b, a, score));
        }

        edges.Sort((x, y) => (x.A, x.B).CompareTo((y.A, y.B)));
        using var insert = transaction.Insert("edge", ["a", "b", "bits", "guard"], WhenExists.Replace);
        foreach (var (a, b, score) in edges)
        {
            insert.Int64(a);
            insert.Int64(b);
            insert.Double(score.Bits);
            insert.Int64((int)score.Guard);
            insert.EndRow();
        }

        return (before, met);
    }

    /// <summary>Forgets what was scored of the chunk's records, and tells whom they were linked with.</summary>
    private static List<long> Drop(StoreTransaction transaction, List<MatchRecord> chunk)
    {
        var before = new List<long>();
        var known = chunk.Where(record => record.MasterId != 0 || record.Gone || record.MatchedData is not null).Select(record => record.Id).ToArray();
        if (known.Length == 0)
            return before;
        transaction.Batch(known);
        var pairs = new List<(long, long)>();
        using (var rows = transaction.Read("select e.a, e.b from batch b join edge e on e.a = b.k"))
        {
            while (rows.Next())
            {
                before.Add(rows.Int64(1));
                pairs.Add((rows.Int64(1), rows.Int64(0)));
            }
        }

        if (pairs.Count == 0)
            return before;
        transaction.Execute("delete from edge where a in (select k from batch)");
        transaction.Batch([.. pairs]);
        transaction.DeleteBatch("edge", "a", "b");
        return before;
    }
}

using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Store;
using Crm.Integration.Mapping.Matching;

namespace Crm.Integration.Hub.Matching;

/// <summary>Keeps the review queue in step with what matching found: one question a pair of masters, the strongest pair of records.</summary>
internal static class ReviewLedger
{
    /// <summary>Opens the questions that a neighbourhood raises now, and withdraws those that have settled themselves.</summary>
    /// <param name="transaction">The chunk's transaction.</param>
    /// <param name="entity">The entity.</param>
    /// <param name="area">The neighbourhood.</param>
    /// <param name="masterOf">The master of a record of the neighbourhood now; 0 for one that is gone.</param>
    /// <param name="run">The run.</param>
    /// <returns>How many questions are new.</returns>
    public static int Update(StoreTransaction transaction, EntityConfiguration entity, Neighbourhood area, Func<long, long> masterOf, RunContext run)
    {
        var outside = Outside(transaction, area);
        long Master(long record) => area.Contains(record) ? masterOf(record) : outside.GetValueOrDefault(record);

        var questions = new Dictionary<(long, long), ((long A, long B) Pair, PairScore Score)>();
        foreach (var (pair, score) in area.Edges)
        {
            var (a, b) = (Master(pair.A), Master(pair.B));
            if (a == 0 || b == 0 || a == b || !entity.Matcher!.Settings.IsQuestion(score) || area.Judgements.ContainsKey(pair))
                continue;
            var masters = a < b ? (a, b) : (b, a);
            if (!questions.TryGetValue(masters, out var best) || score.Bits > best.Score.Bits || (score.Bits == best.Score.Bits && pair.CompareTo(best.Pair) < 0))
                questions[masters] = (pair, score);
        }

        var wanted = questions.Values.ToDictionary(question => question.Pair, question => question.Score);
        var known = Known(transaction, area);
        var settled = known.Where(question => question.Open && !wanted.ContainsKey(question.Pair)).Select(question => question.Id).ToArray();
        if (settled.Length > 0)
        {
            transaction.Batch(settled);
            transaction.Execute("delete from review where id in (select k from batch)");
        }

        var asked = known.Select(question => question.Pair).ToHashSet();
        var fresh = wanted.Where(question => !asked.Contains(question.Key)).OrderBy(question => question.Key).ToList();
        if (fresh.Count == 0)
            return 0;
        var id = transaction.Allocate("review", fresh.Count);
        using var insert = transaction.Insert("review", ["id", "entity", "record_a", "record_b", "bits", "guard", "run_id", "at", "state"]);
        foreach (var ((a, b), score) in fresh)
        {
            insert.Int64(id++);
            insert.Text(entity.Type.Name);
            insert.Int64(a);
            insert.Int64(b);
            insert.Double(score.Bits);
            insert.Int64((int)score.Guard);
            insert.Int64(run.RunId);
            insert.Int64(run.Now);
            insert.Text("open");
            insert.EndRow();
        }

        return fresh.Count;
    }

    private static Dictionary<long, long> Outside(StoreTransaction transaction, Neighbourhood area)
    {
        var masters = new Dictionary<long, long>();
        var outside = area.Edges.Keys.SelectMany(pair => new[] { pair.A, pair.B }).Where(record => !area.Contains(record)).Distinct().Order().ToArray();
        if (outside.Length == 0)
            return masters;
        transaction.Batch(outside);
        using var rows = transaction.Read("select x.record_id, x.master_id from batch b join xref x on x.record_id = b.k");
        while (rows.Next())
            masters[rows.Int64(0)] = rows.Int64(1);
        return masters;
    }

    private static List<(long Id, (long A, long B) Pair, bool Open)> Known(StoreTransaction transaction, Neighbourhood area)
    {
        var known = new List<(long, (long, long), bool)>();
        transaction.Batch([.. area.Records]);
        using var rows = transaction.Read(
            """
            select r.id, r.record_a, r.record_b, r.state from batch b join review r on r.record_a = b.k
            union select r.id, r.record_a, r.record_b, r.state from batch b join review r on r.record_b = b.k
            """);
        while (rows.Next())
            known.Add((rows.Int64(0), (rows.Int64(1), rows.Int64(2)), rows.Text(3) == "open"));
        return known;
    }
}

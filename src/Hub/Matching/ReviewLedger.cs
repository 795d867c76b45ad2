using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Store;
using Crm.Integration.Mapping.Matching;

namespace Crm.Integration.Hub.Matching;

/// <summary>Keeps the review queue in step with what matching found: one question a pair of masters, the strongest pair of records.</summary>
internal static class ReviewLedger
{
    // How much more must speak for a pair than when it was answered, for it to be asked again.
    private const double MuchMoreBits = 3;

    private const double MostAsked = 0.02;
    private const long LeastAlarming = 20;

    /// <summary>Opens the questions that a neighbourhood raises now, and withdraws those that have settled themselves.</summary>
    /// <param name="transaction">The chunk's transaction.</param>
    /// <param name="entity">The entity.</param>
    /// <param name="area">The neighbourhood.</param>
    /// <param name="masterOf">The master of a record of the neighbourhood now; 0 for one that is gone.</param>
    /// <param name="run">The run.</param>
    /// <returns>How many questions are new.</returns>
    public static int Update(StoreTransaction transaction, EntityConfiguration entity, Neighbourhood area, Func<long, long> masterOf, RunContext run)
    {
        var known = Known(transaction, area);
        var outside = Outside(transaction, area, known);
        long Master(long record) => area.Contains(record) ? masterOf(record) : outside.GetValueOrDefault(record);
        (long, long) Masters((long A, long B) pair) => (Master(pair.A), Master(pair.B)) is var (a, b) && a < b ? (a, b) : (b, a);

        // What was answered of two masters is not asked again for each new record of theirs, unless that one says much more.
        var parted = area.Judgements.Where(judgement => !judgement.Value).Select(judgement => Masters(judgement.Key)).ToHashSet();
        var answered = known.Where(question => question.State == "rejected").GroupBy(question => Masters(question.Pair)).ToDictionary(group => group.Key, group => group.Max(question => question.Bits));
        bool IsAnswered((long, long) masters, double bits) => parted.Contains(masters) && !(answered.TryGetValue(masters, out var then) && bits > then + MuchMoreBits);

        var questions = new Dictionary<(long, long), ((long A, long B) Pair, PairScore Score)>();
        foreach (var (pair, score) in area.Edges)
        {
            var masters = Masters(pair);
            if (masters.Item1 == 0 || masters.Item1 == masters.Item2 || !entity.Matcher!.Settings.IsQuestion(score) || IsAnswered(masters, score.Bits))
                continue;
            if (!questions.TryGetValue(masters, out var best) || score.Bits > best.Score.Bits || (score.Bits == best.Score.Bits && pair.CompareTo(best.Pair) < 0))
                questions[masters] = (pair, score);
        }

        // One question a pair of masters: the one that waits already, whatever pair of records it was found by.
        var waiting = new HashSet<(long, long)>();
        var settled = known.Where(question => question.State == "open" && !(questions.ContainsKey(Masters(question.Pair)) && waiting.Add(Masters(question.Pair)))).Select(question => question.Id).ToArray();
        if (settled.Length > 0)
        {
            transaction.Batch(settled);
            transaction.Execute("delete from review where id in (select k from batch)");
        }

        var fresh = questions.Where(question => !waiting.Contains(question.Key)).Select(question => question.Value).OrderBy(question => question.Pair).ToList();
        var decided = known.Where(question => question.State != "open").ToDictionary(question => question.Pair, question => question.Id);
        foreach (var (pair, score) in fresh.Where(question => decided.ContainsKey(question.Pair)))
        {
            transaction.Execute(
                "update review set state = 'open', bits = @Bits, guard = @guard, run_id = @RunId, at = @Now, decided_at = null, decided_by = null where id = @id",
                new { score.Bits, guard = (int)score.Guard, run.RunId, run.Now, id = decided[pair] });
        }

        Ask(transaction, entity, [.. fresh.Where(question => !decided.ContainsKey(question.Pair))], run);
        return fresh.Count;
    }

    /// <summary>
    /// Withdraws the weakest questions where more wait than a person can be expected to answer, and says which connection causes it; null
    /// where all may stay. What is withdrawn is not lost: it is asked when its records are matched again and fewer wait.
    /// </summary>
    /// <param name="store">The store.</param>
    /// <param name="entity">The entity.</param>
    public static string? Limit(MasterStore store, EntityConfiguration entity)
    {
        using var transaction = store.Begin();
        var name = entity.Type.Name;
        var open = transaction.Scalar<long>("select count(*) from review where state = 'open' and entity = @name", new { name });
        var records = transaction.Scalar<long?>("select records from entity_total where entity = @name", new { name }) ?? 0;
        var most = Math.Max(LeastAlarming, (long)(records * MostAsked));
        if (open <= most)
            return null;
        var source = transaction.Query<(string Connection, long Pairs)>(
            """
            select i.connection, count(*) from review v join source_record r on r.id = v.record_a or r.id = v.record_b join inbound i on i.id = r.inbound_id
            where v.state = 'open' and v.entity = @name group by i.connection order by count(*) desc, i.connection
            """,
            new { name })[0];
        transaction.Batch([.. transaction.Query<long>("select id from review where state = 'open' and entity = @name order by bits desc, record_a, record_b", new { name }).Skip((int)most)]);
        transaction.Execute("delete from review where id in (select k from batch)");
        transaction.Commit();
        return FormattableString.Invariant($"{open:N0} pairs of {records:N0} {name} records are in doubt, more than {MostAsked:P0}: only the {most:N0} likeliest wait for a person. {source.Pairs:N0} of the records are of {source.Connection}; a field that its pipeline maps wrongly or not at all (birth date, mobile, e-mail) is the usual cause, `hub review list` shows what is in doubt");
    }

    private static void Ask(StoreTransaction transaction, EntityConfiguration entity, List<((long A, long B) Pair, PairScore Score)> questions, RunContext run)
    {
        if (questions.Count == 0)
            return;
        var id = transaction.Allocate("review", questions.Count);
        using var insert = transaction.Insert("review", ["id", "entity", "record_a", "record_b", "bits", "guard", "run_id", "at", "state"]);
        foreach (var ((a, b), score) in questions)
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
    }

    private static Dictionary<long, long> Outside(StoreTransaction transaction, Neighbourhood area, List<Question> known)
    {
        var masters = new Dictionary<long, long>();
        var outside = area.Edges.Keys.Concat(area.Judgements.Keys).Concat(known.Select(question => question.Pair)).SelectMany(pair => new[] { pair.A, pair.B }).Where(record => !area.Contains(record)).Distinct().Order().ToArray();
        if (outside.Length == 0)
            return masters;
        transaction.Batch(outside);
        using var rows = transaction.Read("select x.record_id, x.master_id from batch b join xref x on x.record_id = b.k");
        while (rows.Next())
            masters[rows.Int64(0)] = rows.Int64(1);
        return masters;
    }

    private static List<Question> Known(StoreTransaction transaction, Neighbourhood area)
    {
        var known = new List<Question>();
        transaction.Batch([.. area.Records]);
        using var rows = transaction.Read(
            """
            select r.id, r.record_a, r.record_b, r.state, r.bits from batch b join review r on r.record_a = b.k
            union select r.id, r.record_a, r.record_b, r.state, r.bits from batch b join review r on r.record_b = b.k
            order by id
            """);
        while (rows.Next())
            known.Add(new Question(rows.Int64(0), (rows.Int64(1), rows.Int64(2)), rows.Text(3), rows.Double(4)));
        return known;
    }

    private sealed record Question(long Id, (long A, long B) Pair, string State, double Bits);
}

using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Matching;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Review;

/// <summary>
/// What people decide about who is who. A decision is a judgement on pairs of source records, kept for ever and obeyed by
/// every later run; the masters follow from it.
/// </summary>
/// <param name="session">The right to write.</param>
/// <param name="entity">The entity.</param>
/// <param name="who">Who decides.</param>
/// <param name="why">Why, in their words; may be null.</param>
internal sealed class Stewardship(WorkSession session, EntityConfiguration entity, string who, string? why)
{
    // One decision, one time, however many pairs of records it is about.
    private readonly long _now = session.Store.Now;

    /// <summary>Two masters are one customer. Earlier words to the contrary are withdrawn.</summary>
    public MatchCounts Merge(long masterA, long masterB)
    {
        using (var transaction = session.Store.Begin())
        {
            var (a, b) = (Members(transaction, masterA), Members(transaction, masterB));
            foreach (var (left, right) in Cross(a, b))
                transaction.Execute("delete from judgement where record_a = @left and record_b = @right and same = 0", new { left, right });

            // Every record by name: one that resembles only its own half would otherwise be cut off the whole.
            var first = Math.Min(a[0], b[0]);
            Judge(transaction, [.. a.Concat(b).Where(record => record != first).Order().Select(record => (first, record))], same: true);
            CloseReviews(transaction, Cross(a, b), "accepted");
            transaction.Commit();
        }

        return Resolve();
    }

    /// <summary>Two masters are two customers, now and for ever: no pair of their records is asked about again.</summary>
    public MatchCounts Separate(long masterA, long masterB)
    {
        using (var transaction = session.Store.Begin())
        {
            var pairs = Cross(Members(transaction, masterA), Members(transaction, masterB)).ToArray();
            Judge(transaction, pairs, same: false);
            CloseReviews(transaction, pairs, "rejected");
            transaction.Commit();
        }

        return Resolve();
    }

    /// <summary>Some records of a master are another customer than the rest.</summary>
    /// <param name="master">The master.</param>
    /// <param name="records">Those that go; at least one, and not all.</param>
    public MatchCounts Split(long master, IReadOnlyCollection<long> records)
    {
        using (var transaction = session.Store.Begin())
        {
            var stay = Members(transaction, master).Where(record => !records.Contains(record)).ToArray();
            var pairs = Cross([.. records], stay).ToArray();
            Judge(transaction, pairs, same: false);

            // What goes stays together.
            var first = records.Min();
            Judge(transaction, [.. records.Where(record => record != first).Select(record => (first, record))], same: true);
            transaction.Commit();
        }

        return Resolve();
    }

    private MatchCounts Resolve() => new Resolver(session.Store, entity, session.Run).Resolve("steward", CancellationToken.None);

    private static long[] Members(StoreTransaction transaction, long master) =>
        [.. transaction.Query<long>("select record_id from xref where master_id = @master order by record_id", new { master })];

    private static IEnumerable<(long A, long B)> Cross(long[] a, long[] b) =>
        a.SelectMany(_ => b, (left, right) => left < right ? (left, right) : (right, left));

    private void Judge(StoreTransaction transaction, IReadOnlyList<(long A, long B)> pairs, bool same)
    {
        foreach (var (a, b) in pairs)
        {
            var judgement = new { a, b, same = same ? 1 : 0, who, why, Now = _now };
            if (transaction.Execute("update judgement set same = @same, who = @who, why = @why, at = @Now where record_a = @a and record_b = @b", judgement) == 0)
                transaction.Execute("insert into judgement (record_a, record_b, same, who, why, at) values (@a, @b, @same, @who, @why, @Now)", judgement);
        }

        foreach (var record in pairs.SelectMany(pair => new[] { pair.A, pair.B }).Distinct())
            transaction.Execute("insert into pending (record_id, entity) select @record, @entity where not exists (select 1 from pending p where p.record_id = @record)", new { record, entity = entity.Type.Name });
    }

    private void CloseReviews(StoreTransaction transaction, IEnumerable<(long A, long B)> pairs, string state)
    {
        foreach (var (a, b) in pairs)
        {
            transaction.Execute(
                "update review set state = @state, decided_at = @Now, decided_by = @who, note = @why where record_a = @a and record_b = @b and state = 'open'",
                new { state, Now = _now, who, why, a, b });
        }
    }
}

using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Matching;

/// <summary>Scores and solves records that matching has seen before: what a batch over all of them would make of them.</summary>
/// <param name="store">The store.</param>
/// <param name="entity">The entity.</param>
/// <param name="resolver">Does the work on a chunk.</param>
/// <param name="upTo">The most records for which a change of a fiftieth is reason enough to score all of them.</param>
internal sealed class Rescoring(MasterStore store, EntityConfiguration entity, Resolver resolver, int upTo)
{
    private const int AlwaysUpTo = 2_000;

    // A large store is weighed anew whenever it has grown by half: all in all each record is weighed three times.
    private const int StepShare = 2;

    /// <summary>
    /// Scores everybody anew where the number of records has changed enough to shift the weights: how rare a name is depends on
    /// who else is there, and the order in which records came must not decide. A large store is scored anew when it has grown by
    /// half, a very large one only by `hub resolve --all`.
    /// </summary>
    /// <param name="pipeline">The pipeline on whose behalf, for progress.</param>
    /// <param name="cancellationToken">Ends the work between chunks; the next run takes it up.</param>
    public MatchCounts WhereShifted(string pipeline, CancellationToken cancellationToken)
    {
        if (entity.Matcher is null)
            return default;
        using (var transaction = store.Begin())
        {
            var total = transaction.First<(long Records, long Scored)>("select records, scored from entity_total where entity = @entity", new { entity = entity.Type.Name });
            var shift = Math.Abs(total.Records - total.Scored);
            var first = total.Scored == 0;
            if (shift == 0 || (total.Records > Math.Min(AlwaysUpTo, upTo) && shift < total.Records / 50) || (total.Records > upTo && !first && (shift < total.Scored / StepShare || total.Records > ModelTraining.MostReweighed)))
                return default;
            if (total.Records > upTo && first)
            {
                transaction.Execute("update entity_total set scored = records where entity = @entity", new { entity = entity.Type.Name });
                transaction.Commit();
                return default;
            }
        }

        return resolver.Reweigh(pipeline, cancellationToken);
    }

    /// <summary>Puts every record of the entity into the queue.</summary>
    public void Enqueue(StoreTransaction transaction) => transaction.Execute(
        """
        insert into pending (record_id, entity)
        select r.id, @entity from source_record r join inbound i on i.id = r.inbound_id where i.entity = @entity and r.gone_run is null
            and not exists (select 1 from pending p where p.record_id = r.id)
        """,
        new { entity = entity.Type.Name });

    /// <summary>Makes the keys and terms of the records in the queue anew; the index of the entity is empty.</summary>
    /// <param name="name">Shown with the progress.</param>
    /// <param name="cancellationToken">Ends the work between chunks.</param>
    public void Reindex(string name, CancellationToken cancellationToken)
    {
        KeyIndex? keys = null;
        Walk(name, (transaction, cache, chunk) =>
        {
            // As if they were new: then keys and terms are entered. The pairs they give are those with the records before them only.
            cache.Keep(transaction, chunk);
            var fresh = chunk.ConvertAll(record => record.AsNew());
            keys ??= new KeyIndex(transaction, entity);
            keys.Update(transaction, fresh, cache);
        }, cancellationToken);
    }

    /// <summary>Does something with all records of the queue, chunk by chunk.</summary>
    private void Walk(string pipeline, Action<StoreTransaction, ComparableCache, List<MatchRecord>> work, CancellationToken cancellationToken)
    {
        var waiting = resolver.Waiting();
        for (long last = 0, done = 0; ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var transaction = store.Begin();
            var chunk = resolver.ReadPending(transaction, paired: 0, last);
            if (chunk.Count == 0)
                break;
            var cache = new ComparableCache(entity);
            cache.Prepare(chunk);
            work(transaction, cache, chunk);
            transaction.Commit();
            last = chunk[^1].Id;
            done += chunk.Count;
            resolver.Report(pipeline, done, waiting);
        }
    }
}

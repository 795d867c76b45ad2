using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Matching;

/// <summary>
/// Makes customers of all records anew, as one batch over everything would: keys and terms first, then all pairs, then all
/// customers, with the weights and frequencies of today. Works chunk by chunk inside the one rehearsal that the caller keeps or undoes, so
/// that whatever interrupts it leaves the store as it was.
/// </summary>
/// <param name="store">The store, rehearsing.</param>
/// <param name="entities">The entities; those without matching are left alone.</param>
/// <param name="run">The run.</param>
internal sealed class Reclustering(MasterStore store, IReadOnlyCollection<EntityConfiguration> entities, RunContext run)
{
    /// <summary>Does it.</summary>
    /// <param name="cancellationToken">Ends the work between chunks.</param>
    /// <returns>What is different now, by entity.</returns>
    public IReadOnlyList<EntityDifference> All(CancellationToken cancellationToken)
    {
        var matched = entities.Where(entity => entity.Matcher is not null).ToList();

        // What waits has its own story: a difference is what the rest was wrong about.
        foreach (var entity in matched)
            new Resolver(store, entity, run).Resolve(entity.Type.Name, cancellationToken);
        Forget(matched);
        var work = matched.ConvertAll(entity => (Entity: entity, Resolver: new Resolver(store, entity, run)));
        foreach (var (entity, resolver) in work)
        {
            Enqueue(entity);
            Reindex(entity, resolver, cancellationToken);
        }

        return work.ConvertAll(one => Cluster(one.Entity, one.Resolver, cancellationToken));
    }

    /// <summary>Empties the index: entities share its tables.</summary>
    private void Forget(List<EntityConfiguration> matched)
    {
        using var transaction = store.Begin();
        transaction.Execute("delete from match_key");
        transaction.Execute("delete from match_key_recent");
        transaction.Execute("delete from hot_key");
        transaction.Execute("delete from term");
        foreach (var entity in matched)
            transaction.Execute("update entity_total set records = 0 where entity = @entity", new { entity = entity.Type.Name });
        transaction.Commit();
    }

    /// <summary>Puts every record of the entity into the queue.</summary>
    private void Enqueue(EntityConfiguration entity)
    {
        using var transaction = store.Begin();
        transaction.Execute(
            """
            insert into pending (record_id, entity)
            select r.id, @entity from source_record r join inbound i on i.id = r.inbound_id where i.entity = @entity and r.gone_run is null
                and not exists (select 1 from pending p where p.record_id = r.id)
            """,
            new { entity = entity.Type.Name });
        transaction.Commit();
    }

    /// <summary>Makes the keys and terms of the records in the queue anew; the index of the entity is empty.</summary>
    private void Reindex(EntityConfiguration entity, Resolver resolver, CancellationToken cancellationToken)
    {
        KeyIndex? keys = null;
        var waiting = resolver.Queue.Count();
        for (long last = 0, done = 0; ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var transaction = store.Begin();
            var chunk = resolver.Queue.Read(transaction, paired: 0, last);
            if (chunk.Count == 0)
                break;
            var cache = new ComparableCache(entity);
            cache.Prepare(chunk);
            cache.Keep(transaction, chunk);

            // As if they were new: then keys and terms are entered. The pairs they give are those with the records before them only.
            keys ??= new KeyIndex(transaction, entity);
            keys.Update(transaction, chunk.ConvertAll(record => record.AsNew()), cache);
            transaction.Commit();
            last = chunk[^1].Id;
            done += chunk.Count;
            resolver.Report(entity.Type.Name, done, waiting);
        }
    }

    private EntityDifference Cluster(EntityConfiguration entity, Resolver resolver, CancellationToken cancellationToken)
    {
        var before = Rehearsed.LastMove(store);
        var asked = Open(entity);
        var counts = resolver.Reweigh(entity.Type.Name, cancellationToken, everybody: true);

        // Solved anew, everybody's doubts are raised again; only those that stay are new.
        ReviewLedger.Limit(store, entity);
        counts = counts with { Reviews = Open(entity).Except(asked).Count() };
        using var after = store.Begin();
        var records = after.Scalar<long?>("select records from entity_total where entity = @entity", new { entity = entity.Type.Name }) ?? 0;
        var moves = Moved(after, before);
        var examples = moves.Take(run.Options.ShowWrites).Select(move => new PlannedMove(Name(after, move.Record), MasterId.Of(entity.Type, move.From), MasterId.Of(entity.Type, move.To)));
        return new EntityDifference(entity.Type.Name, records, counts, moves.Count, [.. examples]);
    }

    private HashSet<(long A, long B)> Open(EntityConfiguration entity)
    {
        using var transaction = store.Begin();
        return [.. transaction.Query<(long A, long B)>("select record_a, record_b from review where state = 'open' and entity = @entity", new { entity = entity.Type.Name })];
    }

    /// <summary>The records that are with another master now, once each, whatever happened to them on the way.</summary>
    private static List<(long Record, long From, long To)> Moved(StoreTransaction transaction, long before)
    {
        var from = new Dictionary<long, long>();
        using (var rows = transaction.Read("select record_id, from_master from xref_move where id > @before order by id", ("before", before)))
        {
            while (rows.Next())
                from.TryAdd(rows.Int64(0), rows.Int64(1));
        }

        var moved = new List<(long, long, long)>();
        long[] records = [.. from.Keys.Order()];
        using var masters = transaction.Lookup("xref", "record_id", records, "master_id");
        while (masters.Next())
        {
            if (from[records[masters.Index]] is var old && old != masters.Int64(0))
                moved.Add((records[masters.Index], old, masters.Int64(0)));
        }

        return moved;
    }

    private static string Name(StoreTransaction transaction, long record)
    {
        var (connection, stream, id) = transaction.First<(string Connection, string Stream, string Id)>(
            "select i.connection, i.stream, r.source_id from source_record r join inbound i on i.id = r.inbound_id where r.id = @record", new { record });
        return $"{connection}/{stream}/{id}";
    }
}

/// <summary>How far an entity's customers were from what a batch over all records gives.</summary>
/// <param name="Entity">The entity.</param>
/// <param name="Records">How many records it has.</param>
/// <param name="Counts">Masters merged and split, golden records changed, questions.</param>
/// <param name="Moved">How many records go to another master.</param>
/// <param name="Examples">The first of them.</param>
internal sealed record EntityDifference(string Entity, long Records, MatchCounts Counts, long Moved, IReadOnlyList<PlannedMove> Examples)
{
    /// <summary>Whether nothing is different.</summary>
    public bool None => Moved == 0 && Counts is { Merged: 0, Split: 0, NewMasters: 0, Ended: 0, GoldenChanged: 0, Reviews: 0 };

    /// <summary>Stops where more would move than the limits allow.</summary>
    /// <exception cref="LimitException">More would.</exception>
    public void Check(LimitSettings limits)
    {
        var allowed = Math.Max(limits.AlwaysAllowed, (long)(Records * limits.ChangePercent / 100));
        if (Moved > allowed)
        {
            throw new LimitException(
                $"this would move {Moved:N0} of {Records:N0} records of {Entity} to another master; {allowed:N0} are allowed without being asked (limits.changePercent). Nothing was changed",
                "look at `hub resolve --all --plan --ignore-limits`; if it is right, run again with --ignore-limits");
        }
    }
}

using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Store;
using Crm.Integration.Mapping.Matching;

namespace Crm.Integration.Hub.Matching;

/// <summary>
/// Finds out who is who among the records that wait for it, chunk by chunk, each chunk one transaction: keys → candidates →
/// scores → neighbourhood → clusters → masters. Scored pairs are kept, and a neighbourhood is solved as a whole
/// whenever one of its records changes, so that the order in which records come does not decide.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="entity">The entity.</param>
/// <param name="run">The run.</param>
internal sealed class Resolver(MasterStore store, EntityConfiguration entity, RunContext run)
{
    // Large enough for the index to be walked in order, small enough for memory: about 3 KB a record while it is matched.
    private const int ChunkRecords = 8_192;

    private const int AlwaysRescoreUpTo = 2_000;
    private const int RescoreUpTo = 50_000;

    private KeyIndex? _keys;

    /// <summary>What the user should hear about: keys that became too common.</summary>
    public IReadOnlyList<string> Notes { get; private set; } = [];

    /// <summary>Matches everything that waits.</summary>
    /// <param name="pipeline">The pipeline on whose behalf, for progress.</param>
    /// <param name="cancellationToken">Ends the work between chunks.</param>
    public MatchCounts Resolve(string pipeline, CancellationToken cancellationToken)
    {
        var counts = ResolvePending(pipeline, cancellationToken);
        Notes = [.. (_keys?.NewlyHot ?? []).Select(hot => $"{(hot.Value == 1 ? "one match key" : $"{hot.Value:N0} match keys")} ({KeyNames.Of(hot.Key.ToString())}) now bring more than {entity.Matcher!.Settings.KeyLimit} records together and are set aside; others still do, and `hub doctor` says more")];
        return counts;
    }

    /// <summary>
    /// Scores everybody anew where the number of records has changed enough to shift the weights: how rare a name is depends on
    /// who else is there, and the order in which records came must not decide. A large store is scored anew when it has doubled;
    /// what a first load made of it stays until then, or until `hub resolve --all`.
    /// </summary>
    /// <param name="pipeline">The pipeline on whose behalf, for progress.</param>
    /// <param name="cancellationToken">Ends the work between chunks; the next run takes it up.</param>
    public MatchCounts Rescore(string pipeline, CancellationToken cancellationToken)
    {
        if (entity.Matcher is null)
            return default;
        using (var transaction = store.Begin())
        {
            var total = transaction.First<(long Records, long Scored)>("select records, scored from entity_total where entity = @entity", new { entity = entity.Type.Name });
            var shift = Math.Abs(total.Records - total.Scored);
            var first = total.Scored == 0;
            if (shift == 0 || (total.Records > AlwaysRescoreUpTo && shift < total.Records / 50) || (total.Records > RescoreUpTo && !first && shift < total.Records / 2))
                return default;
            transaction.Execute("update entity_total set scored = records where entity = @entity", new { entity = entity.Type.Name });
            if (total.Records <= RescoreUpTo || !first)
            {
                HotKeys.Recount(transaction, entity);
                Enqueue(transaction);
            }

            transaction.Commit();
        }

        return Recluster(pipeline, cancellationToken);
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
    /// <param name="cancellationToken">Ends the work between chunks.</param>
    public void Reindex(CancellationToken cancellationToken)
    {
        _keys = null;
        Walk("index", (transaction, cache, chunk) =>
        {
            // As if they were new: then keys and terms are entered. The pairs they give are those with the records before them only.
            var fresh = chunk.ConvertAll(record => record.AsNew());
            _keys ??= new KeyIndex(transaction, entity);
            _keys.Update(transaction, fresh, cache);
        }, cancellationToken);
    }

    /// <summary>
    /// Scores and solves all records in the queue, which matching has seen before: first all pairs, then all customers. Solved half
    /// way, a neighbourhood would be judged by old pairs and new ones together, and masters would move to and fro.
    /// </summary>
    /// <param name="pipeline">On whose behalf, for progress.</param>
    /// <param name="cancellationToken">Ends the work between chunks; whoever resolves next takes it up.</param>
    public MatchCounts Recluster(string pipeline, CancellationToken cancellationToken)
    {
        using var relaxed = store.Relax();
        _keys = null;
        Walk(pipeline, (transaction, cache, chunk) =>
        {
            _keys ??= new KeyIndex(transaction, entity);
            ReplaceEdges(transaction, cache, chunk, _keys.Update(transaction, chunk, cache));
        }, cancellationToken);
        var counts = default(MatchCounts);
        Walk(pipeline, (transaction, cache, chunk) =>
        {
            var area = Neighbourhood.Grow(transaction, chunk.Select(record => record.Id), entity.Matcher!.Settings.LinkBits);
            counts += Settle(transaction, cache, chunk, [], [], area);
            Done(transaction, chunk);
        }, cancellationToken);
        return counts;
    }

    /// <summary>Does something with all records of the queue, chunk by chunk.</summary>
    private void Walk(string pipeline, Action<StoreTransaction, ComparableCache, List<MatchRecord>> work, CancellationToken cancellationToken)
    {
        var waiting = Waiting();
        for (long last = 0, done = 0; ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var transaction = store.Begin();
            var chunk = ReadPending(transaction, last);
            if (chunk.Count == 0)
                break;
            var cache = new ComparableCache(entity);
            cache.Prepare(chunk);
            work(transaction, cache, chunk);
            transaction.Commit();
            last = chunk[^1].Id;
            done += chunk.Count;
            run.Progress.Report(new RunProgress(pipeline, "match", done, Math.Min(1, (double)done / Math.Max(1, waiting))));
        }
    }

    private static void Done(StoreTransaction transaction, List<MatchRecord> chunk)
    {
        transaction.Batch([.. chunk.Select(record => record.Id)]);
        transaction.Execute("delete from pending where record_id in (select k from batch)");
    }

    private MatchCounts ResolvePending(string pipeline, CancellationToken cancellationToken)
    {
        // What a power cut takes from here is done again: the records still wait.
        using var relaxed = store.Relax();
        var counts = new MatchCounts();
        var waiting = Waiting();
        for (var done = 0L; ; )
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var transaction = store.Begin();
            var chunk = ReadPending(transaction);
            if (chunk.Count == 0)
                break;
            counts += entity.Matcher is null ? ResolveKeyed(transaction, chunk) : ResolveMatched(transaction, chunk);
            Done(transaction, chunk);
            transaction.Commit();
            done += chunk.Count;
            run.Progress.Report(new RunProgress(pipeline, "match", done, waiting == 0 ? null : Math.Min(1, (double)done / waiting)));
        }

        return counts;
    }

    private long Waiting()
    {
        using var transaction = store.Begin();
        return transaction.Scalar<long>("select count(*) from pending where entity = @entity", new { entity = entity.Type.Name });
    }

    private List<MatchRecord> ReadPending(StoreTransaction transaction, long after = 0)
    {
        var connections = Neighbourhood.Connections(transaction);
        var chunk = new List<MatchRecord>(ChunkRecords);
        using var rows = transaction.Read(
            """
            select r.id, r.gone_run, x.master_id, r.inbound_id, r.source_id, r.modified_at, r.data, p.matched_data
            from pending p join source_record r on r.id = p.record_id left join xref x on x.record_id = p.record_id
            where p.entity = @entity and p.record_id > @after order by p.record_id limit @count
            """,
            ("entity", entity.Type.Name),
            ("after", after),
            ("count", ChunkRecords));
        while (rows.Next())
        {
            chunk.Add(new MatchRecord
            {
                Id = rows.Int64(0),
                Gone = !rows.IsNull(1),
                MasterId = rows.NullableInt64(2) ?? 0,
                Connection = connections[rows.Int64(3)],
                SourceId = rows.Text(4),
                ModifiedAt = rows.NullableInt64(5),
                Data = rows.Utf8(6),
                MatchedData = rows.IsNull(7) ? null : rows.Utf8(7),
            });
        }

        return chunk;
    }

    /// <summary>Keyed entities: each record is its own master.</summary>
    private MatchCounts ResolveKeyed(StoreTransaction transaction, List<MatchRecord> chunk)
    {
        var ended = EndedMasters(transaction, chunk);
        var writer = new MasterWriter(transaction, entity, chunk, run);
        foreach (var record in chunk)
        {
            long[] alive = record.Gone ? [] : [record.Id];
            writer.Add(alive, new int[alive.Length], record.Gone ? [record.Id] : [], _ => record.MasterId, ended.GetValueOrDefault, _ => true);
        }

        var records = chunk.Count(record => !record.Gone && record.MasterId == 0) - chunk.Count(record => record.Gone && record.MasterId != 0);
        EntityTotals.Add(transaction, entity.Type.Name, records, masters: 0);
        return writer.Write([]);
    }

    private MatchCounts ResolveMatched(StoreTransaction transaction, List<MatchRecord> chunk)
    {
        var cache = new ComparableCache(entity);
        cache.Prepare(chunk);
        _keys ??= new KeyIndex(transaction, entity);
        var pairs = _keys.Update(transaction, chunk, cache);
        var (before, met) = ReplaceEdges(transaction, cache, chunk, pairs);

        // Who is new and met nobody is a customer alone, whatever else there is; most of a first load.
        var ended = EndedMasters(transaction, chunk);
        bool Alone(MatchRecord record) => record.MasterId == 0 && !record.Gone && !met.Contains(record.Id) && !ended.ContainsKey(record.Id);
        var area = Neighbourhood.Grow(transaction, chunk.Where(record => !Alone(record)).Select(record => record.Id).Concat(before), entity.Matcher!.Settings.LinkBits);
        return Settle(transaction, cache, chunk, [.. chunk.Where(Alone).Select(record => record.Id)], ended, area);
    }

    /// <summary>Scores the pairs and keeps those that matter in place of what was known of the chunk's records.</summary>
    /// <returns>The records that the chunk's were linked with before, and those that met somebody now.</returns>
    private (List<long> Before, HashSet<long> Met) ReplaceEdges(StoreTransaction transaction, ComparableCache cache, List<MatchRecord> chunk, List<(long A, long B)> pairs)
    {
        var matcher = entity.Matcher!;
        var ids = new HashSet<long>(pairs.Count);
        foreach (var (a, b) in pairs)
        {
            ids.Add(a);
            ids.Add(b);
        }

        cache.Read(transaction, ids);
        var scores = new PairScore[pairs.Count];
        var frequencies = cache.Frequencies;
        Parallel.For(0, pairs.Count, i => scores[i] = matcher.Score(cache[pairs[i].A].Features, cache[pairs[i].B].Features, frequencies));

        var before = DropEdges(transaction, chunk);
        var met = new HashSet<long>();
        var edges = new List<(long A, long B, PairScore Score)>();
        for (var i = 0; i < pairs.Count; i++)
        {
            if (scores[i].Bits < matcher.Settings.ReviewBits)
                continue;
            met.Add(pairs[i].A);
            met.Add(pairs[i].B);
            edges.Add((pairs[i].A, pairs[i].B, scores[i]));
            edges.Add((pairs[i].B, pairs[i].A, scores[i]));
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
    private static List<long> DropEdges(StoreTransaction transaction, List<MatchRecord> chunk)
    {
        var before = new List<long>();
        var known = chunk.Where(record => record.MasterId != 0 || record.Gone).Select(record => record.Id).ToArray();
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

    /// <summary>Cuts the neighbourhood into customers and writes what that changes; the records in <paramref name="alone"/> are customers by themselves.</summary>
    private MatchCounts Settle(
        StoreTransaction transaction, ComparableCache cache, List<MatchRecord> chunk, long[] alone, Dictionary<long, long> ended, Neighbourhood area)
    {
        var components = area.Components();

        // Consistency of three or more depends on pairs that share no key, too: those are scored when the solver asks.
        cache.Read(transaction, [.. components.Where(component => component.Records.Length > 2).SelectMany(component => component.Records)]);
        var clusters = new int[components.Count][];
        Parallel.For(0, components.Count, i => clusters[i] = Solve(cache, area, components[i]));

        var dirty = chunk.Select(record => record.Id).ToHashSet();
        var writer = new MasterWriter(transaction, entity, chunk, run);
        foreach (var record in alone)
            writer.Add([record], [0], [], _ => 0, _ => 0, _ => true);
        var masters = new Dictionary<long, long>();
        for (var i = 0; i < components.Count; i++)
        {
            var records = components[i].Records;
            var assigned = writer.Add(records, clusters[i], components[i].Gone, area.MasterOf, ended.GetValueOrDefault, dirty.Contains);
            for (var n = 0; n < assigned.Length; n++)
                masters[records[n]] = assigned[n];
        }

        var made = new Dictionary<long, long>();
        var counts = writer.Write(made);
        var reviews = ReviewLedger.Update(transaction, entity, area, record => masters.GetValueOrDefault(record) is var master ? made.GetValueOrDefault(master, master) : 0, run);
        return counts + new MatchCounts(0, 0, 0, 0, 0, reviews, 0);
    }

    private int[] Solve(ComparableCache cache, Neighbourhood area, Component component)
    {
        var records = component.Records;
        if (records.Length < 2)
            return new int[records.Length];
        var matcher = entity.Matcher!;
        return ClusterSolver.Solve(
            Array.ConvertAll(records, area.NodeOf),
            component.Edges,
            component.Judgements,
            (a, b) => matcher.Score(cache[records[a]].Features, cache[records[b]].Features, cache.Frequencies),
            matcher.Settings);
    }

    /// <summary>For records that come back: the master that ended when they went.</summary>
    private static Dictionary<long, long> EndedMasters(StoreTransaction transaction, List<MatchRecord> chunk)
    {
        var ended = new Dictionary<long, long>();
        transaction.Batch([.. chunk.Where(record => !record.Gone && record.MasterId == 0).Select(record => record.Id)]);
        using var rows = transaction.Read(
            """
            select v.record_id, v.from_master from batch b join xref_move v on v.record_id = b.k join master m on m.id = v.from_master
            where v.to_master is null and m.ended_run is not null
            order by v.id
            """);
        while (rows.Next())
            ended[rows.Int64(0)] = rows.Int64(1);
        return ended;
    }
}

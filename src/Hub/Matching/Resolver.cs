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
    // Paired in one transaction: bounds the log file and what a crash makes to be done again.
    private const int LoadRecords = 1_000_000;

    private readonly MatchMeter _meter = run.Options.Meter;
    private KeyIndex? _keys;
    private (long Count, HashSet<long>? Records) _judged;

    // There may be pairs that the weights in force have not weighed.
    private bool _outweighed;

    /// <summary>The records that wait.</summary>
    public MatchQueue Queue { get; } = new(store, entity.Type.Name);

    /// <summary>What the user should hear about: keys that became too common, weights that changed.</summary>
    public IReadOnlyList<string> Notes { get; private set; } = [];

    /// <summary>Matches everything that waits.</summary>
    /// <param name="pipeline">The pipeline on whose behalf, for progress.</param>
    /// <param name="cancellationToken">Ends the work between chunks.</param>
    public MatchCounts Resolve(string pipeline, CancellationToken cancellationToken)
    {
        using (var transaction = store.Begin())
            entity = MatchModels.InForce(transaction, entity);
        var counts = ResolvePending(pipeline, cancellationToken);
        if (_outweighed || IsOutgrown())
            counts += Reweigh(pipeline, cancellationToken);
        Notes = [.. Notes, .. (_keys?.NewlyHot ?? []).Select(hot => $"{(hot.Value == 1 ? "one match key" : $"{hot.Value:N0} match keys")} ({KeyNames.Of(hot.Key.ToString())}) now bring more than {entity.Matcher!.Settings.KeyLimit} records together and are set aside; others still do, and `hub doctor` says more")];
        return counts;
    }

    /// <summary>
    /// Weighs everybody anew where the number of records has changed enough to shift the weights: how rare a name is depends on
    /// who else is there, and the order in which records came must not decide. What a first load made of a large store stays.
    /// </summary>
    /// <param name="pipeline">The pipeline on whose behalf, for progress.</param>
    /// <param name="cancellationToken">Ends the work between chunks; the next run takes it up.</param>
    public MatchCounts Rescore(string pipeline, CancellationToken cancellationToken)
    {
        if (entity.Matcher is null)
            return default;
        using (var transaction = store.Begin())
        {
            var (records, scored) = Totals(transaction);
            if (!ReweighingRule.IsShifted(scored, records, run.Options.RescoreUpTo))
                return default;
            if (scored == 0 && records > run.Options.RescoreUpTo)
            {
                transaction.Execute("update entity_total set scored = records where entity = @entity", new { entity = entity.Type.Name });
                transaction.Commit();
                return default;
            }
        }

        return Reweigh(pipeline, cancellationToken);
    }

    /// <summary>Learns the weights from all that is in the index; what is scored from here on is scored by them.</summary>
    /// <param name="transaction">Reads what is stored, keeps what is learned.</param>
    public void Learn(StoreTransaction transaction)
    {
        entity = MatchModels.InForce(transaction, entity);
        if (entity.Matcher is not { Settings.Weights: MatchWeights.Learned } matcher || new ModelTraining(entity).Estimate(transaction) is not { } estimate)
            return;
        entity = entity with { Matcher = matcher.With(MatchModels.Save(transaction, entity.Type.Name, estimate.Model, run.RunId)) };
    }

    /// <summary>
    /// Weighs all pairs anew, with weights learned from all records, and makes customers of them: whether they came in bulk or one by
    /// one, in this order or that, all are judged by one measure.
    /// </summary>
    /// <param name="pipeline">On whose behalf, for progress.</param>
    /// <param name="cancellationToken">Ends the work; whoever resolves next takes it up.</param>
    /// <param name="everybody">Whether those who met nobody become customers anew as well: all wait for it.</param>
    public MatchCounts Reweigh(string pipeline, CancellationToken cancellationToken, bool everybody = false)
    {
        using var relaxed = store.Relax();
        using (var transaction = store.Begin())
        {
            var before = MatchModels.Latest(transaction, entity.Type.Name).Version;
            new Reweighing(entity, _meter, Learned, everybody).Run(transaction, cancellationToken);
            if (everybody)
                transaction.Execute("update pending set paired = 1 where entity = @entity", new { entity = entity.Type.Name });
            transaction.Commit();
            if (before != 0 && entity.Matcher!.Model.Version > before)
                Notes = [.. Notes, $"the weights of {entity.Type.Name} records were learned anew from {entity.Matcher.Model.Records:N0} of them (version {entity.Matcher.Model.Version}), and all were weighed again"];
        }

        _keys = null;
        _outweighed = false;
        var done = 0L;
        return SettlePaired(pipeline, Queue.Count(), null, ref done, cancellationToken);
    }

    private EntityConfiguration Learned(StoreTransaction transaction)
    {
        Learn(transaction);
        return entity;
    }

    /// <summary>
    /// Before very many new records are weighed: the first weights that this store learns, or new ones because it has doubled. That
    /// spares a first load being weighed twice.
    /// </summary>
    private EntityConfiguration LearnFromLoad(StoreTransaction transaction)
    {
        if (!IsOutgrown(transaction))
            return entity;
        var before = entity.Matcher!.Model.Version;
        Learn(transaction);
        if (entity.Matcher!.Model.Version != before && transaction.First<long?>("select min(a) from edge") is not null)
            _outweighed = true;
        else
            transaction.Execute("update entity_total set scored = records where entity = @entity", new { entity = entity.Type.Name });
        return entity;
    }

    private bool IsOutgrown()
    {
        if (entity.Matcher is null)
            return false;
        using var transaction = store.Begin();
        return IsOutgrown(transaction);
    }

    // By what was last weighed as a whole, not by the model: one that says the same as the one before is not kept.
    private bool IsOutgrown(StoreTransaction transaction)
    {
        if (entity.Matcher is not { Settings.Weights: MatchWeights.Learned })
            return false;
        var (records, scored) = Totals(transaction);
        return ReweighingRule.IsOutgrown(scored, records);
    }

    private (long Records, long Scored) Totals(StoreTransaction transaction) =>
        transaction.First<(long Records, long Scored)>("select records, scored from entity_total where entity = @entity", new { entity = entity.Type.Name });

    private MatchCounts ResolvePending(string pipeline, CancellationToken cancellationToken)
    {
        // What a power cut takes from here is done again: the records still wait.
        using var relaxed = store.Relax();
        var counts = new MatchCounts();
        var waiting = Queue.Count();
        var done = 0L;
        if (entity.Matcher is not null)
            counts += Load(pipeline, waiting, ref done, cancellationToken);
        for (var after = 0L; ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var transaction = store.Begin();
            _meter.Start();
            var chunk = Queue.Read(transaction, paired: 0, after);
            _meter.Ends(MatchStage.Read);
            if (chunk.Count == 0)
                break;
            after = chunk[^1].Id;
            counts += entity.Matcher is null ? ResolveKeyed(transaction, chunk) : ResolveMatched(transaction, chunk);
            transaction.Batch([.. chunk.Select(record => record.Id)]);
            transaction.Execute("delete from pending where record_id in (select k from batch)");
            transaction.Commit();
            _meter.Ends(MatchStage.Commit);
            done += chunk.Count;
            _meter.Records += chunk.Count;
            Report(pipeline, done, waiting);
        }

        return counts;
    }

    /// <summary>Takes new records in bulk as long as so many wait that this is less work, and ends what an interrupted run began.</summary>
    private MatchCounts Load(string pipeline, long waiting, ref long done, CancellationToken cancellationToken)
    {
        var counts = SettlePaired(pipeline, waiting, null, ref done, cancellationToken);
        while (waiting >= run.Options.BulkFrom)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var transaction = store.Begin();
            var fresh = transaction.Scalar<long>(
                """
                select count(*) from pending p left join xref x on x.record_id = p.record_id
                where p.entity = @entity and p.paired = 0 and p.matched_data is null and x.record_id is null
                """,
                new { entity = entity.Type.Name });
            if (fresh < run.Options.BulkFrom)
                break;
            _meter.Start();
            transaction.Refresh("pending", "source_record", "xref", "term", "comparable", "match_key", "edge", "master");
            _keys ??= new KeyIndex(transaction, entity);
            var met = new BulkLoad(entity, _keys, _meter, LearnFromLoad).Run(transaction, LoadRecords, cancellationToken);
            transaction.Refresh("pending", "comparable", "match_key", "edge");
            transaction.Commit();
            _meter.Ends(MatchStage.Commit);
            if (met is null)
                break;
            counts += SettlePaired(pipeline, waiting, met, ref done, cancellationToken);
        }

        return counts;
    }

    /// <summary>Makes customers of records that were paired in bulk.</summary>
    /// <param name="pipeline">On whose behalf.</param>
    /// <param name="waiting">How many waited at first.</param>
    /// <param name="met">Those that met somebody, or null when that is not known any more.</param>
    /// <param name="done">How many are done.</param>
    /// <param name="cancellationToken">Ends the work between chunks.</param>
    public MatchCounts SettlePaired(string pipeline, long waiting, RecordSet? met, ref long done, CancellationToken cancellationToken)
    {
        var counts = new MatchCounts();
        for (var after = 0L; ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var transaction = store.Begin();
            _meter.Start();

            // Nobody up to there waits any more; to look from the beginning would pass over all that were deleted.
            var chunk = Queue.Read(transaction, paired: 1, after);
            _meter.Ends(MatchStage.Read);
            if (chunk.Count == 0)
                return counts;
            after = chunk[^1].Id;
            counts += Place(transaction, new ComparableCache(entity), chunk, [], met is null ? null : met.Contains, out var area);

            // Whoever of those that wait is in the neighbourhood has found a master with it.
            transaction.Batch([.. chunk.Select(record => record.Id).Concat(area.Records).Distinct().Order()]);
            transaction.Batch([.. transaction.Query<long>("select record_id from pending where paired = 1 and record_id in (select k from batch) order by record_id for update skip locked")]);
            var settled = transaction.Execute("delete from pending where record_id in (select k from batch)");
            transaction.Commit();
            done += settled;
            _meter.Records += settled;
            _meter.Ends(MatchStage.Commit);
            Report(pipeline, done, waiting);
        }
    }

    /// <summary>Tells how far the work has come.</summary>
    public void Report(string pipeline, long done, long waiting) =>
        run.Progress.Report(new RunProgress(pipeline, "match", done, waiting == 0 ? null : Math.Min(1, (double)done / waiting)));

    /// <summary>Keyed entities: each record is its own master.</summary>
    private MatchCounts ResolveKeyed(StoreTransaction transaction, List<MatchRecord> chunk)
    {
        var ended = EndedMasters(transaction, chunk);
        var writer = new MasterWriter(transaction, entity, chunk, run);
        var judged = Judged(transaction);
        var told = judged.Count == 0 ? [] : chunk.Where(record => judged.Contains(record.Id)).Select(record => record.Id).ToArray();
        var area = Neighbourhood.Grow(transaction, told, double.MaxValue);
        var clusters = new JudgedClusters(area);
        var dirty = chunk.Select(record => record.Id).ToHashSet();

        // Only what is said to be one is one: a record that the hub made at another system, or one that its source merged.
        foreach (var component in area.Components())
            writer.Add(component.Records, clusters.Of(component.Records), component.Gone, area.MasterOf, ended.GetValueOrDefault, dirty.Contains, area.HeirOf);

        foreach (var record in chunk.Where(record => !area.Contains(record.Id)))
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
        cache.Keep(transaction, chunk);
        _meter.Ends(MatchStage.Prepare);
        _keys ??= new KeyIndex(transaction, entity);
        var pairs = _keys.Update(transaction, chunk, cache);
        _meter.Ends(MatchStage.Keys);
        var (before, met) = EdgeLedger.Replace(transaction, chunk, new PairScores(entity, _meter).Of(transaction, cache, pairs));
        _meter.Ends(MatchStage.Edges);
        return Place(transaction, cache, chunk, before, met.Contains, out _);
    }

    /// <summary>Finds all that the chunk reaches, and settles it. Who is new and met nobody is a customer alone, whatever else there is; most of a first load.</summary>
    /// <param name="transaction">The chunk's transaction.</param>
    /// <param name="cache">What is known of records.</param>
    /// <param name="chunk">The records.</param>
    /// <param name="before">Whom they were linked with before.</param>
    /// <param name="met">Whether a record met somebody; null when that is not known any more.</param>
    /// <param name="area">What was reached.</param>
    private MatchCounts Place(StoreTransaction transaction, ComparableCache cache, List<MatchRecord> chunk, List<long> before, Func<long, bool>? met, out Neighbourhood area)
    {
        var ended = EndedMasters(transaction, chunk);
        var judged = Judged(transaction);
        var alone = chunk.Where(record => met is not null && record.MasterId == 0 && !record.Gone && !met(record.Id) && !ended.ContainsKey(record.Id) && !judged.Contains(record.Id))
            .Select(record => record.Id).ToHashSet();
        var reached = Neighbourhood.Grow(transaction, chunk.Select(record => record.Id).Where(id => !alone.Contains(id)).Concat(before), entity.Matcher!.Settings.LinkBits);
        _meter.Ends(MatchStage.Neighbourhood);
        area = reached;
        return Settle(transaction, cache, chunk, [.. chunk.Select(record => record.Id).Where(id => alone.Contains(id) && !reached.Contains(id))], ended, reached);
    }

    /// <summary>The records of which a steward said something: whoever comes back is with whom a person put them, though nothing else says so.</summary>
    private HashSet<long> Judged(StoreTransaction transaction)
    {
        // What lands meanwhile may bring some: of records that the hub itself wrote. None is taken away but by a person, who is alone then.
        var count = transaction.Scalar<long>("select count(*) from judgement");
        if (_judged.Records is null || _judged.Count != count)
            _judged = (count, [.. transaction.Query<long>("select record_a from judgement union select record_b from judgement")]);
        return _judged.Records;
    }

    /// <summary>Cuts the neighbourhood into customers and writes what that changes; the records in <paramref name="alone"/> are customers by themselves.</summary>
    private MatchCounts Settle(
        StoreTransaction transaction, ComparableCache cache, List<MatchRecord> chunk, long[] alone, Dictionary<long, long> ended, Neighbourhood area)
    {
        var components = area.Components();

        // Consistency of three or more depends on pairs that share no key, too: those are scored when the solver asks.
        cache.Read(transaction, [.. components.Where(component => component.Records.Length > 2).SelectMany(component => component.Records)]);
        _meter.Ends(MatchStage.LookUp);
        var clusters = new int[components.Count][];
        Parallel.For(0, components.Count, i => clusters[i] = Solve(cache, area, components[i]));

        _meter.Ends(MatchStage.Solve);
        var dirty = chunk.Select(record => record.Id).ToHashSet();
        var writer = new MasterWriter(transaction, entity, chunk, run);
        foreach (var record in alone)
            writer.Add([record], [0], [], _ => 0, _ => 0, _ => true);
        var masters = new Dictionary<long, long>();
        for (var i = 0; i < components.Count; i++)
        {
            var records = components[i].Records;
            var assigned = writer.Add(records, clusters[i], components[i].Gone, area.MasterOf, ended.GetValueOrDefault, dirty.Contains, area.HeirOf);
            for (var n = 0; n < assigned.Length; n++)
                masters[records[n]] = assigned[n];
        }

        var made = new Dictionary<long, long>();
        var counts = writer.Write(made);
        var reviews = ReviewLedger.Update(transaction, entity, area, record => masters.GetValueOrDefault(record) is var master ? made.GetValueOrDefault(master, master) : 0, run);
        _meter.Ends(MatchStage.Write);
        return counts + new MatchCounts(0, 0, 0, 0, 0, reviews, 0);
    }

    private int[] Solve(ComparableCache cache, Neighbourhood area, Component component)
    {
        var records = component.Records;
        if (records.Length < 2)
            return new int[records.Length];
        PairScore Score(int a, int b) => entity.Matcher!.Score(cache[records[a]].Features, cache[records[b]].Features, cache.Frequencies);

        // How common a name is has changed since these pairs were scored; what is solved together is judged by one measure.
        var edges = records.Length == 2 ? component.Edges : component.Edges.ConvertAll(edge => edge with { Score = Score(edge.A, edge.B) });
        return ClusterSolver.Solve(Array.ConvertAll(records, area.NodeOf), edges, component.Judgements, Score, entity.Matcher!.Settings);
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

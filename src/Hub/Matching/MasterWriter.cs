using System.Buffers;
using System.Text;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Store;
using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Survivorship;

namespace Crm.Integration.Hub.Matching;

/// <summary>
/// Writes what a chunk's clusters mean for the masters: memberships, golden records with their history, aliases, and the
/// change feed. What did not change is not written.
/// </summary>
/// <param name="transaction">The chunk's transaction.</param>
/// <param name="entity">The entity.</param>
/// <param name="chunk">The records that were read already.</param>
/// <param name="run">The run.</param>
internal sealed class MasterWriter(StoreTransaction transaction, EntityConfiguration entity, IReadOnlyCollection<MatchRecord> chunk, RunContext run)
{
    private readonly List<(long Record, long From, long To)> _moves = [];
    private readonly List<Golden> _golden = [];
    private readonly List<(long Master, long Into)> _ended = [];
    private MatchCounts _counts;
    private readonly HashSet<long> _claimed = [];
    private int _revived;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? t_json;

    /// <summary>Takes in one component.</summary>
    /// <param name="records">Its records that are not gone, in ascending order.</param>
    /// <param name="clusters">For each the number of its cluster; numbered from 0.</param>
    /// <param name="gone">Its records that are gone.</param>
    /// <param name="masterOf">The master a record belongs to so far; 0 for none.</param>
    /// <param name="endedMasterOf">The ended master that a record without one last belonged to; 0 for none.</param>
    /// <param name="dirty">Whether a record's content may have changed.</param>
    /// <param name="heirOf">Of a record that is gone: the one that stands in its place, 0 for none; null where nobody knows.</param>
    /// <returns>The master of each record, in their order; negative numbers stand for new masters.</returns>
    public long[] Add(long[] records, int[] clusters, IReadOnlyList<long> gone, Func<long, long> masterOf, Func<long, long> endedMasterOf, Func<long, bool> dirty, Func<long, long>? heirOf = null)
    {
        // By far the most frequent: one record that nobody knows yet.
        if (records.Length == 1 && gone.Count == 0 && masterOf(records[0]) == 0 && endedMasterOf(records[0]) == 0)
        {
            var fresh = -(_golden.Count + 1L);
            _moves.Add((records[0], 0, fresh));
            _golden.Add(new Golden(fresh, true, records));
            _counts += new MatchCounts(1, 0, 0, 0, 0, 0, 0);
            return [fresh];
        }

        // Records that were one customer may come back as several that have nothing to do with each other: its id goes to the first.
        var masters = MasterAssignment.Assign(records, clusters, record =>
            masterOf(record) is var master and not 0 ? master : endedMasterOf(record) is var ended && !_claimed.Contains(ended) ? ended : 0);
        _claimed.UnionWith(masters);
        var members = new List<long>[masters.Length];
        for (var i = 0; i < records.Length; i++)
            (members[clusters[i]] ??= []).Add(records[i]);
        var before = records.Concat(gone).Where(record => masterOf(record) != 0).GroupBy(masterOf).ToDictionary(group => group.Key, group => group.Count());

        for (var cluster = 0; cluster < masters.Length; cluster++)
        {
            var isNew = masters[cluster] == 0;
            if (isNew)
                masters[cluster] = -(_golden.Count + 1);
            var master = masters[cluster];
            var changed = isNew || members[cluster].Count != before.GetValueOrDefault(master);
            foreach (var record in members[cluster])
            {
                var from = masterOf(record);
                if (from != master)
                    _moves.Add((record, from, master));
                changed |= from != master || dirty(record);
            }

            if (changed)
                _golden.Add(new Golden(master, isNew, [.. members[cluster]]));
            CountCluster(members[cluster], isNew, masterOf);
        }

        foreach (var record in gone)
        {
            if (masterOf(record) is var from and not 0)
                _moves.Add((record, from, 0));
        }

        foreach (var old in before.Keys.Where(master => Array.IndexOf(masters, master) < 0))
            _ended.Add((old, Into(old, records, clusters, masters, masterOf) is var into and not 0 ? into : Inherited(old, gone, records, clusters, masters, masterOf, heirOf)));
        return [.. clusters.Select(cluster => masters[cluster])];
    }

    /// <summary>Writes it all.</summary>
    /// <param name="resolve">Is told the number of each new master by its stand-in.</param>
    /// <returns>What changed.</returns>
    public MatchCounts Write(Dictionary<long, long> resolve)
    {
        var made = _golden.Count(golden => golden.IsNew);
        var next = made == 0 ? 0 : transaction.Allocate("master", made);
        // In the order in which their records came: whoever reads the list meets the first first.
        foreach (var golden in _golden.Where(golden => golden.IsNew).OrderBy(golden => golden.Members[0]))
        {
            resolve[golden.Master] = next;
            golden.Master = next++;
        }

        // The numbers of the feed are given in the order of the commits, so that who reads it never finds one behind him: from here on nobody else
        // writes into it until this transaction ends.
        if (_golden.Count + _moves.Count + _ended.Count > 0)
            transaction.Allocate("feed", 1);
        WriteGolden(resolve);
        WriteMoves(resolve);
        WriteEnded(resolve);
        EntityTotals.Add(transaction, entity.Type.Name, records: 0, made + _revived - _ended.Count);
        return _counts;
    }

    /// <summary>Its last record is gone, because its source merged it into another one: the master goes the same way.</summary>
    private static long Inherited(long old, IReadOnlyList<long> gone, long[] records, int[] clusters, long[] masters, Func<long, long> masterOf, Func<long, long>? heirOf)
    {
        if (heirOf is null)
            return 0;
        foreach (var record in gone.Where(record => masterOf(record) == old))
        {
            if (Array.IndexOf(records, heirOf(record)) is >= 0 and var heir)
                return masters[clusters[heir]];
        }

        return 0;
    }

    private static long Into(long old, long[] records, int[] clusters, long[] masters, Func<long, long> masterOf)
    {
        // Where most of its records went; the lowest number on a tie.
        var best = records.Select((record, i) => (record, masters[clusters[i]]))
            .Where(pair => masterOf(pair.record) == old)
            .GroupBy(pair => pair.Item2)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.First().record)
            .FirstOrDefault();
        return best?.Key ?? 0;
    }

    private void CountCluster(List<long> members, bool isNew, Func<long, long> masterOf)
    {
        var fresh = members.Count(record => masterOf(record) == 0);
        var split = isNew && fresh < members.Count;
        _counts += new MatchCounts(isNew && !split ? 1 : 0, fresh - (isNew && !split ? 1 : 0), 0, split ? 1 : 0, 0, 0, 0);
    }

    private void WriteGolden(Dictionary<long, long> resolve)
    {
        var members = ReadMembers();
        ReadTimes(members);
        ReadDecisions(members);
        var corrections = Corrections.Find(
            transaction,
            entity,
            _golden.ConvertAll(golden => (golden.Master, golden.Members)),
            _moves.Where(move => move.To == 0).Select(move => move.Record).ToHashSet(),
            _ended.ToDictionary(ended => ended.Master, ended => resolve.GetValueOrDefault(ended.Into, ended.Into)));
        Parallel.ForEach(_golden, golden =>
        {
            var sources = Array.ConvertAll(golden.Members, id => members[id].ToMember(entity.Type));
            var record = entity.Survivor.Merge(corrections.TryGetValue(golden.Master, out var words) ? [.. sources, .. words] : sources);
            var json = t_json ??= new ArrayBufferWriter<byte>(1024);
            json.ResetWrittenCount();
            RecordJson.Write(record, json);
            golden.Json = json.WrittenSpan.ToArray();
            golden.Hash = unchecked((long)ContentHash.Of(golden.Json));
        });

        var known = _golden.Where(golden => !golden.IsNew).ToDictionary(golden => golden.Master);
        if (known.Count > 0)
        {
            long[] masters = [.. known.Keys.Order()];
            using var rows = transaction.Lookup("master", "id", masters, "data_hash", "version", "ended_run");
            while (rows.Next())
            {
                var golden = known[masters[rows.Index]];
                golden.Ended = !rows.IsNull(2);
                golden.Same = golden.Hash == rows.Int64(0) && !golden.Ended;
                golden.Version = rows.Int64(1);
            }
        }

        _golden.RemoveAll(golden => golden.Same);
        _golden.Sort((a, b) => a.Master.CompareTo(b.Master));
        _revived = _golden.Count(golden => golden.Ended);
        KeepVersions([.. _golden.Where(golden => !golden.IsNew).Select(golden => golden.Master)]);
        Put(isNew: true, WhenExists.Fail);
        Put(isNew: false, WhenExists.Replace);
        using var feed = Feed();
        foreach (var golden in _golden)
            Announce(feed, golden.Master, golden.IsNew || golden.Ended ? "c" : "u");
        _counts += new MatchCounts(0, 0, 0, 0, 0, 0, _golden.Count(golden => !golden.IsNew));

        void Put(bool isNew, WhenExists existing)
        {
            using var insert = transaction.Insert("master", ["id", "entity", "data", "data_hash", "version", "changed_at", "changed_run"], existing);
            foreach (var golden in _golden)
            {
                if (golden.IsNew != isNew)
                    continue;
                insert.Int64(golden.Master);
                insert.Text(entity.Type.Name);
                insert.Utf8(golden.Json);
                insert.Int64(golden.Hash);
                insert.Int64(golden.Version + 1);
                insert.Int64(run.Now);
                insert.Int64(run.RunId);
                insert.EndRow();
            }
        }
    }

    private Dictionary<long, MatchRecord> ReadMembers()
    {
        var members = chunk.ToDictionary(record => record.Id);
        var missing = _golden.SelectMany(golden => golden.Members).Where(id => !members.ContainsKey(id)).Order().ToArray();
        if (missing.Length == 0)
            return members;
        var connections = Neighbourhood.Connections(transaction);
        using var rows = transaction.Lookup("source_record", "id", missing, "inbound_id", "source_id", "modified_at", "data");
        while (rows.Next())
        {
            members.Add(missing[rows.Index], new MatchRecord
            {
                Id = missing[rows.Index],
                Gone = false,
                MasterId = 0,
                Connection = connections[rows.Int64(0)],
                SourceId = Encoding.UTF8.GetString(rows.Utf8(1)),
                ModifiedAt = rows.IsNull(2) ? null : rows.Int64(2),
                Data = rows.Utf8(3).ToArray(),
                MatchedData = null,
            });
        }

        return members;
    }

    /// <summary>Of golden records with several members: when their fields changed. A single one wins whatever its age.</summary>
    private void ReadTimes(Dictionary<long, MatchRecord> members)
    {
        var rivals = _golden.Where(golden => golden.Members.Length > 1).SelectMany(golden => golden.Members).Order().ToArray();
        if (rivals.Length == 0)
            return;
        using var rows = transaction.Lookup("field_time", "record_id", rivals, "times");
        while (rows.Next())
            members[rivals[rows.Index]].Times = FieldTimes.Parse(Encoding.UTF8.GetString(rows.Utf8(0)));
    }

    /// <summary>And for whom conflicts were decided.</summary>
    private void ReadDecisions(Dictionary<long, MatchRecord> members)
    {
        if (transaction.Scalar<long>("select count(*) from field_decision") == 0)
            return;
        var rivals = _golden.Where(golden => golden.Members.Length > 1).SelectMany(golden => golden.Members).Order().ToArray();
        using var rows = transaction.Lookup("field_decision", "record_id", rivals, "field", "at");
        while (rows.Next())
            (members[rivals[rows.Index]].Decided ??= [])[Encoding.UTF8.GetString(rows.Utf8(0))] = DateTimeOffset.FromUnixTimeMilliseconds(rows.Int64(1));
    }

    private void WriteMoves(Dictionary<long, long> resolve)
    {
        _moves.Sort();
        Put(isNew: true, WhenExists.Fail);
        Put(isNew: false, WhenExists.Replace);
        void Put(bool isNew, WhenExists existing)
        {
            using var xref = transaction.Insert("xref", ["record_id", "master_id"], existing);
            foreach (var (record, from, to) in _moves)
            {
                if (to == 0 || from == 0 != isNew)
                    continue;
                xref.Int64(record);
                xref.Int64(resolve.GetValueOrDefault(to, to));
                xref.EndRow();
            }
        }

        var left = _moves.Where(move => move.To == 0).Select(move => move.Record).ToArray();
        if (left.Length > 0)
        {
            transaction.Batch(left);
            transaction.Execute("delete from xref where record_id in (select k from batch)");
        }

        AnnounceLosses();

        using var moves = transaction.Insert("xref_move", ["record_id", "from_master", "to_master", "run_id", "at"]);
        foreach (var (record, from, to) in _moves)
        {
            if (from == 0)
                continue;
            moves.Int64(record);
            moves.Int64(from);
            moves.Int64(to == 0 ? null : resolve.GetValueOrDefault(to, to));
            moves.Int64(run.RunId);
            moves.Int64(run.Now);
            moves.EndRow();
        }
    }

    /// <summary>
    /// Masters that look as before although a record has left them: it is news when only copies are left that the hub made, and when it is the
    /// record that they are at a destination.
    /// </summary>
    private void AnnounceLosses()
    {
        var told = _golden.Select(golden => golden.Master).Concat(_ended.Select(ended => ended.Master)).ToHashSet();
        var quiet = _moves.Where(move => move.From != 0 && move.From != move.To && !told.Contains(move.From)).Select(move => (move.Record, move.From)).Distinct().Order().ToArray();
        if (quiet.Length == 0)
            return;
        transaction.Batch(quiet);
        var lost = transaction.Query<long>(
            """
            select x.master_id from batch b join xref x on x.master_id = b.v join made_record o on o.record_id = x.record_id
            union
            select d.master_id from batch b join source_record r on r.id = b.k join outbound o on o.entity = @entity
            join delivery d on d.outbound_id = o.id and d.master_id = b.v where d.external_id = r.source_id
            """,
            new { entity = entity.Type.Name });
        using var feed = Feed();
        foreach (var master in lost.Order())
            Announce(feed, master, "u");
    }

    private void WriteEnded(Dictionary<long, long> resolve)
    {
        if (_ended.Count == 0)
            return;
        KeepVersions([.. _ended.Select(ended => ended.Master).Order()]);
        transaction.Batch([.. _ended.Select(ended => (ended.Master, resolve.GetValueOrDefault(ended.Into, ended.Into))).Order()]);
        transaction.Execute(
            """
            update master set version = version + 1, changed_at = @Now, changed_run = @RunId,
                merged_into = case when b.v = 0 then null else b.v end, ended_run = case when b.v = 0 then @RunId end
            from batch b where master.id = b.k
            """,
            new { run.Now, run.RunId });
        using var feed = Feed();
        foreach (var (master, into) in _ended)
            Announce(feed, master, into == 0 ? "d" : "m");
        _counts += new MatchCounts(0, 0, _ended.Count(ended => ended.Into != 0), 0, _ended.Count(ended => ended.Into == 0), 0, 0);
    }

    private void KeepVersions(ReadOnlySpan<long> masters)
    {
        if (masters.Length == 0)
            return;
        transaction.Batch(masters);
        transaction.Execute(
            """
            insert into master_version (master_id, version, data, changed_at, changed_run)
            select m.id, m.version, m.data, m.changed_at, m.changed_run from batch b join master m on m.id = b.k
            """);
    }

    private BulkInsert Feed() => transaction.Insert("change_feed", ["entity", "master_id", "kind", "run_id", "at"]);

    private void Announce(BulkInsert feed, long master, string kind)
    {
        feed.Text(entity.Type.Name);
        feed.Int64(master);
        feed.Text(kind);
        feed.Int64(run.RunId);
        feed.Int64(run.Now);
        feed.EndRow();
    }

    private sealed class Golden(long master, bool isNew, long[] members)
    {
        public long Master { get; set; } = master;

        public bool IsNew { get; } = isNew;

        public long[] Members { get; } = members;

        public byte[] Json { get; set; } = [];

        public long Hash { get; set; }

        public bool Same { get; set; }

        public bool Ended { get; set; }

        public long Version { get; set; }
    }
}

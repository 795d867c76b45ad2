using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.TwoWay;

/// <summary>Reads, for some masters at a time, which records of the destination they are and what is known of these.</summary>
/// <param name="pipeline">The outbound pipeline.</param>
/// <param name="outbound">Its number in the store.</param>
internal sealed class DestinationRecords(OutboundPipeline pipeline, long outbound)
{
    /// <summary>All that is known of the destination's side of some masters.</summary>
    public KnownRecords Of(StoreTransaction transaction, IReadOnlyList<DeliveryRow> page)
    {
        long[] masters = [.. page.Select(row => row.MasterId)];
        var (members, data) = Members(transaction, masters);
        var ids = members.Values.SelectMany(list => list).Select(member => member.Id).ToHashSet(StringComparer.Ordinal);
        var (others, gone) = Others(transaction, [.. page.Select(row => row.ExternalId).OfType<string>().Where(id => !ids.Contains(id)).Distinct(StringComparer.Ordinal)]);
        string[] all = [.. ids.Concat(others.Keys).Concat(page.Select(row => row.ExternalId).OfType<string>()).Distinct(StringComparer.Ordinal)];
        var counterparts = CounterpartTable.Read(transaction, outbound, all);
        var served = Served(transaction, [.. others.Values.Select(record => record.MasterId).OfType<long>().Distinct().Order()]);

        DestinationRecord Known(DestinationRecord record) => record with
        {
            Counterpart = counterparts.GetValueOrDefault(record.Id), Data = data.GetValueOrDefault(record.RecordId), IsServed = served.Contains(record.Id),
        };

        long[] records = [.. members.Values.SelectMany(list => list).Concat(others.Values).Select(record => record.RecordId).Distinct().Order()];
        return new KnownRecords
        {
            Members = members.ToDictionary(pair => pair.Key, pair => pair.Value.ConvertAll(Known)),
            Others = others.ToDictionary(pair => pair.Key, pair => Known(pair.Value), StringComparer.Ordinal),
            Gone = gone,
            Counterparts = counterparts,
            Conflicts = Conflicts(transaction, records),
            Pending = Pending(transaction, masters),
        };
    }

    private object Stream => new { Connection = pipeline.Connection.Name, pipeline.Stream, Entity = pipeline.Entity.Type.Name, outbound };

    private (Dictionary<long, List<DestinationRecord>> Members, Dictionary<long, byte[]> Data) Members(StoreTransaction transaction, long[] masters)
    {
        var members = new Dictionary<long, List<DestinationRecord>>();
        var data = new Dictionary<long, byte[]>();
        transaction.Batch(masters);
        using var rows = transaction.Read(
            """
            select x.master_id, r.id, r.source_id, r.data, o.record_id
            from batch b join xref x on x.master_id = b.k join source_record r on r.id = x.record_id join inbound i on i.id = r.inbound_id
            left join made_record o on o.record_id = r.id
            where i.connection = @connection and i.stream = @stream and i.entity = @entity and r.gone_run is null order by x.master_id, r.id
            """,
            ("connection", pipeline.Connection.Name),
            ("stream", pipeline.Stream),
            ("entity", pipeline.Entity.Type.Name));
        while (rows.Next())
        {
            if (!members.TryGetValue(rows.Int64(0), out var list))
                members.Add(rows.Int64(0), list = []);
            list.Add(new DestinationRecord(rows.Text(2), rows.Int64(1), rows.Int64(0)) { Made = !rows.IsNull(4) });
            data[rows.Int64(1)] = rows.Utf8(3);
        }

        return (members, data);
    }

    /// <summary>The records of ids that no master of these has: another's, unmatched ones, or gone.</summary>
    private (Dictionary<string, DestinationRecord> Others, HashSet<string> Gone) Others(StoreTransaction transaction, IReadOnlyList<string> ids)
    {
        var others = new Dictionary<string, DestinationRecord>(StringComparer.Ordinal);
        var gone = new HashSet<string>(StringComparer.Ordinal);
        if (ids.Count == 0)
            return (others, gone);
        transaction.Batch(ids);
        using (var rows = transaction.Read(
            """
            select b.t, k.record_id, k.row_hash, x.master_id, o.record_id
            from batch b join inbound i on i.connection = @connection and i.stream = @stream and i.entity = @entity
            join source_key k on k.inbound_id = i.id and k.source_id = b.t left join xref x on x.record_id = k.record_id
            left join made_record o on o.record_id = k.record_id
            """,
            ("connection", pipeline.Connection.Name),
            ("stream", pipeline.Stream),
            ("entity", pipeline.Entity.Type.Name)))
        {
            while (rows.Next())
            {
                if (rows.IsNull(2))
                    gone.Add(rows.Text(0));
                else
                    others[rows.Text(0)] = new DestinationRecord(rows.Text(0), rows.Int64(1), rows.NullableInt64(3)) { Made = !rows.IsNull(4) };
            }
        }

        gone.UnionWith(transaction.Query<string>(
            "select b.t from batch b join inbound i on i.connection = @Connection and i.stream = @Stream and i.entity = @Entity join record_alias a on a.inbound_id = i.id and a.source_id = b.t", Stream)
            .Where(id => !others.ContainsKey(id)));
        return (others, gone);
    }

    private HashSet<string> Served(StoreTransaction transaction, long[] masters)
    {
        if (masters.Length == 0)
            return [];
        transaction.Batch(masters);
        return [.. transaction.Query<string>("select d.external_id from batch b join delivery d on d.outbound_id = @outbound and d.master_id = b.k where d.external_id is not null", Stream)];
    }

    private ILookup<long, ConflictRow> Conflicts(StoreTransaction transaction, long[] records)
    {
        if (records.Length == 0)
            return Array.Empty<ConflictRow>().ToLookup(row => row.RecordId);
        transaction.Batch(records);
        return transaction.Query<ConflictRow>(
            $"select {ConflictRow.Columns} from batch b join field_conflict c on c.record_id = b.k where c.outbound_id = @outbound and c.state in ('open', 'decided', 'announced', 'duplicate')", Stream)
            .ToLookup(row => row.RecordId);
    }

    private static HashSet<long> Pending(StoreTransaction transaction, long[] masters)
    {
        transaction.Batch(masters);
        return [.. transaction.Query<long>("select distinct x.master_id from batch b join xref x on x.master_id = b.k join pending p on p.record_id = x.record_id")];
    }
}

/// <summary>What is known of the destination's side of some masters.</summary>
internal sealed class KnownRecords
{
    /// <summary>The records of each master, the oldest first.</summary>
    public required Dictionary<long, List<DestinationRecord>> Members { get; init; }

    private Dictionary<string, DestinationRecord> MembersById =>
        field ??= Members.Values.SelectMany(list => list).DistinctBy(member => member.Id).ToDictionary(member => member.Id, StringComparer.Ordinal);

    /// <summary>Records that were delivered to, of which another has become the master, or none yet.</summary>
    public required Dictionary<string, DestinationRecord> Others { get; init; }

    /// <summary>The ids of records that are gone.</summary>
    public required HashSet<string> Gone { get; init; }

    /// <summary>What both ends agreed on, by id.</summary>
    public required Dictionary<string, Counterpart> Counterparts { get; init; }

    /// <summary>Conflicts that wait, were decided or announced, or are duplicates, by record.</summary>
    public required ILookup<long, ConflictRow> Conflicts { get; init; }

    /// <summary>Masters of which a record has not been matched yet.</summary>
    public required HashSet<long> Pending { get; init; }

    /// <summary>
    /// The record that a master is: the one delivered to as long as it is the master's, else the oldest of its records. And whether the one delivered to
    /// was removed by others.
    /// </summary>
    public (DestinationRecord? Target, bool Removed) TargetOf(DeliveryRow row)
    {
        var members = Members.GetValueOrDefault(row.MasterId) ?? [];
        var removed = false;
        if (row.ExternalId is { } id)
        {
            if (members.Find(member => member.Id == id) is { } own)
                return (own, false);

            // Removed before it was ever pulled, it is gone as long as nobody sees it.
            var isGone = Gone.Contains(id) || (row.State == "gone" && !Others.ContainsKey(id));
            removed = isGone && row.State != "deleted";
            if (!isGone && RecordOf(id) is { } record && (record.MasterId is null || record.MasterId == row.MasterId) && row.State != "deleted")
                return (record, false);
        }

        return members.Count > 0 ? (members[0], false) : (null, removed);
    }

    /// <summary>The record of an id, whoever its master is; null when it is gone.</summary>
    public DestinationRecord? RecordOf(string id) =>
        Gone.Contains(id) ? null
        : Others.TryGetValue(id, out var other) ? other
        : MembersById.GetValueOrDefault(id) ?? new DestinationRecord(id, 0, null) { Counterpart = Counterparts.GetValueOrDefault(id) };

    /// <summary>
    /// Who has the record that was a master's before a split, as long as the record carries that master's key: a create with this key would find it
    /// and write over somebody else. Null for nobody.
    /// </summary>
    public long? HolderOf(DeliveryRow row, string keyField) =>
        row.ExternalId is { } id && RecordOf(id) is { } record && record.MasterId is { } holder && holder != row.MasterId
            && record.Counterpart is { } counterpart && FieldValues.Same(counterpart.Theirs(keyField), row.Values![0])
            ? holder
            : null;

    /// <summary>The other records of a master that nobody was told of yet.</summary>
    public IReadOnlyList<DestinationRecord> DuplicatesOf(long master, DestinationRecord target) =>
        [.. (Members.GetValueOrDefault(master) ?? []).Where(member => member.Id != target.Id && !Conflicts[member.RecordId].Any(row => row.State == "duplicate"))];

    /// <summary>The conflicts of a record about fields.</summary>
    public IReadOnlyList<ConflictRow> ConflictsOf(long record) => [.. Conflicts[record].Where(row => row.State != "duplicate")];

    /// <summary>Whether a record of the master has not been matched yet.</summary>
    public bool IsPending(long master) => Pending.Contains(master);
}

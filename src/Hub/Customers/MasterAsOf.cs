using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Customers;

/// <summary>A master as it was at an instant: told from the versions of its golden record and from the moves of its records.</summary>
/// <param name="Master">The master that an id meant then; an id that was merged later still stood for itself.</param>
/// <param name="Version">Its golden record then; null when it was not known yet.</param>
/// <param name="Records">Its source records then.</param>
/// <param name="Aliases">The ids that had been merged into it by then.</param>
/// <param name="Corrections">What stewards had said of its values.</param>
internal sealed record MasterAsOf(MasterRow Master, VersionRow? Version, IReadOnlyList<string> Records, IReadOnlyList<long> Aliases, IReadOnlyList<CorrectionRow> Corrections)
{
    /// <summary>Looks back.</summary>
    /// <param name="store">The store.</param>
    /// <param name="id">The number of a master that exists, or existed.</param>
    /// <param name="instant">When, in milliseconds.</param>
    public static MasterAsOf? Of(MasterStore store, long id, long instant)
    {
        var master = MasterQuery.Find(store, id);
        while (master?.MergedInto is { } into && master.ChangedAt <= instant)
            master = MasterQuery.Find(store, into);
        if (master is null)
            return null;
        var version = MasterHistory.Versions(store, master.Id).LastOrDefault(each => each.ChangedAt <= instant);
        return new MasterAsOf(
            master,
            version,
            version is null ? [] : RecordsOf(store, master.Id, instant),
            MasterQuery.Aliases(store, master.Id, instant),
            [.. CorrectionQuery.All(store, master.Id).Where(correction => correction.At <= instant && (correction.EndedAt is null || correction.EndedAt > instant))]);
    }

    private static List<string> RecordsOf(MasterStore store, long master, long instant)
    {
        var records = store.Query<PastRecord>(
            """
            select r.id, i.connection, i.stream, r.source_id, x.master_id
            from source_record r join inbound i on i.id = r.inbound_id left join xref x on x.record_id = r.id
            where r.id in (select record_id from xref where master_id = @master
                union select record_id from xref_move where from_master = @master or to_master = @master)
            order by i.connection, i.stream, r.source_id
            """,
            new { master });
        var moves = store.Query<PastMove>(
            """
            select m.record_id, m.from_master, m.to_master, m.at from xref_move m
            where m.record_id in (select record_id from xref where master_id = @master
                union select record_id from xref_move where from_master = @master or to_master = @master)
            order by m.id
            """,
            new { master }).ToLookup(move => move.RecordId);
        var births = store.Query<(long RecordId, long At)>(
            """
            select o.record_id, r.started_at from run_record o join run r on r.id = o.run_id
            where o.outcome = 'c' and o.record_id in (select record_id from xref where master_id = @master
                union select record_id from xref_move where from_master = @master or to_master = @master)
            """,
            new { master }).ToLookup(birth => birth.RecordId, birth => birth.At);
        return [.. records.Where(record => MasterOf(record, [.. moves[record.Id]], births[record.Id], instant) == master).Select(record => record.Name)];
    }

    /// <summary>The master of a record at an instant; null when it had none.</summary>
    private static long? MasterOf(PastRecord record, List<PastMove> moves, IEnumerable<long> births, long instant)
    {
        // Joining from nowhere leaves no move: since when a record was there, or was there again, the runs tell.
        var left = moves.FindLast(move => move.At <= instant && move.ToMaster is null)?.At ?? long.MinValue;
        var there = births.Where(at => at > left).DefaultIfEmpty(left == long.MinValue ? 0 : long.MaxValue).Min();
        if (there > instant)
            return null;
        return moves.Find(move => move.At > instant)?.FromMaster ?? record.MasterId;
    }

    private sealed class PastRecord
    {
        public long Id { get; init; }

        public string Connection { get; init; } = "";

        public string Stream { get; init; } = "";

        public string SourceId { get; init; } = "";

        public long? MasterId { get; init; }

        public string Name => $"{Connection}/{Stream}/{SourceId}";
    }

    private sealed class PastMove
    {
        public long RecordId { get; init; }

        public long FromMaster { get; init; }

        public long? ToMaster { get; init; }

        public long At { get; init; }
    }
}

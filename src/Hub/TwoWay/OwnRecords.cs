using System.Text;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Store;
using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Survivorship;

namespace Crm.Integration.Hub.TwoWay;

/// <summary>A record that is new to the hub, in a stream that the hub writes to.</summary>
/// <param name="Id">The store's number of it.</param>
/// <param name="SourceId">Its id at the source.</param>
/// <param name="Partner">The pipeline that writes there.</param>
/// <param name="Key">The value of the pipeline's key field.</param>
/// <param name="Delivered">The delivery whose record it is, where its id is known from the answer.</param>
internal sealed record OwnRecord(long Id, string SourceId, TwoWayPartner Partner, string? Key, (long Master, bool Made)? Delivered)
{
    /// <summary>The times of its fields, should the hub have made it.</summary>
    public required FieldTimes Times { get; init; }
}

/// <summary>
/// Knows the records that the hub made, or sent something to, when they come back: they belong to the master they were made for, whatever their
/// content resembles. That is said by a judgement of the hub's own.
/// </summary>
/// <param name="run">The run.</param>
internal sealed class OwnRecords(RunContext run)
{
    /// <summary>Whose word a judgement is that no person gave.</summary>
    public const string Who = "hub";

    /// <summary>The deliveries to some ids of a destination.</summary>
    public static Dictionary<string, (long Master, bool Made, Dictionary<string, Value>? Sent)> Delivered(StoreTransaction transaction, TwoWayPartner partner, IReadOnlyList<string> ids)
    {
        var found = new Dictionary<string, (long, bool, Dictionary<string, Value>?)>(StringComparer.Ordinal);
        if (ids.Count == 0)
            return found;
        using var rows = transaction.Lookup("delivery", ("outbound_id", partner.Id), "external_id", ids, "master_id", "made", "state", "sent");
        while (rows.Next())
        {
            var sent = Encoding.UTF8.GetString(rows.Utf8(2)) == "done" ? FieldValues.Parse(rows.Utf8(3)) : null;
            found[ids[rows.Index]] = (rows.Int64(0), rows.Int64(1) != 0, sent is { Count: > 0 } ? sent : null);
        }

        return found;
    }

    /// <summary>Joins new records with the masters they were made for.</summary>
    public void Join(StoreTransaction transaction, List<OwnRecord> fresh)
    {
        var joins = fresh.Where(record => record.Delivered is not null).Select(record => (Record: record, record.Delivered!.Value.Master, record.Delivered!.Value.Made)).ToList();
        joins.AddRange(Unanswered(transaction, fresh.FindAll(record => record.Delivered is null && !string.IsNullOrEmpty(record.Key))));
        if (joins.Count == 0)
            return;
        var masters = Follow(transaction, [.. joins.Select(join => join.Master).Distinct().Order()]);
        var members = Members(transaction, [.. masters.Values.Distinct().Order()]);
        var pairs = new List<(long A, long B)>();
        foreach (var (record, master, _) in joins)
        {
            if (members.TryGetValue(masters[master], out var member) && member != record.Id)
                pairs.Add(member < record.Id ? (member, record.Id) : (record.Id, member));
        }

        Judge(transaction, pairs, $"a record that run {run.RunId} found again: the hub itself had written it");
        var made = joins.FindAll(join => join.Made).ConvertAll(join => join.Record);
        Mark(transaction, made);
    }

    /// <summary>Says for pairs of records that they are one; a person's word stays.</summary>
    public void Judge(StoreTransaction transaction, IReadOnlyList<(long A, long B)> pairs, string why)
    {
        if (pairs.Count == 0)
            return;
        transaction.Batch([.. pairs.Distinct().Order()]);
        transaction.Execute(
            """
            insert into judgement (record_a, record_b, same, who, why, at)
            select b.k, b.v, 1, @Who, @why, @Now from batch b where not exists (select 1 from judgement j where j.record_a = b.k and j.record_b = b.v)
            """,
            new { Who, why, run.Now });
    }

    /// <summary>Creates whose answer was lost: the key that was sent with them tells whose record it is, as long as nobody else has it.</summary>
    private static List<(OwnRecord Record, long Master, bool Made)> Unanswered(StoreTransaction transaction, List<OwnRecord> records)
    {
        var found = new List<(OwnRecord, long, bool)>();
        foreach (var group in records.GroupBy(record => record.Partner))
        {
            var waiting = new Dictionary<string, long>(StringComparer.Ordinal);
            var keys = group.Select(record => record.Key!).Distinct(StringComparer.Ordinal).ToList();
            using (var rows = transaction.Lookup("delivery", ("outbound_id", group.Key.Id), "key", keys, "master_id", "external_id"))
            {
                while (rows.Next())
                {
                    if (rows.IsNull(1))
                        waiting[keys[rows.Index]] = rows.Int64(0);
                }
            }

            foreach (var record in group)
            {
                // A second one with the same key is somebody's copy of it.
                if (!waiting.Remove(record.Key!, out var master))
                    continue;
                transaction.Execute(
                    "update delivery set external_id = @SourceId, made = 1 where outbound_id = @outbound and master_id = @master", new { record.SourceId, outbound = group.Key.Id, master });
                found.Add((record, master, true));
            }
        }

        return found;
    }

    /// <summary>The masters that some masters are by now.</summary>
    private static Dictionary<long, long> Follow(StoreTransaction transaction, long[] masters)
    {
        var now = masters.ToDictionary(master => master);
        for (var next = masters; next.Length > 0;)
        {
            transaction.Batch(next);
            var merged = transaction.Query<(long Id, long Into)>("select b.k, m.merged_into from batch b join master m on m.id = b.k where m.merged_into is not null").ToDictionary();
            foreach (var master in masters.Where(master => merged.ContainsKey(now[master])))
                now[master] = merged[now[master]];
            next = [.. merged.Values.Distinct().Order()];
        }

        return now;
    }

    /// <summary>For each master the oldest of its records that is not gone.</summary>
    private static Dictionary<long, long> Members(StoreTransaction transaction, long[] masters)
    {
        transaction.Batch(masters);
        return transaction.Query<(long Master, long Record)>(
            "select x.master_id, min(r.id) from batch b join xref x on x.master_id = b.k join source_record r on r.id = x.record_id where r.gone_run is null group by x.master_id").ToDictionary();
    }

    private void Mark(StoreTransaction transaction, List<OwnRecord> made)
    {
        if (made.Count == 0)
            return;
        transaction.Batch([.. made.Select(record => record.Id).Order()]);
        transaction.Execute("insert into made_record (record_id, run_id) select b.k, @RunId from batch b where not exists (select 1 from made_record m where m.record_id = b.k)", new { run.RunId });
        using var times = transaction.Insert("field_time", ["record_id", "times"], WhenExists.Replace);
        foreach (var record in made.OrderBy(record => record.Id))
        {
            times.Int64(record.Id);
            times.Text(record.Times.ToJson());
            times.EndRow();
        }
    }
}

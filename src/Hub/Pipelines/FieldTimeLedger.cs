using System.Text;
using Crm.Integration.Hub.Store;
using Crm.Integration.Hub.TwoWay;
using Crm.Integration.Mapping.Survivorship;

namespace Crm.Integration.Hub.Pipelines;

/// <summary>Keeps for records that change which of their fields did, so that survivorship can tell a new value from one that was only touched.</summary>
internal static class FieldTimeLedger
{
    /// <summary>Brings the times of a page's changed records up to date; before their new content is written.</summary>
    public static void Update(StoreTransaction transaction, PageWork work, RunContext run)
    {
        var changed = Changed(work);
        if (changed.Length == 0)
            return;
        var ids = Array.ConvertAll(changed, one => one.Record);
        var known = Known(transaction, ids);
        var golden = Golden(transaction, [.. changed.Where(one => work.Rows[one.Row].Arrival is not null).Select(one => one.Record)]);
        var decided = DecisionTable.Any(transaction);
        var kept = new List<(long Record, string Times)>(ids.Length);
        var dropped = new List<long>();
        var news = new List<(long Record, string Field)>();
        using (var stored = transaction.Lookup("source_record", "id", ids, "data", "modified_at"))
        {
            while (stored.Next())
            {
                var (record, index) = changed[stored.Index];
                ref readonly var row = ref work.Rows[index];
                var before = stored.Utf8(0);
                var after = work.Json.WrittenSpan.Slice(row.JsonStart, row.JsonLength);
                var modifiedBefore = stored.IsNull(1) ? (long?)null : stored.Int64(1);
                FieldTimes? times;
                if (row.Arrival is { } arrival)
                {
                    // What the hub wrote is no news, and neither is what the golden record says already.
                    var says = golden.GetValueOrDefault(record);
                    (times, var fields) = FieldTimes.AfterEdits(
                        known.GetValueOrDefault(record), before, modifiedBefore, after, row.ModifiedAt ?? run.Now, arrival.EditedPaths,
                        arrival.IsEcho, (path, value) => value is not null && says?.GetValueOrDefault(path) == value);
                    news.AddRange(fields.Select(field => (record, field)));
                }
                else
                {
                    times = FieldTimes.After(known.GetValueOrDefault(record), before, modifiedBefore, after, row.ModifiedAt);
                    if (decided)
                        news.AddRange(Differences(before, after).Select(field => (record, field)));
                }

                if (times is not null)
                    kept.Add((record, times.ToJson()));
                else if (known.ContainsKey(record))
                    dropped.Add(record);
            }
        }

        using (var insert = transaction.Insert("field_time", ["record_id", "times"], WhenExists.Replace))
        {
            foreach (var (record, times) in kept)
            {
                insert.Int64(record);
                insert.Text(times);
                insert.EndRow();
            }
        }

        if (decided)
            DecisionTable.Lapse(transaction, news);
        if (dropped.Count == 0)
            return;
        transaction.Batch([.. dropped]);
        transaction.Execute("delete from field_time where record_id in (select k from batch)");
    }

    private static IEnumerable<string> Differences(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        var (old, fresh) = (FieldTimes.Written(before), FieldTimes.Written(after));
        return old.Keys.Union(fresh.Keys).Where(path => old.GetValueOrDefault(path) != fresh.GetValueOrDefault(path));
    }

    private static (long Record, int Row)[] Changed(PageWork work)
    {
        var changed = new List<(long Record, int Row)>();
        for (var i = 0; i < work.Rows.Length; i++)
        {
            ref readonly var row = ref work.Rows[i];
            if (row.Fate is RowFate.Created or RowFate.Changed && row.RecordId != 0)
                changed.Add((row.RecordId, i));
        }

        changed.Sort();
        return [.. changed];
    }

    /// <summary>What the golden records of some records say, field by field as it is written.</summary>
    private static Dictionary<long, IReadOnlyDictionary<string, string>> Golden(StoreTransaction transaction, long[] records)
    {
        var golden = new Dictionary<long, IReadOnlyDictionary<string, string>>();
        if (records.Length == 0)
            return golden;
        transaction.Batch(records);
        using var rows = transaction.Read("select b.k, m.data from batch b join xref x on x.record_id = b.k join master m on m.id = x.master_id");
        while (rows.Next())
            golden[rows.Int64(0)] = FieldTimes.Written(rows.Utf8(1));
        return golden;
    }

    private static Dictionary<long, FieldTimes> Known(StoreTransaction transaction, long[] records)
    {
        var known = new Dictionary<long, FieldTimes>();
        using var rows = transaction.Lookup("field_time", "record_id", records, "times");
        while (rows.Next())
            known[records[rows.Index]] = FieldTimes.Parse(Encoding.UTF8.GetString(rows.Utf8(0)));
        return known;
    }
}

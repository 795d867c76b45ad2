using Crm.Integration.Hub.Store;
using Crm.Integration.Mapping.Survivorship;

namespace Crm.Integration.Hub.Pipelines;

/// <summary>Keeps for records that change which of their fields did, so that survivorship can tell a new value from one that was only touched.</summary>
internal static class FieldTimeLedger
{
    /// <summary>Brings the times of a page's changed records up to date; before their new content is written.</summary>
    public static void Update(StoreTransaction transaction, PageWork work)
    {
        var changed = Changed(work);
        if (changed.Length == 0)
            return;
        var ids = Array.ConvertAll(changed, one => one.Record);
        var known = Known(transaction, ids);
        var json = work.Json.WrittenSpan;
        var kept = new List<(long Record, string Times)>(ids.Length);
        var dropped = new List<long>();
        using (var stored = transaction.Lookup("source_record", "id", ids, "data", "modified_at"))
        {
            while (stored.Next())
            {
                var (record, index) = changed[stored.Index];
                ref readonly var row = ref work.Rows[index];
                var times = FieldTimes.After(
                    known.GetValueOrDefault(record), stored.Utf8(0), stored.IsNull(1) ? null : stored.Int64(1), json.Slice(row.JsonStart, row.JsonLength), row.ModifiedAt);
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

        if (dropped.Count == 0)
            return;
        transaction.Batch([.. dropped]);
        transaction.Execute("delete from field_time where record_id in (select k from batch)");
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

    private static Dictionary<long, FieldTimes> Known(StoreTransaction transaction, long[] records)
    {
        var known = new Dictionary<long, FieldTimes>();
        using var rows = transaction.Lookup("field_time", "record_id", records, "times");
        while (rows.Next())
            known[records[rows.Index]] = FieldTimes.Parse(System.Text.Encoding.UTF8.GetString(rows.Utf8(0)));
        return known;
    }
}

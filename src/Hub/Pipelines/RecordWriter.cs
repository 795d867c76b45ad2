using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Matching;
using Crm.Integration.Hub.Store;
using Crm.Integration.Mapping.Validation;

namespace Crm.Integration.Hub.Pipelines;

/// <summary>Writes the source records of an inbound pipeline, set by set, and queues them for matching.</summary>
/// <param name="pipeline">The pipeline.</param>
/// <param name="state">What the store remembers of it.</param>
/// <param name="run">The run.</param>
internal sealed class RecordWriter(InboundPipeline pipeline, InboundState state, RunContext run)
{
    private static readonly string[] s_recordColumns = ["id", "inbound_id", "source_id", "data_hash", "data", "modified_at", "changed_at", "changed_run"];

    private long _findings;

    /// <summary>"blanked" or "warned".</summary>
    public static string What(Violation finding) => finding.Otherwise == Otherwise.Blank ? "blanked" : "warned";

    /// <summary>Writes what a page brought; new rows get their record numbers.</summary>
    /// <returns>How many records were written.</returns>
    public int Write(StoreTransaction transaction, PageWork work)
    {
        var fresh = 0;
        var replaced = new List<long>();
        var touched = 0;
        var gone = new List<long>();
        foreach (ref readonly var row in work.Rows)
        {
            switch (row.Fate)
            {
                case RowFate.Created when row.RecordId == 0:
                    fresh++;
                    break;
                case RowFate.Created or RowFate.Changed:
                    replaced.Add(row.RecordId);
                    break;
                case RowFate.Touched:
                    touched++;
                    break;
                case RowFate.Deleted:
                    gone.Add(row.RecordId);
                    break;
            }
        }

        MarkGone(transaction, [.. gone]);
        if (replaced.Count > 0)
        {
            Enqueue(transaction, [.. replaced]);
            FieldTimeLedger.Update(transaction, work, run);
        }

        var first = fresh == 0 ? long.MaxValue : transaction.Reserve("record", fresh);
        if (fresh + replaced.Count > 0)
            Put(transaction, work, first, fresh);
        if (fresh + replaced.Count + touched > 0)
            PutKeys(transaction, work, first);
        WriteFindings(transaction, work);
        return fresh + replaced.Count + touched + gone.Count;
    }

    /// <summary>Queues stored records for matching, with their content as matching saw it last.</summary>
    private void Enqueue(StoreTransaction transaction, long[] records)
    {
        var entity = pipeline.Entity.Type.Name;
        transaction.Batch(records);

        // Matching takes records off the queue by their content of now, and that is about to change: what it has taken already comes first. Queued here as
        // seen by it, so that who is queued by it at this moment is as good.
        while (records.Except(transaction.Query<long>("select record_id from pending where record_id in (select k from batch) order by record_id for update")).ToList() is { Count: > 0 } missing)
            MatchQueue.Add(transaction, entity, missing, paired: 1);

        // Matching has seen these as they are still stored; those of an earlier landing it has not, and what it saw stands with them.
        transaction.Execute(
            """
            update pending set paired = 0, matched_data = (select case when r.gone_run is null then r.data end from source_record r where r.id = pending.record_id)
            where paired = 1 and record_id in (select k from batch)
            """);
    }

    /// <summary>Marks records as gone from their source.</summary>
    /// <returns>How many.</returns>
    public int MarkGone(StoreTransaction transaction, ReadOnlySpan<long> records)
    {
        if (records.Length == 0)
            return 0;
        Enqueue(transaction, records.ToArray());
        transaction.Execute("update source_record set gone_run = @RunId where id in (select k from batch)", new { run.RunId });
        transaction.Execute(
            """
            update source_key set row_hash = null
            from batch b join source_record r on r.id = b.k
            where source_key.inbound_id = r.inbound_id and source_key.source_id = r.source_id
            """);
        transaction.Execute("delete from unique_value where record_id in (select k from batch)");
        using var outcomes = transaction.Insert("run_record", ["run_id", "record_id", "outcome"], WhenExists.Replace);
        foreach (var record in records)
            Outcome(outcomes, record, "d");
        state.Live -= records.Length;
        return records.Length;
    }

    private void Put(StoreTransaction transaction, PageWork work, long first, int fresh)
    {
        var json = work.Json.WrittenSpan;
        var now = run.Now;
        var nextId = first;
        using (var inserts = transaction.Insert("source_record", s_recordColumns))
        using (var replaces = transaction.Insert("source_record", s_recordColumns, WhenExists.Replace))
        {
            foreach (ref var row in work.Rows)
            {
                if (row.Fate is not (RowFate.Created or RowFate.Changed))
                    continue;
                var insert = row.RecordId == 0 ? inserts : replaces;
                if (row.Fate == RowFate.Created)
                    state.Live++;
                if (row.RecordId == 0)
                    row.RecordId = nextId++;
                insert.Int64(row.RecordId);
                insert.Int64(state.Id);
                insert.Text(row.Key);
                insert.Int64(row.DataHash);
                insert.Utf8(json.Slice(row.JsonStart, row.JsonLength));
                insert.Int64(row.ModifiedAt);
                insert.Int64(now);
                insert.Int64(run.RunId);
                insert.EndRow();
            }
        }

        using (var pending = transaction.Insert("pending", ["record_id", "entity"]))
        {
            for (var i = 0; i < fresh; i++)
            {
                pending.Int64(first + i);
                pending.Text(pipeline.Entity.Type.Name);
                pending.EndRow();
            }
        }

        string[] columns = ["run_id", "record_id", "outcome"];
        using var created = transaction.Insert("run_record", columns);
        using var others = transaction.Insert("run_record", columns, WhenExists.Replace);
        foreach (ref readonly var row in work.Rows)
        {
            if (row.Fate is RowFate.Created or RowFate.Changed)
                Outcome(row.RecordId >= first ? created : others, row.RecordId, row.Fate == RowFate.Created ? "c" : "u");
        }
    }

    private void PutKeys(StoreTransaction transaction, PageWork work, long first)
    {
        // What has got a number just now was looked up before, and is not there.
        string[] columns = ["inbound_id", "source_id", "record_id", "row_hash"];
        using var created = transaction.Insert("source_key", columns);
        using var others = transaction.Insert("source_key", columns, WhenExists.Replace);
        foreach (ref readonly var row in work.Rows)
        {
            if (row.Fate is not (RowFate.Created or RowFate.Changed or RowFate.Touched))
                continue;
            var keys = row.RecordId >= first ? created : others;
            keys.Int64(state.Id);
            keys.Text(row.Key);
            keys.Int64(row.RecordId);
            keys.Int64(row.RowHash);
            keys.EndRow();
        }
    }

    private void Outcome(BulkInsert outcomes, long record, string outcome)
    {
        outcomes.Int64(run.RunId);
        outcomes.Int64(record);
        outcomes.Text(outcome);
        outcomes.EndRow();
    }

    private void WriteFindings(StoreTransaction transaction, PageWork work)
    {
        const int Most = 1000;
        foreach (ref readonly var row in work.Rows)
        {
            if (row.Findings is null)
                continue;
            foreach (var finding in row.Findings)
            {
                if (++_findings > Most)
                    return;
                transaction.Execute(
                    """insert into run_finding (run_id, pipeline, record_id, what, "rule", path, message) values (@RunId, @Name, @record, @what, @rule, @Path, @Message)""",
                    new { run.RunId, pipeline.Name, record = row.RecordId, what = What(finding), rule = RowMapper.RuleName(finding.Kind), finding.Path, finding.Message });
            }
        }
    }
}

using System.Globalization;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Store;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.Quarantine;

/// <summary>
/// The quarantine of one inbound pipeline during a run: rejected rows go in whole, and leave by themselves when their record
/// passes or is no longer in the source.
/// </summary>
/// <param name="inboundId">The pipeline's number in the store.</param>
/// <param name="run">The run.</param>
internal sealed class QuarantineLedger(long inboundId, RunContext run)
{
    private readonly HashSet<long> _confirmed = [];
    private bool _any;

    /// <summary>How many rows of this run could not even be told apart, those discarded by a person not counted.</summary>
    public int Unreadable { get; private set; }

    /// <summary>Looks whether anything is in quarantine at all.</summary>
    public void Open(StoreTransaction transaction) =>
        _any = transaction.Scalar<long?>("select 1 where exists (select 1 from quarantine where inbound_id = @inboundId and state <> 'resolved')", new { inboundId }) is not null;

    /// <summary>Writes a page's rejects, and closes those whose record now passes.</summary>
    /// <returns>How many rows of the store were written.</returns>
    public int Write(StoreTransaction transaction, InboundPipeline pipeline, PageWork work, RecordSet seen)
    {
        var rejected = new Dictionary<string, int>(StringComparer.Ordinal);
        var identities = new List<string>();
        for (var i = 0; i < work.Rows.Length; i++)
        {
            ref readonly var row = ref work.Rows[i];
            if (row.Fate == RowFate.Rejected)
            {
                var identity = row.Rejection!.Rule == "repeated-key" || string.IsNullOrEmpty(row.Key) ? "#" + Fingerprint(work, i).ToString("x16", CultureInfo.InvariantCulture) : row.Key;
                if (rejected.TryAdd(identity, i))
                    identities.Add(identity);
                if (row.RecordId != 0)
                    seen.Add(row.RecordId);
            }
            else if (_any && row.Key is { Length: > 0 } key && row.Fate is not (RowFate.Filtered or RowFate.Stale))
            {
                identities.Add(key);
            }
        }

        if (identities.Count == 0)
            return 0;

        var known = new Dictionary<string, Known>(StringComparer.Ordinal);
        if (_any)
        {
            transaction.Batch(identities);
            foreach (var entry in transaction.Query<Known>(
                """
                select q.id, q."identity", q.row_hash, q."rule", q.message, q.state, case when q.state = 'discarded' then q.payload end as payload
                from batch b join quarantine q on q.inbound_id = @inboundId and q."identity" = b.t where q.state <> 'resolved'
                """,
                new { inboundId }))
            {
                known[entry.Identity] = entry;
            }
        }

        var written = 0;
        foreach (var (identity, index) in rejected)
        {
            var earlier = known.GetValueOrDefault(identity);
            if (work.Source[index].Fault is not null && string.IsNullOrEmpty(work.Rows[index].Key) && earlier?.State != "discarded")
                Unreadable++;
            written += Reject(transaction, pipeline, work, index, identity, earlier);
        }

        _any |= rejected.Count > 0;
        return written + Close(transaction, [.. known.Values.Where(entry => !rejected.ContainsKey(entry.Identity)).Select(entry => entry.Id)]);
    }

    /// <summary>After a complete snapshot: closes what the source no longer has.</summary>
    /// <returns>How many were closed.</returns>
    public int CloseAbsent(StoreTransaction transaction)
    {
        if (!_any)
            return 0;
        var open = transaction.Query<long>("select id from quarantine where inbound_id = @inboundId and state <> 'resolved'", new { inboundId });
        return Close(transaction, [.. open.Where(id => !_confirmed.Contains(id))]);
    }

    private int Reject(StoreTransaction transaction, InboundPipeline pipeline, PageWork work, int index, string identity, Known? known)
    {
        ref readonly var row = ref work.Rows[index];
        var rejection = row.Rejection!;
        if (known is not null)
            _confirmed.Add(known.Id);
        if (known is not null && known.RowHash == row.RowHash && known.Rule == rejection.Rule && known.Message == rejection.Message)
            return 0;

        var source = work.Source[index];
        var values = new
        {
            id = known?.Id ?? transaction.Allocate("quarantine", 1),
            inboundId,
            identity,
            sourceId = row.Key,
            position = source.Position.ToString(),
            row.RowHash,
            rejection.Rule,
            rejection.Path,
            rejection.Place,
            rejection.Message,
            rejection.Fix,
            payload = source.Fault?.RawText ?? RecordJson.ToJson(source),
            readable = source.Fault is null ? 1 : 0,
            run.RunId,
            run.Now,
        };
        _confirmed.Add(values.id);
        if (known is null)
        {
            transaction.Execute(
                """
                insert into quarantine (id, inbound_id, "identity", source_id, position, row_hash, "rule", path, place, message, fix, payload, readable, state, first_run, last_run, opened_at)
                values (@id, @inboundId, @identity, @sourceId, @position, @RowHash, @Rule, @Path, @Place, @Message, @Fix, @payload, @readable, 'open', @RunId, @RunId, @Now)
                """,
                values);
        }
        else
        {
            // What a person has put away is asked about again when the row or its fault is another one, not when only the mapping is.
            var reopened = known.State == "discarded" && known.Payload == values.payload && known.Rule == rejection.Rule ? "" : ", state = 'open', closed_at = null, closed_by = null";
            transaction.Execute(
                $"""
                update quarantine set position = @position, row_hash = @RowHash, "rule" = @Rule, path = @Path, place = @Place, message = @Message, fix = @Fix,
                    payload = @payload, readable = @readable, last_run = @RunId{reopened}
                where id = @id
                """,
                values);
        }

        return 1;
    }

    private int Close(StoreTransaction transaction, long[] ids)
    {
        if (ids.Length == 0)
            return 0;
        transaction.Batch(ids);
        return transaction.Execute(
            "update quarantine set state = 'resolved', closed_at = @Now, closed_by = @by where id in (select k from batch)",
            new { run.Now, by = string.Create(CultureInfo.InvariantCulture, $"run {run.RunId}") });
    }

    private static ulong Fingerprint(PageWork work, int index)
    {
        var source = work.Source[index];
        if (source.Fault is { } fault)
            return ContentHash.Of(fault.RawText);

        // By name and without empty fields: a row that is retried comes from its payload, which knows neither order nor empty ones.
        var fields = source.Shape.Names.Select((name, i) => (Name: name, Value: source[i])).Where(field => !field.Value.IsNull).OrderBy(field => field.Name, StringComparer.Ordinal);
        return fields.Aggregate(0UL, (hash, field) => ContentHash.Of(RecordJson.ToJson(field.Value), ContentHash.Of(field.Name, hash)));
    }

    private sealed class Known
    {
        public long Id { get; init; }

        public string Identity { get; init; } = "";

        public long RowHash { get; init; }

        public string Rule { get; init; } = "";

        public string Message { get; init; } = "";

        public string State { get; init; } = "";

        /// <summary>Only of discarded ones.</summary>
        public string? Payload { get; init; }
    }
}

using System.Text;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Store;
using Crm.Integration.Hub.TwoWay;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.Verification;

/// <summary>
/// Compares what was delivered with what is there. A stream that is pulled as well is compared by its inbound pipeline: here is only seen whether all that
/// was delivered has ever come back.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="pipeline">The pipeline.</param>
/// <param name="run">The run.</param>
internal sealed class DeliverySweep(MasterStore store, OutboundPipeline pipeline, RunContext run)
{
    private const int PageRows = 4096;

    private readonly string[] _fields = [.. pipeline.Map.Select(field => field.Field)];
    private readonly DriftLog _drift = new();
    private readonly RecordSet _seen = new();

    /// <summary>Compares.</summary>
    /// <param name="report">The counts go here.</param>
    /// <param name="mark">Whether the deliveries are set to what is there, so that a push puts them right.</param>
    /// <param name="cancellationToken">Ends it at the next page.</param>
    public async Task<Drift> CompareAsync(PipelineReport report, bool mark, CancellationToken cancellationToken)
    {
        long outbound;
        using (var transaction = store.Begin())
        {
            outbound = OutboundState.Load(transaction, pipeline).Id;
            transaction.Commit();
        }

        if (pipeline.Counterparts.Count > 0)
            return NeverCameBack(outbound);
        if (!pipeline.Connection.Connector.Declaration.Capabilities.HasFlag(ConnectorCapabilities.Pull))
            return _drift.Found with { Unknown = $"{pipeline.Connection.Connector.Declaration.Name} can be written, and not read: what is there cannot be compared" };

        var deliveries = new DeliveryTable(outbound, run);
        await using (var connection = run.Connections.Open(pipeline.Connection))
        {
            var request = new PullRequest(pipeline.Stream) { Fields = _fields, KeyField = _fields[0] };
            await foreach (var page in connection.PullAsync(request, cancellationToken))
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var transaction = store.Begin();
                Compare(transaction, outbound, page.Rows, mark ? deliveries : null);
                transaction.Commit();
                run.Progress.Report(new RunProgress(pipeline.Name, "compare", _seen.Count, page.Progress.Total > 0 ? (double)page.Progress.Done / page.Progress.Total : null));
            }
        }

        Absent(outbound, mark ? deliveries : null, cancellationToken);
        var found = _drift.Found;
        report.Counts = new Counts(found.Missing.Count, found.Different.Count, _seen.Count - found.Different.Count, 0, 0, 0);
        return found;
    }

    private void Compare(StoreTransaction transaction, long outbound, IReadOnlyList<SourceRow> rows, DeliveryTable? marks)
    {
        var byKey = new Dictionary<string, SourceRow>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            if (row is { Fault: null, IsDelete: false, IsSighting: false } && row[_fields[0]].ToText() is { Length: > 0 } key)
                byKey[key] = row;
        }

        string[] keys = [.. byKey.Keys];
        var different = new List<Delivered>();
        using (var stored = transaction.Lookup("delivery", ("outbound_id", outbound), "key", keys, "master_id", "state", "sent", "external_id", "made"))
        {
            while (stored.Next())
            {
                if (!stored.Utf8(1).SequenceEqual("done"u8) || !_seen.Add(stored.Int64(0)))
                    continue;
                var row = byKey[keys[stored.Index]];
                var sent = PlannedDelivery.FromJson(_fields, stored.Utf8(2).ToArray());
                if (Enumerable.Range(0, _fields.Length).All(i => row.Shape.Find(_fields[i]) < 0 || FieldValues.Same(FieldValues.Plain(row[_fields[i]]), sent[i])))
                    continue;
                _drift.Different(keys[stored.Index]);
                different.Add(new Delivered(stored.Int64(0), keys[stored.Index], stored.IsNull(3) ? null : Encoding.UTF8.GetString(stored.Utf8(3)), stored.Int64(4) != 0));
            }
        }

        if (marks is null || different.Count == 0)
            return;
        using var insert = DeliveryTable.Insert(transaction);
        foreach (var one in different)
        {
            var there = _fields.Select(field => FieldValues.Plain(byKey[one.Key][field])).ToList();
            marks.Put(insert, one.Master, one.Key, one.ExternalId, null, PlannedDelivery.ToJson(_fields, there), "failed", "it is otherwise there", one.Made);
        }
    }

    /// <summary>What was delivered and did not come.</summary>
    private void Absent(long outbound, DeliveryTable? marks, CancellationToken cancellationToken)
    {
        for (long? last = long.MinValue; last is not null;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var transaction = store.Begin();
            var page = transaction.Query<(long Master, string Key)>(
                """select d.master_id, d."key" from delivery d where d.outbound_id = @outbound and d.state = 'done' and d.master_id > @last order by d.master_id limit @count""", new { outbound, last, count = PageRows });
            var absent = page.FindAll(one => !_seen.Contains(one.Master));
            absent.ForEach(one => _drift.Missing(one.Key));
            if (marks is not null && absent.Count > 0)
            {
                using (var insert = DeliveryTable.Insert(transaction))
                    absent.ForEach(one => marks.Put(insert, one.Master, one.Key, null, null, "{}", "failed", "it was not there any more", made: false));
                transaction.Execute("update outbound set delivered = delivered - @count where id = @outbound", new { outbound, count = absent.Count });
            }

            transaction.Commit();
            last = page.Count < PageRows ? null : page[^1].Master;
        }
    }

    /// <summary>What was delivered, and has never been seen in the stream, not even in quarantine.</summary>
    private Drift NeverCameBack(long outbound)
    {
        // What an inbound pipeline does not take is not seen by it.
        if (pipeline.Counterparts.Any(inbound => inbound.Where is not null))
            return _drift.Found;
        foreach (var id in store.Stream<string>(
            """
            select d.external_id from delivery d where d.outbound_id = @outbound and d.state = 'done' and d.external_id is not null
            and not exists (select 1 from inbound i join source_key k on k.inbound_id = i.id and k.source_id = d.external_id
                where i.connection = @Connection and i.stream = @Stream and i.entity = @Entity)
            and not exists (select 1 from inbound i join quarantine q on q.inbound_id = i.id and q."identity" = d.external_id
                where i.connection = @Connection and i.stream = @Stream and i.entity = @Entity and q.state <> 'resolved')
            order by d.master_id
            """,
            new { outbound, Connection = pipeline.Connection.Name, pipeline.Stream, Entity = pipeline.Entity.Type.Name }))
        {
            _drift.Missing(id);
        }

        var found = _drift.Found;
        return found.Total == 0 ? found : found with { Unknown = "they were removed there before the hub could read them; what users remove is not made again, unless to.recreate says so" };
    }

    private sealed record Delivered(long Master, string Key, string? ExternalId, bool Made);
}

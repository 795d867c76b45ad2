using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Hub.Store;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.Pipelines;

/// <summary>The store's side of an outbound pipeline: which masters to look at, what each needs, and what became of it.</summary>
internal sealed class Deliveries
{
    private const int PageMasters = 4096;

    private readonly MasterStore _store;
    private readonly OutboundPipeline _pipeline;
    private readonly RunContext _run;
    private readonly OutboundMapper _mapper;
    private readonly string[] _fields;
    private readonly State _state;
    private readonly long _upTo;

    /// <summary>Collects the masters to look at: what changed since the last push, and what failed then. After a change of the pipeline, all.</summary>
    public Deliveries(MasterStore store, OutboundPipeline pipeline, RunContext run)
    {
        _store = store;
        _pipeline = pipeline;
        _run = run;
        _mapper = new OutboundMapper(pipeline);
        _fields = [.. pipeline.Map.Select(field => field.Field)];
        using var transaction = store.Begin();
        _state = Load(transaction);
        _upTo = transaction.Scalar<long?>("select max(seq) from change_feed") ?? 0;
        transaction.Execute("delete from candidate");
        var names = new { _state.Id, entity = pipeline.Entity.Type.Name, _state.FeedSeq, _upTo };
        if (_state.Fingerprint != unchecked((long)pipeline.Fingerprint))
        {
            transaction.Execute(
                """
                insert into candidate (master_id) select id from master where entity = @entity and merged_into is null and ended_run is null
                union select master_id from delivery where outbound_id = @Id
                """,
                names);
        }
        else
        {
            transaction.Execute(
                """
                insert into candidate (master_id) select distinct master_id from change_feed where seq > @FeedSeq and entity = @entity
                union select master_id from delivery where outbound_id = @Id and state = 'failed'
                """,
                names);
        }

        transaction.Commit();
    }

    /// <summary>How many records of the hub are at the destination.</summary>
    public long Delivered => _state.Delivered;

    /// <summary>The destination's fields.</summary>
    public IReadOnlyList<string> Fields => _fields;

    /// <summary>How many masters there are to look at.</summary>
    public long Count()
    {
        using var transaction = _store.Begin();
        return transaction.Scalar<long>("select count(*) from candidate");
    }

    /// <summary>What the masters need, page by page, in the order of their numbers.</summary>
    public IEnumerable<List<PlannedDelivery>> Plan()
    {
        // Only where the pipeline has a key of its own can two masters claim one.
        var claimed = _pipeline.Map[0].Expression is null ? null : new HashSet<ulong>();
        for (var last = long.MinValue; ;)
        {
            var page = Read("where c.master_id > @last order by c.master_id limit @count", ("last", last), ("count", PageMasters));
            if (page.Count == 0)
                yield break;
            last = page[^1].MasterId;
            if (claimed is not null)
                RefuseTaken(page, claimed);
            yield return page;
        }
    }

    /// <summary>What some masters need, once more: what was accepted is written down from here, so that nothing has to be kept meanwhile.</summary>
    public List<PlannedDelivery> Again(long[] masters)
    {
        using (var transaction = _store.Begin())
        {
            transaction.Batch(masters);
            transaction.Commit();
        }

        return Read("where c.master_id in (select k from batch) order by c.master_id");
    }

    /// <summary>Writes down what became of writes.</summary>
    /// <param name="outcomes">By master.</param>
    public void Save(IReadOnlyDictionary<long, Connectors.Contract.WriteOutcome> outcomes)
    {
        if (outcomes.Count == 0)
            return;
        var planned = Again([.. outcomes.Keys.Order()]);
        using var transaction = _store.Begin();
        var delta = 0;
        using (var insert = transaction.Insert(
            "delivery", ["outbound_id", "master_id", "key", "external_id", "version", "sent", "state", "error", "run_id", "at"], WhenExists.Replace))
        {
            foreach (var one in planned)
            {
                var outcome = outcomes[one.MasterId];
                var accepted = outcome.Failure is null;
                var (state, sent) = (accepted, one.Fate) switch
                {
                    (true, DeliveryFate.Delete) => ("deleted", one.Sent),
                    (true, _) => ("done", one.Values),
                    (false, _) => (outcome.Failure == Connectors.Contract.FailureKind.Rejected ? "refused" : "failed", one.Sent),
                };
                delta += accepted ? one.Fate switch { DeliveryFate.Create => 1, DeliveryFate.Delete => -1, _ => 0 } : 0;
                insert.Int64(_state.Id);
                insert.Int64(one.MasterId);
                insert.Text(accepted ? one.Key : one.OldKey ?? one.Key);
                insert.Text(outcome.ExternalId ?? one.ExternalId);
                insert.Text(outcome.Version);
                insert.Text(PlannedDelivery.ToJson(_fields, sent));
                insert.Text(state);
                insert.Text(outcome.Message);
                insert.Int64(_run.RunId);
                insert.Int64(_run.Now);
                insert.EndRow();
            }
        }

        using (var writes = transaction.Insert("run_write", ["run_id", "outbound_id", "master_id", "outcome", "message"], WhenExists.Replace))
        {
            foreach (var one in planned)
            {
                var outcome = outcomes[one.MasterId];
                writes.Int64(_run.RunId);
                writes.Int64(_state.Id);
                writes.Int64(one.MasterId);
                writes.Text(outcome.Failure is not null ? "r" : one.Fate switch { DeliveryFate.Create => "c", DeliveryFate.Delete => "d", _ => "u" });
                writes.Text(outcome.Message);
                writes.EndRow();
            }
        }

        transaction.Execute("update outbound set delivered = delivered + @delta where id = @Id", new { delta, _state.Id });
        transaction.Commit();
    }

    /// <summary>Remembers which masters could not be sent as they are, so that the next run looks at them again.</summary>
    public void SaveRefused(IReadOnlyList<(long Master, string Why)> refused)
    {
        if (refused.Count == 0)
            return;
        using var transaction = _store.Begin();
        foreach (var (master, why) in refused)
        {
            transaction.Execute(
                "update delivery set state = 'failed', error = @why where outbound_id = @Id and master_id = @master and (state <> 'failed' or error <> @why)",
                new { _state.Id, master, why });
            transaction.Execute(
                """
                insert into delivery (outbound_id, master_id, "key", sent, state, error, run_id, at) select @Id, @master, '', '{}', 'failed', @why, @RunId, @Now
                where not exists (select 1 from delivery d where d.outbound_id = @Id and d.master_id = @master)
                """,
                new { _state.Id, master, why, _run.RunId, _run.Now });
        }

        transaction.Commit();
    }

    /// <summary>Remembers that everything up to now has been looked at.</summary>
    public void Finish()
    {
        var fingerprint = unchecked((long)_pipeline.Fingerprint);
        if (_state.FeedSeq == _upTo && _state.Fingerprint == fingerprint)
            return;
        using var transaction = _store.Begin();
        transaction.Execute("update outbound set feed_seq = @_upTo, fingerprint = @fingerprint where id = @Id", new { _upTo, fingerprint, _state.Id });
        transaction.Commit();
    }

    private State Load(StoreTransaction transaction)
    {
        const string Find = "select id, feed_seq, fingerprint, delivered from outbound where pipeline = @Name and connection = @Connection and stream = @Stream and entity = @Entity";
        var names = new { _pipeline.Name, Connection = _pipeline.Connection.Name, _pipeline.Stream, Entity = _pipeline.Entity.Type.Name };
        if (transaction.First<State>(Find, names) is { } known)
            return known;
        if (transaction.Scalar<long?>("select id from outbound where pipeline = @Name", names) is { } former)
            transaction.Execute("update outbound set pipeline = @until where id = @former", new { former, until = InboundState.Former(_pipeline.Name, former) });
        transaction.Execute("insert into outbound (pipeline, connection, stream, entity, fingerprint, feed_seq) values (@Name, @Connection, @Stream, @Entity, 0, 0)", names);
        return transaction.First<State>(Find, names)!;
    }

    private List<PlannedDelivery> Read(string where, params ReadOnlySpan<(string, object)> parameters)
    {
        var page = new List<PlannedDelivery>(PageMasters);
        using var transaction = _store.Begin();
        using var rows = transaction.Read(
            $"""
            select c.master_id, m.data, cast(case when m.merged_into is null and m.ended_run is null then 1 else 0 end as bigint), d."key", d.sent, d.state, d.external_id
            from candidate c join master m on m.id = c.master_id left join delivery d on d.outbound_id = @outbound and d.master_id = c.master_id
            {where}
            """,
            [("outbound", _state.Id), .. parameters]);
        while (rows.Next())
            page.Add(Plan(rows));
        return page;
    }

    private PlannedDelivery Plan(StoreRows rows)
    {
        var master = rows.Int64(0);
        var values = rows.Int64(2) != 0 ? _mapper.Map(master, rows.Utf8(1)) : null;
        var state = rows.NullableText(5);
        var sent = state is null ? [] : PlannedDelivery.FromJson(_fields, rows.Utf8(4));

        // A record that was never accepted is not there, whatever was tried.
        var there = state is "done" || (state is "failed" or "refused" && sent.Any(value => !value.IsNull));
        if (values is null)
        {
            return there && _pipeline.Settings.Deletes == DeletesPolicy.Delete
                ? new PlannedDelivery(master, DeliveryFate.Delete) { Key = rows.Text(3), Sent = sent, ExternalId = rows.NullableText(6) }
                : new PlannedDelivery(master, there ? DeliveryFate.Unchanged : DeliveryFate.Filtered);
        }

        var key = values[0].ToText();
        if (string.IsNullOrWhiteSpace(key))
            return new PlannedDelivery(master, DeliveryFate.Refused) { Values = values, Sent = sent, Refusal = $"the key {_fields[0]} is empty" };
        var oldKey = there && rows.Text(3) != key ? rows.Text(3) : null;
        var fate = !there || oldKey is not null ? DeliveryFate.Create : values.AsSpan().SequenceEqual(sent) ? DeliveryFate.Unchanged : DeliveryFate.Update;
        return new PlannedDelivery(master, fate) { Key = key, OldKey = oldKey, Values = values, Sent = sent, ExternalId = rows.NullableText(6) };
    }

    private void RefuseTaken(List<PlannedDelivery> page, HashSet<ulong> claimed)
    {
        var creates = page.FindAll(one => one.Fate == DeliveryFate.Create);
        using var transaction = _store.Begin();
        transaction.Batch(creates.ConvertAll(one => one.Key));
        var owners = new Dictionary<string, long>(StringComparer.Ordinal);
        using (var rows = transaction.Read("""select d."key", d.master_id from batch b join delivery d on d.outbound_id = @outbound and d."key" = b.t where d.state = 'done'""", ("outbound", _state.Id)))
        {
            while (rows.Next())
                owners[rows.Text(0)] = rows.Int64(1);
        }

        foreach (var one in creates)
        {
            var taken = owners.TryGetValue(one.Key, out var owner) && owner != one.MasterId;
            if (!taken && claimed.Add(ContentHash.Of(one.Key)))
                continue;
            var other = taken ? $"{MasterId.Of(_pipeline.Entity.Type, owner)} has" : "another master of this run has";
            page[page.IndexOf(one)] = new PlannedDelivery(one.MasterId, DeliveryFate.Refused) { Refusal = $"{other} the same {_fields[0]}" };
        }
    }

    private sealed class State
    {
        public long Id { get; init; }

        public long FeedSeq { get; init; }

        public long Fingerprint { get; init; }

        public long Delivered { get; init; }
    }
}

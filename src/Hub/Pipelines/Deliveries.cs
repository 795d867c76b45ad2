using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Hub.Store;
using Crm.Integration.Hub.TwoWay;
using Crm.Integration.Hub.Undo;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.Pipelines;

/// <summary>The store's side of an outbound pipeline: which masters to look at, what each needs, and what became of it.</summary>
internal sealed class Deliveries
{
    private const int PageMasters = 4096;

    // Whoever is left only in systems to which the hub copied him is gone.
    private const string OnlyCopies =
        """
        (select cast(case when count(*) > 0 and count(*) = count(o.record_id) then 1 else 0 end as bigint) from xref x left join made_record o on o.record_id = x.record_id where x.master_id = m.id)
        """;

    private readonly MasterStore _store;
    private readonly OutboundPipeline _pipeline;
    private readonly RunContext _run;
    private readonly OutboundMapper _mapper;
    private readonly string[] _fields;
    private readonly OutboundState _state;
    private readonly long _upTo;
    private readonly TwoWayPlan? _twoWay;
    private readonly TwoWayLedger? _ledger;
    private readonly string _onlyCopies;
    private readonly DeliveryTable _table;
    private readonly UndoPlan? _undo;
    private readonly List<(long Master, Hold? Left)> _lapsed = [];
    private readonly Dictionary<long, PlannedDelivery> _underWay = [];

    /// <summary>
    /// Collects the masters to look at: what changed since the last push, and what failed then. After a change of the pipeline, all. To take a run back,
    /// those that it wrote.
    /// </summary>
    public Deliveries(MasterStore store, OutboundPipeline pipeline, RunContext run)
    {
        _store = store;
        _pipeline = pipeline;
        _run = run;
        _mapper = new OutboundMapper(pipeline);
        _fields = [.. pipeline.Map.Select(field => field.Field)];
        using var transaction = store.Begin();
        _state = OutboundState.Load(transaction, pipeline);
        Delivered = _state.Delivered;
        _table = new DeliveryTable(_state.Id, run);
        _onlyCopies = pipeline.Settings.Deletes == DeletesPolicy.Delete && transaction.Scalar<long>("select count(*) from made_record") > 0 ? OnlyCopies : "cast(0 as bigint)";
        if (pipeline.Counterparts.Count > 0)
        {
            _twoWay = new TwoWayPlan(store, pipeline, _state.Id);
            _ledger = new TwoWayLedger(pipeline, _state.Id, _twoWay.Paths, run);
        }

        _upTo = transaction.Scalar<long?>("select max(seq) from change_feed") ?? 0;
        Held = HoldTable.Count(transaction, _state.Id);
        transaction.Execute("delete from candidate");
        var names = new { _state.Id, entity = pipeline.Entity.Type.Name, _state.FeedSeq, _upTo };
        if (run.Options.Undo is { } undone)
        {
            _undo = new UndoPlan(pipeline, _state.Id, undone);
            _undo.AddCandidates(transaction);
            transaction.Commit();
            return;
        }

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
                union select master_id from held_delivery where outbound_id = @Id and released = 1
                """,
                names);
        }

        if (_twoWay is not null)
            TwoWayLedger.AddCandidates(transaction, pipeline, _state.Id, _state.FeedSeq);
        transaction.Commit();
    }

    /// <summary>What became of fields in conflict so far; null for none, or where nothing is pulled.</summary>
    public Runs.ConflictCounts? Conflicts => _ledger?.Counts;

    /// <summary>How many records of the hub are at the destination.</summary>
    public long Delivered { get; private set; }

    /// <summary>How many of them are held, since a person took back what was sent.</summary>
    public long Held { get; }

    /// <summary>The destination's fields.</summary>
    public IReadOnlyList<string> Fields => _fields;

    /// <summary>How many masters there are to look at.</summary>
    public long Count()
    {
        using var transaction = _store.Look();
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

    /// <summary>Writes down what became of writes that were announced.</summary>
    /// <param name="outcomes">By master.</param>
    public void Save(IReadOnlyDictionary<long, WriteOutcome> outcomes)
    {
        var planned = new List<PlannedDelivery>(outcomes.Count);
        foreach (var master in outcomes.Keys.Order())
        {
            // What was sent, and not what would be sent now: masters change meanwhile. Who is answered twice was saved before.
            if (_underWay.Remove(master, out var one))
                planned.Add(one);
        }

        if (planned.Count == 0)
            return;
        using var transaction = _store.Begin();
        var delta = 0;
        using (var insert = DeliveryTable.Insert(transaction))
        {
            foreach (var one in planned)
            {
                var outcome = outcomes[one.MasterId];
                var accepted = outcome.Failure is null;
                var (state, sent) = (accepted, one.Fate) switch
                {
                    (true, DeliveryFate.Delete) => ("deleted", Sent(one)),
                    (true, _) => ("done", Accepted(one)),
                    (false, _) => (IsGone(one, outcome) ? "gone" : IsRefused(outcome) ? "refused" : "failed", Sent(one)),
                };
                if (!accepted && _undo is not null)
                    (state, sent) = Former(one);
                delta += accepted ? one.Fate switch { DeliveryFate.Create => 1, DeliveryFate.Delete => -1, _ => 0 } : state == "gone" ? -1 : 0;
                var made = one.Fate == DeliveryFate.Create ? outcome.Created ?? true : one.Made || one.TwoWay is { } delivery && (delivery.Row.Made || delivery.Target is { Made: true });
                _table.Put(insert, one.MasterId, accepted ? one.Key : one.OldKey ?? one.Key, outcome.ExternalId ?? one.ExternalId, outcome.Version, sent, state, outcome.Message, made);
            }
        }

        _table.SaveOutcomes(transaction, planned, outcomes, _fields);
        if (_undo is not null)
            HoldTable.Remove(transaction, _state.Id, [.. planned.Where(one => outcomes[one.MasterId].Failure is not null).Select(one => one.MasterId)]);
        if (_twoWay is not null)
            _ledger!.SaveAccepted(transaction, planned.FindAll(one => outcomes[one.MasterId].Failure is null), outcomes);
        transaction.Execute("update outbound set delivered = delivered + @delta where id = @Id", new { delta, _state.Id });
        transaction.Commit();
    }

    /// <summary>Writes down what is so whatever is sent: whose record is whose, what both ends agree on, what waits for a person.</summary>
    public void SaveFacts(List<PlannedDelivery> page)
    {
        SaveLapsed();
        if (_ledger is null || page.FindAll(one => one.TwoWay is { } delivery && (delivery.HasFacts || delivery.LookAgain)) is not { Count: > 0 } facts)
            return;
        using var transaction = _store.Begin();
        var linked = facts.FindAll(one => one.TwoWay is { Links: true } or { IsRemoved: true });
        var delta = 0;
        using (var insert = DeliveryTable.Insert(transaction))
        {
            foreach (var one in linked)
            {
                var delivery = one.TwoWay!;
                var was = delivery.Row.State is "done" or "failed" or "refused" && delivery.Row.ExternalId is not null;
                delta += (delivery.IsRemoved ? 0 : 1) - (was ? 1 : 0);
                if (delivery.IsRemoved)
                    _table.Put(insert, one.MasterId, delivery.Row.Key, delivery.Row.ExternalId, null, "{}", "gone", "its users removed it there", delivery.Row.Made);
                else
                    _table.Put(insert, one.MasterId, one.Key, one.ExternalId, null, Sent(one), "done", null, delivery.Target!.Made);
            }
        }

        _ledger.SaveFacts(transaction, facts);
        if (delta != 0)
            transaction.Execute("update outbound set delivered = delivered + @delta where id = @Id", new { delta, _state.Id });
        Delivered += delta;
        transaction.Commit();
    }

    /// <summary>
    /// Before anything is sent. Should the answer to a create be lost, the key tells whose record it is when it comes back. Should that of a write that goes
    /// over an edit be lost, the edit is written down. And should that of a write that is taken back be lost, it is not made again.
    /// </summary>
    public void Announce(List<PlannedDelivery> writes)
    {
        foreach (var one in writes)
            _underWay[one.MasterId] = one;
        var creates = _twoWay is null ? [] : writes.FindAll(one => one.Fate == DeliveryFate.Create);
        var overruling = _ledger is null ? [] : writes.FindAll(ConflictLedger.Overrules);
        if (_store.Rehearsing || (creates.Count + overruling.Count == 0 && (_undo is null || writes.Count == 0)))
            return;
        using var transaction = _store.Begin();
        if (_undo is not null)
            HoldTable.Put(transaction, _state.Id, _undo.Run, _run.RunId, writes.ConvertAll(one => (one.MasterId, one.Hold)));
        _ledger?.Announce(transaction, overruling);
        using (var insert = DeliveryTable.Insert(transaction))
        {
            foreach (var one in creates)
                _table.Put(insert, one.MasterId, one.Key, null, null, "{}", "failed", "sent, and not answered yet", made: true);
        }

        transaction.Commit();
    }

    private void SaveLapsed()
    {
        if (_lapsed.Count == 0)
            return;
        using var transaction = _store.Begin();
        HoldTable.Lapse(transaction, _state.Id, _lapsed);
        transaction.Commit();
        _lapsed.Clear();
    }

    // A write that was not taken back after all: everything is as it was.
    private (string State, string Sent) Former(PlannedDelivery one) => one.Fate == DeliveryFate.Create && one.OldKey is null ? ("deleted", Sent(one)) : ("done", Sent(one));

    // What may have passed by the next run, or shows in its pull, is tried again.
    private static bool IsRefused(WriteOutcome outcome) =>
        outcome.Failure == FailureKind.Rejected && outcome.Fault is not (WriteFault.ChangedMeanwhile or WriteFault.NotFound or WriteFault.Locked);

    // Made in an earlier run, never seen by a pull since, and not there: its users removed it before the hub could see it.
    private static bool IsGone(PlannedDelivery one, WriteOutcome outcome) =>
        outcome.Fault == WriteFault.NotFound && one is { Fate: DeliveryFate.Update, TwoWay.Target.RecordId: 0 };

    private string Sent(PlannedDelivery one) => one.TwoWay is null ? PlannedDelivery.ToJson(_fields, one.Sent)
        : one.TwoWay.Target?.Counterpart?.Sent is { } agreed ? FieldValues.ToJson(agreed)
        : "{}";

    private string Accepted(PlannedDelivery one) => PlannedDelivery.ToJson(_fields, one.Values);

    /// <summary>Remembers which masters could not be sent as they are, so that the next run looks at them again.</summary>
    public void SaveRefused(IReadOnlyList<(long Master, string Why)> refused)
    {
        if (refused.Count == 0 || _undo is not null)
            return;
        using var transaction = _store.Begin();
        foreach (var (master, why) in refused)
            _table.SaveRefused(transaction, master, why);
        transaction.Commit();
    }

    /// <summary>Remembers that everything up to now has been looked at.</summary>
    public void Finish()
    {
        if (_undo is not null)
            return;
        var fingerprint = unchecked((long)_pipeline.Fingerprint);
        if (Held == 0 && _state.FeedSeq == _upTo && _state.Fingerprint == fingerprint && _ledger is null)
            return;
        using var transaction = _store.Begin();
        _ledger?.Finish(transaction);
        HoldTable.Finish(transaction, _state.Id);
        transaction.Execute("update outbound set feed_seq = @_upTo, fingerprint = @fingerprint where id = @Id", new { _upTo, fingerprint, _state.Id });
        transaction.Commit();
    }

    private List<PlannedDelivery> Read(string where, params ReadOnlySpan<(string, object)> parameters)
    {
        var page = new List<DeliveryRow>(PageMasters);
        var sent = new List<byte[]?>(PageMasters);
        Action<List<PlannedDelivery>> decide;
        List<PlannedDelivery> planned;
        using (var transaction = _store.Begin())
        {
            using (var rows = transaction.Read(
                $"""
                select c.master_id, m.data, m.merged_into, m.ended_run, d."key", d.sent, d.state, d.external_id, d.made, {_onlyCopies}, h.kind, h.held, h.released
                from candidate c join master m on m.id = c.master_id left join delivery d on d.outbound_id = @outbound and d.master_id = c.master_id
                left join held_delivery h on h.outbound_id = @outbound and h.master_id = c.master_id
                {where}
                """,
                [("outbound", _state.Id), .. parameters]))
            {
                while (rows.Next())
                {
                    page.Add(Row(rows));
                    sent.Add(rows.IsNull(6) ? null : rows.Utf8(5));
                }
            }

            if (_undo is null && _twoWay is null)
                return [.. page.Select((row, i) => Plan(row, sent[i]))];
            decide = _ => { };
            planned = _undo is not null ? _undo.Of(transaction, page, sent) : _twoWay!.Of(transaction, page, out decide);

            // Nothing was written, but the batch was filled: undone, it would come back.
            transaction.Commit();
        }

        decide(planned);
        return planned;
    }

    private DeliveryRow Row(StoreRows rows)
    {
        var (master, golden) = (rows.Int64(0), rows.Utf8(1));
        var ended = rows.IsNull(2) && (!rows.IsNull(3) || rows.Int64(9) != 0);
        var values = rows.IsNull(2) && !ended ? _mapper.Map(master, golden) : null;
        var hold = HoldTable.Read(rows, 10, 11, 12);
        if (_undo is null && hold is not null && hold.Remaining(_fields, values) is var left && left != hold)
        {
            _lapsed.Add((master, left));
            hold = left;
        }

        return new DeliveryRow(master)
        {
            Golden = golden,
            Values = values,
            Hold = hold,
            Ended = ended,
            MergedInto = rows.NullableInt64(2),
            Key = rows.NullableText(4) ?? "",
            State = rows.NullableText(6),
            ExternalId = rows.NullableText(7),
            Made = !rows.IsNull(8) && rows.Int64(8) != 0,
        };
    }

    private PlannedDelivery Plan(DeliveryRow row, byte[]? json)
    {
        var (master, values, state) = (row.MasterId, row.Values, row.State);
        var sent = json is null ? [] : PlannedDelivery.FromJson(_fields, json);

        // A record that was never accepted is not there, whatever was tried.
        var there = state is "done" || (state is "failed" or "refused" && sent.Any(value => !value.IsNull));
        if (values is null)
        {
            return there && row.Hold?.Kind != HoldKind.Remove && _pipeline.Settings.Deletes == DeletesPolicy.Delete
                ? new PlannedDelivery(master, DeliveryFate.Delete) { Key = row.Key, Sent = sent, ExternalId = row.ExternalId }
                : new PlannedDelivery(master, there ? DeliveryFate.Unchanged : DeliveryFate.Filtered);
        }

        if (row.Hold?.Kind == HoldKind.Make && !there)
            return new PlannedDelivery(master, DeliveryFate.Unchanged);
        values = row.Hold?.Over(_fields, values, sent) ?? values;
        var key = values[0].ToText();
        if (string.IsNullOrWhiteSpace(key))
            return new PlannedDelivery(master, DeliveryFate.Refused) { Values = values, Sent = sent, Refusal = $"the key {_fields[0]} is empty" };
        var oldKey = there && row.Key != key ? row.Key : null;
        var fate = !there || oldKey is not null ? DeliveryFate.Create : values.AsSpan().SequenceEqual(sent) ? DeliveryFate.Unchanged : DeliveryFate.Update;
        return new PlannedDelivery(master, fate) { Key = key, OldKey = oldKey, Values = values, Sent = sent, ExternalId = fate == DeliveryFate.Create ? null : row.ExternalId, Made = row.Made };
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

        transaction.Commit();
        foreach (var one in creates)
        {
            var taken = owners.TryGetValue(one.Key, out var owner) && owner != one.MasterId;
            if (!taken && claimed.Add(ContentHash.Of(one.Key)))
                continue;
            var other = taken ? $"{MasterId.Of(_pipeline.Entity.Type, owner)} has" : "another master of this run has";
            page[page.IndexOf(one)] = new PlannedDelivery(one.MasterId, DeliveryFate.Refused)
            {
                Refusal = $"{other} the same {_fields[0]}",
                Fix = taken ? $"{PlannedDelivery.OwnKey}; if they are one: `hub merge {MasterId.Of(_pipeline.Entity.Type, owner)} {MasterId.Of(_pipeline.Entity.Type, one.MasterId)}`" : PlannedDelivery.OwnKey,
            };
        }
    }
}

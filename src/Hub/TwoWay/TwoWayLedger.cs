using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Store;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.TwoWay;

/// <summary>Writes down, for an outbound pipeline of a two-way stream, what both ends agree on and what became of conflicts.</summary>
/// <param name="pipeline">The pipeline.</param>
/// <param name="outbound">Its number in the store.</param>
/// <param name="paths">The entity's fields that each of its fields stands for.</param>
/// <param name="run">The run.</param>
internal sealed class TwoWayLedger(OutboundPipeline pipeline, long outbound, IReadOnlyList<EntityField>[] paths, RunContext run)
{
    private readonly ConflictLedger _conflicts = new(pipeline, outbound, run);
    private readonly HashSet<string> _lookAgain = new(StringComparer.Ordinal);
    private long _overruled;
    private long _yielded;
    private long _asked;
    private long _duplicates;

    /// <summary>What became of conflicts so far; null for none.</summary>
    public ConflictCounts? Counts => _overruled + _yielded + _asked + _duplicates == 0 ? null : new(_overruled, _yielded, _asked, _duplicates);

    /// <summary>Adds the masters of which somebody edited a record at the destination, that are in conflict, or that others were merged into.</summary>
    public static void AddCandidates(StoreTransaction transaction, OutboundPipeline pipeline, long outbound, long feedSeq) => transaction.Execute(
        """
        insert into candidate (master_id)
        select w.master_id from (
            select x.master_id from counterpart c join inbound i on i.connection = @Connection and i.stream = @Stream and i.entity = @Entity
            join source_key k on k.inbound_id = i.id and k.source_id = c.external_id join xref x on x.record_id = k.record_id
            where c.outbound_id = @outbound and c.fresh = 1
            union
            select x.master_id from field_conflict f join xref x on x.record_id = f.record_id where f.outbound_id = @outbound and f.state in ('open', 'decided')
            union
            select m.merged_into from change_feed n join master m on m.id = n.master_id where n.seq > @feedSeq and n.entity = @Entity and m.merged_into is not null
        ) w
        where not exists (select 1 from candidate o where o.master_id = w.master_id)
        """,
        new { Connection = pipeline.Connection.Name, pipeline.Stream, Entity = pipeline.Entity.Type.Name, outbound, feedSeq });

    /// <summary>What is so before anything is sent.</summary>
    public void SaveFacts(StoreTransaction transaction, List<PlannedDelivery> facts)
    {
        var agreed = new List<Counterpart>();
        foreach (var one in facts)
        {
            var delivery = one.TwoWay!;
            if (delivery.Target is not { } target)
                continue;
            if (delivery.LookAgain)
                _lookAgain.Add(target.Id);
            if (Agree(one, target.Counterpart) is { } counterpart)
                agreed.Add(counterpart);
            _yielded += _conflicts.Keep(transaction, one, paths);
            _asked += delivery.Decided.Count(decided => decided.Fate == FieldFate.Ask);
            _duplicates += delivery.Duplicates.Count;
        }

        CounterpartTable.Write(transaction, outbound, agreed);
    }

    /// <summary>What is about to be written over.</summary>
    public void Announce(StoreTransaction transaction, List<PlannedDelivery> overruling) => overruling.ForEach(one => _conflicts.Announce(transaction, one));

    /// <summary>What the destination has taken.</summary>
    public void SaveAccepted(StoreTransaction transaction, List<PlannedDelivery> accepted, IReadOnlyDictionary<long, WriteOutcome> outcomes)
    {
        var changed = new List<Counterpart>();
        foreach (var one in accepted.Where(one => one.TwoWay is not null))
        {
            var outcome = outcomes[one.MasterId];
            if (one.Fate == DeliveryFate.Delete)
            {
                transaction.Execute("delete from counterpart where outbound_id = @outbound and external_id = @ExternalId", new { outbound, one.ExternalId });
                continue;
            }

            if ((outcome.ExternalId ?? one.ExternalId) is not { } id)
                continue;
            var counterpart = one.TwoWay!.Target?.Counterpart is { } known && known.ExternalId == id ? known : new Counterpart { ExternalId = id };
            Agree(one, counterpart);
            counterpart.Wrote(one.Values.Select((value, i) => (Field: one.Fields[i], value, i)).Where(field => one.Fate == DeliveryFate.Create || one.TwoWay.Writes(field.i)).Select(field => (field.Field, field.value)), outcome.Version);
            changed.Add(counterpart);
            _overruled += _conflicts.Overruled(transaction, one);
        }

        CounterpartTable.Write(transaction, outbound, changed);
    }

    /// <summary>Everything up to now has been looked at, but for what is still open.</summary>
    public void Finish(StoreTransaction transaction)
    {
        transaction.Execute("update counterpart set fresh = 0 where outbound_id = @outbound and fresh = 1", new { outbound });
        foreach (var id in _lookAgain)
            transaction.Execute("update counterpart set fresh = 1 where outbound_id = @outbound and external_id = @id", new { outbound, id });
    }

    private static Counterpart? Agree(PlannedDelivery one, Counterpart? counterpart)
    {
        if (counterpart is null || Array.IndexOf(one.TwoWay!.Fates, FieldFate.Agreed) < 0)
            return null;
        for (var i = 0; i < one.TwoWay.Fates.Length; i++)
        {
            if (one.TwoWay.Fates[i] == FieldFate.Agreed)
                counterpart.Agree(one.Fields[i], one.Values[i], counterpart.Theirs(one.Fields[i]));
        }

        return counterpart;
    }
}

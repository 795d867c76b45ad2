using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Store;
using Crm.Integration.Hub.Undo;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.TwoWay;

/// <summary>
/// What masters need at a destination that is pulled as well: which of its records each one is, and field by field what to write, what to leave,
/// and whom to ask.
/// </summary>
internal sealed class TwoWayPlan
{
    private readonly MasterStore _store;
    private readonly OutboundPipeline _pipeline;
    private readonly EntityField[][] _paths;
    private readonly DestinationRecords _records;
    private readonly List<string> _fields;

    /// <summary>For an outbound pipeline that has counterparts.</summary>
    public TwoWayPlan(MasterStore store, OutboundPipeline pipeline, long outbound)
    {
        _store = store;
        _pipeline = pipeline;
        _fields = [.. pipeline.Map.Select(field => field.Field)];
        _paths = [.. pipeline.Map.Select((_, i) => FieldPaths.Outbound(pipeline, i))];
        _records = new DestinationRecords(pipeline, outbound);
    }

    /// <summary>The entity's fields that each of the destination's fields stands for.</summary>
    public IReadOnlyList<EntityField>[] Paths => _paths;

    /// <summary>What some masters need.</summary>
    public List<PlannedDelivery> Of(StoreTransaction transaction, List<DeliveryRow> page, out Action<List<PlannedDelivery>> decide)
    {
        var known = _records.Of(transaction, page);
        var planned = page.ConvertAll(row => Plan(row, known));

        // Ages of values are asked for outside the transaction, and only where somebody edited a field.
        decide = list => list.ForEach(one => one.TwoWay?.Decide(one, _pipeline, Ages));
        return planned;
    }

    private PlannedDelivery Plan(DeliveryRow row, KnownRecords known)
    {
        var (target, removed) = known.TargetOf(row);
        if (row.Values is null && row.Hold?.Kind == HoldKind.Remove)
            return new PlannedDelivery(row.MasterId, DeliveryFate.Unchanged) { Key = row.Key };
        if (row.Values is null)
            return Leaving(row, row.ExternalId is null ? null : known.RecordOf(row.ExternalId));
        var key = row.Values[0].ToText();
        if (string.IsNullOrWhiteSpace(key))
            return new PlannedDelivery(row.MasterId, DeliveryFate.Refused) { Values = row.Values, Refusal = $"the key {_pipeline.Map[0].Field} is empty" };
        if (target is null && row.Hold?.Kind == HoldKind.Make)
            return new PlannedDelivery(row.MasterId, DeliveryFate.Unchanged) { Key = key };
        if (target is null && known.HolderOf(row, _pipeline.Map[0].Field) is { } holder)
        {
            return new PlannedDelivery(row.MasterId, DeliveryFate.Refused)
            {
                Values = row.Values,
                Refusal = $"its record there is {MasterId.Of(_pipeline.Entity.Type, holder)} by now, and still has its key",
                Fix = "nothing: this run gives that record its own key, and the next one makes another record",
            };
        }

        if (target is null)
        {
            var stays = (removed || row.State == "gone") && !_pipeline.Settings.To!.Recreate;
            return new PlannedDelivery(row.MasterId, stays ? DeliveryFate.Unchanged : DeliveryFate.Create)
            {
                Key = key,
                Fields = _fields,
                Values = row.Values,
                TwoWay = new TwoWayDelivery { Row = row, Target = null, IsRemoved = stays && row.State != "gone", Fates = stays ? [] : [.. row.Values.Select(_ => FieldFate.Write)] },
            };
        }

        var delivery = new TwoWayDelivery
        {
            Row = row,
            Target = target,
            Links = row.ExternalId != target.Id || row.State is not ("done" or "failed" or "refused"),
            Conflicts = known.ConflictsOf(target.RecordId),
            Duplicates = known.DuplicatesOf(row.MasterId, target),
            Waits = known.IsPending(row.MasterId),
            Fates = Fates(row, target, known),
        };
        return new PlannedDelivery(row.MasterId, DeliveryFate.Unchanged) { Key = key, Fields = _fields, Values = row.Values, ExternalId = target.Id, TwoWay = delivery };
    }

    /// <summary>Who is gone, or no longer taken: only what the hub made is removed, or what nobody has any more.</summary>
    private PlannedDelivery Leaving(DeliveryRow row, DestinationRecord? target)
    {
        var there = target is not null && row.State is "done" or "failed" or "refused";
        if (target is not null && there && _pipeline.Settings.Deletes == DeletesPolicy.Delete && MayRemove(row, target))
        {
            return new PlannedDelivery(row.MasterId, DeliveryFate.Delete)
            {
                Key = row.Key, Fields = _fields, ExternalId = target.Id, TwoWay = new TwoWayDelivery { Row = row, Target = target, Fates = [] },
            };
        }

        return new PlannedDelivery(row.MasterId, there ? DeliveryFate.Unchanged : DeliveryFate.Filtered);
    }

    // Merged into another customer: its record is that one's by now, or a second one that the hub itself made.
    private static bool MayRemove(DeliveryRow row, DestinationRecord target) => row.MergedInto is null
        ? row.Made || target.Made || row.Ended
        : (row.Made || target.Made) && target.MasterId is { } owner && owner != row.MasterId && !target.IsServed;

    private FieldFate?[] Fates(DeliveryRow row, DestinationRecord target, KnownRecords known)
    {
        var fates = new FieldFate?[row.Values!.Length];
        EntityRecord? golden = null, member = null;
        for (var i = 0; i < fates.Length; i++)
        {
            var field = _pipeline.Map[i].Field;
            var sides = target.Sides(field, row.Values[i]);
            fates[i] = row.Hold?.Holds(field) == true && !FieldValues.Same(sides.Ours, sides.Theirs) ? FieldFate.Stays : FieldMerge.Plainly(sides, _pipeline.Settings.To!.Blank, sides.TheirsChanged && (i == 0 || IsTaken(i)));
        }

        return fates;

        // The same in the hub's own words: only the way of writing differs.
        bool IsTaken(int field)
        {
            if (target.Data is null || _paths[field].Length == 0 || known.IsPending(row.MasterId))
                return false;
            golden ??= RecordJson.Read(_pipeline.Entity.Type, row.Golden);
            member ??= RecordJson.Read(_pipeline.Entity.Type, target.Data);
            return _paths[field].All(path => FieldValues.Same(golden[path.Ordinal], member[path.Ordinal]));
        }
    }

    private (DateTimeOffset? Ours, DateTimeOffset? Theirs, bool Decided) Ages(PlannedDelivery one, int field) =>
        FieldAges.Of(_store, _pipeline.Entity, one.MasterId, one.TwoWay!.Target!.RecordId, _paths[field]);
}

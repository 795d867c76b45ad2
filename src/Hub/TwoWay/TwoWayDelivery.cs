using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.TwoWay;

/// <summary>A record at a destination that is pulled as well.</summary>
/// <param name="Id">Its id there.</param>
/// <param name="RecordId">The source record it is; 0 before it was pulled.</param>
/// <param name="MasterId">The master it belongs to; null for none.</param>
internal sealed record DestinationRecord(string Id, long RecordId, long? MasterId)
{
    /// <summary>Its content as mapped by the inbound pipeline; null before it was pulled.</summary>
    public byte[]? Data { get; init; }

    /// <summary>Whether the hub made it.</summary>
    public bool Made { get; init; }

    /// <summary>Whether its master's own delivery is this one.</summary>
    public bool IsServed { get; init; }

    /// <summary>What is known of it; null for nothing.</summary>
    public Counterpart? Counterpart { get; init; }

    /// <summary>A field of it, and what the hub says.</summary>
    public FieldSides Sides(string field, Value ours) => Counterpart is null
        ? new FieldSides(ours, Value.Null, false, false, false)
        : new FieldSides(
            ours,
            Counterpart.Theirs(field),
            Counterpart.HasBase(field),
            Counterpart.HasBase(field) && !FieldValues.Same(ours, Counterpart.Sent![field]),
            Counterpart.WasEdited(field));
}

/// <summary>A field of a master in conflict with a destination, decided one way or the other.</summary>
/// <param name="Field">The field's place in the pipeline.</param>
/// <param name="Sides">What both say.</param>
/// <param name="Fate">What becomes of it.</param>
/// <param name="Policy">The field's policy.</param>
/// <param name="OursAt">When the hub's value was changed at its source.</param>
/// <param name="TheirsAt">When the destination's was.</param>
internal sealed record DecidedField(int Field, FieldSides Sides, FieldFate Fate, ConflictPolicy Policy, DateTimeOffset? OursAt, DateTimeOffset? TheirsAt);

/// <summary>What a master needs at a destination that is pulled as well.</summary>
internal sealed class TwoWayDelivery
{
    /// <summary>As it was read.</summary>
    public required DeliveryRow Row { get; init; }

    /// <summary>Which record of the destination it is; null for none yet.</summary>
    public required DestinationRecord? Target { get; init; }

    /// <summary>What becomes of each field; null where a policy decides.</summary>
    public required FieldFate?[] Fates { get; init; }

    /// <summary>Whether the record is this master's from now on.</summary>
    public bool Links { get; init; }

    /// <summary>Whether its users have removed the record.</summary>
    public bool IsRemoved { get; init; }

    /// <summary>Whether records of the master have not been matched yet: what is in conflict waits for that.</summary>
    public bool Waits { get; init; }

    /// <summary>The conflicts of the record that wait for a person, or were decided by one.</summary>
    public IReadOnlyList<ConflictRow> Conflicts { get; init; } = [];

    /// <summary>Other records of the destination that are this master.</summary>
    public IReadOnlyList<DestinationRecord> Duplicates { get; init; } = [];

    /// <summary>The fields in conflict.</summary>
    public List<DecidedField> Decided { get; } = [];

    /// <summary>Whether it must be looked at by the next run again, whatever happens until then.</summary>
    public bool LookAgain => (Waits && Array.IndexOf(Fates, null) >= 0) || Decided.Exists(one => one.Fate == FieldFate.Yield);

    /// <summary>Whether there is something to be written down before anything is sent.</summary>
    public bool HasFacts => Links || IsRemoved || Duplicates.Count > 0 || Array.IndexOf(Fates, FieldFate.Agreed) >= 0 || Decided.Exists(one => one.Fate is FieldFate.Ask or FieldFate.Yield) || Conflicts.Any(one => one.Field.Length > 0);

    /// <summary>Whether a field is to be written.</summary>
    public bool Writes(int field) => Fates[field] is FieldFate.Write or FieldFate.Overrule;

    /// <summary>Decides the fields that policies decide, and with them what is to be done.</summary>
    public void Decide(PlannedDelivery one, OutboundPipeline pipeline, Func<PlannedDelivery, int, (DateTimeOffset? Ours, DateTimeOffset? Theirs, bool Decided)> ages)
    {
        if (Target is null)
            return;
        for (var i = 0; i < Fates.Length && !Waits; i++)
        {
            if (Fates[i] is not null)
                continue;
            var field = pipeline.Map[i].Field;
            var sides = Target.Sides(field, one.Values[i]);
            var policy = pipeline.PolicyOf(field);
            var (oursAt, theirsAt, decided) = policy == ConflictPolicy.Hub ? default : ages(one, i);

            // A person has decided, and the destination says still the same.
            var word = Conflicts.FirstOrDefault(row => row.Field == field && row.State == "decided" && row.Winner == "hub" && FieldValues.Same(row.TheirsValue, sides.Theirs));
            var fate = word is not null ? FieldFate.Overrule
                : policy == ConflictPolicy.Ask && decided && !Conflicts.Any(row => row.Field == field && row.State == "open") ? FieldFate.Overrule
                : FieldMerge.ByPolicy(policy, oursAt, theirsAt, decided);

            // Where the golden record has no field for it, nothing can be taken.
            if (fate == FieldFate.Yield && FieldPaths.Outbound(pipeline, i).Length == 0)
                fate = FieldFate.Overrule;
            Decided.Add(new DecidedField(i, sides, fate, policy, oursAt, theirsAt));
            Fates[i] = fate;
        }

        if (Array.Exists(Fates, fate => fate is FieldFate.Write or FieldFate.Overrule))
            one.Fate = DeliveryFate.Update;
    }
}

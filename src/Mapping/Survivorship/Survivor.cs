using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Survivorship;

/// <summary>
/// Computes golden records: a pure function of the members and the rules. The order of the members does not matter, and
/// the same members give the same bytes.
/// </summary>
public sealed class Survivor
{
    /// <summary>A survivor for an entity.</summary>
    /// <param name="type">The entity.</param>
    /// <param name="settings">The rules.</param>
    public Survivor(EntityType type, SurvivorshipSettings settings) => throw new NotImplementedException();

    /// <summary>The golden record of some members.</summary>
    /// <param name="members">At least one.</param>
    public EntityRecord Merge(IReadOnlyList<Member> members) => throw new NotImplementedException();

    /// <summary>The golden record, and for each filled field where its value comes from, why, and what else was on offer.</summary>
    /// <param name="members">At least one.</param>
    public GoldenExplanation Explain(IReadOnlyList<Member> members) => throw new NotImplementedException();
}

/// <summary>A source record as survivorship sees it.</summary>
/// <param name="RecordId">The store's number of the record; the last tie-break.</param>
/// <param name="Connection">Its connection; <c>steward</c> for corrections by hand, which win over all.</param>
/// <param name="SourceId">Its id at the source.</param>
/// <param name="ModifiedAt">When the source says it was last changed, or null where the source does not say.</param>
/// <param name="Record">The mapped record.</param>
public sealed record Member(long RecordId, string Connection, string SourceId, DateTimeOffset? ModifiedAt, EntityRecord Record);

/// <summary>A golden record and where its fields come from.</summary>
/// <param name="Record">The golden record.</param>
/// <param name="Fields">The lineage of each filled field.</param>
public sealed record GoldenExplanation(EntityRecord Record, IReadOnlyList<FieldLineage> Fields);

/// <summary>Where the value of a golden field comes from.</summary>
/// <param name="Field">The field.</param>
/// <param name="Value">The value chosen.</param>
/// <param name="From">The members that gave it; the first is the one that decided.</param>
/// <param name="Rule">The rule that decided, in words: "most recent", "source priority".</param>
/// <param name="Others">The values that lost, each with its member.</param>
public sealed record FieldLineage(EntityField Field, Value Value, IReadOnlyList<Member> From, string Rule, IReadOnlyList<(Value Value, Member Member)> Others);

using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Survivorship;

/// <summary>A golden record and where its fields come from.</summary>
/// <param name="Record">The golden record.</param>
/// <param name="Fields">The lineage of each filled field, in the order of the entity.</param>
public sealed record GoldenExplanation(EntityRecord Record, IReadOnlyList<FieldLineage> Fields);

/// <summary>Where the value of a golden field comes from.</summary>
/// <param name="Field">The field.</param>
/// <param name="Value">The value chosen.</param>
/// <param name="From">The members that gave it; the first is the one that decided.</param>
/// <param name="Rule">The rule that decided, in words: "most recent", "source priority".</param>
/// <param name="Others">The values that lost, each with its member.</param>
public sealed record FieldLineage(EntityField Field, Value Value, IReadOnlyList<Member> From, string Rule, IReadOnlyList<LostValue> Others);

/// <summary>A value that was on offer and not taken.</summary>
/// <param name="Value">The value.</param>
/// <param name="Member">Who offered it.</param>
/// <param name="Why">Why it lost, in words: "older", "less trusted source".</param>
public sealed record LostValue(Value Value, Member Member, string Why);

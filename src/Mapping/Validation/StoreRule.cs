using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Validation;

/// <summary>A rule that only the store can check.</summary>
/// <param name="Index">Its index in the pipeline's list.</param>
/// <param name="Definition">The rule; for <see cref="RuleKind.Exists"/> its entity is filled in.</param>
/// <param name="Field">The field it checks.</param>
public sealed record StoreRule(int Index, RuleDefinition Definition, EntityField Field)
{
    /// <summary>What the store found that the record breaks this rule: empties the field if the rule blanks.</summary>
    /// <param name="record">The record.</param>
    /// <returns>The violation, in the same words as other rules.</returns>
    public Violation Break(EntityRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var value = ViolationText.Describe(record[Field.Ordinal], Field);
        var (said, remedy) = Definition.Rule == RuleKind.Unique
            ? ($"another record of this source has it too: {value}", "give each record a value of its own at the source")
            : ($"there is no {Definition.Entity} with this id in the same connection: {value}",
               $"pull the {Definition.Entity} first (a pipeline of the same connection), or correct the reference at the source");
        if (Definition.Otherwise == Otherwise.Blank)
            FieldRule.Blank(record, Field);
        return new Violation(Index, Definition.Rule, Field.Path, Definition.Otherwise,
            Definition.Message ?? $"{Field.Path}: {said}", ViolationText.Fix(remedy, Definition.Otherwise, canBlank: true));
    }
}

using Crm.Integration.Mapping.Maps;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Validation;

/// <summary>A rule ready to run. Nothing about its settings is looked up per record, and a clean record costs no allocation.</summary>
internal abstract class CompiledRule
{
    public abstract void Check(EntityRecord record, DateOnly today, List<Violation> violations);
}

/// <summary>Whether a value that is not empty, or an element of a list, satisfies a rule.</summary>
internal delegate bool ValueCheck(Value value, DateOnly today);

/// <summary>What a field rule says when it is broken.</summary>
/// <param name="Complaint">What the value is not: "not an e-mail address".</param>
/// <param name="Remedy">What to do at the source.</param>
internal sealed record RuleWords(string Complaint, string Remedy);

/// <summary>A rule about the value of one field, or about each element of a list.</summary>
internal sealed class FieldRule(int index, RuleKind kind, Otherwise otherwise, EntityField field, ValueCheck passes, RuleWords words, string? message) : CompiledRule
{
    private readonly int _ordinal = field.Ordinal;

    public override void Check(EntityRecord record, DateOnly today, List<Violation> violations)
    {
        var value = record[_ordinal];
        if (value.IsNull)
            return;
        if (value.Kind == ValueKind.List)
            CheckElements(record, value.AsList, today, violations);
        else if (!value.IsEmpty && !passes(value, today))
        {
            violations.Add(Broken($"{field.Path}: {words.Complaint}: {ViolationText.Describe(value, field)}"));
            if (otherwise == Otherwise.Blank)
                Blank(record, field);
        }
    }

    /// <summary>Empties a field, and takes its value out of the list of which it is the primary element.</summary>
    public static void Blank(EntityRecord record, EntityField field)
    {
        var value = record[field.Ordinal];
        record[field.Ordinal] = Value.Null;
        foreach (var list in record.Type.Fields)
        {
            if (list.Primary == field.Path && record[list.Ordinal] is { Kind: ValueKind.List } elements)
                record[list.Ordinal] = Without(elements.AsList, element => element == value);
        }
    }

    private void CheckElements(EntityRecord record, IReadOnlyList<Value> elements, DateOnly today, List<Violation> violations)
    {
        var bad = 0;
        var first = Value.Null;
        for (var i = 0; i < elements.Count; i++)
        {
            if (elements[i].IsEmpty || passes(elements[i], today))
                continue;
            if (bad++ == 0)
                first = elements[i];
        }

        if (bad == 0)
            return;
        var count = bad == 1 ? "" : $" and {bad - 1} more";
        violations.Add(Broken($"{field.Path}: {words.Complaint}: {ViolationText.Describe(first, field)}{count}"));
        if (otherwise == Otherwise.Blank)
            BlankElements(record, elements, today);
    }

    private void BlankElements(EntityRecord record, IReadOnlyList<Value> elements, DateOnly today)
    {
        bool IsBad(Value element) => !element.IsEmpty && !passes(element, today);
        record[_ordinal] = Without(elements, IsBad);
        if (field.Primary is { } path && record.Type.Find(path) is { } primary && IsBad(record[primary.Ordinal]))
            record[primary.Ordinal] = Value.Null;
    }

    private static Value Without(IReadOnlyList<Value> elements, Func<Value, bool> unwanted)
    {
        Value[] kept = [.. elements.Where(element => !unwanted(element))];
        return kept.Length == 0 ? Value.Null : Value.List(kept);
    }

    private Violation Broken(string said) =>
        new(index, kind, field.Path, otherwise, message ?? said, ViolationText.Fix(words.Remedy, otherwise, canBlank: true));
}

/// <summary>At least one of some fields is filled.</summary>
internal sealed class RequiredRule(int index, Otherwise otherwise, EntityField[] fields, string? message) : CompiledRule
{
    private readonly string _path = string.Join(", ", fields.Select(field => field.Path));

    public override void Check(EntityRecord record, DateOnly today, List<Violation> violations)
    {
        foreach (var field in fields)
        {
            if (!record[field.Ordinal].IsEmpty)
                return;
        }

        var said = fields.Length == 1 ? $"{_path} is empty" : $"none of {_path} is filled";
        var remedy = fields.Length == 1
            ? "fill it at the source, or map another source field to it"
            : "fill one of them at the source, or map more source fields to them";
        violations.Add(new Violation(index, RuleKind.Required, _path, otherwise, message ?? said, ViolationText.Fix(remedy, otherwise, canBlank: false)));
    }
}

/// <summary>A custom condition. With a field of its own it is asked only when that field is filled.</summary>
internal sealed class ExpressionRule(int index, Otherwise otherwise, EntityField? field, Expression expression, BoundExpression bound, string? message) : CompiledRule
{
    public override void Check(EntityRecord record, DateOnly today, List<Violation> violations)
    {
        if ((field is not null && record[field.Ordinal].IsEmpty) || bound.Test(record.Values))
            return;
        var said = $"the condition does not hold: {expression.Text}";
        if (field is not null)
            said = $"{field.Path}: {said}: {ViolationText.Describe(record[field.Ordinal], field)}";
        violations.Add(new Violation(index, RuleKind.Expression, field?.Path ?? string.Join(", ", expression.Paths), otherwise, message ?? said,
            ViolationText.Fix("correct the record at the source", otherwise, canBlank: field is not null)));
        if (otherwise == Otherwise.Blank && field is not null)
            FieldRule.Blank(record, field);
    }
}

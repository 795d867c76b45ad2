using Crm.Integration.Mapping.Maps;
using Crm.Integration.Mapping.Model;
using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Validation;
using FsCheck;
using FsCheck.Fluent;

namespace Crm.Integration.Mapping.Tests.Validation;

public sealed class RulePropertyTests
{
    private static readonly RuleSet s_rules = Compile();

    // Anything may stand in any field: a map leaves what it cannot convert as it was.
    private static readonly Gen<Value> s_scalar = Gen.OneOf(
        Gen.Elements(Value.Null, Value.Boolean(true), Value.Number(12.5m), Value.Date(new DateOnly(1850, 1, 1)), Value.Date(new DateOnly(1990, 1, 1)), Value.Instant(DateTimeOffset.UnixEpoch)),
        Gen.Elements<Value>("", " ", "a@example.com", "+493012345678", "2001-02-30", "17"),
        ArbMap.Default.GeneratorFor<string>().Select(text => (Value)text));

    private static readonly Gen<Value> s_value = Gen.OneOf(
        s_scalar, s_scalar.ListOf(3).Select(items => Value.List([.. items])), Gen.Constant(Value.Object(new Dictionary<string, Value> { ["x"] = "secret value" })));

    private static readonly Arbitrary<EntityRecord> s_records = s_value.ArrayOf(BuiltInModel.Customer.Fields.Count).Select(values =>
    {
        var record = new EntityRecord(BuiltInModel.Customer);
        for (var i = 0; i < values.Length; i++)
            record[i] = values[i];
        return record;
    }).ToArbitrary();

    [Fact]
    public void What_was_blanked_once_breaks_nothing_a_second_time() => Prop.ForAll(s_records, record =>
    {
        Check(record);
        var once = record.Copy();
        return Check(record).Count == 0 && record.Equals(once);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_record_changes_only_when_a_violation_says_so() => Prop.ForAll(s_records, record =>
    {
        var before = record.Copy();
        return Check(record).Count > 0 || record.Equals(before);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_message_holds_a_personal_value() => Prop.ForAll(s_records, record =>
    {
        var before = record.Copy();
        var words = string.Concat(Check(record).Select(violation => violation.Message + violation.Fix));
        IEnumerable<string> Texts(bool personal) => before.Type.Fields.Where(field => field.Personal == personal)
            .SelectMany(field => before[field.Ordinal].AsList)
            .Select(value => value.ToText()?.Trim() ?? "")
            .Where(text => text.Length > 9);
        return Texts(personal: true).Except(Texts(personal: false)).All(text => !words.Contains(text, StringComparison.Ordinal));
    }).QuickCheckThrowOnFailure();

    private static List<Violation> Check(EntityRecord record)
    {
        var violations = new List<Violation>();
        s_rules.Check(record, new DateOnly(2026, 3, 15), violations);
        return violations;
    }

    private static RuleSet Compile()
    {
        var problems = new List<RuleProblem>();
        var rules = RuleSet.Compile(BuiltInModel.Customer,
        [
            new() { Field = "email", Rule = RuleKind.Email, Otherwise = Otherwise.Blank },
            new() { Field = "emails[]", Rule = RuleKind.Email, Otherwise = Otherwise.Blank },
            new() { Field = "phone", Rule = RuleKind.Phone, Otherwise = Otherwise.Blank },
            new() { Field = "phones[]", Rule = RuleKind.Phone, Otherwise = Otherwise.Blank },
            new() { Field = "birthDate", Rule = RuleKind.DateRange, Min = "today-120y", Max = "today", Otherwise = Otherwise.Blank },
            new() { Field = "name.family", Rule = RuleKind.Pattern, Pattern = "[^0-9]+", Otherwise = Otherwise.Blank },
            new() { Field = "gender", Rule = RuleKind.OneOf, Values = ["f", "m"], Otherwise = Otherwise.Blank },
            new() { Field = "taxId", Rule = RuleKind.Range, Min = "1", Max = "20", Otherwise = Otherwise.Blank },
            new() { Field = "notes", Rule = RuleKind.Length, Max = "5", Otherwise = Otherwise.Blank },
        ], MapEnvironment.Empty, problems);
        return rules ?? throw new InvalidOperationException(string.Join("; ", problems));
    }
}

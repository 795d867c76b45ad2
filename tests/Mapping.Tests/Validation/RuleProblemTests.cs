using Crm.Integration.Mapping.Maps;
using Crm.Integration.Mapping.Model;
using Crm.Integration.Mapping.Validation;

namespace Crm.Integration.Mapping.Tests.Validation;

public sealed class RuleProblemTests
{
    public static TheoryData<RuleDefinition, string, string> Mistakes => new()
    {
        { new() { Rule = RuleKind.Email }, "field", "needs 'field'" },
        { new() { Rule = RuleKind.Required }, "field", "needs 'field' or 'any'" },
        { new() { Rule = RuleKind.Required, Any = [] }, "any", "names no field" },
        { new() { Rule = RuleKind.Required, Any = ["email"], Field = "phone" }, "any", "not both" },
        { new() { Rule = RuleKind.Required, Any = ["email", "fone"] }, "any", "no field 'fone'" },
        { new() { Rule = RuleKind.Required, Field = "email", Otherwise = Otherwise.Blank }, "otherwise", "cannot blank" },
        { new() { Rule = RuleKind.Email, Field = "birthDate" }, "field", "not text" },
        { new() { Rule = RuleKind.Pattern, Field = "email" }, "pattern", "needs 'pattern'" },
        { new() { Rule = RuleKind.Pattern, Field = "email", Pattern = "a)|(b" }, "pattern", "not a regular expression" },
        { new() { Rule = RuleKind.Range, Field = "birthDate", Min = "1" }, "field", "compares numbers" },
        { new() { Rule = RuleKind.Range, Field = "taxId", Min = "one" }, "min", "'one' is not a number" },
        { new() { Rule = RuleKind.Range, Field = "taxId", Min = "3", Max = "2" }, "min", "greater than" },
        { new() { Rule = RuleKind.Range, Field = "taxId" }, "min", "needs 'min', 'max' or both" },
        { new() { Rule = RuleKind.Length, Field = "taxId", Max = "-1" }, "max", "whole number" },
        { new() { Rule = RuleKind.OneOf, Field = "gender" }, "values", "needs 'values'" },
        { new() { Rule = RuleKind.OneOf, Field = "birthDate", Values = ["soon"] }, "values", "'soon' is not a date" },
        { new() { Rule = RuleKind.DateRange, Field = "birthDate", Min = "yesterday" }, "min", "no bound" },
        { new() { Rule = RuleKind.DateRange, Field = "birthDate", Min = "today-9999y" }, "min", "no bound" },
        { new() { Rule = RuleKind.DateRange, Field = "birthDate", Min = "today", Max = "today-1d" }, "min", "greater than" },
        { new() { Rule = RuleKind.DateRange, Field = "consent.sms", Max = "today" }, "field", "compares dates" },
        { new() { Rule = RuleKind.Unique, Field = "emails[]" }, "field", "cannot check a list" },
        { new() { Rule = RuleKind.Exists, Field = "company" }, "entity", "does not say which entity" },
        { new() { Rule = RuleKind.Expression }, "expression", "needs 'expression'" },
        { new() { Rule = RuleKind.Email, Field = "email", Pattern = ".*" }, "pattern", "does not read 'pattern'" },
        { new() { Rule = RuleKind.Email, Field = "email", Entity = "customer" }, "entity", "only 'exists' does" },
    };

    [Theory]
    [MemberData(nameof(Mistakes), DisableDiscoveryEnumeration = true)]
    public void A_mistake_names_the_rule_and_the_property(RuleDefinition rule, string property, string message)
    {
        var problem = Assert.Single(Problems(new RuleDefinition { Field = "email", Rule = RuleKind.Email }, rule));

        Assert.Equal((1, property), (problem.Index, problem.Property));
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_misspelt_field_gets_the_nearest_one() =>
        Assert.Equal("did you mean 'name.family'?", Assert.Single(Problems(new RuleDefinition { Rule = RuleKind.Required, Field = "name.famly" })).Fix);

    [Fact]
    public void All_mistakes_are_found_at_once()
    {
        var problems = Problems(
            new RuleDefinition { Rule = RuleKind.Email, Field = "mail" },
            new RuleDefinition { Rule = RuleKind.Range, Field = "birthDate", Min = "x", Max = "y", Values = ["1"] });

        Assert.Equal([(0, "field"), (1, "values"), (1, "field"), (1, "min"), (1, "max")], problems.Select(problem => (problem.Index, problem.Property)));
    }

    private static List<RuleProblem> Problems(params RuleDefinition[] definitions)
    {
        var problems = new List<RuleProblem>();
        Assert.Null(RuleSet.Compile(BuiltInModel.Customer, definitions, MapEnvironment.Empty, problems));
        return problems;
    }
}

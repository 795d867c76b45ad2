using Crm.Integration.Mapping.Maps;
using Crm.Integration.Mapping.Model;
using Crm.Integration.Mapping.Validation;
using static Crm.Integration.Mapping.Tests.Validation.RuleSetTests;

namespace Crm.Integration.Mapping.Tests.Validation;

public sealed class ExpressionRuleTests
{
    [Fact]
    public void A_condition_that_does_not_hold_rejects_and_names_the_fields_it_reads()
    {
        var rule = new RuleDefinition { Rule = RuleKind.Expression, Expression = "email != null or phone != null" };

        Assert.Empty(Check(Customer(("phone", "+493012345678")), rule));
        var violation = Assert.Single(Check(Customer(), rule));
        Assert.Equal("email, phone", violation.Path);
        Assert.Equal("the condition does not hold: email != null or phone != null", violation.Message);
    }

    [Fact]
    public void A_condition_about_one_field_blanks_it_and_is_not_asked_when_it_is_empty()
    {
        var rule = new RuleDefinition { Rule = RuleKind.Expression, Field = "company", Expression = "company != name.full", Otherwise = Otherwise.Blank };
        var record = Customer(("company", "Ann Miller"), ("name.full", "Ann Miller"));

        Assert.Equal(0, Assert.Single(Check(record, rule)).RuleIndex);
        Assert.True(record["company"].IsNull);
        Assert.Empty(Check(Customer(), rule));
    }

    [Fact]
    public void A_mistake_in_a_condition_says_where_in_it()
    {
        var problem = Assert.Single(Problems("email | trimm = 'x'"));

        Assert.Equal(("expression", 8, 5), (problem.Property, problem.Offset, problem.Length));
        Assert.Contains("trim", problem.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void A_condition_over_a_field_that_does_not_exist_is_a_mistake() =>
        Assert.Equal("did you mean 'email'?", Assert.Single(Problems("emial != null")).Fix);

    [Fact]
    public void A_condition_has_a_field_to_blank_or_may_not_blank() =>
        Assert.Equal("otherwise", Assert.Single(Problems("email != null", Otherwise.Blank)).Property);

    private static List<RuleProblem> Problems(string expression, Otherwise otherwise = Otherwise.Reject)
    {
        var problems = new List<RuleProblem>();
        Assert.Null(RuleSet.Compile(BuiltInModel.Customer, [new() { Rule = RuleKind.Expression, Expression = expression, Otherwise = otherwise }], MapEnvironment.Empty, problems));
        return problems;
    }
}

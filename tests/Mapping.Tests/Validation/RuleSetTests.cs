using Crm.Integration.Mapping.Maps;
using Crm.Integration.Mapping.Model;
using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Validation;

namespace Crm.Integration.Mapping.Tests.Validation;

public sealed class RuleSetTests
{
    private static readonly DateOnly s_today = new(2026, 3, 15);

    [Fact]
    public void A_missing_required_field_rejects_and_says_what_to_do()
    {
        var violation = Assert.Single(Check(Customer(), new RuleDefinition { Field = "name.family", Rule = RuleKind.Required }));

        Assert.Equal((0, RuleKind.Required, "name.family", Otherwise.Reject), (violation.RuleIndex, violation.Kind, violation.Path, violation.Otherwise));
        Assert.Equal("name.family is empty", violation.Message);
        Assert.Contains("fill it at the source", violation.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void White_space_does_not_fill_a_required_field() =>
        Assert.Single(Check(Customer(("name.family", "  ")), new RuleDefinition { Field = "name.family", Rule = RuleKind.Required }));

    [Fact]
    public void Any_of_several_fields_is_enough()
    {
        var rule = new RuleDefinition { Any = ["email", "phone"], Rule = RuleKind.Required };

        Assert.Empty(Check(Customer(("phone", "+4930123456")), rule));
        Assert.Equal("none of email, phone is filled", Assert.Single(Check(Customer(("name.given", "Ann")), rule)).Message);
    }

    [Fact]
    public void A_required_that_only_warns_says_so()
    {
        var violation = Assert.Single(Check(Customer(), new RuleDefinition { Field = "email", Rule = RuleKind.Required, Otherwise = Otherwise.Warn }));

        Assert.Equal(Otherwise.Warn, violation.Otherwise);
    }

    [Fact]
    public void A_bad_email_is_blanked_in_the_field_and_in_its_list()
    {
        var record = Customer(("email", "jane(at)example.com"), ("emails[]", List("jane(at)example.com", "j@example.com")));

        var violation = Assert.Single(Check(record, new RuleDefinition { Field = "email", Rule = RuleKind.Email, Otherwise = Otherwise.Blank }));

        Assert.True(record["email"].IsNull);
        Assert.Equal(List("j@example.com"), record["emails[]"]);
        Assert.Equal("email: not an e-mail address that could be written to: a value of 19 characters beginning with 'j'", violation.Message);
        Assert.Equal("correct the e-mail address at the source; until then the hub leaves the field empty", violation.Fix);
    }

    [Fact]
    public void Of_a_list_only_the_bad_elements_are_blanked()
    {
        var record = Customer(("email", "bad"), ("emails[]", List("bad", "a@example.com", "worse")));

        var violation = Assert.Single(Check(record, new RuleDefinition { Field = "emails[]", Rule = RuleKind.Email, Otherwise = Otherwise.Blank }));

        Assert.Equal(List("a@example.com"), record["emails[]"]);
        Assert.True(record["email"].IsNull);
        Assert.EndsWith("and 1 more", violation.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_of_nothing_but_bad_elements_is_emptied()
    {
        var record = Customer(("phones[]", List("12", "abc")));

        Check(record, new RuleDefinition { Field = "phones[]", Rule = RuleKind.Phone, Otherwise = Otherwise.Blank });

        Assert.True(record["phones[]"].IsNull);
    }

    [Theory]
    [InlineData(Otherwise.Reject)]
    [InlineData(Otherwise.Warn)]
    public void Only_blank_changes_the_record(Otherwise otherwise)
    {
        var record = Customer(("email", "bad"), ("emails[]", List("bad")));
        var before = record.Copy();

        Check(record, new RuleDefinition { Field = "email", Rule = RuleKind.Email, Otherwise = otherwise });

        Assert.Equal(before, record);
    }

    [Fact]
    public void Empty_fields_break_no_rule_but_required()
    {
        RuleDefinition[] rules =
        [
            new() { Field = "email", Rule = RuleKind.Email }, new() { Field = "phone", Rule = RuleKind.Phone },
            new() { Field = "taxId", Rule = RuleKind.Pattern, Pattern = "[0-9]+" }, new() { Field = "notes", Rule = RuleKind.Length, Min = "3" },
            new() { Field = "gender", Rule = RuleKind.OneOf, Values = ["f", "m"] }, new() { Field = "birthDate", Rule = RuleKind.DateRange, Max = "today" },
        ];

        Assert.Empty(Check(Customer(("email", " "), ("emails[]", List(" "))), rules));
    }

    [Theory]
    [InlineData("+493012345678", true)]
    [InlineData("030 12345678", false)]
    [InlineData("+49", false)]
    public void Phones_are_E164(string phone, bool passes) =>
        Assert.Equal(passes, Check(Customer(("phone", phone)), new RuleDefinition { Field = "phone", Rule = RuleKind.Phone }).Count == 0);

    [Theory]
    [InlineData("[A-Z]{2}[0-9]+", "DE12", true)]
    [InlineData("[A-Z]{2}[0-9]+", "xDE12", false)]
    [InlineData("[A-Z]{2}[0-9]+", "DE12\n", false)]
    [InlineData("a|ab", "ab", true)]
    [InlineData("(?=D)DE[0-9]+", "DE1", true)]
    public void A_pattern_matches_the_whole_value(string pattern, string value, bool passes) =>
        Assert.Equal(passes, Check(Customer(("taxId", value)), new RuleDefinition { Field = "taxId", Rule = RuleKind.Pattern, Pattern = pattern }).Count == 0);

    [Fact]
    public void A_pattern_that_runs_away_is_stopped()
    {
        var record = Customer(("taxId", new string('a', 60) + "!"));

        var violation = Assert.Single(Check(record, new RuleDefinition { Field = "taxId", Rule = RuleKind.Pattern, Pattern = @"(?=a)(a+)+\1$" }));

        Assert.Contains("100 ms", violation.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0", null, 0, true)]
    [InlineData("0", null, -1, false)]
    [InlineData("0", "99.5", 100, false)]
    [InlineData(null, "99.5", 99, true)]
    public void A_range_includes_its_bounds(string? min, string? max, int amount, bool passes)
    {
        var deal = new EntityRecord(BuiltInModel.Deal) { ["amount"] = Value.Number(amount) };

        Assert.Equal(passes, Check(deal, new RuleDefinition { Field = "amount", Rule = RuleKind.Range, Min = min, Max = max }).Count == 0);
    }

    [Fact]
    public void Values_of_fields_that_are_not_personal_are_shown()
    {
        var deal = new EntityRecord(BuiltInModel.Deal) { ["amount"] = Value.Number(-5) };

        Assert.Equal("amount: not a number from 0 to 10: '-5'", Assert.Single(Check(deal, new RuleDefinition { Field = "amount", Rule = RuleKind.Range, Min = "0", Max = "10" })).Message);
    }

    [Theory]
    [InlineData("ab", false)]
    [InlineData("abc", true)]
    [InlineData("𠮷野家", true)]
    [InlineData("𠮷野家族会", false)]
    public void Length_counts_characters_as_people_do(string value, bool passes) =>
        Assert.Equal(passes, Check(Customer(("jobTitle", value)), new RuleDefinition { Field = "jobTitle", Rule = RuleKind.Length, Min = "3", Max = "4" }).Count == 0);

    [Fact]
    public void One_of_compares_numbers_as_numbers()
    {
        var rule = new RuleDefinition { Field = "probability", Rule = RuleKind.OneOf, Values = ["10", "50.0"] };

        Assert.Empty(Check(new EntityRecord(BuiltInModel.Deal) { ["probability"] = Value.Number(50) }, rule));
        Assert.Single(Check(new EntityRecord(BuiltInModel.Deal) { ["probability"] = Value.Number(20) }, rule));
    }

    [Theory]
    [InlineData("today-120y", "today", "1906-03-15", true)]
    [InlineData("today-120y", "today", "1906-03-14", false)]
    [InlineData("today-120y", "today", "2026-03-16", false)]
    [InlineData("1900-01-01", null, "1899-12-31", false)]
    [InlineData(null, "today+30d", "2026-04-14", true)]
    [InlineData(null, "today+2w", "2026-03-30", false)]
    [InlineData("today-1m", null, "2026-02-15", true)]
    public void Dates_are_held_against_the_day_of_the_run(string? min, string? max, string date, bool passes)
    {
        var record = Customer(("birthDate", Value.Date(DateOnly.Parse(date, System.Globalization.CultureInfo.InvariantCulture))));

        Assert.Equal(passes, Check(record, new RuleDefinition { Field = "birthDate", Rule = RuleKind.DateRange, Min = min, Max = max }).Count == 0);
    }

    [Fact]
    public void A_value_of_the_wrong_type_is_blanked_without_being_asked()
    {
        var record = Customer(("birthDate", "31.02.1980"), ("consent.email", "maybe"));

        var violations = Check(record);

        Assert.True(record["birthDate"].IsNull);
        Assert.Equal([-1, -1], violations.Select(violation => violation.RuleIndex));
        Assert.All(violations, violation => Assert.Equal((RuleKind.Type, Otherwise.Blank), (violation.Kind, violation.Otherwise)));
        Assert.Contains("date('dd.MM.yyyy')", violations[0].Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void An_explicit_type_rule_takes_the_place_of_the_implied_one()
    {
        var record = Customer(("birthDate", "31.02.1980"));

        var violation = Assert.Single(Check(record, new RuleDefinition { Field = "birthDate", Rule = RuleKind.Type, Otherwise = Otherwise.Reject }));

        Assert.Equal((0, Otherwise.Reject), (violation.RuleIndex, violation.Otherwise));
        Assert.False(record["birthDate"].IsNull);
    }

    [Fact]
    public void A_field_blanked_by_one_rule_is_empty_for_the_next()
    {
        RuleDefinition[] rules =
        [
            new() { Field = "email", Rule = RuleKind.Email, Otherwise = Otherwise.Blank },
            new() { Any = ["email", "phone"], Rule = RuleKind.Required },
        ];

        Assert.Equal([RuleKind.Email, RuleKind.Required], Check(Customer(("email", "nobody")), rules).Select(violation => violation.Kind));
    }

    [Fact]
    public void Own_words_take_the_place_of_ours() =>
        Assert.Equal("no way to reach them", Assert.Single(Check(Customer(), new RuleDefinition { Field = "email", Rule = RuleKind.Required, Message = "no way to reach them" })).Message);

    [Theory]
    [InlineData("a", "a value of 1 character")]
    [InlineData("abc", "a value of 3 characters")]
    [InlineData("jane@example.com", "a value of 16 characters beginning with 'j'")]
    [InlineData("欧阳小明", "a value of 4 characters beginning with '欧'")]
    [InlineData("𠮷野家族", "a value of 4 characters beginning with '𠮷'")]
    public void Personal_values_are_masked(string value, string masked) => Assert.Equal(masked, ViolationText.Mask(value));

    [Fact]
    public void A_shown_value_cannot_forge_a_line_of_a_log()
    {
        var text = ViolationText.Describe("a\nERROR b" + new string('x', 100), BuiltInModel.Account.Find("industry")!);

        Assert.DoesNotContain('\n', text);
        Assert.EndsWith("(109 characters)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Rules_of_the_store_are_handed_to_the_hub_with_their_words()
    {
        var problems = new List<RuleProblem>();
        var rules = RuleSet.Compile(BuiltInModel.Order,
        [
            new() { Field = "number", Rule = RuleKind.Unique },
            new() { Field = "customerRef", Rule = RuleKind.Exists, Otherwise = Otherwise.Blank },
        ], MapEnvironment.Empty, problems);
        Assert.Empty(problems);
        var order = new EntityRecord(BuiltInModel.Order) { ["number"] = "17", ["customerRef"] = "K-1" };

        var violations = rules!.StoreRules.Select(rule => rule.Break(order)).ToList();

        Assert.Equal("customer", rules.StoreRules[1].Definition.Entity);
        Assert.Equal("number: another record of this source has it too: '17'", violations[0].Message);
        Assert.Equal("customerRef: there is no customer with this id in the same connection: 'K-1'", violations[1].Message);
        Assert.False(order["number"].IsNull);
        Assert.True(order["customerRef"].IsNull);
    }

    public static TheoryData<RuleDefinition> RulesThatPass => new()
    {
        new RuleDefinition { Field = "email", Rule = RuleKind.Email },
        new RuleDefinition { Field = "emails[]", Rule = RuleKind.Email },
        new RuleDefinition { Field = "birthDate", Rule = RuleKind.DateRange, Min = "today-120y", Max = "today" },
        new RuleDefinition { Field = "taxId", Rule = RuleKind.Pattern, Pattern = "[A-Z]{2}[0-9]+" },
        new RuleDefinition { Field = "gender", Rule = RuleKind.OneOf, Values = ["f", "m"] },
        new RuleDefinition { Field = "notes", Rule = RuleKind.Length, Max = "100" },
        new RuleDefinition { Any = ["phone", "email"], Rule = RuleKind.Required },
    };

    [Theory]
    [MemberData(nameof(RulesThatPass), DisableDiscoveryEnumeration = true)]
    public void A_clean_record_costs_no_allocation(RuleDefinition definition)
    {
        var rules = Compile(BuiltInModel.Customer, definition);
        var record = Customer(("email", "a@example.com"), ("emails[]", List("a@example.com", "b@example.com")), ("phone", "+493012345678"),
            ("birthDate", Value.Date(new DateOnly(1980, 2, 3))), ("taxId", "DE123456"), ("gender", "f"), ("notes", "hello"), ("consent.email", Value.Boolean(true)));
        var violations = new List<Violation>();
        for (var i = 0; i < 200; i++)
            rules.Check(record, s_today, violations);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            rules.Check(record, s_today, violations);

        // Fewer than one byte a record: the regular expression engine may renew its caches once.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 999);
        Assert.Empty(violations);
    }

    internal static EntityRecord Customer(params (string Path, Value Value)[] fields)
    {
        var record = new EntityRecord(BuiltInModel.Customer);
        foreach (var (path, value) in fields)
            record[path] = value;
        return record;
    }

    internal static Value List(params string[] elements) => Value.List([.. elements.Select(Value.Text)]);

    private static RuleSet Compile(EntityType type, params RuleDefinition[] definitions)
    {
        var problems = new List<RuleProblem>();
        var rules = RuleSet.Compile(type, definitions, MapEnvironment.Empty, problems);
        Assert.Empty(problems);
        return rules!;
    }

    internal static List<Violation> Check(EntityRecord record, params RuleDefinition[] definitions)
    {
        var violations = new List<Violation>();
        Compile(record.Type, definitions).Check(record, s_today, violations);
        return violations;
    }
}

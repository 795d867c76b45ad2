using Crm.Integration.Mapping.Model;
using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Survivorship;

namespace Crm.Integration.Mapping.Tests.Survivorship;

public sealed class SurvivorTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_most_recent_value_wins_by_default() =>
        Assert.Equal("CTO", Merge(Of(1, "a", 1, ("jobTitle", "CEO")), Of(2, "b", 2, ("jobTitle", "CTO")))["jobTitle"].AsText);

    [Fact]
    public void A_record_without_a_time_is_older_than_any() =>
        Assert.Equal("CEO", Merge(Of(1, "a", 1, ("jobTitle", "CEO")), Of(2, "b", null, ("jobTitle", "CTO")))["jobTitle"].AsText);

    [Fact]
    public void An_empty_value_takes_no_part() =>
        Assert.Equal("CEO", Merge(Of(1, "a", 1, ("jobTitle", "CEO")), Of(2, "b", 2, ("jobTitle", " ")))["jobTitle"].AsText);

    [Fact]
    public void Priority_beats_time_where_the_settings_say_so()
    {
        var settings = new SurvivorshipSettings { Priority = ["erp", "crm"], Default = SurvivorshipRule.Priority };

        Assert.Equal("CEO", Merge(settings, Of(1, "web", 9, ("jobTitle", "?")), Of(2, "crm", 8, ("jobTitle", "CTO")), Of(3, "erp", 1, ("jobTitle", "CEO")))["jobTitle"].AsText);
    }

    [Fact]
    public void A_field_may_have_a_priority_of_its_own()
    {
        var settings = new SurvivorshipSettings
        {
            Priority = ["erp", "crm"],
            Fields = new Dictionary<string, FieldSurvivorship> { ["company"] = new() { Rule = SurvivorshipRule.Priority, Priority = ["crm"] } },
        };

        Assert.Equal("Crm Ltd", Merge(settings, Of(1, "erp", 2, ("company", "Erp Ltd")), Of(2, "crm", 1, ("company", "Crm Ltd")))["company"].AsText);
    }

    [Theory]
    [InlineData(SurvivorshipRule.Frequent, "Engineer")]
    [InlineData(SurvivorshipRule.Longest, "Engineer in chief")]
    [InlineData(SurvivorshipRule.Complete, "Eng")]
    [InlineData(SurvivorshipRule.Recent, "Engineer in chief")]
    public void Each_rule_chooses_its_own(SurvivorshipRule rule, string expected)
    {
        var golden = Merge(new SurvivorshipSettings { Default = rule },
            Of(1, "a", 1, ("jobTitle", "Engineer")), Of(2, "b", 2, ("jobTitle", "Engineer")),
            Of(3, "c", 3, ("jobTitle", "Eng"), ("company", "C"), ("language", "de"), ("gender", "f")),
            Of(4, "d", 4, ("jobTitle", "Engineer in chief")));

        Assert.Equal(expected, golden["jobTitle"].AsText);
    }

    [Fact]
    public void The_lowest_record_number_breaks_the_last_tie() =>
        Assert.Equal("first", Merge(Of(7, "a", 1, ("jobTitle", "second")), Of(3, "a", 1, ("jobTitle", "first")))["jobTitle"].AsText);

    [Fact]
    public void An_address_comes_from_one_record()
    {
        var golden = Merge(
            Of(1, "a", 1, ("address.line", "Old Street 1"), ("address.city", "Berlin"), ("address.region", "BE")),
            Of(2, "b", 2, ("address.line", "Rue Neuve 2"), ("address.city", "Paris")));

        Assert.Equal("Rue Neuve 2", golden["address.line"].AsText);
        Assert.True(golden["address.region"].IsNull);
    }

    [Fact]
    public void The_most_complete_address_is_counted_within_the_address()
    {
        var settings = new SurvivorshipSettings { Fields = new Dictionary<string, FieldSurvivorship> { ["address"] = new() { Rule = SurvivorshipRule.Complete } } };

        var golden = Merge(settings,
            Of(1, "a", 1, ("address.line", "Old Street 1"), ("address.city", "Berlin")),
            Of(2, "b", 2, ("address.city", "Paris"), ("jobTitle", "x"), ("company", "y"), ("gender", "f")));

        Assert.Equal("Berlin", golden["address.city"].AsText);
    }

    [Fact]
    public void A_field_with_a_rule_of_its_own_leaves_its_group()
    {
        var settings = new SurvivorshipSettings { Fields = new Dictionary<string, FieldSurvivorship> { ["address.country"] = new() { Rule = SurvivorshipRule.Frequent } } };

        var golden = Merge(settings,
            Of(1, "a", 1, ("address.country", "DE")), Of(2, "b", 2, ("address.country", "DE")),
            Of(3, "c", 3, ("address.city", "Paris"), ("address.country", "FR")));

        Assert.Equal(("Paris", "DE"), (golden["address.city"].AsText, golden["address.country"].AsText));
    }

    [Theory]
    [InlineData(SurvivorshipRule.Recent, "Müller")]
    [InlineData(SurvivorshipRule.Longest, "Müller")]
    [InlineData(SurvivorshipRule.Frequent, "Müller")]
    [InlineData(SurvivorshipRule.Priority, null)]
    public void A_name_in_one_field_loses_against_one_in_parts_unless_its_source_is_trusted_more(SurvivorshipRule rule, string? family)
    {
        var settings = new SurvivorshipSettings { Default = rule, Priority = ["shop"] };

        var golden = Merge(settings,
            Of(1, "crm", 1, ("name.given", "Ann"), ("name.family", "Müller")),
            Of(2, "shop", 9, ("name.full", "Ann Catherine Müller-Lüdenscheidt")), Of(3, "shop", 9, ("name.full", "Ann Catherine Müller-Lüdenscheidt")));

        Assert.Equal(family, golden["name.family"].AsText);
        Assert.Equal(family is null, golden["name.full"].AsText is not null);
    }

    [Fact]
    public void Lists_are_united_with_the_main_value_first_and_do_not_turn_with_time()
    {
        var old = Of(1, "a", 1, ("email", "a@x.example"), ("emails[]", List("a@x.example", "b@x.example")));
        var recent = Of(2, "b", 2, ("email", "c@x.example"));
        var golden = Merge(old, recent);

        Assert.Equal("c@x.example", golden["email"].AsText);
        Assert.Equal(List("c@x.example", "a@x.example", "b@x.example"), golden["emails[]"]);

        Member[] touched = [Of(1, "a", 5, ("tags[]", List("x"))), Of(2, "b", 2, ("tags[]", List("y", "x")))];
        Assert.Equal(List("x", "y"), Merge(touched)["tags[]"]);
        Assert.Equal(List("x", "y"), Merge(Of(1, "a", 1, ("tags[]", List("x"))), touched[1])["tags[]"]);
    }

    [Fact]
    public void The_main_value_comes_from_a_list_where_only_lists_are_mapped()
    {
        Assert.Equal("p@x.example", Merge(Of(1, "a", 1, ("emails[]", List("p@x.example", "q@x.example"))))["email"].AsText);
        Assert.Equal("r@x.example", Merge(Of(1, "a", 1, ("email", "p@x.example")), Of(2, "b", 2, ("emails[]", List("r@x.example"))))["email"].AsText);
    }

    [Fact]
    public void A_list_may_come_from_one_record()
    {
        var settings = new SurvivorshipSettings { Fields = new Dictionary<string, FieldSurvivorship> { ["tags[]"] = new() { Rule = SurvivorshipRule.Recent } } };

        Assert.Equal(List("new"), Merge(settings, Of(1, "a", 1, ("tags[]", List("old"))), Of(2, "b", 2, ("tags[]", List("new"))))["tags[]"]);
    }

    [Fact]
    public void A_no_from_anyone_is_a_no()
    {
        var golden = Merge(
            Of(1, "a", 1, ("consent.email", Value.Boolean(false))),
            Of(2, "b", 9, ("consent.email", Value.Boolean(true)), ("consent.sms", Value.Boolean(true))));

        Assert.Equal((false, true), (golden["consent.email"].AsBoolean, golden["consent.sms"].AsBoolean));
    }

    [Fact]
    public void The_longest_note_is_kept() =>
        Assert.Equal("Prefers calls in the morning", Merge(Of(1, "a", 1, ("notes", "Prefers calls in the morning")), Of(2, "b", 2, ("notes", "see CRM")))["notes"].AsText);

    [Fact]
    public void A_steward_wins_over_every_rule_for_the_fields_filled()
    {
        var settings = new SurvivorshipSettings { Priority = ["erp"], Default = SurvivorshipRule.Priority };

        var golden = Merge(settings,
            Of(1, "erp", 9, ("jobTitle", "CEO"), ("company", "Erp Ltd"), ("consent.sms", Value.Boolean(false)), ("tags[]", List("wrong", "vip"))),
            Of(2, Survivor.Steward, 1, ("jobTitle", "CTO"), ("consent.sms", Value.Boolean(true)), ("tags[]", List("vip"))));

        Assert.Equal(("CTO", "Erp Ltd", true), (golden["jobTitle"].AsText, golden["company"].AsText, golden["consent.sms"].AsBoolean));
        Assert.Equal(List("vip"), golden["tags[]"]);
    }

    [Fact]
    public void A_steward_moves_an_address_as_a_whole_and_a_name_part_by_part()
    {
        var golden = Merge(
            Of(1, "erp", 9, ("name.given", "Ann"), ("name.family", "Miller"), ("name.full", "Ann Miller"), ("address.line", "Old Street 1"), ("address.city", "Leeds")),
            Of(2, Survivor.Steward, 1, ("name.family", "Smith"), ("address.city", "York")));

        Assert.Equal(("Ann", "Smith"), (golden["name.given"].AsText, golden["name.family"].AsText));
        Assert.True(golden["name.full"].IsNull, "the whole name would contradict the correction");
        Assert.Equal("York", golden["address.city"].AsText);
        Assert.True(golden["address.line"].IsNull);
    }

    [Fact]
    public void The_later_of_two_stewards_wins() =>
        Assert.Equal("B", Merge(Of(1, Survivor.Steward, 1, ("company", "A")), Of(2, Survivor.Steward, 2, ("company", "B")), Of(3, "crm", 9, ("company", "C")))["company"].AsText);

    [Fact]
    public void One_record_is_copied_and_tidied()
    {
        var member = Of(1, "a", 1, ("email", "a@x.example"), ("jobTitle", "  "), ("tags[]", List("x", "", "x")));
        var before = member.Record.Copy();

        var golden = Merge(member);

        Assert.True(golden["jobTitle"].IsNull);
        Assert.Equal(List("x"), golden["tags[]"]);
        Assert.Equal(List("a@x.example"), golden["emails[]"]);
        Assert.Equal(before, member.Record);
    }

    [Fact]
    public void No_members_and_wrong_rules_are_refused()
    {
        var settings = new SurvivorshipSettings
        {
            Default = SurvivorshipRule.Union,
            Fields = new Dictionary<string, FieldSurvivorship>
            {
                ["adress"] = new() { Rule = SurvivorshipRule.Recent },
                ["email"] = new() { Rule = SurvivorshipRule.Union },
                ["name"] = new() { Rule = SurvivorshipRule.Restrictive },
                ["phone"] = new() { Rule = SurvivorshipRule.Priority },
                ["notes"] = new() { Rule = SurvivorshipRule.Recent, Priority = ["crm"] },
            },
        };

        var problems = Survivor.Problems(BuiltInModel.Customer, settings);

        Assert.Equal(["default", "fields.adress", "fields.email", "fields.name", "fields.phone", "fields.notes"], problems.Select(problem => problem.Property));
        Assert.Equal("did you mean 'address'?", problems[1].Fix);
        Assert.Throws<ArgumentException>(() => new Survivor(BuiltInModel.Customer, settings));
        Assert.Throws<ArgumentException>(() => Merge());
    }

    internal static Member Of(long id, string connection, int? hour, params (string Path, Value Value)[] fields)
    {
        var record = new EntityRecord(BuiltInModel.Customer);
        foreach (var (path, value) in fields)
            record[path] = value;
        return new Member(id, connection, $"s{id}", hour is null ? null : s_noon.AddHours(hour.Value), record);
    }

    internal static Value List(params string[] elements) => Value.List([.. elements.Select(Value.Text)]);

    private static EntityRecord Merge(params Member[] members) => Merge(new SurvivorshipSettings(), members);

    private static EntityRecord Merge(SurvivorshipSettings settings, params Member[] members) => new Survivor(BuiltInModel.Customer, settings).Merge(members);
}

using Crm.Integration.Mapping.Model;
using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Survivorship;
using static Crm.Integration.Mapping.Tests.Survivorship.SurvivorTests;

namespace Crm.Integration.Mapping.Tests.Survivorship;

/// <summary>What comes before every rule: real values before placeholders, verified ones before others.</summary>
public sealed class VerifiedAndRealTests
{
    private static readonly EntityType s_type = BuiltInModel.Customer.WithCustomFields(["custom.emailVerified"]);

    [Theory]
    [InlineData("email", "test@test.com")]
    [InlineData("email", "no address")]
    [InlineData("email", "none@none.com")]
    [InlineData("phone", "+000000000")]
    [InlineData("phone", "123456789")]
    [InlineData("phone", "12")]
    [InlineData("jobTitle", "n/a")]
    [InlineData("company", "unbekannt")]
    [InlineData("company", "未知")]
    [InlineData("taxId", "99999999")]
    public void A_placeholder_loses_to_an_older_real_value_and_is_kept_where_there_is_none(string path, string placeholder)
    {
        var real = path switch { "email" => "ann@berg.at", "phone" => "+436641234567", "taxId" => "ATU12345675", _ => "Berg" };
        Member[] members = [Of(1, "crm", 1, (path, real)), Of(2, "shop", 9, (path, placeholder))];

        var line = Explain(new SurvivorshipSettings(), path, members);

        Assert.Equal((real, "the others are placeholders or not valid"), (line.Value.AsText, line.Rule));
        Assert.Equal("a placeholder, or no valid value", Assert.Single(line.Others).Why);
        Assert.Equal(placeholder, Merge(new SurvivorshipSettings(), members[1], Of(3, "erp", 1, ("notes", "x")))[path].AsText);
    }

    [Fact]
    public void A_first_of_January_1900_loses_to_a_birth_date() => Assert.Equal(
        new DateOnly(1980, 2, 3),
        Merge(new SurvivorshipSettings(), Of(1, "a", 1, ("birthDate", Value.Date(new(1980, 2, 3)))), Of(2, "b", 2, ("birthDate", Value.Date(new(1900, 1, 1)))))["birthDate"].AsDate);

    [Fact]
    public void An_address_with_a_placeholder_in_it_loses_as_a_whole()
    {
        var golden = Merge(new SurvivorshipSettings(),
            Of(1, "a", 1, ("address.line", "Old Street 1"), ("address.city", "Leeds")), Of(2, "b", 2, ("address.line", "n/a"), ("address.city", "York")));

        Assert.Equal(("Old Street 1", "Leeds"), (golden["address.line"].AsText, golden["address.city"].AsText));
    }

    [Fact]
    public void A_list_drops_placeholders_while_it_has_something_real()
    {
        Assert.Equal(List("ann@berg.at"), Merge(new SurvivorshipSettings(), Of(1, "a", 1, ("email", "ann@berg.at")), Of(2, "b", 2, ("email", "test@test.com")))["emails[]"]);
        Assert.Equal(List("test@test.com"), Merge(new SurvivorshipSettings(), Of(1, "a", 1, ("email", "test@test.com")))["emails[]"]);
        Assert.Equal(List("ann@berg.at"), Merge(new SurvivorshipSettings(), Of(1, "a", 1, ("email", "ann@berg.at"), ("emails[]", List("ann@berg.at", "test@test.com"))))["emails[]"]);
    }

    [Fact]
    public void A_value_that_its_source_verifies_beats_a_newer_one()
    {
        var settings = For("email", new FieldSurvivorship { VerifiedBy = ["erp"] });

        var line = Explain(settings, "email", Of(1, "erp", 1, ("email", "old@berg.at")), Of(2, "shop", 9, ("email", "new@berg.at")));

        Assert.Equal(("old@berg.at", "verified"), (line.Value.AsText, line.Rule));
        Assert.Equal("not verified", Assert.Single(line.Others).Why);
    }

    [Theory]
    [InlineData("yes", true)]
    [InlineData("2026-01-03", true)]
    [InlineData("verified", true)]
    [InlineData("no", false)]
    [InlineData("", false)]
    [InlineData("maybe", false)]
    public void A_field_of_the_record_says_whether_a_value_is_verified(string says, bool verified)
    {
        var settings = For("email", new FieldSurvivorship { VerifiedWhen = "custom.emailVerified" });

        var golden = new Survivor(s_type, settings).Merge([Custom(1, "old@berg.at", says), Custom(9, "new@berg.at", "")]);

        Assert.Equal(verified ? "old@berg.at" : "new@berg.at", golden["email"].AsText);
    }

    [Fact]
    public void Verified_may_be_given_another_place_among_the_rules()
    {
        var settings = For("email", new FieldSurvivorship { Rule = SurvivorshipRule.Priority, Then = [SurvivorshipRule.Verified], Priority = ["crm"], VerifiedBy = ["erp"] });

        Assert.Equal("crm@berg.at", Merge(settings, Of(1, "crm", 1, ("email", "crm@berg.at")), Of(2, "erp", 9, ("email", "erp@berg.at")))["email"].AsText);
        Assert.Equal("erp@berg.at", Merge(settings, Of(1, "shop", 9, ("email", "shop@berg.at")), Of(2, "erp", 1, ("email", "erp@berg.at")))["email"].AsText);
    }

    [Fact]
    public void A_steward_vouches_for_a_value_as_long_as_a_source_has_it()
    {
        var word = Of(9, Survivor.Steward, 5, ("email", "old@berg.at")) with { Vouches = true };
        Member old = Of(1, "crm", 1, ("email", "old@berg.at")), fresh = Of(2, "shop", 9, ("email", "new@berg.at"));

        Assert.Equal("old@berg.at", Merge(new SurvivorshipSettings(), old, fresh, word)["email"].AsText);
        Assert.Equal("new@berg.at", Merge(new SurvivorshipSettings(), fresh, word)["email"].AsText);
        Assert.Equal("verified", Explain(new SurvivorshipSettings(), "email", old, fresh, word).Rule);
        Assert.Equal(List("new@berg.at"), Merge(new SurvivorshipSettings(), fresh, word)["emails[]"]);
    }

    [Fact]
    public void A_no_is_a_no_even_when_a_yes_is_verified()
    {
        var settings = For("consent.email", new FieldSurvivorship { VerifiedBy = ["crm"] });

        Assert.False(Merge(settings, Of(1, "crm", 9, ("consent.email", Value.Boolean(true))), Of(2, "shop", 1, ("consent.email", Value.Boolean(false))))["consent.email"].AsBoolean);
    }

    [Fact]
    public void The_field_that_changed_last_counts_and_not_the_record_that_was_touched()
    {
        var touched = Of(1, "crm", 9, ("phone", "+436641111111"), ("jobTitle", "CEO")) with { Times = Times(1, ("jobTitle", 9)) };
        var other = Of(2, "shop", 5, ("phone", "+436642222222"), ("jobTitle", "CTO"));

        var golden = Merge(new SurvivorshipSettings(), touched, other);

        Assert.Equal(("+436642222222", "CEO"), (golden["phone"].AsText, golden["jobTitle"].AsText));
    }

    [Fact]
    public void The_times_of_fields_follow_the_changes_that_the_source_makes()
    {
        var times = FieldTimes.After(null, """{"email":"a","phone":"1"}"""u8, 10, """{"email":"b","phone":"1"}"""u8, 20)!;
        Assert.Equal((20, 10), (times.Of("email"), times.Of("phone")));

        var touched = FieldTimes.After(times, """{"email":"b","phone":"1"}"""u8, 20, """{"email":"b","phone":"1"}"""u8, 30)!;
        Assert.Equal((20, 10), (touched.Of("email"), touched.Of("phone")));

        var remapped = FieldTimes.After(touched, """{"email":"b","phone":"1"}"""u8, 30, """{"email":"B","phone":"1"}"""u8, 30)!;
        Assert.Equal(20, remapped.Of("email"));

        var emptied = FieldTimes.Parse(FieldTimes.After(remapped, """{"email":"B","phone":"1"}"""u8, 30, """{"email":"B"}"""u8, 40)!.ToJson());
        Assert.Equal((20, 40), (emptied.Of("email"), emptied.Of("phone")));
        Assert.Null(FieldTimes.After(null, "{}"u8, null, "{}"u8, 5));
    }

    [Fact]
    public void The_first_rule_that_decides_wins()
    {
        var settings = For("jobTitle", new FieldSurvivorship { Rule = SurvivorshipRule.Frequent, Then = [SurvivorshipRule.Longest] });

        Assert.Equal("Engineer", Merge(settings, Of(1, "a", 1, ("jobTitle", "Engineer")), Of(2, "b", 9, ("jobTitle", "Eng")))["jobTitle"].AsText);
        Assert.Equal("Eng", Merge(settings, Of(1, "a", 1, ("jobTitle", "Engineer")), Of(2, "b", 9, ("jobTitle", "Eng")), Of(3, "c", 9, ("jobTitle", "Eng")))["jobTitle"].AsText);
    }

    [Theory]
    [InlineData(SurvivorshipRule.Min, 1980)]
    [InlineData(SurvivorshipRule.Max, 1982)]
    public void The_lowest_and_the_highest(SurvivorshipRule rule, int year)
    {
        Member Born(long id, int then) => Of(id, "a", null, ("birthDate", Value.Date(new(then, 2, 2))));

        Assert.Equal(year, Merge(For("birthDate", new FieldSurvivorship { Rule = rule }), Born(1, 1981), Born(2, 1980), Born(3, 1982), Of(4, "a", null, ("birthDate", "unreadable")))["birthDate"].AsDate!.Value.Year);
    }

    [Fact]
    public void Mistakes_name_the_rules_that_would_do()
    {
        var settings = new SurvivorshipSettings
        {
            Fields = new Dictionary<string, FieldSurvivorship>
            {
                ["jobTitle"] = new() { Rule = SurvivorshipRule.Min },
                ["company"] = new(),
                ["email"] = new() { VerifiedWhen = "custom.emailVerifed" },
                ["tags[]"] = new() { Rule = SurvivorshipRule.Recent, Then = [SurvivorshipRule.Union] },
                ["phone"] = new() { Rule = SurvivorshipRule.Longest, Then = [SurvivorshipRule.Priority] },
            },
        };

        var problems = Survivor.Problems(s_type, settings);

        Assert.Equal(
            [
                "fields.jobTitle: 'min' is for numbers, dates and instants; 'jobTitle' is none of them",
                "fields.company: 'rule' is missing",
                "fields.email: 'verifiedWhen' names 'custom.emailVerifed', which entity 'customer' does not have",
                "fields.tags[]: 'union' takes all values and leaves no tie; it cannot stand in 'then'",
                "fields.phone: rule 'priority' without a list of connections decides nothing",
            ],
            problems.Select(problem => $"{problem.Property}: {problem.Message}"));
        Assert.Equal("add one: recent, priority, frequent, complete, longest, verified", problems[1].Fix);
        Assert.Equal("did you mean 'custom.emailVerified'?", problems[2].Fix);
    }

    private static FieldTimes Times(int restHour, params (string Path, int Hour)[] changed)
    {
        static long At(int hour) => new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero).AddHours(hour).ToUnixTimeMilliseconds();
        var members = changed.Select(each => $"\"{each.Path}\":{At(each.Hour)}").Prepend($"\"\":{At(restHour)}");
        return FieldTimes.Parse("{" + string.Join(',', members) + "}");
    }

    private static Member Custom(int hour, string email, string says)
    {
        var record = new EntityRecord(s_type) { ["email"] = email, ["custom.emailVerified"] = says };
        return new Member(hour, "crm", $"s{hour}", new DateTimeOffset(2026, 1, 1, hour, 0, 0, TimeSpan.Zero), record);
    }

    private static SurvivorshipSettings For(string path, FieldSurvivorship rule) => new() { Fields = new Dictionary<string, FieldSurvivorship> { [path] = rule } };

    private static EntityRecord Merge(SurvivorshipSettings settings, params Member[] members) => new Survivor(BuiltInModel.Customer, settings).Merge(members);

    private static FieldLineage Explain(SurvivorshipSettings settings, string path, params Member[] members) =>
        new Survivor(BuiltInModel.Customer, settings).Explain(members).Fields.Single(line => line.Field.Path == path);
}

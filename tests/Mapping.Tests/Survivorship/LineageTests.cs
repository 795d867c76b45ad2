using Crm.Integration.Mapping.Model;
using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Survivorship;
using static Crm.Integration.Mapping.Tests.Survivorship.SurvivorTests;

namespace Crm.Integration.Mapping.Tests.Survivorship;

public sealed class LineageTests
{
    [Fact]
    public void A_lineage_names_the_record_the_rule_and_the_losers()
    {
        var line = Explain("jobTitle", Of(1, "crm", 1, ("jobTitle", "CEO")), Of(2, "erp", 2, ("jobTitle", "CTO")), Of(3, "shop", 1, ("jobTitle", "CTO")));

        Assert.Equal("most recent", line.Rule);
        Assert.Equal([2L, 3L], line.From.Select(member => member.RecordId));
        Assert.Equal(("CEO", 1L), (Assert.Single(line.Others).Value.AsText, line.Others[0].Member.RecordId));
    }

    [Fact]
    public void The_words_say_what_really_told_the_records_apart()
    {
        Assert.Equal("the only value", Explain("company", Of(1, "crm", 1, ("company", "A")), Of(2, "erp", 2, ("jobTitle", "B"))).Rule);
        Assert.Equal("all agree", Explain("company", Of(1, "crm", 1, ("company", "A")), Of(2, "erp", 2, ("company", "A"))).Rule);
        Assert.Equal("source priority", Explain("company", Of(1, "crm", 1, ("company", "A")), Of(2, "erp", 1, ("company", "B"))).Rule);
        Assert.Equal("most frequent", Explain("company", Of(1, "x", 1, ("company", "A")), Of(2, "y", 1, ("company", "B")), Of(3, "z", 1, ("company", "B"))).Rule);
        Assert.Equal("most complete", Explain("company", Of(1, "x", 1, ("company", "A")), Of(2, "y", 1, ("company", "B"), ("jobTitle", "C"))).Rule);
        Assert.StartsWith("lowest record number", Explain("company", Of(1, "x", 1, ("company", "A")), Of(2, "y", 1, ("company", "B"))).Rule, StringComparison.Ordinal);
    }

    [Fact]
    public void Special_fields_have_words_of_their_own()
    {
        Assert.Equal("a no from anyone is a no", Explain("consent.sms", Of(1, "x", 1, ("consent.sms", Value.Boolean(false))), Of(2, "y", 2, ("consent.sms", Value.Boolean(true)))).Rule);
        Assert.Equal("most recent (address moves as one)", Explain("address.city", Of(1, "x", 1, ("address.city", "A")), Of(2, "y", 2, ("address.city", "B"))).Rule);
        Assert.Equal("given and family name apart", Explain("name.given", Of(1, "x", 1, ("name.given", "A"), ("name.family", "B")), Of(2, "y", 2, ("name.full", "A B"))).Rule);
        Assert.Equal("union of 2 records", Explain("emails[]", Of(1, "x", 1, ("email", "a@x.example")), Of(2, "y", 2, ("emails[]", List("b@x.example")))).Rule);
    }

    [Fact]
    public void A_correction_says_so_for_the_part_corrected_only()
    {
        Member[] members = [Of(1, "crm", 1, ("name.given", "Ann"), ("name.family", "Miller")), Of(2, Survivor.Steward, 1, ("name.family", "Smith"))];

        var family = Explain("name.family", members);
        Assert.Equal(("corrected by a steward", 2L), (family.Rule, family.From[0].RecordId));
        Assert.Equal("Miller", Assert.Single(family.Others).Value.AsText);
        Assert.Equal(1L, Explain("name.given", members).From[0].RecordId);
    }

    private static FieldLineage Explain(string path, params Member[] members) =>
        new Survivor(BuiltInModel.Customer, new SurvivorshipSettings { Priority = ["crm"] }).Explain(members).Fields.Single(line => line.Field.Path == path);
}

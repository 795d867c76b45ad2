using Crm.Integration.Mapping.Maps;
using Crm.Integration.Mapping.Model;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Tests.Maps;

public sealed class FieldMapTests
{
    private static EntityRecord Map(EntityType type, Dictionary<string, string> map, MapTrace? trace, params (string Name, Value Value)[] row)
    {
        var shape = new Shape(row.Select(field => field.Name));
        var record = new EntityRecord(type);
        new FieldMap(type, map.ToDictionary(pair => pair.Key, pair => Evaluating.Compile(pair.Value))).Bind(shape, trace)
            .Apply(new SourceRow(shape, [.. row.Select(field => field.Value)]), record);
        return record;
    }

    [Fact]
    public void Values_take_the_type_of_their_field()
    {
        var record = Map(BuiltInModel.Customer, new() { ["birthDate"] = "dob", ["consent.email"] = "news", ["phone"] = "tel", ["name.family"] = "name" }, null,
            ("dob", "31.01.1984"), ("news", "ja"), ("tel", Value.Number(12345)), ("name", "  "));
        Assert.Equal(new DateOnly(1984, 1, 31), record["birthDate"].AsDate);
        Assert.True(record["consent.email"].AsBoolean);
        Assert.Equal("12345", record["phone"].AsText);
        Assert.True(record["name.family"].IsNull);

        var deal = Map(BuiltInModel.Deal, new() { ["amount"] = "a", ["closeDate"] = "d" }, null, ("a", "1.234,50"), ("d", "2024-01-31T23:00:00Z"));
        Assert.Equal(1234.50m, deal["amount"].AsNumber);
        Assert.Equal("2024-01-31", deal["closeDate"].ToText());
        Assert.Equal("2024-01-31T12:00:00Z", Map(BuiltInModel.Interaction, new() { ["at"] = "t" }, null, ("t", "2024-01-31 12:00"))["at"].ToText());
    }

    [Fact]
    public void What_cannot_be_converted_stays_as_text_for_validation()
    {
        var record = Map(BuiltInModel.Customer, new() { ["birthDate"] = "dob", ["consent.sms"] = "news" }, null, ("dob", "03/04/1984"), ("news", "perhaps"));
        Assert.Equal("03/04/1984", record["birthDate"].AsText);
        Assert.Equal("perhaps", record["consent.sms"].AsText);
    }

    [Fact]
    public void A_list_begins_with_its_primary_and_holds_nothing_twice()
    {
        var map = new Dictionary<string, string> { ["email"] = "b | email", ["emails[]"] = "[a, b, a, c] | email" };
        var record = Map(BuiltInModel.Customer, map, null, ("a", "A@x.org"), ("b", "b@x.org"), ("c", ""));
        Assert.Equal("b@x.org; a@x.org", record["emails[]"].ToText());
        Assert.Equal("b@x.org", Map(BuiltInModel.Customer, new() { ["email"] = "b" }, null, ("b", "b@x.org"))["emails[]"].ToText());
        Assert.True(Map(BuiltInModel.Customer, new() { ["email"] = "b" }, null, ("b", ""))["emails[]"].IsNull);
    }

    [Fact]
    public void Paths_are_those_of_all_fields()
    {
        var map = new FieldMap(BuiltInModel.Customer, new Dictionary<string, Expression> { ["email"] = Evaluating.Compile("mail ?? mail2"), ["phone"] = Evaluating.Compile("tel | phone(land)"), ["notes"] = Evaluating.Compile("mail") });
        Assert.Equal(["land", "mail", "mail2", "tel"], map.Paths.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_trace_tells_what_was_lost_cut_and_never_taken()
    {
        var trace = new MapTrace();
        var map = new Dictionary<string, string>
        {
            ["name.given"] = "if(vip, first | upper, first)",
            ["name.family"] = "last | left(3)",
            ["email"] = "mail ?? mail2",
            ["company"] = "firm | extract('\\d+')",
            ["birthDate"] = "dob",
        };
        var record = Map(BuiltInModel.Customer, map, trace, ("vip", "no"), ("first", "Ann"), ("last", "Müller"), ("mail", "a@x.org"), ("mail2", ""), ("firm", "Acme"), ("dob", "soon"));
        Assert.Equal("Mül", record["name.family"].AsText);
        Assert.Equal(["first | upper", "mail2"], trace.UntakenBranches.Select(branch => branch.Text).Order(StringComparer.Ordinal));
        Assert.Equal(
            [new("birthDate", TraceLoss.NotConverted, null, 1), new("company", TraceLoss.Lost, "extract", 1), new FieldLoss("name.family", TraceLoss.Cut, "left", 1)],
            trace.Losses.OrderBy(loss => loss.Field, StringComparer.Ordinal));
    }
}

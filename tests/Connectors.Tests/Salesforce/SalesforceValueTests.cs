using System.Text;
using System.Text.Json;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Salesforce;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Tests.Salesforce;

public sealed class SalesforceValueTests
{
    [Theory]
    [InlineData("string", "\"007\"", "007")]
    [InlineData("boolean", "true", "true")]
    [InlineData("double", "12.50", "12.5")]
    [InlineData("currency", "1.0E7", "1.0E7")]
    [InlineData("int", "3", "3.0")]
    [InlineData("date", "\"1988-02-29\"", "1988-02-29")]
    [InlineData("datetime", "\"2026-03-02T08:15:30.000+0000\"", "2026-03-02T08:15:30.000Z")]
    [InlineData("multipicklist", "\"Music;Travel\"", "Music;Travel")]
    [InlineData("boolean", "\"False\"", "False")]
    [InlineData("double", "\"n/a\"", "n/a")]
    [InlineData("date", "\"1988-02-30\"", "1988-02-30")]
    [InlineData("datetime", "\"2026-03-02T24:15:30.000Z\"", "2026-03-02T24:15:30.000Z")]
    [InlineData("datetime", "\"2026-03-02T08:15:30+02:00\"", "2026-03-02T08:15:30+02:00")]
    [InlineData("datetime", "\"２026-03-02T08:15:30.00Z\"", "２026-03-02T08:15:30.00Z")]
    [InlineData("string", "null", "")]
    [InlineData("textarea", "\"李雷 😀\\nzwei\"", "李雷 😀\nzwei")]
    public void A_value_is_the_same_by_JSON_and_by_CSV(string type, string json, string csv)
    {
        var field = new SalesforceField { Name = "F", Type = type };
        var one = FieldValues.Read(field, JsonDocument.Parse(json).RootElement);
        Assert.Equal(one, Read(type, csv));
        Assert.Equal(one.ToText(), Read(type, csv).ToText());
    }

    [Fact]
    public void Values_have_the_kind_of_their_field()
    {
        Assert.Equal(new DateTimeOffset(2026, 3, 2, 8, 15, 30, TimeSpan.Zero), Read("datetime", "2026-03-02T08:15:30.000Z").AsInstant);
        Assert.Equal(new DateOnly(2026, 3, 2), Read("date", "2026-03-02").AsDate);
        Assert.Equal(["Music", "Travel"], Read("multipicklist", "Music;Travel").AsList.Select(item => item.AsText));
        Assert.Equal("a\u0001b", FieldValues.Read(StreamFieldType.Text, "a\0\u0001b").AsText);
    }

    [Theory]
    [InlineData("boolean", "yes", true)]
    [InlineData("date", "2026-03-02", "2026-03-02")]
    [InlineData("datetime", "2026-03-02T08:15:30+08:00", "2026-03-02T00:15:30.000Z")]
    [InlineData("string", "x", "x")]
    [InlineData("multipicklist", "Music", "Music")]
    public void A_text_becomes_what_the_field_takes(string type, string text, object written)
    {
        Assert.True(FieldValues.TryWrite(new() { Name = "F", Type = type }, text, out var value, out _, out _));
        Assert.Equal(written, value);
    }

    [Fact]
    public void What_does_not_fit_is_told_before_it_is_sent()
    {
        Assert.False(FieldValues.TryWrite(new() { Name = "F", Type = "date" }, "soon", out _, out var fault, out var why));
        Assert.Equal(WriteFault.BadValue, fault);
        Assert.DoesNotContain("soon", why!, StringComparison.Ordinal);
        Assert.False(FieldValues.TryWrite(new() { Name = "F", Type = "int" }, Value.Number(1.5m), out _, out fault, out _));
        Assert.Equal(WriteFault.BadValue, fault);
        Assert.False(FieldValues.TryWrite(new() { Name = "F", Type = "string", Length = 3 }, "four", out _, out fault, out _));
        Assert.Equal(WriteFault.TooLong, fault);
        Assert.True(FieldValues.TryWrite(new() { Name = "F", Type = "date" }, Value.Null, out var nothing, out _, out _));
        Assert.Null(nothing);
    }

    [Fact]
    public void Texts_in_queries_cannot_break_out()
    {
        Assert.Equal(@"Name IN ('O\'Neil','a\\','x\ny')", Soql.In("Name", ["O'Neil", @"a\", "x\ny"]));
        var at = new DateTimeOffset(2026, 3, 1, 2, 0, 0, TimeSpan.FromHours(2));
        Assert.Equal("SystemModstamp >= 2026-03-01T00:00:00.000Z", Soql.From("SystemModstamp", at, null));
        Assert.Equal("(SystemModstamp > 2026-03-01T00:00:00.000Z OR (SystemModstamp = 2026-03-01T00:00:00.000Z AND Id > '003'))", Soql.From("SystemModstamp", at, "003"));
    }

    [Theory]
    [InlineData("nonsense", "damaged")]
    [InlineData("{\"v\":9,\"field\":\"SystemModstamp\"}", "version")]
    [InlineData("{\"v\":1,\"field\":\"CreatedDate\",\"at\":\"2026-01-01T00:00:00Z\"}", "CreatedDate")]
    [InlineData("{\"v\":1,\"field\":\"SystemModstamp\",\"at\":\"2999-01-01T00:00:00Z\"}", "future")]
    public void A_cursor_that_cannot_be_right_is_refused_with_the_remedy(string text, string word)
    {
        var failure = Assert.Throws<ConnectorException>(() => SalesforceCursor.Parse(text, "SystemModstamp", "Contact").Against(new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero), "Contact"));
        Assert.Equal(FailureKind.Configuration, failure.Kind);
        Assert.Contains(word, failure.Message, StringComparison.Ordinal);
        Assert.Contains("hub state reset", failure.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cursor_never_passes_its_ceiling()
    {
        var ceiling = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
        var start = SalesforceCursor.Parse(null, "SystemModstamp", "Contact");
        var below = start.Behind(new(null!, "003A", ceiling.AddHours(-1), Value.Null), ceiling);
        var above = below.Behind(new(null!, "003B", ceiling.AddSeconds(5), Value.Null), ceiling);
        Assert.Equal((ceiling.AddHours(-1), "003A"), (below.At, below.Id));
        Assert.Equal((ceiling, null), (above.At, above.Id));
        Assert.Equal(below, SalesforceCursor.Parse(below.ToText(), "SystemModstamp", "Contact"));
    }

    [Fact]
    public async Task A_long_list_of_fields_is_asked_for_in_parts()
    {
        var target = new SalesforceObject { Name = "Wide__c", Fields = [new() { Name = "Id", Type = "id" }, new() { Name = "SystemModstamp", Type = "datetime" }, .. Enumerable.Range(0, 800).Select(i => new SalesforceField { Name = $"A_rather_long_field_name_{i}__c" })] };
        var select = await SelectList.OfAsync(target, null, "SystemModstamp", "Id", _ => throw new InvalidOperationException());
        var parts = select.Parts(7500);
        Assert.True(parts.Count > 2);
        Assert.All(parts, part => Assert.True(Soql.Escape(Soql.Select(part.Select(column => column.Path), "Wide__c")).Length < 7700));
        Assert.Equal(802, parts.Sum(part => part.Count));
        Assert.Equal(["Id", "SystemModstamp"], parts[0].Take(2).Select(column => column.Path));
    }

    [Fact]
    public async Task A_field_that_is_not_there_is_named_with_its_neighbours()
    {
        var target = new SalesforceObject { Name = "Contact", Fields = [new() { Name = "Id", Type = "id" }, new() { Name = "Email" }, new() { Name = "LastName" }] };
        var failure = await Assert.ThrowsAsync<ConnectorException>(async () => await SelectList.OfAsync(target, ["Last_Name"], "", "Id", _ => throw new InvalidOperationException()));
        Assert.Contains("Last_Name", failure.Message, StringComparison.Ordinal);
        Assert.Contains("It has LastName", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://login.salesforce.com", "secret", null, null, "My Domain")]
    [InlineData("https://acme.my.salesforce.com", null, null, null, "clientSecret")]
    [InlineData("https://acme.lightning.force.com", "secret", null, null, "screens")]
    [InlineData("http://acme.my.salesforce.com", "secret", null, null, "https")]
    [InlineData("acme", "secret", null, null, "loginUrl")]
    [InlineData("https://login.salesforce.com", null, null, "KEY", "username")]
    public void Settings_that_cannot_work_are_refused_before_anybody_is_asked(string login, string? secret, string? refresh, string? key, string word)
    {
        var failure = Assert.Throws<ConnectorException>(() => SignIn.Of(new() { LoginUrl = login, ClientId = "id", ClientSecret = secret, RefreshToken = refresh, PrivateKey = key }));
        Assert.Contains(word, failure.Message + failure.Fix, StringComparison.Ordinal);
    }

    // As a cell of a bulk result; an empty one is not read.
    private static Value Read(string type, string text) =>
        text.Length == 0 ? Value.Null : FieldValues.CellReader(new SalesforceField { Name = "F", Type = type }.Kind)(Encoding.UTF8.GetBytes(text));
}

using System.Text.Json;
using Crm.Integration.Connectors.Zoho;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Tests.Zoho;

public sealed class ZohoValuesTests
{
    [Theory]
    [InlineData("datetime", "\"2026-03-02T09:15:30+01:00\"", ValueKind.Instant, "2026-03-02T08:15:30Z")]
    [InlineData("datetime", "\"2026-03-29T02:30:00-08:00\"", ValueKind.Instant, "2026-03-29T10:30:00Z")]
    [InlineData("date", "\"1980-02-29\"", ValueKind.Date, "1980-02-29")]
    [InlineData("integer", "12", ValueKind.Number, "12")]
    [InlineData("bigint", "\"5725767000001291001\"", ValueKind.Number, "5725767000001291001")]
    [InlineData("currency", "12.50", ValueKind.Number, "12.5")]
    [InlineData("boolean", "true", ValueKind.Boolean, "true")]
    [InlineData("picklist", "\"张伟 😀\"", ValueKind.Text, "张伟 😀")]
    [InlineData("text", "null", ValueKind.Null, null)]
    [InlineData("multiselectpicklist", "[\"Art\",\"Sport\"]", ValueKind.List, "Art; Sport")]
    [InlineData("multiselectpicklist", "[]", ValueKind.Null, null)]
    [InlineData("lookup", "{\"name\":\"Okafor Ltd\",\"id\":\"5725767000001300007\",\"email\":\"x\"}", ValueKind.Object, "{\"id\":\"5725767000001300007\",\"name\":\"Okafor Ltd\"}")]
    [InlineData("date", "\"soon\"", ValueKind.Text, "soon")]
    public void A_value_has_the_type_of_its_field(string type, string json, ValueKind kind, string? text)
    {
        using var document = JsonDocument.Parse(json);
        var value = ZohoValues.Read(document.RootElement, new("F", type));
        Assert.Equal((kind, text), (value.Kind, value.ToText()));
    }

    [Theory]
    [InlineData("datetime", "\"2026-03-02T09:15:30+01:00\"", "2026-03-02T09:15:30+01:00")]
    [InlineData("date", "\"1980-02-29\"", "1980-02-29")]
    [InlineData("double", "12.50", "12.5")]
    [InlineData("boolean", "false", "")]
    [InlineData("boolean", "true", "true")]
    [InlineData("text", "null", "")]
    [InlineData("multiselectpicklist", "[\"Art\",\"Sport\"]", "Art;Sport")]
    [InlineData("multiselectpicklist", "[]", "")]
    [InlineData("lookup", "{\"id\":\"57\",\"name\":null}", "57")]
    public void A_cell_of_a_bulk_file_is_the_same_value_as_in_a_list(string type, string json, string cell)
    {
        using var document = JsonDocument.Parse(json);
        Assert.Equal(ZohoValues.Read(document.RootElement, new("F", type)), ZohoValues.ReadCell(cell, new("F", type)));
    }

    [Fact]
    public void Tags_are_a_list_of_their_names()
    {
        using var document = JsonDocument.Parse("""[{"name":"VIP","id":"1","color_code":null}]""");
        Assert.Equal(Value.List("VIP"), ZohoValues.Read(document.RootElement, new("Tag", "text") { IsList = true }));
    }

    public static TheoryData<string, object?, string?> Writable => new()
    {
        { "text", "x", "\"x\"" },
        { "text", null, "null" },
        { "text", " ", "null" },
        { "integer", 3.0m, "3" },
        { "integer", "12", "12" },
        { "double", 12.50m, "12.5" },
        { "integer", "twelve", null },
        { "boolean", true, "true" },
        { "boolean", "no", "false" },
        { "boolean", "perhaps", null },
        { "date", new DateOnly(1980, 2, 29), "\"1980-02-29\"" },
        { "date", "29.2.1980", null },
        { "datetime", new DateTimeOffset(2026, 3, 2, 9, 15, 30, TimeSpan.FromHours(1)), "\"2026-03-02T08:15:30\\u002B00:00\"" },
        { "lookup", "5725767000001300007", "{\"id\":\"5725767000001300007\"}" },
        { "lookup", "Okafor Ltd", "{\"name\":\"Okafor Ltd\"}" },
        { "multiselectpicklist", null, "[]" },
        { "multiselectpicklist", "Art", "[\"Art\"]" },
    };

    [Theory]
    [MemberData(nameof(Writable))]
    public void A_value_is_written_as_its_field_takes_it(string type, object? raw, string? json)
    {
        Value value = raw switch
        {
            null => Value.Null,
            decimal number => Value.Number(number),
            bool truth => Value.Boolean(truth),
            DateOnly date => Value.Date(date),
            DateTimeOffset time => Value.Instant(time),
            _ => (string)raw,
        };
        var can = ZohoValues.TryWrite(value, new("F", type), out var node);
        Assert.Equal(json is not null, can);
        if (can)
            Assert.Equal(json, node is null ? "null" : node.ToJsonString());
    }

    [Theory]
    [InlineData("""{"api_name":"Hub_Id","data_type":"text","json_type":"string","length":100,"unique":{"casesensitive":false},"operation_type":{"api_create":true,"api_update":true},"lookup":{}}""", "Hub_Id text 100 unique writable")]
    [InlineData("""{"api_name":"Full_Name","data_type":"text","read_only":true,"unique":{},"operation_type":{"api_create":true,"api_update":true}}""", "Full_Name text")]
    [InlineData("""{"api_name":"Last_Name","data_type":"text","length":80,"system_mandatory":true}""", "Last_Name text 80 required writable")]
    [InlineData("""{"api_name":"Account_Name","data_type":"lookup","lookup":{"module":{"api_name":"Accounts"}}}""", "Account_Name lookup writable Accounts")]
    [InlineData("""{"api_name":"Secret","data_type":"text","visible":false}""", "Secret text hidden writable")]
    [InlineData("""{"data_type":"text"}""", null)]
    [InlineData("""{"api_name":7,"data_type":[]}""", "7 text writable")]
    public void A_field_is_what_Zoho_says_of_it(string json, string? words)
    {
        using var document = JsonDocument.Parse(json);
        var field = ZohoField.Of(document.RootElement);
        Assert.Equal(words, field is null ? null : string.Join(' ', new[]
        {
            field.Name, field.Type, field.Length?.ToString(System.Globalization.CultureInfo.InvariantCulture), field.Required ? "required" : null, field.Unique ? "unique" : null,
            field.Readable ? null : "hidden", field.Described.Writable ? "writable" : null, field.Target,
        }.OfType<string>()));
    }
}

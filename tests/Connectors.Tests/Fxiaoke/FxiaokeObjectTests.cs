using System.Text.Json;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Fxiaoke;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Tests.Fxiaoke;

public sealed class FxiaokeObjectTests
{
    private static readonly FxiaokeObject s_device = FxiaokeObject.Read("device__c", Json(
        """
        {"errorCode":0,"data":{"describe":{"api_name":"device__c","display_name":"设备","fields":{
          "name":{"type":"text","label":"设备名称","is_required":true,"max_length":100},
          "price__c":{"type":"currency","label":"价格"},
          "sold__c":{"type":"date","label":"售出日期"},
          "seen__c":{"type":"date_time"},
          "ok__c":{"type":"true_or_false"},
          "level__c":{"type":"select_one","label":"级别","options":[{"label":"重要","value":"1"},{"label":"普通","value":"2"}]},
          "uses__c":{"type":"select_many","options":[{"label":"家用","value":"home"},{"label":"商用","value":"work"}]},
          "owner":{"type":"employee","label":"负责人"},
          "sum__c":{"type":"formula"},
          "last_modified_time":{"type":"date_time"}}}}}
        """));

    [Fact]
    public void Descriptions_carry_labels_types_choices_and_what_can_be_written()
    {
        var description = s_device.Describe();

        Assert.Equal("设备", description.Label);
        Assert.Equal("last_modified_time", description.CursorField);
        Assert.Equal(("设备名称", true, 100), description.Fields.Where(field => field.Name == "name").Select(field => (field.Label!, field.Required, field.MaxLength!.Value)).Single());
        Assert.Equal(["1", "2"], description.Fields.Single(field => field.Name == "level__c").Choices);
        Assert.Equal(StreamFieldType.List, description.Fields.Single(field => field.Name == "owner").Type);
        Assert.False(description.Fields.Single(field => field.Name == "sum__c").Writable);
        Assert.False(description.Fields.Single(field => field.Name == "_id").Writable);
    }

    [Theory]
    [InlineData("price__c", "\"100.01\"", "100.01")]
    [InlineData("sold__c", "1772380800000", "2026-03-02")]
    [InlineData("seen__c", "1772438130777", "2026-03-02T07:55:30.777Z")]
    [InlineData("seen__c", "\"1772438130777\"", "2026-03-02T07:55:30.777Z")]
    [InlineData("ok__c", "true", "true")]
    [InlineData("owner", "[\"1000\"]", "1000")]
    [InlineData("level__c", "\"1\"", "1")]
    public void Values_are_read_by_their_type(string field, string json, string expected) =>
        Assert.Equal(expected, FxiaokeValues.Read(Json(json), s_device.Fields[field]).ToText());

    public static TheoryData<string, Value, string> Written => new()
    {
        { "price__c", Value.Number(100.010m), "\"100.01\"" },
        { "sold__c", Value.Date(new DateOnly(2026, 3, 2)), "1772380800000" },
        { "seen__c", Value.Instant(DateTimeOffset.FromUnixTimeMilliseconds(1772438130777)), "1772438130777" },
        { "ok__c", "yes", "true" },
        { "level__c", "重要", "\"1\"" },
        { "level__c", "2", "\"2\"" },
        { "uses__c", Value.List("家用", "work"), "[\"home\",\"work\"]" },
        { "owner", "1000", "[\"1000\"]" },
        { "name", Value.Null, "\"\"" },
        { "uses__c", Value.Null, "[]" },
        { "price__c", Value.Null, "null" },
    };

    [Theory]
    [MemberData(nameof(Written))]
    public void Values_are_written_by_their_type(string field, Value value, string expected)
    {
        Assert.Null(FxiaokeValues.Write(value, s_device.Fields[field], out var json));
        Assert.Equal(expected, json?.ToJsonString() ?? "null");
    }

    [Theory]
    [InlineData("price__c", "much")]
    [InlineData("level__c", "other")]
    [InlineData("uses__c", "other")]
    [InlineData("sold__c", "soon")]
    public void A_value_of_another_type_is_told_by_what_it_should_be(string field, string value) =>
        Assert.NotNull(FxiaokeValues.Write(value, s_device.Fields[field], out _));

    [Fact]
    public void A_field_that_does_not_exist_is_named_with_the_one_of_that_label()
    {
        var failure = Assert.Throws<ConnectorException>(() => s_device.RequireReadable("级别"));

        Assert.Equal(FailureKind.Configuration, failure.Kind);
        Assert.Contains("level__c", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_Fxiaoke_derives_of_a_field_can_be_read_and_not_written()
    {
        Assert.Equal("owner", s_device.Base("owner__r"));
        Assert.Equal("owner", s_device.RequireReadable("owner__r").Name);
        Assert.Throws<ConnectorException>(() => s_device.RequireWritable("owner__r"));
    }

    private static JsonElement Json(string json) => JsonSerializer.Deserialize<JsonElement>(json);
}

using System.Text.Json;
using Crm.Integration.Connectors.Insightly;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Tests.Insightly;

public sealed class InsightlyValuesTests
{
    [Theory]
    [InlineData("Instant", "\"2026-03-02 08:15:30\"", "2026-03-02T08:15:30Z")]
    [InlineData("Instant", "\"/Date(1772439330000-0800)/\"", "2026-03-02T08:15:30Z")]
    [InlineData("Instant", "\"2026-03-02T08:15:30Z\"", "2026-03-02T08:15:30Z")]
    [InlineData("Instant", "\"soon\"", "soon")]
    [InlineData("Date", "\"1985-12-01 00:00:00\"", "1985-12-01")]
    [InlineData("Number", "144002211", "144002211")]
    [InlineData("Number", "\"12.50\"", "12.5")]
    [InlineData("Boolean", "true", "true")]
    [InlineData("Choices", "\"Music; Travel\"", "Music; Travel")]
    [InlineData("Text", "\"李雷 🎉\"", "李雷 🎉")]
    [InlineData("Text", "null", null)]
    public void Values_are_read_by_their_kind(string kind, string json, string? expected) =>
        Assert.Equal(expected, InsightlyValues.Read(Json(json), Field(kind)).ToText());

    [Fact]
    public void Several_choices_become_a_list() => Assert.Equal(Value.List("Music", "Travel"), InsightlyValues.Read(Json("\"Music;Travel\""), Field("Choices")));

    [Fact]
    public void Tags_become_a_list_of_their_names() =>
        Assert.Equal(Value.List("vip", "old"), InsightlyValues.Read(Json("""[{"TAG_NAME":"vip"},{"TAG_NAME":"old"}]"""), Field("Names")));

    public static TheoryData<string, Value, string> Written => new()
    {
        { "Text", "Zoë", "\"Zo\\u00EB\"" },
        { "Text", Value.Null, "null" },
        { "Text", Value.Text("  "), "null" },
        { "Number", "12.5", "12.5" },
        { "Boolean", "yes", "true" },
        { "Date", Value.Date(new DateOnly(1985, 12, 1)), "\"1985-12-01 00:00:00\"" },
        { "Instant", Value.Instant(new DateTimeOffset(2026, 3, 2, 16, 15, 30, TimeSpan.FromHours(8))), "\"2026-03-02 08:15:30\"" },
        { "Choices", Value.List("Music", "Travel"), "\"Music;Travel\"" },
        { "Names", Value.List("vip"), "[{\"TAG_NAME\":\"vip\"}]" },
        { "Names", Value.Null, "[]" },
    };

    [Theory]
    [MemberData(nameof(Written))]
    public void Values_are_written_by_their_kind(string kind, Value value, string expected)
    {
        Assert.Null(InsightlyValues.Write(value, Field(kind), out var json));
        Assert.Equal(expected, json?.ToJsonString() ?? "null");
    }

    [Theory]
    [InlineData("Number", "many")]
    [InlineData("Boolean", "perhaps")]
    [InlineData("Date", "01/02/2026")]
    [InlineData("Instant", "noon")]
    public void A_value_of_another_kind_is_told_by_what_it_should_be(string kind, string value) =>
        Assert.NotNull(InsightlyValues.Write(value, Field(kind), out _));

    [Fact]
    public void The_version_is_the_time_of_change() =>
        Assert.Equal("2026-03-02T08:15:30Z", InsightlyValues.Version(Json("""{"DATE_UPDATED_UTC":"2026-03-02 08:15:30"}""")));

    private static InsightlyField Field(string kind) => new("X", Enum.Parse<InsightlyKind>(kind)) { Member = "TAG_NAME" };

    private static JsonElement Json(string json) => JsonSerializer.Deserialize<JsonElement>(json);
}

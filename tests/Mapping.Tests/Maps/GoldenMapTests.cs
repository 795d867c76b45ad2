using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Crm.Integration.Mapping.Maps;
using Crm.Integration.Mapping.Model;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Tests.Maps;

/// <summary>A folder a case: input.json (rows), map.json (entity and fields), expected.json (records). Add a case by adding a folder.</summary>
public sealed class GoldenMapTests
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string Root([CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "..", "Golden");

    public static TheoryData<string> Cases() => [.. Directory.GetDirectories(Root()).Where(folder => File.Exists(Path.Combine(folder, "map.json"))).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_source_maps_as_expected(string name)
    {
        string Read(string file) => File.ReadAllText(Path.Combine(Root(), name, file));
        using var settings = JsonDocument.Parse(Read("map.json"));
        var type = BuiltInModel.All.Single(entity => entity.Name == settings.RootElement.GetProperty("entity").GetString());
        var environment = new MapEnvironment { Country = settings.RootElement.TryGetProperty("country", out var country) ? country.GetString() : null };
        var map = new FieldMap(type, settings.RootElement.GetProperty("map").EnumerateObject().ToDictionary(field => field.Name, field => Evaluating.Compile(field.Value.GetString()!, environment)));

        using var rows = JsonDocument.Parse(Read("input.json"));
        var actual = new List<string>();
        foreach (var row in rows.RootElement.EnumerateArray())
        {
            var shape = new Shape(row.EnumerateObject().Select(field => field.Name));
            var record = new EntityRecord(type);
            map.Bind(shape).Apply(new SourceRow(shape, [.. row.EnumerateObject().Select(field => Parse(field.Value))]), record);
            actual.Add(RecordJson.ToJson(record));
        }

        Assert.Equal(Indent(Read("expected.json")), Indent($"[{string.Join(',', actual)}]"));
    }

    private static Value Parse(JsonElement element)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(element.GetRawText()));
        reader.Read();
        return RecordJson.ReadValue(ref reader);
    }

    private static string Indent(string json) => JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(json), s_indented);
}

using System.Text.Json.Nodes;
using Crm.Integration.Connectors;
using Crm.Integration.Hub.Configuration.Schemas;
using Crm.Integration.Mapping.Model;

namespace Crm.Integration.Hub.Tests.Configuration;

public sealed class SchemaTests
{
    private static readonly Dictionary<string, JsonObject> s_schemas = new HubSchemas(BuiltInConnectors.All, BuiltInModel.All).All().ToDictionary(schema => schema.File, schema => schema.Schema);

    public static TheoryData<string, string> SampleFiles()
    {
        var data = new TheoryData<string, string>();
        foreach (var folder in Directory.EnumerateDirectories(Path.Combine(Repository.Root, "samples")).Where(folder => File.Exists(Path.Combine(folder, "hub.json"))))
        {
            data.Add("hub.schema.json", Path.Combine(folder, "hub.json"));
            foreach (var (subfolder, schema) in ((string, string)[])[("connections", "connection"), ("pipelines", "pipeline"), ("model", "model"), ("tests", "test")])
            {
                foreach (var file in Directory.Exists(Path.Combine(folder, subfolder)) ? Directory.GetFiles(Path.Combine(folder, subfolder), "*.json") : [])
                    data.Add($"{schema}.schema.json", Path.GetRelativePath(Repository.Root, file));
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(SampleFiles))]
    public void The_schemas_accept_every_file_of_the_samples(string schema, string file) =>
        Assert.Empty(SchemaCheck.Check(s_schemas[schema], Json(File.ReadAllText(Path.Combine(Repository.Root, file)))));

    [Theory]
    [InlineData("hub.schema.json", """{ "limits": { "changePercent": 200 } }""", "/limits/changePercent: maximum")]
    [InlineData("hub.schema.json", """{ "limit": {} }""", "/limit: additionalProperties")]
    [InlineData("hub.schema.json", """{ "store": { "provider": "oracle" } }""", "/store/provider: anyOf")]
    [InlineData("connection.schema.json", """{ "connector": "cvs" }""", "/connector: enum")]
    [InlineData("connection.schema.json", """{ "connector": "csv", "folder": "in", "delimitre": ";" }""", "/delimitre: additionalProperties")]
    [InlineData("pipeline.schema.json", """{ "entity": "customer", "map": {} }""", ": oneOf")]
    [InlineData("pipeline.schema.json", """{ "to": { "connection": "c", "stream": "s", "key": "k" }, "map": {} }""", "/entity: required")]
    [InlineData("pipeline.schema.json", """{ "to": { "connection": "c", "stream": "s", "key": "k" }, "entity": "customer", "map": { "a": 1 } }""", "/map/a: type")]
    [InlineData("model.schema.json", """{ "fields": { "x": { "type": "texd" } } }""", "/fields/x/type: enum")]
    public void The_schemas_refuse_what_the_hub_refuses(string schema, string json, string problem) =>
        Assert.Contains(problem, SchemaCheck.Check(s_schemas[schema], JsonNode.Parse(json)));

    [Fact]
    public void A_number_may_come_by_reference() =>
        Assert.Empty(SchemaCheck.Check(s_schemas["hub.schema.json"], JsonNode.Parse("""{ "limits": { "changePercent": "${env:MAX}" }, "store": { "provider": "${env:ENGINE}" } }""")));

    [Fact]
    public void The_fields_of_an_entity_are_proposed_in_the_map()
    {
        var hints = s_schemas["pipeline.schema.json"]["allOf"]!.AsArray().Single(hint => (string?)hint!["if"]!["properties"]!["entity"]!["const"] == "customer");
        var fields = hints!["then"]!["properties"]!["map"]!["properties"]!.AsObject();
        Assert.Equal(BuiltInModel.Customer.Fields.Select(field => field.Path), fields.Select(field => field.Key));
        Assert.Equal("Given name.", (string?)fields["name.given"]!["description"]);
    }

    [Fact]
    public void Defaults_ranges_and_meanings_stand_in_the_schema()
    {
        var limit = s_schemas["hub.schema.json"]["properties"]!["limits"]!["properties"]!["deletePercent"]!;
        Assert.Equal((10.0, 0.0, 100.0), ((double)limit["default"]!, (double)limit["minimum"]!, (double)limit["maximum"]!));
        Assert.StartsWith("The most records", (string?)limit["description"], StringComparison.Ordinal);
    }

    private static JsonNode? Json(string text) =>
        JsonNode.Parse(text, documentOptions: new() { CommentHandling = System.Text.Json.JsonCommentHandling.Skip, AllowTrailingCommas = true });
}

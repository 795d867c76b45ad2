using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Configuration.Binding;
using Crm.Integration.Hub.Configuration.Loading;
using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.Configuration.Schemas;

/// <summary>
/// The JSON Schemas (draft 2020-12) of all files of a hub folder. Editors complete and check by them as one types; what only
/// the whole folder can tell (names of connections, expressions) is left to `hub validate`.
/// </summary>
/// <param name="connectors">The connectors there are.</param>
/// <param name="entities">The entities whose fields are proposed.</param>
internal sealed class HubSchemas(IReadOnlyList<IConnector> connectors, IReadOnlyList<EntityType> entities)
{
    /// <summary>Indented, and with letters of all languages as they are.</summary>
    public static JsonSerializerOptions Readable { get; } = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Which files each schema describes, as editors match them.</summary>
    public static IReadOnlyList<(string Schema, string Files)> Bindings { get; } =
    [
        ("hub.schema.json", "/hub.json"),
        ("connection.schema.json", "/connections/*.json"),
        ("pipeline.schema.json", "/pipelines/*.json"),
        ("model.schema.json", "/model/*.json"),
        ("test.schema.json", "/tests/*.json"),
    ];

    /// <summary>Every schema by its file name.</summary>
    public IReadOnlyList<(string File, JsonObject Schema)> All() =>
    [
        ("hub.schema.json", Finish("hub.json", new SettingSchema(references: true).Record(SettingType.Of(typeof(HubSettings)), root: true))),
        ("connection.schema.json", Finish("A connection: one account of a connector", Connection())),
        ("pipeline.schema.json", Finish("A pipeline", Pipeline())),
        ("model.schema.json", Finish("An entity", Plain(typeof(ModelSettings)))),
        ("test.schema.json", Finish("Mapping tests", Plain(typeof(TestSettings)))),
    ];

    /// <summary>The text of a schema file.</summary>
    public static string TextOf(JsonObject schema) => schema.ToJsonString(Readable) + "\n";

    private static JsonObject Plain(Type type) => new SettingSchema(references: false).Record(SettingType.Of(type), root: true);

    private static JsonObject Finish(string title, JsonObject schema)
    {
        schema.Insert(0, "title", title);
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");

        // Both are words of Visual Studio Code, whose JSON is strict without them.
        schema["allowComments"] = true;
        schema["allowTrailingCommas"] = true;
        return schema;
    }

    private JsonObject Connection()
    {
        var writer = new SettingSchema(references: true);
        var definitions = new JsonObject();
        var cases = new JsonArray();
        foreach (var declaration in connectors.Select(connector => connector.Declaration))
        {
            var settings = writer.Record(SettingType.Of(declaration.SettingsType), root: true);
            ((JsonObject)settings["properties"]!).Insert(0, ConnectionLoader.ConnectorKey, new JsonObject { ["const"] = declaration.Name });
            settings.Insert(0, "description", declaration.Summary);
            definitions[declaration.Name] = settings;
            cases.Add(new JsonObject
            {
                ["if"] = Has(ConnectionLoader.ConnectorKey, declaration.Name),
                ["then"] = new JsonObject { ["$ref"] = $"#/$defs/{declaration.Name}" },
            });
        }

        return new()
        {
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                [ConnectionLoader.ConnectorKey] = new JsonObject
                {
                    ["description"] = "Which kind of system this is. It decides all other keys.",
                    ["enum"] = SettingSchema.Names(connectors.Select(connector => connector.Declaration.Name)),
                    ["enumDescriptions"] = SettingSchema.Names(connectors.Select(connector => connector.Declaration.Summary)),
                },
            },
            ["required"] = SettingSchema.Names([ConnectionLoader.ConnectorKey]),
            ["allOf"] = cases,
            ["$defs"] = definitions,
        };
    }

    private JsonObject Pipeline()
    {
        var schema = Plain(typeof(PipelineSettings));
        ((JsonObject)schema["properties"]!["entity"]!)["examples"] = SettingSchema.Names(entities.Select(entity => entity.Name));
        schema["oneOf"] = new JsonArray(
            new JsonObject { ["required"] = SettingSchema.Names(["from"]) },
            new JsonObject { ["required"] = SettingSchema.Names(["to"]) });

        // Proposals, not fences: a model file may have added fields since the schema was written.
        var hints = new JsonArray();
        foreach (var entity in entities)
        {
            var condition = Has("entity", entity.Name);
            ((JsonArray)condition["required"]!).Add("from");
            hints.Add(new JsonObject { ["if"] = condition, ["then"] = new JsonObject { ["properties"] = Hints(entity) } });
        }

        schema["allOf"] = hints;
        return schema;
    }

    private static JsonObject Hints(EntityType entity)
    {
        var fields = new JsonObject();
        foreach (var field in entity.Fields)
            fields[field.Path] = new JsonObject { ["description"] = field.Description, ["type"] = "string" };
        var rule = new JsonObject { ["field"] = new JsonObject { ["examples"] = SettingSchema.Names(entity.Fields.Select(field => field.Path)) } };
        return new()
        {
            ["map"] = new JsonObject { ["properties"] = fields },
            ["validate"] = new JsonObject { ["items"] = new JsonObject { ["properties"] = rule } },
        };
    }

    private static JsonObject Has(string key, string value) => new()
    {
        ["properties"] = new JsonObject { [key] = new JsonObject { ["const"] = value } },
        ["required"] = SettingSchema.Names([key]),
    };
}

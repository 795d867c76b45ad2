using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Configuration.Schemas;
using Crm.Integration.Mapping.Model;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.Configuration.Scaffolding;

/// <summary>The files of a new hub folder.</summary>
internal static class HubScaffold
{
    /// <summary>The folders that a hub folder has, even while nothing is in them.</summary>
    public static IReadOnlyList<string> Folders { get; } = ["connections", "pipelines", "tests", "model"];

    /// <summary>What every hub folder begins with.</summary>
    /// <param name="connectors">The connectors there are, for the schemas.</param>
    /// <param name="country">The default country, or null.</param>
    /// <param name="timeZone">The default time zone.</param>
    public static IReadOnlyList<ScaffoldFile> Base(IReadOnlyList<IConnector> connectors, string? country, string timeZone) =>
    [
        new(ConfigurationLoader.HubFile, HubJson(country, timeZone)),
        new(".gitignore", "# What the hub knows, its logs, and what it writes: personal data has no place in a repository.\ndata/\nout/\n") { Optional = true },
        new(".vscode/settings.json", EditorSettings()) { Optional = true },
        .. new HubSchemas(connectors, BuiltInModel.All).All().Select(schema => new ScaffoldFile($"schemas/{schema.File}", HubSchemas.TextOf(schema.Schema)) { Generated = true }),
    ];

    /// <summary>A connection to the folder of a file.</summary>
    public static ScaffoldFile Connection(string name, string connector, string folder) =>
        new($"connections/{name}.json", $$"""
            // One account of a system. `hub connectors docs {{connector}}` shows all keys, `hub check {{name}}` tries it.
            {
              "connector": {{Quote(connector)}},
              "folder": {{Quote(folder)}}
            }

            """);

    /// <summary>An outbound pipeline that writes the golden records of an entity to a CSV file, and its connection.</summary>
    /// <param name="entity">The entity.</param>
    /// <param name="fields">The fields that the inbound pipelines fill.</param>
    public static IReadOnlyList<ScaffoldFile> Outbound(EntityType entity, IReadOnlyList<string> fields)
    {
        var lines = new StringBuilder();
        foreach (var field in fields)
            lines.Append(",\n").Append(CultureInfo.InvariantCulture, $"    {Quote(ColumnOf(field))}: {Quote(field)}");
        return
        [
            new("connections/out.json", """
                // Where the hub puts its files for others.
                {
                  "connector": "csv",
                  "folder": "out"
                }

                """),
            new($"pipelines/to-{entity.Name}s.json", $$"""
                // Outbound: every {{entity.Name}} the hub knows, once, with the best of what all sources say.
                {
                  "entity": {{Quote(entity.Name)}},
                  "to": { "connection": "out", "stream": "{{entity.Name}}s.csv", "key": "hub_id" },
                  "map": {
                    "hub_id": "id"{{lines}}
                  },
                  // Who is gone from every source is removed from the file as well; "ignore" would keep the row.
                  "deletes": "delete"
                }

                """),
        ];
    }

    private static string HubJson(string? country, string timeZone) => $$"""
        // The settings of the whole hub. All keys: docs/reference/configuration.md, or complete them in your editor.
        {
          "$schema": "./schemas/hub.schema.json",

          // Where the hub keeps what it knows: one file, nothing to install. Or "postgresql", or "sqlserver": docs/stores.md.
          "store": { "provider": "sqlite", "connectionString": "Data Source=data/hub.db" },

          // Phones and postal codes without a country are of this one; times without a zone, and schedules, are in this zone.
          "defaults": { "country": {{(country is null ? "null" : Quote(country))}}, "timeZone": {{Quote(timeZone)}} },

          // A run that would change or delete more than this at a destination stops and asks.
          "limits": { "changePercent": 20, "deletePercent": 10 }
        }

        """;

    private static string EditorSettings()
    {
        var schemas = new JsonArray();
        foreach (var (schema, files) in HubSchemas.Bindings)
            schemas.Add(new JsonObject { ["fileMatch"] = SettingSchema.Names([files]), ["url"] = $"./schemas/{schema}" });
        var settings = new JsonObject
        {
            ["json.schemas"] = schemas,
            ["files.associations"] = new JsonObject { ["*.json"] = "jsonc" },
        };
        return settings.ToJsonString(HubSchemas.Readable) + "\n";
    }

    private static string ColumnOf(string field) => field.Replace("[]", "", StringComparison.Ordinal).Replace('.', '_');

    private static string Quote(string text) => JsonSerializer.Serialize(text, HubSchemas.Readable);
}

/// <summary>A file to be written.</summary>
/// <param name="Path">Relative to the hub folder, with forward slashes.</param>
/// <param name="Text">What is in it.</param>
internal sealed record ScaffoldFile(string Path, string Text)
{
    /// <summary>Whether one that exists is left as it is without a word: it belongs to the user's other tools.</summary>
    public bool Optional { get; init; }

    /// <summary>Whether it is made by the program and may always be made anew.</summary>
    public bool Generated { get; init; }
}

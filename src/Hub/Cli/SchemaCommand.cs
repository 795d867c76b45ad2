using System.CommandLine;
using System.Text.Json.Nodes;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Configuration.Schemas;
using Crm.Integration.Mapping.Model;
using Crm.Integration.Mapping.Records;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub schema</c>.</summary>
internal sealed class SchemaCommand : HubCommand
{
    private readonly Option<string?> _out = new("--out") { Description = "Where the schemas go; by default schemas/ in the hub folder.", HelpName = "DIR" };
    private readonly Option<string?> _docs = new("--docs") { Description = "Write the reference pages there, in place of the schemas.", HelpName = "DIR" };

    public SchemaCommand()
        : base("schema", "Write the JSON Schemas by which editors complete and check the configuration.")
    {
        Remarks = "The schemas are made of the program's own types, and know the fields that model/ adds. Run it again after an update.";
        Examples = [("hub schema", "write schemas/*.schema.json"), ("hub --json schema", "print them as one document"), ("hub schema --docs docs/reference", "write the reference pages")];
        Add(_out);
        Add(_docs);
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        if (arguments.GetValue(_docs) is { } docs)
            return Task.FromResult(Write(context, Path.GetFullPath(docs), ReferenceDocs.All()));

        var folder = arguments.GetValue(_out);
        var schemas = new HubSchemas(context.Connectors().All, Entities(context)).All();
        if (context.Json && folder is null)
        {
            context.WriteJson(new JsonObject(schemas.Select(schema => KeyValuePair.Create<string, JsonNode?>(schema.File, schema.Schema))));
            return Task.FromResult(ExitCode.Done);
        }

        if (folder is null && !File.Exists(Path.Combine(context.HubFolder, ConfigurationLoader.HubFile)))
            throw CommandException.Usage($"{context.HubFolder} is not a hub folder", "say where the schemas go: `hub schema --out DIR`");
        var target = folder is null ? Path.Combine(context.HubFolder, "schemas") : Path.GetFullPath(folder);
        return Task.FromResult(Write(context, target, [.. schemas.Select(schema => (schema.File, HubSchemas.TextOf(schema.Schema)))]));
    }

    // With mistakes in the configuration the schemas are needed most: the built-in model serves then.
    private static IReadOnlyList<EntityType> Entities(CommandContext context) =>
        File.Exists(Path.Combine(context.HubFolder, ConfigurationLoader.HubFile)) && context.ReadConfiguration().Configuration is { } configuration
            ? [.. configuration.Entities.Values.Select(entity => entity.Type)]
            : BuiltInModel.All;

    private static ExitCode Write(CommandContext context, string folder, IReadOnlyList<(string File, string Text)> files)
    {
        Directory.CreateDirectory(folder);
        List<string> written = [];
        foreach (var (file, text) in files)
        {
            var path = Path.Combine(folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (File.Exists(path) && File.ReadAllText(path) == text)
                continue;
            File.WriteAllText(path, text);
            written.Add(file);
        }

        context.Show(
            new { folder, files = files.Select(file => file.File), written },
            console =>
            {
                console.WritePlain(written.Count == 0 ? $"{folder}: nothing has changed." : $"{folder}: wrote {string.Join(", ", written)}");
            });
        return ExitCode.Done;
    }
}

using System.Globalization;
using System.Text;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Configuration.Binding;
using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Mapping.Maps;
using Crm.Integration.Mapping.Model;
using Crm.Integration.Mapping.Validation;

namespace Crm.Integration.Hub.Configuration.Schemas;

/// <summary>The reference pages under <c>docs/reference</c>, made of the code's own types; a test compares them with what is committed.</summary>
internal static class ReferencePages
{
    /// <summary>Every page by its file name.</summary>
    public static IReadOnlyList<(string File, string Text)> All(IReadOnlyList<IConnector> connectors) =>
    [
        ("configuration.md", Configuration()),
        ("connectors.md", ConnectorPages.Index(connectors)),
        .. connectors.Select(connector => ($"connectors/{connector.Declaration.Name}.md", ConnectorPages.Page(connector.Declaration))),
        ("functions.md", Functions()),
        ("rules.md", Rules()),
    ];

    private static string Configuration()
    {
        var page = Begin("Configuration", "Every file of a hub folder and every key in it. Comments (`//`) and trailing commas are allowed. In `hub.json` and in connections a text may hold `${env:NAME}` (an environment variable) or `${file:PATH}` (the content of a file); `$${` stands for the characters `${`.");
        Settings(page, "hub.json", "What concerns the whole hub.", typeof(HubSettings));
        page.Append("## connections/NAME.json\n\nOne account of a connector. The name of the file is the name of the connection. The key `connector` chooses the connector, and with it all other keys: see [connectors](connectors.md).\n\n");
        Settings(page, "pipelines/NAME.json", "One pipeline, inbound with `from` or outbound with `to`. The expressions in `map`, `where`, `key` and `modified` use the [functions](functions.md); `validate` lists [rules](rules.md).", typeof(PipelineSettings), typeof(RuleDefinition));
        Settings(page, "model/ENTITY.json", "Adds fields to a built-in entity, changes how it is matched and merged, or makes a new entity. Without it the built-in model below serves.", typeof(ModelSettings));
        Settings(page, "tests/NAME.json", "Mapping tests of one pipeline, run by `hub test`. A case has one of `expect`, `rejected` and `filtered`.", typeof(TestSettings));

        page.Append("## The built-in entities\n\nA field that a pipeline maps and that is not listed here is written `custom.NAME` (or `custom.NAME[]` for a list).\n\n");
        foreach (var entity in BuiltInModel.All)
        {
            page.Append(CultureInfo.InvariantCulture, $"### {entity.Name}\n\n| field | type | meaning |\n|---|---|---|\n");
            foreach (var field in entity.Fields)
                page.Append(CultureInfo.InvariantCulture, $"| `{field.Path}` | {char.ToLowerInvariant(field.Type.ToString()[0])}{field.Type.ToString()[1..]} | {field.Description} |\n");
            page.Append('\n');
        }

        return End(page);
    }

    private static string Functions()
    {
        var page = Begin("Functions", "The functions of the mapping language. The value before `|` becomes the first argument: `email | trim | lower`. What a function cannot understand stays as it was, for validation to judge.");
        foreach (var category in MapFunctions.All.GroupBy(function => function.Category))
        {
            page.Append(CultureInfo.InvariantCulture, $"## {Capital(category.Key)}\n\n");
            foreach (var function in category)
            {
                page.Append(CultureInfo.InvariantCulture, $"### {function.Name}\n\n`{function.Signature}`\n\n{function.Summary}\n\n");
                if (function.Examples.Count == 0)
                    continue;
                page.Append("| example | gives |\n|---|---|\n");
                foreach (var example in function.Examples)
                    page.Append(CultureInfo.InvariantCulture, $"| {Code(example.Expression)} | {(example.Result is { } result ? Code(result) : "nothing")} |\n");
                page.Append('\n');
            }
        }

        return End(page);
    }

    private static string Rules()
    {
        var page = Begin("Rules", "What a mapped record must satisfy: the entries of `validate` in an inbound pipeline, checked in order.");
        page.Append("## Kinds\n\n");
        Choices(page, SettingType.Of(typeof(RuleKind)));
        page.Append("## What happens otherwise\n\n");
        Choices(page, SettingType.Of(typeof(Otherwise)));
        page.Append("## Keys\n\n");
        Table(page, SettingType.Of(typeof(RuleDefinition)), "");
        return End(page);
    }

    private static void Settings(StringBuilder page, string heading, string summary, Type type, params Type[] elsewhere)
    {
        page.Append(CultureInfo.InvariantCulture, $"## {heading}\n\n{summary}\n\n");
        Nested(page, SettingType.Of(type), "", [.. elsewhere.Select(SettingType.Of)]);
    }

    // A table for the record itself, then one for each record in it.
    private static void Nested(StringBuilder page, SettingType type, string path, IReadOnlyList<SettingType> elsewhere)
    {
        Table(page, type, path);
        foreach (var property in type.Properties)
        {
            var (inner, suffix) = property.Type.Kind switch
            {
                SettingKind.List => (property.Type.Item!, "[]"),
                SettingKind.Map => (property.Type.Item!, ".NAME"),
                _ => (property.Type, ""),
            };
            var name = path.Length == 0 ? property.Name + suffix : $"{path}.{property.Name}{suffix}";
            if (inner.Kind == SettingKind.Choice)
                Choices(page, inner, name);
            if (inner.Kind != SettingKind.Record || elsewhere.Contains(inner))
                continue;
            page.Append(CultureInfo.InvariantCulture, $"### {name}\n\n");
            Nested(page, inner, name, elsewhere);
        }
    }

    internal static void Table(StringBuilder page, SettingType type, string path)
    {
        page.Append("| key | type | default | meaning |\n|---|---|---|---|\n");
        foreach (var property in type.Properties)
        {
            var key = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
            var value = property.Required ? "**required**" : SettingSchema.DefaultOf(property) is { } json ? Code(json.ToJsonString(HubSchemas.Readable)) : "";
            var range = property.Range is { } bounds ? string.Create(CultureInfo.InvariantCulture, $" {bounds.Minimum} to {bounds.Maximum}.") : "";
            var secret = property.Secret ? " Secret: give it by reference." : "";
            page.Append(CultureInfo.InvariantCulture, $"| `{key}` | {Describe(property.Type)} | {value} | {Cell(property.Description)}{range}{secret} |\n");
        }

        page.Append('\n');
    }

    internal static void Choices(StringBuilder page, SettingType type, string? key = null)
    {
        page.Append(CultureInfo.InvariantCulture, $"| {(key is null ? "value" : $"`{key}`")} | meaning |\n|---|---|\n");
        foreach (var choice in type.Choices)
            page.Append(CultureInfo.InvariantCulture, $"| `{choice.Name}` | {Cell(choice.Description)} |\n");
        page.Append('\n');
    }

    private static string Describe(SettingType type) => type.Kind switch
    {
        SettingKind.Text => "text",
        SettingKind.Integer => "whole number",
        SettingKind.Number => "number",
        SettingKind.Boolean => "true or false",
        SettingKind.Choice => "one of the values below",
        SettingKind.List => $"list of {Describe(type.Item!)}",
        SettingKind.Map => $"object of {Describe(type.Item!)}",
        SettingKind.Any => "any JSON",
        _ => "object",
    };

    internal static StringBuilder Begin(string title, string summary) => new StringBuilder()
        .Append(CultureInfo.InvariantCulture, $"# {title}\n\n<!-- Made by `hub schema --docs docs/reference`; edit the code's descriptions, not this page. -->\n\n{summary}\n\n");

    internal static string End(StringBuilder page) => page.ToString().TrimEnd('\n') + "\n";

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    internal static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    // A pipe would end the cell even inside code; a back-tick needs a longer fence around it.
    private static string Code(string text)
    {
        var fence = text.Contains('`', StringComparison.Ordinal) ? "`` " : "`";
        return fence + Cell(text) + (fence.Length > 1 ? " ``" : "`");
    }
}

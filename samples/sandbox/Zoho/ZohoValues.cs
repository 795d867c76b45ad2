using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Integration.Sandbox.Records;

namespace Crm.Integration.Sandbox.Zoho;

/// <summary>Values as Zoho writes and reads them.</summary>
internal static class ZohoValues
{
    public static JsonNode? Write(ZohoOrganisation organisation, Field field, object? value) => value switch
    {
        null when field.Kind == FieldKind.Boolean => false,
        null when field.Kind == FieldKind.Choices => new JsonArray(),
        null => null,
        string id when field.Kind == FieldKind.Reference => Reference(organisation, field.Target!, id),
        string id when field.Kind == FieldKind.User => User(id, withMail: field.Name == "Owner"),
        string text => text,
        bool flag => flag,
        decimal number => field.Kind == FieldKind.Integer ? (JsonNode)(long)number : number,
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTimeOffset time => Time(time),
        string[] list => new JsonArray([.. list.Select(item => (JsonNode)item)]),
        _ => throw new InvalidOperationException($"{field.Name} holds a {value.GetType().Name}."),
    };

    public static string Time(DateTimeOffset time) => time.ToOffset(ZohoOrganisation.Offset).ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);

    public static JsonObject User(string id, bool withMail = false)
    {
        var user = new JsonObject { ["name"] = id == ZohoIds.Hub ? "Hub" : "A. Diaz", ["id"] = id };
        if (withMail)
            user["email"] = id == ZohoIds.Hub ? "hub@example.com" : "a.diaz@example.com";
        return user;
    }

    /// <summary>Reads what a client sends for a field; null clears it.</summary>
    public static object? Read(ZohoOrganisation organisation, Field field, JsonNode? node, string path)
    {
        if (node is null || (node.GetValueKind() == JsonValueKind.String && node.GetValue<string>().Length == 0))
            return null;
        return field.Kind switch
        {
            FieldKind.Boolean => node.GetValueKind() is JsonValueKind.True or JsonValueKind.False ? node.GetValue<bool>() : throw Type(field, path, "boolean"),
            FieldKind.Integer => Number(field, node, path) is var number && number == decimal.Truncate(number) ? number : throw Type(field, path, "integer"),
            FieldKind.Number or FieldKind.Money => Number(field, node, path),
            FieldKind.Date => DateOnly.TryParseExact(Text(field, node, path, "date"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : throw Type(field, path, "date"),
            FieldKind.DateTime => Instant(Text(field, node, path, "datetime")) ?? throw Type(field, path, "datetime"),
            FieldKind.Choice => Option(field, Text(field, node, path, "picklist"), path),
            FieldKind.Choices => node is JsonArray items ? items.Select(item => Option(field, Text(field, item, path, "picklist"), path)).ToArray() : throw Type(field, path, "jsonarray"),
            FieldKind.Reference => Target(organisation, field, node, path),
            FieldKind.User => node["id"]?.ToString() is ZohoIds.Hub or ZohoIds.Diaz ? node["id"]!.ToString() : throw Type(field, path, "ownerlookup"),
            FieldKind.Email => Text(field, node, path, "email") is var mail && mail.IndexOf('@', StringComparison.Ordinal) > 0 && !mail.Contains(' ', StringComparison.Ordinal) ? Short(field, mail, path) : throw Type(field, path, "email"),
            _ => Short(field, Text(field, node, path, "text"), path),
        };
    }

    /// <summary>Zoho takes a date-time only with its offset.</summary>
    public static DateTimeOffset? Instant(string text) =>
        DateTimeOffset.TryParseExact(text, ["yyyy-MM-ddTHH:mm:sszzz", "yyyy-MM-ddTHH:mm:ssZ"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private static JsonObject? Reference(ZohoOrganisation organisation, string module, string id)
    {
        var target = organisation.Module(module);
        return target.Table.Get(id) is { } row ? new JsonObject { ["name"] = ZohoOrganisation.Name(target, row), ["id"] = id } : null;
    }

    private static string Target(ZohoOrganisation organisation, Field field, JsonNode node, string path)
    {
        var id = node is JsonObject reference ? reference["id"]?.ToString() : node.ToString();
        return id is not null && organisation.Module(field.Target!).Table.Get(id) is not null
            ? id
            : throw ZohoRefusal.Invalid("the related id given seems to be invalid", new() { ["api_name"] = field.Name, ["json_path"] = path });
    }

    private static decimal Number(Field field, JsonNode node, string path) => node.GetValueKind() == JsonValueKind.Number ? node.GetValue<decimal>() : throw Type(field, path, field.Kind == FieldKind.Integer ? "integer" : "double");

    private static string Text(Field field, JsonNode? node, string path, string expected) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : throw Type(field, path, expected);

    private static string Option(Field field, string text, string path) => field.Options.Contains(text) ? text : throw Type(field, path, "picklist");

    // Zoho counts characters as Java does: UTF-16 code units.
    private static string Short(Field field, string text, string path) => text.Length <= field.Length
        ? text
        : throw ZohoRefusal.Invalid("invalid data", new() { ["maximum_length"] = field.Length, ["api_name"] = field.Name, ["json_path"] = path });

    private static ZohoRefusal Type(Field field, string path, string expected) => ZohoRefusal.Invalid("invalid data", new()
    {
        ["expected_data_type"] = expected,
        ["api_name"] = field.Name,
        ["json_path"] = path,
    });
}

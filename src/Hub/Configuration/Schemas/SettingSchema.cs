using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Integration.Hub.Configuration.Binding;

namespace Crm.Integration.Hub.Configuration.Schemas;

/// <summary>The JSON Schema of settings types.</summary>
/// <param name="references">Whether values may be references such as <c>${env:NAME}</c>.</param>
internal sealed class SettingSchema(bool references)
{
    private const string ReferencePattern = @"^\$\{(env|file):[^}]+\}$";

    /// <summary>The schema of a settings record.</summary>
    /// <param name="type">The record.</param>
    /// <param name="root">Whether it is a whole file, which may name its schema.</param>
    public JsonObject Record(SettingType type, bool root)
    {
        var properties = new JsonObject();
        if (root)
            properties["$schema"] = new JsonObject { ["type"] = "string" };
        foreach (var property in type.Properties)
            properties[property.Name] = Property(property);

        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties };
        string[] required = [.. type.Properties.Where(property => property.Required).Select(property => property.Name)];
        if (required.Length > 0)
            schema["required"] = Names(required);
        schema["additionalProperties"] = false;
        return schema;
    }

    /// <summary>A list of names.</summary>
    public static JsonArray Names(IEnumerable<string> names) => [.. names.Select(name => (JsonNode)name)];

    /// <summary>A default as JSON, or null where there is none to show.</summary>
    public static JsonNode? DefaultOf(SettingProperty property) => property.Default switch
    {
        null => null,
        var value when property.Type.Kind == SettingKind.Choice => property.Type.Choices.First(choice => choice.Value.Equals(value)).Name,
        var value when property.Type.Kind is SettingKind.Text or SettingKind.Integer or SettingKind.Number or SettingKind.Boolean => JsonSerializer.SerializeToNode(value, property.Type.Clr),
        System.Collections.IEnumerable items when property.Type.Kind == SettingKind.List && items.Cast<object>().Any() && property.Type.Item!.Kind == SettingKind.Text => Names(items.Cast<object>().Select(item => item.ToString()!)),
        _ => null,
    };

    private JsonObject Property(SettingProperty property)
    {
        var schema = property.OneOrMany
            ? new() { ["anyOf"] = new JsonArray(Value(property.Type.Item!, property.TakesNumbers), Value(property.Type, property.TakesNumbers)) }
            : Value(property.Type, property.TakesNumbers);
        if (property.Description.Length > 0)
            schema.Insert(0, "description", property.Description);
        if (property.Range is { } range)
        {
            schema["minimum"] = JsonSerializer.SerializeToNode(range.Minimum);
            schema["maximum"] = JsonSerializer.SerializeToNode(range.Maximum);
        }

        if (property.Nullable)
            AllowNull(schema);
        if (DefaultOf(property) is { } value)
            schema["default"] = value;
        if (property.Secret)
            schema["writeOnly"] = true;
        return schema;
    }

    private JsonObject Value(SettingType type, bool takesNumbers) => type.Kind switch
    {
        SettingKind.Text when takesNumbers => new() { ["type"] = Names(["string", "number"]) },
        SettingKind.Text => type.Clr == typeof(char) ? new() { ["type"] = "string", ["minLength"] = 1 } : new() { ["type"] = "string" },
        SettingKind.Integer => Referable("integer"),
        SettingKind.Number => Referable("number"),
        SettingKind.Boolean => Referable("boolean"),
        SettingKind.Choice => Choice(type),
        SettingKind.List => new() { ["type"] = "array", ["items"] = Value(type.Item!, takesNumbers) },
        SettingKind.Map => new() { ["type"] = "object", ["additionalProperties"] = Value(type.Item!, takesNumbers: false) },
        SettingKind.Record => Record(type, root: false),
        _ => [],
    };

    private JsonObject Choice(SettingType type)
    {
        var schema = new JsonObject { ["enum"] = Names(type.Choices.Select(choice => choice.Name)) };

        // Not of the standard; Visual Studio Code shows it beside each value, and validators pass over it.
        schema["enumDescriptions"] = Names(type.Choices.Select(choice => choice.Description));
        return references ? new() { ["anyOf"] = new JsonArray(schema, Reference()) } : schema;
    }

    // "pattern" speaks of strings only, "minimum" of numbers only: both can stand beside a type that allows both.
    private JsonObject Referable(string type) =>
        references ? new() { ["type"] = Names([type, "string"]), ["pattern"] = ReferencePattern } : new() { ["type"] = type };

    private static JsonObject Reference() => new() { ["type"] = "string", ["pattern"] = ReferencePattern };

    private static void AllowNull(JsonObject schema)
    {
        switch (schema["type"])
        {
            case JsonArray types:
                types.Add("null");
                break;
            case JsonValue type:
                schema["type"] = Names([type.GetValue<string>(), "null"]);
                break;
            default:
                if (schema["enum"] is JsonArray values)
                    values.Add(null);
                else if (schema["anyOf"] is JsonArray alternatives)
                    alternatives.Add(new JsonObject { ["type"] = "null" });
                break;
        }
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Crm.Integration.Hub.Tests.Configuration;

/// <summary>As much of JSON Schema as our schemas use; a word that it does not know fails the test.</summary>
internal static class SchemaCheck
{
    private static readonly string[] s_silent = ["$schema", "$defs", "title", "description", "default", "examples", "enumDescriptions", "writeOnly", "allowComments", "allowTrailingCommas", "then"];

    /// <summary>What is wrong, as "/path: keyword".</summary>
    public static IReadOnlyList<string> Check(JsonObject schema, JsonNode? value)
    {
        List<string> found = [];
        Check(schema, schema, value, "", found);
        return found;
    }

    private static void Check(JsonObject root, JsonObject schema, JsonNode? value, string path, List<string> found)
    {
        foreach (var (word, given) in schema)
        {
            switch (word)
            {
                case "type" when !(given is JsonArray types ? types.Select(type => (string)type!) : [(string)given!]).Any(type => IsType(value, type)):
                case "enum" when !given!.AsArray().Any(choice => JsonNode.DeepEquals(choice, value)):
                case "const" when !JsonNode.DeepEquals(given, value):
                case "minimum" when value is JsonValue least && least.GetValueKind() == JsonValueKind.Number && (double)least < (double)given!:
                case "maximum" when value is JsonValue most && most.GetValueKind() == JsonValueKind.Number && (double)most > (double)given!:
                case "pattern" when value is JsonValue text && text.GetValueKind() == JsonValueKind.String && !Regex.IsMatch((string)text!, (string)given!):
                case "anyOf" when !given!.AsArray().Any(each => Passes(root, each!, value)):
                case "oneOf" when given!.AsArray().Count(each => Passes(root, each!, value)) != 1:
                    found.Add($"{path}: {word}");
                    break;
                case "required" when value is JsonObject members:
                    found.AddRange(given!.AsArray().Where(name => !members.ContainsKey((string)name!)).Select(name => $"{path}/{name}: required"));
                    break;
                case "properties" when value is JsonObject members:
                    foreach (var (name, inner) in given!.AsObject().Where(pair => members.ContainsKey(pair.Key)))
                        Check(root, inner!.AsObject(), members[name], $"{path}/{name}", found);
                    break;
                case "additionalProperties" when value is JsonObject members:
                    foreach (var (name, member) in members.Where(pair => schema["properties"]?.AsObject().ContainsKey(pair.Key) != true))
                    {
                        if (given is JsonObject inner)
                            Check(root, inner, member, $"{path}/{name}", found);
                        else
                            found.Add($"{path}/{name}: additionalProperties");
                    }

                    break;
                case "items" when value is JsonArray items:
                    for (var i = 0; i < items.Count; i++)
                        Check(root, given!.AsObject(), items[i], $"{path}/{i}", found);
                    break;
                case "allOf":
                    foreach (var each in given!.AsArray())
                        Check(root, each!.AsObject(), value, path, found);
                    break;
                case "if" when Passes(root, given!, value):
                    Check(root, schema["then"]!.AsObject(), value, path, found);
                    break;
                case "$ref":
                    Check(root, root["$defs"]![((string)given!)["#/$defs/".Length..]]!.AsObject(), value, path, found);
                    break;
                case "type" or "enum" or "const" or "minimum" or "maximum" or "pattern" or "anyOf" or "oneOf" or "required" or "properties" or "additionalProperties" or "items" or "if" or "minLength":
                    break;
                default:
                    Assert.Contains(word, s_silent);
                    break;
            }
        }
    }

    private static bool Passes(JsonObject root, JsonNode schema, JsonNode? value)
    {
        List<string> found = [];
        Check(root, schema.AsObject(), value, "", found);
        return found.Count == 0;
    }

    private static bool IsType(JsonNode? value, string type) => (type, value?.GetValueKind() ?? JsonValueKind.Null) switch
    {
        ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) or ("string", JsonValueKind.String) or ("number", JsonValueKind.Number) or ("null", JsonValueKind.Null) => true,
        ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
        ("integer", JsonValueKind.Number) => (double)value! % 1 == 0,
        _ => false,
    };
}

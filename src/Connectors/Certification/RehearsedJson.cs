using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Certification;

/// <summary>Values as JSON and back, for systems under rehearsal.</summary>
internal static class RehearsedJson
{
    public static JsonNode? Of(Value value) => value.Kind switch
    {
        ValueKind.Null => null,
        ValueKind.Number => JsonValue.Create(value.AsNumber!.Value),
        ValueKind.Boolean => JsonValue.Create(value.AsBoolean!.Value),
        ValueKind.List => new JsonArray([.. value.AsList.Select(Of)]),
        ValueKind.Object => new JsonObject(value.AsObject!.Select(member => KeyValuePair.Create(member.Key, Of(member.Value)))),
        _ => JsonValue.Create(value.ToText()),
    };

    public static IReadOnlyDictionary<string, Value> Values(JsonObject json) => json.ToDictionary(member => member.Key, member => Read(member.Value), StringComparer.Ordinal);

    private static Value Read(JsonNode? node) => node?.GetValueKind() switch
    {
        null or JsonValueKind.Null => Value.Null,
        JsonValueKind.True => Value.Boolean(true),
        JsonValueKind.False => Value.Boolean(false),
        JsonValueKind.Number => Value.Number(node.GetValue<decimal>()),
        JsonValueKind.Array => Value.List([.. node.AsArray().Select(Read)]),
        JsonValueKind.Object => Value.Object(Values(node.AsObject())),
        _ => Value.Text(node.GetValue<string>()),
    };
}

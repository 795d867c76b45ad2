using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.OneByOne;

/// <summary>JSON and the hub's values, where no type is known or the type is a plain one.</summary>
internal static class WireValues
{
    /// <summary>A value as the JSON says.</summary>
    public static Value Read(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => Value.Text(json.GetString()),
        // Ids with more digits than a number holds must not be rounded.
        JsonValueKind.Number => json.TryGetDecimal(out var number) && json.GetRawText().Length <= 28 ? Value.Number(number) : Value.Text(json.GetRawText()),
        JsonValueKind.True => Value.Boolean(true),
        JsonValueKind.False => Value.Boolean(false),
        JsonValueKind.Array => Value.List([.. json.EnumerateArray().Select(Read)]),
        JsonValueKind.Object => Value.Object(Members(json)),
        _ => Value.Null,
    };

    /// <summary>The JSON of a value of no known type.</summary>
    public static JsonNode? Write(Value value) => value.Kind switch
    {
        ValueKind.Null => null,
        ValueKind.Number => JsonValue.Create(value.AsNumber!.Value),
        ValueKind.Boolean => JsonValue.Create(value.AsBoolean!.Value),
        ValueKind.List => new JsonArray([.. value.AsList.Select(Write)]),
        ValueKind.Object => new JsonObject(value.AsObject!.Select(member => KeyValuePair.Create(member.Key, Write(member.Value)))),
        _ => JsonValue.Create(value.ToText()),
    };

    /// <summary>A truth value, also from the words of the hub.</summary>
    public static bool? Truth(Value value) => value.AsBoolean ?? value.ToText()?.Trim().ToLowerInvariant() switch
    {
        "true" or "yes" or "1" => true,
        "false" or "no" or "0" => false,
        _ => null,
    };

    /// <summary>A date, also from text in the hub's form.</summary>
    public static DateOnly? Date(Value value) => value.AsDate
        ?? (value.AsInstant is { } instant ? DateOnly.FromDateTime(instant.UtcDateTime) : (DateOnly?)null)
        ?? (DateOnly.TryParseExact(value.AsText?.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : (DateOnly?)null);

    /// <summary>An instant, also from text; without a zone it is UTC.</summary>
    public static DateTimeOffset? Instant(Value value) => value.AsInstant
        ?? (value.AsDate is { } date ? new DateTimeOffset(date.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) : (DateTimeOffset?)null)
        ?? (value.AsText is { Length: >= 10 } text && text[4] == '-' && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant : (DateTimeOffset?)null);

    private static Dictionary<string, Value> Members(JsonElement json)
    {
        var members = new Dictionary<string, Value>(StringComparer.Ordinal);
        foreach (var member in json.EnumerateObject())
            members[member.Name] = Read(member.Value);
        return members;
    }
}

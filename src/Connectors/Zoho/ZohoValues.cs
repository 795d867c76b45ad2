using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Zoho;

/// <summary>
/// Values between Zoho's forms and the hub's. A value is the same whichever way it came: from a list, a query, a bulk file or a
/// notification; otherwise the same record would seem changed each time it comes another way.
/// </summary>
internal static class ZohoValues
{
    /// <summary>A value of a list or a query.</summary>
    public static Value Read(JsonElement value, ZohoField? field) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => Value.Null,
        JsonValueKind.String => ReadText(value.GetString()!, field),
        JsonValueKind.True => Value.Boolean(true),
        JsonValueKind.False => Value.Boolean(false),
        JsonValueKind.Number when field?.Type is "id" or "autonumber" => value.GetRawText(),
        JsonValueKind.Number => value.TryGetDecimal(out var number) ? Value.Number(number) : Value.Text(value.GetRawText()),
        // Nothing chosen: as in a bulk file, which has no empty list.
        JsonValueKind.Array when value.GetArrayLength() == 0 => Value.Null,
        JsonValueKind.Array => ReadList(value, field),
        _ when field is { IsReference: true } => Reference(value.TextOf("id"), value.TextOf("name")),
        _ => ReadObject(value),
    };

    /// <summary>A cell of a bulk file.</summary>
    public static Value ReadCell(string cell, ZohoField field) => (cell.Length, field.Type) switch
    {
        // Lists never leave a box without a value: not ticked is false.
        (0, "boolean") => Value.Boolean(false),
        _ => ReadText(cell, field),
    };

    /// <summary>A value that came as text: in a bulk file, or as JSON text.</summary>
    public static Value ReadText(string text, ZohoField? field)
    {
        if (text.Length == 0)
            return Value.Null;
        return field?.Type switch
        {
            _ when field is { IsReference: true } => Reference(text, null),
            _ when field is { IsNumber: true } => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? Value.Number(number) : text,
            "boolean" => text switch
            {
                "true" or "1" => Value.Boolean(true),
                "false" or "0" => Value.Boolean(false),
                _ => text,
            },
            "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? Value.Date(date) : text,
            "datetime" => ZohoTime.Read(text) is { } time ? Value.Instant(time) : text,
            "multiselectpicklist" => Value.List([.. text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Value.Text)]),
            _ => text,
        };
    }

    /// <summary>A reference: its id, and the name where it is known.</summary>
    public static Value Reference(string? id, string? name) => id is null ? Value.Null : Value.Object(new SortedDictionary<string, Value>(StringComparer.Ordinal)
    {
        ["id"] = id,
        ["name"] = name,
    });

    /// <summary>A value as a write takes it.</summary>
    /// <param name="value">The value; nothing clears the field.</param>
    /// <param name="field">The field.</param>
    /// <param name="json">The form that Zoho takes.</param>
    /// <returns>False when the value cannot be one of the field's.</returns>
    public static bool TryWrite(Value value, ZohoField field, out JsonNode? json)
    {
        json = null;
        if (value.IsEmpty)
        {
            if (field.Type == "multiselectpicklist" || field.IsTags)
                json = new JsonArray();
            return true;
        }

        json = field.Type switch
        {
            _ when field.IsTags => new JsonArray([.. value.AsList.Select(tag => (JsonNode)new JsonObject { ["name"] = tag.ToText() })]),
            "multiselectpicklist" => new JsonArray([.. value.AsList.Select(item => (JsonNode?)item.ToText())]),
            "boolean" => Truth(value) is { } truth ? JsonValue.Create(truth) : null,
            "date" => Day(value) is { } day ? JsonValue.Create(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)) : null,
            "datetime" => Moment(value) is { } moment ? JsonValue.Create(ZohoTime.Write(moment)) : null,
            _ when field.IsNumber => Amount(value, field) is { } number ? JsonValue.Create(number) : null,
            _ when field.IsReference => Referred(value),
            "subform" => JsonNode.Parse(RecordJson.ToJson(value)),
            _ => JsonValue.Create(value.ToText()),
        };
        return json is not null;
    }

    private static Value ReadList(JsonElement list, ZohoField? field) => field switch
    {
        { IsTags: true } => Value.List([.. list.EnumerateArray().Select(tag => Value.Text(tag.ValueKind == JsonValueKind.String ? tag.GetString() : tag.TextOf("name")))]),
        _ => Value.List([.. list.EnumerateArray().Select(item => Read(item, null))]),
    };

    private static Value ReadObject(JsonElement value)
    {
        var members = new SortedDictionary<string, Value>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
            members[member.Name] = Read(member.Value, null);
        return Value.Object(members);
    }

    private static bool? Truth(Value value) => value.AsBoolean ?? value.ToText()!.Trim().ToLowerInvariant() switch
    {
        "true" or "yes" or "y" or "1" => true,
        "false" or "no" or "n" or "0" => false,
        _ => null,
    };

    private static DateOnly? Day(Value value) => value.AsDate
        ?? (value.AsInstant is { } instant ? DateOnly.FromDateTime(instant.UtcDateTime)
            : DateOnly.TryParseExact(value.ToText()!.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null);

    private static DateTimeOffset? Moment(Value value) => value.AsInstant
        ?? (value.AsDate is { } date ? new DateTimeOffset(date.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) : ZohoTime.Read(value.ToText()!.Trim()));

    private static decimal? Amount(Value value, ZohoField field)
    {
        if ((value.AsNumber ?? (decimal.TryParse(value.ToText()!.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) ? parsed : null)) is not { } number)
            return null;
        // As a JSON number without a fraction: Zoho refuses 3.0 for a whole number.
        return field.Type is "integer" or "bigint" or "long" && number == decimal.Truncate(number) ? decimal.Truncate(number) : number / 1.000000000000000000000000000000000m;
    }

    private static JsonObject? Referred(Value value)
    {
        if (value.AsObject is { } members)
            return members.TryGetValue("id", out var id) && id.ToText() is { Length: > 0 } known ? new JsonObject { ["id"] = known } : null;
        var text = value.ToText()!.Trim();
        return new JsonObject { [text.All(char.IsAsciiDigit) && text.Length >= 10 ? "id" : "name"] = text };
    }
}

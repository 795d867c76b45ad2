using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.OneByOne;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Fxiaoke;

/// <summary>Fxiaoke's values and the hub's.</summary>
internal static class FxiaokeValues
{
    // A date is the midnight in China at which it begins.
    private static readonly TimeSpan s_china = TimeSpan.FromHours(8);
    private static readonly long s_lastMillisecond = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() - (24 * 3600 * 1000);

    public static StreamFieldType KindOf(FxiaokeField field) => field.Type switch
    {
        "number" or "currency" or "percentile" => StreamFieldType.Number,
        "true_or_false" => StreamFieldType.Boolean,
        "date" => StreamFieldType.Date,
        "date_time" => StreamFieldType.Instant,
        _ => IsList(field) ? StreamFieldType.List : StreamFieldType.Text,
    };

    /// <summary>A value as Fxiaoke gives it. What does not look like its type stays as it is, for validation to judge.</summary>
    public static Value Read(JsonElement json, FxiaokeField field)
    {
        if (json.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
            return Value.Null;
        return KindOf(field) switch
        {
            StreamFieldType.Number when json.ValueKind == JsonValueKind.String => decimal.TryParse(json.GetString(), NumberStyles.Number, CultureInfo.InvariantCulture, out var number) ? Value.Number(number) : WireValues.Read(json),
            StreamFieldType.Instant when Instant(json) is { } instant => Value.Instant(instant),
            StreamFieldType.Date when Instant(json) is { } date => Value.Date(DateOnly.FromDateTime(date.ToOffset(s_china).DateTime)),
            StreamFieldType.Boolean when json.ValueKind == JsonValueKind.String && bool.TryParse(json.GetString(), out var truth) => Value.Boolean(truth),
            StreamFieldType.List when json.ValueKind is not JsonValueKind.Array => Value.List(WireValues.Read(json)),
            _ => WireValues.Read(json),
        };
    }

    /// <summary>A value as Fxiaoke wants it.</summary>
    /// <param name="value">The value; empty clears the field.</param>
    /// <param name="field">The field.</param>
    /// <param name="json">The value on the wire.</param>
    /// <returns>Null, or what the value should have been.</returns>
    public static string? Write(Value value, FxiaokeField field, out JsonNode? json)
    {
        var kind = KindOf(field);
        if (value.IsEmpty)
        {
            json = kind switch
            {
                StreamFieldType.List => new JsonArray(),
                StreamFieldType.Text => JsonValue.Create(""),
                _ => null,
            };
            return null;
        }

        json = null;
        switch (kind)
        {
            case StreamFieldType.Number:
                if (value.AsNumber is null && !decimal.TryParse(value.ToText(), NumberStyles.Number, CultureInfo.InvariantCulture, out _))
                    return "a number";
                json = JsonValue.Create(Value.Number(value.AsNumber ?? decimal.Parse(value.ToText()!, NumberStyles.Number, CultureInfo.InvariantCulture)).ToText());
                return null;
            case StreamFieldType.Boolean:
                json = WireValues.Truth(value) is { } truth ? JsonValue.Create(truth) : null;
                return json is null ? "true or false" : null;
            case StreamFieldType.Date:
                json = WireValues.Date(value) is { } date ? JsonValue.Create(new DateTimeOffset(date.ToDateTime(TimeOnly.MinValue), s_china).ToUnixTimeMilliseconds()) : null;
                return json is null ? "a date such as 2026-03-01" : null;
            case StreamFieldType.Instant:
                json = WireValues.Instant(value) is { } instant ? JsonValue.Create(instant.ToUnixTimeMilliseconds()) : null;
                return json is null ? "a date with time such as 2026-03-01T08:00:00Z" : null;
            case StreamFieldType.List:
                return Choices(value, field, out json);
            default:
                if (field.Type == "select_one")
                {
                    json = Choice(value.ToText()!.Trim(), field) is { } choice ? JsonValue.Create(choice) : null;
                    return json is null ? "one of the field's choices" : null;
                }

                json = value.Kind is ValueKind.Object ? WireValues.Write(value) : JsonValue.Create(value.ToText());
                return null;
        }
    }

    /// <summary>An instant by its milliseconds since 1970, as a number or as text.</summary>
    public static DateTimeOffset? Instant(JsonElement json) =>
        Milliseconds(json) is { } milliseconds && Math.Abs(milliseconds) < s_lastMillisecond && milliseconds > DateTimeOffset.MinValue.AddDays(1).ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;

    /// <summary>The version of a record: the millisecond in which it was last changed.</summary>
    public static string? Version(JsonElement record) => Milliseconds(FxiaokeObject.Member(record, FxiaokeObject.Modified))?.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether the record is in the recycle bin or beyond it.</summary>
    public static bool IsGone(JsonElement record) =>
        FxiaokeObject.Text(record, FxiaokeObject.LifeStatus) == "invalid" || FxiaokeObject.Member(record, FxiaokeObject.IsDeleted).ValueKind == JsonValueKind.True;

    private static long? Milliseconds(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Number when json.TryGetInt64(out var number) => number,
        JsonValueKind.String when long.TryParse(json.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    // People and departments come as lists, though most fields hold only one.
    private static bool IsList(FxiaokeField field) => field.Type is "select_many" or "employee" or "department" or "employee_many" or "department_many" or "object_reference_many" or "file_attachment" or "image"
        || field.Name is FxiaokeObject.Owner or "created_by" or "last_modified_by" or "data_own_department";

    private static string? Choices(Value value, FxiaokeField field, out JsonNode? json)
    {
        json = null;
        var list = new JsonArray();
        foreach (var item in value.AsList.Where(item => !item.IsEmpty))
        {
            if (item.Kind == ValueKind.Object)
            {
                list.Add(WireValues.Write(item));
                continue;
            }

            if (Choice(item.ToText()!.Trim(), field) is not { } choice)
                return "made of the field's choices";
            list.Add(choice);
        }

        json = list;
        return null;
    }

    // Fxiaoke keeps the value of a choice; people know its label.
    private static string? Choice(string text, FxiaokeField field)
    {
        if (field.Options.Count == 0 || field.Options.Any(option => option.Value == text))
            return text;
        return field.Options.FirstOrDefault(option => option.Label == text).Value;
    }
}

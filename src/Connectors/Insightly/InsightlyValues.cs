using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Crm.Integration.Connectors.OneByOne;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Insightly;

/// <summary>Insightly's values and the hub's.</summary>
internal static partial class InsightlyValues
{
    private const string WireForm = "yyyy-MM-dd HH:mm:ss";

    private static readonly string[] s_instantForms = [WireForm, "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd"];

    /// <summary>A value as Insightly gives it. What does not look like its kind stays as it is, for validation to judge.</summary>
    public static Value Read(JsonElement json, InsightlyField field)
    {
        if (json.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
            return Value.Null;
        return field.Kind switch
        {
            InsightlyKind.Instant when Instant(json) is { } instant => Value.Instant(instant),
            InsightlyKind.Date when Instant(json) is { } date => date.TimeOfDay == TimeSpan.Zero ? Value.Date(DateOnly.FromDateTime(date.UtcDateTime)) : Value.Instant(date),
            InsightlyKind.Number when json.ValueKind == JsonValueKind.String && decimal.TryParse(json.GetString(), NumberStyles.Number, CultureInfo.InvariantCulture, out var number) => Value.Number(number),
            InsightlyKind.Boolean when json.ValueKind == JsonValueKind.String && bool.TryParse(json.GetString(), out var truth) => Value.Boolean(truth),
            InsightlyKind.Choices when json.ValueKind == JsonValueKind.String => Value.List([.. Split(json.GetString()!).Select(Value.Text)]),
            InsightlyKind.Names when json.ValueKind == JsonValueKind.Array => Value.List([.. json.EnumerateArray().Select(item => Name(item, field.Member))]),
            _ => WireValues.Read(json),
        };
    }

    /// <summary>A value as Insightly wants it.</summary>
    /// <param name="value">The value; empty clears the field.</param>
    /// <param name="field">The field.</param>
    /// <param name="json">The value; null clears.</param>
    /// <returns>Null, or what the value should have been.</returns>
    public static string? Write(Value value, InsightlyField field, out JsonNode? json)
    {
        json = null;
        if (value.IsEmpty)
        {
            // A set is emptied by an empty set; null would leave it.
            json = field.Kind == InsightlyKind.Names ? new JsonArray() : null;
            return null;
        }

        var text = value.ToText()!.Trim();
        switch (field.Kind)
        {
            case InsightlyKind.Number:
                if (value.AsNumber is null && !decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out _))
                    return "a number";
                json = JsonValue.Create(value.AsNumber ?? decimal.Parse(text, NumberStyles.Number, CultureInfo.InvariantCulture));
                return null;
            case InsightlyKind.Boolean:
                if (WireValues.Truth(value) is not { } truth)
                    return "true or false";
                json = JsonValue.Create(truth);
                return null;
            case InsightlyKind.Date:
                if (WireValues.Date(value) is not { } date)
                    return "a date such as 2026-03-01";
                json = JsonValue.Create(date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + " 00:00:00");
                return null;
            case InsightlyKind.Instant:
                if (WireValues.Instant(value) is not { } instant)
                    return "a date with time such as 2026-03-01T08:00:00Z";
                json = JsonValue.Create(instant.UtcDateTime.ToString(WireForm, CultureInfo.InvariantCulture));
                return null;
            case InsightlyKind.Choices:
                json = JsonValue.Create(string.Join(';', Items(value)));
                return null;
            case InsightlyKind.Names:
                json = new JsonArray([.. Items(value).Select(item => new JsonObject { [field.Member!] = item })]);
                return null;
            case InsightlyKind.Plain:
                json = WireValues.Write(value);
                return null;
            default:
                json = JsonValue.Create(value.Kind == ValueKind.List ? string.Join(';', Items(value)) : value.ToText());
                return null;
        }
    }

    /// <summary>The version of a record: when it was last changed, in UTC.</summary>
    public static string? Version(JsonElement record) => Modified(record)?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static DateTimeOffset? Modified(JsonElement record) => record.TryGetProperty(InsightlyObjects.Updated, out var updated) ? Instant(updated) : null;

    /// <summary>An instant in any of Insightly's forms: without a zone it is UTC; webhooks write /Date(milliseconds±zone)/, where the zone says nothing more.</summary>
    public static DateTimeOffset? Instant(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.String)
            return null;
        var text = json.GetString()!;
        if (DateTimeOffset.TryParseExact(text, s_instantForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant))
            return instant;
        return MicrosoftDate().Match(text) is { Success: true } match && long.TryParse(match.Groups[1].ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milliseconds)
            && Math.Abs(milliseconds) < 253_402_300_800_000
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : null;
    }

    public static string InQuery(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static Value Name(JsonElement item, string? member) =>
        item.ValueKind == JsonValueKind.Object && member is not null && item.TryGetProperty(member, out var name) ? WireValues.Read(name) : WireValues.Read(item);

    private static string[] Split(string text) => text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static IEnumerable<string> Items(Value value) => value.AsList.Where(item => !item.IsEmpty).Select(item => item.ToText()!.Trim());

    [GeneratedRegex(@"^/Date\((-?\d{1,15})(?:[+-]\d{4})?\)/$")]
    private static partial Regex MicrosoftDate();
}

using System.Globalization;
using System.Net.Mail;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Crm.Integration.Sandbox.Salesforce;

/// <summary>Turns what a caller wrote for a field into what is stored, or says what is wrong with it.</summary>
internal static class FieldInput
{
    /// <summary>A JSON value.</summary>
    public static object? FromJson(SField field, JsonNode? node)
    {
        if (node is null)
            return null;

        var kind = node.GetValueKind();
        return (field.Type, kind) switch
        {
            ("boolean", JsonValueKind.True or JsonValueKind.False) => node.GetValue<bool>(),
            (_, JsonValueKind.Number) when field.IsNumber => Number(field, node.ToJsonString()),
            (_, JsonValueKind.String) => FromText(field, node.GetValue<string>()),
            _ => throw Unreadable(field, kind switch { JsonValueKind.Number => "VALUE_NUMBER_INT", JsonValueKind.True => "VALUE_TRUE", JsonValueKind.False => "VALUE_FALSE", _ => "START_OBJECT" }, node.ToJsonString()),
        };
    }

    /// <summary>A text, as in a CSV or in a JSON string. Text is trimmed, and empty text is no value, as the vendor has it.</summary>
    public static object? FromText(SField field, string text)
    {
        text = text.Trim();
        if (text.Length == 0)
            return null;

        return field.Type switch
        {
            "boolean" => bool.TryParse(text, out var yes) ? yes : throw Unreadable(field, "VALUE_STRING", text),
            "date" => Date(field, text),
            "datetime" => Instant(field, text),
            _ when field.IsNumber => Number(field, text),
            "email" => Fitting(field, Email(field, text)),
            "picklist" when field.Restricted => field.Picks.FirstOrDefault(pick => pick.Equals(text, StringComparison.OrdinalIgnoreCase))
                ?? throw new SalesforceError(400, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", $"{field.Label}: bad value for restricted picklist field: {text}", field.Name),
            _ => Fitting(field, text),
        };
    }

    public static SalesforceError Unreadable(SField field, string token, string value) =>
        new(400, "JSON_PARSER_ERROR", $"Cannot deserialize instance of {(field.Type == "datetime" ? "datetime" : field.Type)} from {token} value {value} or request may be missing a required field at [line:1, column:1]", field.Name);

    private static string Fitting(SField field, string text) => text.Length <= field.Length
        ? text
        : throw new SalesforceError(400, "STRING_TOO_LONG", $"{field.Label}: data value too large: {text} (max length={field.Length})", field.Name);

    private static string Email(SField field, string text) => MailAddress.TryCreate(text, out var address) && address.Address == text && text.LastIndexOf('.') > text.IndexOf('@', StringComparison.Ordinal)
        ? text
        : throw new SalesforceError(400, "INVALID_EMAIL_ADDRESS", $"{field.Label}: invalid email address: {text}", field.Name);

    private static decimal Number(SField field, string text)
    {
        if (!decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            throw Unreadable(field, "VALUE_STRING", text);
        return field.Type == "int" && number != decimal.Truncate(number) ? throw Unreadable(field, "VALUE_NUMBER_FLOAT", text) : number;
    }

    private static DateOnly Date(SField field, string text)
    {
        // Of a date-time the day is taken.
        var day = text.Length > 10 && text[10] == 'T' ? text[..10] : text;
        return DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : throw Unreadable(field, "VALUE_STRING", text);
    }

    private static DateTime Instant(SField field, string text)
    {
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) || text.Length < 10)
            throw Unreadable(field, "VALUE_STRING", text);
        // Stored to the second; only the system's own times have milliseconds.
        return new DateTime(time.UtcTicks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, DateTimeKind.Utc);
    }
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Http;
using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Values;

namespace Crm.Integration.Connectors.Salesforce;

/// <summary>Turns Salesforce's values into the hub's and back. A field gives the same value whether it came as JSON or as CSV: else a record would change with the size of its pull.</summary>
internal static class FieldValues
{
    private static readonly string[] s_instants = ["yyyy-MM-dd'T'HH:mm:ss.fff'Z'", "yyyy-MM-dd'T'HH:mm:ss.fffzzz", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:sszzz"];

    /// <summary>What makes values of the cells of a bulk result. Usual forms are read as they stand; any other goes the way of JSON's texts.</summary>
    public static CellReader CellReader(StreamFieldType kind) => kind switch
    {
        StreamFieldType.Boolean => static cell => cell.SequenceEqual("true"u8) ? Value.Boolean(true) : cell.SequenceEqual("false"u8) ? Value.Boolean(false) : Read(StreamFieldType.Boolean, Text(cell)),
        StreamFieldType.Number => static cell => decimal.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? Value.Number(number) : Value.Text(Text(cell)),
        StreamFieldType.Date => static cell => UsualInstant.TryParseDay(cell, out var day) ? Value.Date(day) : Read(StreamFieldType.Date, Text(cell)),
        StreamFieldType.Instant => static cell => UsualInstant.TryParse(cell, out var instant) ? Value.Instant(instant) : Read(StreamFieldType.Instant, Text(cell)),
        StreamFieldType.Text => static cell => Value.Text(Text(cell)),
        _ => cell => Read(kind, Text(cell)),
    };

    /// <summary>A text of JSON.</summary>
    public static Value Read(StreamFieldType kind, string? text)
    {
        if (string.IsNullOrEmpty(text))
            return Value.Null;
        // Salesforce itself lets them into texts, and no database takes them.
        if (text.Contains('\0', StringComparison.Ordinal))
            text = text.Replace("\0", "", StringComparison.Ordinal);
        return kind switch
        {
            StreamFieldType.Boolean when bool.TryParse(text, out var flag) => Value.Boolean(flag),
            StreamFieldType.Number when decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => Value.Number(number),
            StreamFieldType.Date when DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) => Value.Date(date),
            StreamFieldType.Instant when Instant(text) is { } instant => Value.Instant(instant),
            StreamFieldType.List => Value.List([.. text.Split(';').Select(Value.Text)]),
            _ => Value.Text(text),
        };
    }

    /// <summary>A member of a record in JSON.</summary>
    public static Value Read(SalesforceField field, JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => Read(field.Kind, json.GetString()),
        JsonValueKind.True => Value.Boolean(true),
        JsonValueKind.False => Value.Boolean(false),
        JsonValueKind.Number => json.TryGetDecimal(out var number) ? Value.Number(number) : Value.Text(json.GetRawText()),
        JsonValueKind.Object => Members(json),
        JsonValueKind.Array => Value.List([.. json.EnumerateArray().Select(item => Read(field, item))]),
        _ => Value.Null,
    };

    /// <summary>The instant in a text of Salesforce's, or null.</summary>
    public static DateTimeOffset? Instant(string? text) =>
        UsualInstant.TryParse(text, out var usual) ? usual
        : DateTimeOffset.TryParseExact(text, s_instants, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var exact) ? exact
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var other) ? other
        : null;

    /// <summary>An instant as versions, cursors and queries write it.</summary>
    public static string Text(DateTimeOffset instant) => UsualInstant.Text(instant);

    /// <summary>A value as the field takes it in JSON; null for an empty field. What does not fit is told before anything is sent.</summary>
    public static bool TryWrite(SalesforceField field, Value value, out object? written, out WriteFault fault, out string? why)
    {
        (written, fault, why) = (null, WriteFault.None, null);
        if (value.IsEmpty && field.Type != "boolean")
            return true;
        switch (field.Kind)
        {
            case StreamFieldType.Boolean:
                written = value.IsEmpty ? false : Flag(value);
                break;
            case StreamFieldType.Number:
                written = Number(value, field);
                break;
            case StreamFieldType.Date:
                written = (value.AsDate ?? (value.AsInstant is { } at ? DateOnly.FromDateTime(at.UtcDateTime) : DateText.Parse(value.AsText)))?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
                break;
            case StreamFieldType.Instant:
                var instant = value.AsInstant ?? (value.AsDate is { } day ? new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero) : DateText.ParseInstant(value.AsText, TimeZoneInfo.Utc));
                written = instant is { } known ? Text(known) : null;
                break;
            case StreamFieldType.List:
                written = string.Join(';', value.AsList.Select(item => item.ToText()));
                break;
            default:
                written = value.ToText();
                break;
        }

        if (written is null)
        {
            (fault, why) = (WriteFault.BadValue, $"the value is not a {Word(field.Kind)}, as the field {field.Name} ({field.Type}) wants it");
            return false;
        }

        if (written is string text && field.Kind == StreamFieldType.Text && field.Length > 0 && text.Length > field.Length)
        {
            (fault, why) = (WriteFault.TooLong, $"the value has {text.Length:N0} characters, and the field {field.Name} takes {field.Length:N0}");
            return false;
        }

        return true;
    }

    private static string Text(ReadOnlySpan<byte> cell) => Encoding.UTF8.GetString(cell);

    private static bool? Flag(Value value) => value.AsBoolean ?? (value.AsNumber is { } number ? number != 0 : (bool?)null) ?? value.AsText?.Trim().ToUpperInvariant() switch
    {
        "TRUE" or "YES" or "Y" or "1" => true,
        "FALSE" or "NO" or "N" or "0" => false,
        _ => null,
    };

    private static decimal? Number(Value value, SalesforceField field)
    {
        var number = value.AsNumber ?? (decimal.TryParse(value.AsText, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) ? parsed : NumberText.Parse(value.AsText));
        return number is { } known && field.Type is "int" or "long" && number != decimal.Truncate(number.Value) ? null : number;
    }

    private static string Word(StreamFieldType kind) => kind switch
    {
        StreamFieldType.Boolean => "true or false",
        StreamFieldType.Number => "number",
        StreamFieldType.Date => "date",
        StreamFieldType.Instant => "date and time",
        _ => "text",
    };

    // A parent or a compound: empty members are left out, so that JSON and CSV agree.
    private static Value Members(JsonElement json)
    {
        var members = new Dictionary<string, Value>(StringComparer.Ordinal);
        foreach (var member in json.EnumerateObject())
        {
            if (member.Name != "attributes" && Read(s_plain, member.Value) is { IsNull: false } value)
                members[member.Name] = value;
        }

        return members.Count == 0 ? Value.Null : Value.Object(members);
    }

    private static readonly SalesforceField s_plain = new();
}

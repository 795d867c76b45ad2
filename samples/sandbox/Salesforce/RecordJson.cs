using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Integration.Sandbox.Salesforce.Soql;

namespace Crm.Integration.Sandbox.Salesforce;

/// <summary>Records as the REST API shows them.</summary>
internal static class RecordJson
{
    public const string InstantForm = "yyyy-MM-dd'T'HH:mm:ss.fff'+0000'";

    /// <summary>A row of a query: what was selected, records referred to within.</summary>
    public static void Write(Utf8JsonWriter json, SObject row, IReadOnlyList<SelectNode> select)
    {
        json.WriteStartObject();
        Attributes(json, row);
        foreach (var node in select)
        {
            json.WritePropertyName(node.Name);
            if (node.Within.Count == 0)
                Value(json, node.Path.Field, row.Type.Find(node.Name) is { } field ? row[field] : null);
            else if (node.Path.Step(row, node.Depth) is { } next)
                Write(json, next, node.Within);
            else
                json.WriteNullValue();
        }

        json.WriteEndObject();
    }

    /// <summary>A whole record, as a single read shows it.</summary>
    public static void Write(Utf8JsonWriter json, SObject row, IEnumerable<SField> fields)
    {
        json.WriteStartObject();
        Attributes(json, row);
        foreach (var field in fields)
        {
            json.WritePropertyName(field.Name);
            Value(json, field, row[field]);
        }

        json.WriteEndObject();
    }

    /// <summary>The view of the control API.</summary>
    public static JsonObject Admin(SObject row)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, JsonAnswers.WriterOptions))
            Write(json, row, row.Type.Fields);
        var record = (JsonObject)JsonNode.Parse(buffer.ToArray())!;
        record["id"] = row.Id;
        return record;
    }

    private static void Attributes(Utf8JsonWriter json, SObject row)
    {
        json.WriteStartObject("attributes");
        json.WriteString("type", row.Type.Name);
        json.WriteString("url", row.Url);
        json.WriteEndObject();
    }

    private static void Value(Utf8JsonWriter json, SField? field, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool yes:
                json.WriteBooleanValue(yes);
                break;
            case decimal number when field?.Type == "int":
                json.WriteNumberValue((long)number);
                break;
            case decimal number:
                // Other numbers always show a fraction.
                json.WriteRawValue(number.ToString("0.0###############", CultureInfo.InvariantCulture), skipInputValidation: true);
                break;
            case DateTime time:
                json.WriteStringValue(time.ToString(InstantForm, CultureInfo.InvariantCulture));
                break;
            case DateOnly day:
                json.WriteStringValue(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
                break;
            case CompoundAddress address:
                Address(json, address);
                break;
            default:
                json.WriteStringValue((string)value);
                break;
        }
    }

    private static void Address(Utf8JsonWriter json, CompoundAddress address)
    {
        (string Name, string Part)[] parts = [("city", "City"), ("country", "Country"), ("postalCode", "PostalCode"), ("state", "State"), ("street", "Street")];
        if (parts.All(part => address.Row[address.Prefix + part.Part] is null))
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        foreach (var (name, part) in parts)
            json.WriteString(name, address.Row[address.Prefix + part] as string);
        foreach (var unknown in (string[])["geocodeAccuracy", "latitude", "longitude"])
            json.WriteNull(unknown);
        json.WriteEndObject();
    }
}

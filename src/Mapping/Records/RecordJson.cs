using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Crm.Integration.Mapping.Records;

/// <summary>
/// The canonical JSON of records: one flat object, a member a non-empty field, dotted paths in the order of the model,
/// no white space. Equal records give equal bytes, so their hash tells whether anything changed.
/// </summary>
public static class RecordJson
{
    // Names stay readable for whoever looks into the store with an SQL tool; the JSON is never put into HTML unescaped.
    private static readonly JsonWriterOptions s_compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Writes a record in canonical form.</summary>
    /// <param name="record">The record; empty fields are left out.</param>
    /// <param name="output">Where the UTF-8 goes.</param>
    public static void Write(EntityRecord record, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(record);
        using var writer = new Utf8JsonWriter(output, s_compact);
        Write(record, writer);
    }

    /// <summary>Writes a record in canonical form with a writer that is used again and again.</summary>
    /// <param name="record">The record; empty fields are left out.</param>
    /// <param name="writer">The writer; it is flushed at the end.</param>
    public static void Write(EntityRecord record, Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(writer);
        var fields = record.Type.Fields;
        var values = record.Values;
        writer.WriteStartObject();
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i].IsEmpty)
                continue;
            writer.WritePropertyName(fields[i].JsonName);
            WriteValue(writer, values[i]);
        }

        writer.WriteEndObject();
        writer.Flush();
    }

    /// <summary>The canonical JSON of a record as text.</summary>
    /// <param name="record">The record.</param>
    public static string ToJson(EntityRecord record)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        Write(record, buffer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>The JSON of one value.</summary>
    /// <param name="value">The value.</param>
    public static string ToJson(Value value)
    {
        var buffer = new ArrayBufferWriter<byte>(64);
        using (var writer = new Utf8JsonWriter(buffer, s_compact))
            WriteValue(writer, value);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>A source row as a JSON object of its non-null values, for quarantine and previews.</summary>
    /// <param name="row">The row.</param>
    public static string ToJson(SourceRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, s_compact))
        {
            var names = row.Shape.Names;
            writer.WriteStartObject();
            for (var i = 0; i < row.Values.Length; i++)
            {
                if (row.Values[i].IsNull)
                    continue;
                writer.WritePropertyName(names[i]);
                WriteValue(writer, row.Values[i]);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Reads a record back from its canonical form. Members that the type does not have are ignored.</summary>
    /// <param name="type">The record's type; it decides how texts are read.</param>
    /// <param name="utf8">The JSON.</param>
    /// <exception cref="JsonException">It is not a JSON object.</exception>
    public static EntityRecord Read(EntityType type, ReadOnlySpan<byte> utf8)
    {
        ArgumentNullException.ThrowIfNull(type);
        var record = new EntityRecord(type);
        var reader = new Utf8JsonReader(utf8);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("a record is a JSON object");

        // Members come in the order of the model: the next one is nearly always a few fields further on.
        var next = 0;
        var fields = type.Fields;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var ordinal = -1;
            for (var i = next; i < fields.Count; i++)
            {
                if (reader.ValueTextEquals(fields[i].Utf8Path))
                {
                    ordinal = i;
                    next = i + 1;
                    break;
                }
            }

            if (ordinal < 0)
                ordinal = type.Find(reader.GetString()!)?.Ordinal ?? -1;
            reader.Read();
            var value = ReadValue(ref reader);
            if (ordinal >= 0)
                record[ordinal] = Restore(value, fields[ordinal].Type);
        }

        return record;
    }

    /// <summary>Reads a record back from its canonical form as text.</summary>
    /// <param name="type">The record's type.</param>
    /// <param name="json">The JSON.</param>
    public static EntityRecord Read(EntityType type, string json) => Read(type, Encoding.UTF8.GetBytes(json));

    /// <summary>Reads one JSON value; objects and arrays nest.</summary>
    /// <param name="reader">Stands on the value's first token; stands on its last one afterwards.</param>
    public static Value ReadValue(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return Value.Text(reader.GetString());
            case JsonTokenType.Number:
                // Ids with more digits than a number holds must not be rounded: they stay as written.
                return SignificantDigits(reader.ValueSpan) <= 28 && reader.TryGetDecimal(out var number) ? Value.Number(number) : Value.Text(Encoding.UTF8.GetString(reader.ValueSpan));
            case JsonTokenType.True:
                return Value.Boolean(true);
            case JsonTokenType.False:
                return Value.Boolean(false);
            case JsonTokenType.StartArray:
                var items = new List<Value>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    items.Add(ReadValue(ref reader));
                return Value.List([.. items]);
            case JsonTokenType.StartObject:
                var members = new Dictionary<string, Value>(StringComparer.Ordinal);
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var name = reader.GetString()!;
                    reader.Read();
                    members[name] = ReadValue(ref reader);
                }

                return Value.Object(members);
            default:
                return Value.Null;
        }
    }

    /// <summary>Writes one value as JSON; dates and instants as text.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="value">The value.</param>
    public static void WriteValue(Utf8JsonWriter writer, Value value)
    {
        ArgumentNullException.ThrowIfNull(writer);
        switch (value.Kind)
        {
            case ValueKind.Null:
                writer.WriteNullValue();
                break;
            case ValueKind.Text:
                writer.WriteStringValue(value.AsText);
                break;
            case ValueKind.Number:
                writer.WriteRawValue(value.ToText()!, skipInputValidation: true);
                break;
            case ValueKind.Boolean:
                writer.WriteBooleanValue(value.AsBoolean!.Value);
                break;
            case ValueKind.List:
                writer.WriteStartArray();
                foreach (var item in value.AsList)
                    WriteValue(writer, item);
                writer.WriteEndArray();
                break;
            case ValueKind.Object:
                writer.WriteStartObject();
                foreach (var (name, member) in value.AsObject!)
                {
                    writer.WritePropertyName(name);
                    WriteValue(writer, member);
                }

                writer.WriteEndObject();
                break;
            default:
                writer.WriteStringValue(value.ToText());
                break;
        }
    }

    private static int SignificantDigits(ReadOnlySpan<byte> number)
    {
        var digits = 0;
        foreach (var one in number)
        {
            if (one is (byte)'e' or (byte)'E')
                break;
            if (one is > (byte)'0' and <= (byte)'9' || (one == (byte)'0' && digits > 0))
                digits++;
        }

        return digits;
    }

    private static Value Restore(Value value, FieldType type) => (type, value.AsText) switch
    {
        (FieldType.Date, { } text) when DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) => Value.Date(date),
        (FieldType.Instant, { } text) when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) => Value.Instant(instant),
        _ => value,
    };
}

using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.TwoWay;

/// <summary>
/// Values by field of a destination. A field that is there with nothing in it is something else than a field of which nothing is known.
/// </summary>
internal static class FieldValues
{
    private static readonly JsonWriterOptions s_compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Reads what <see cref="ToJson(IReadOnlyDictionary{string, Value})"/> wrote.</summary>
    public static Dictionary<string, Value> Parse(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return new(RecordJson.ReadValue(ref reader).AsObject!, StringComparer.Ordinal);
    }

    /// <summary>As kept in the store: fields in the order of their names, empty ones included.</summary>
    public static string ToJson(IReadOnlyDictionary<string, Value> values)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, s_compact))
        {
            writer.WriteStartObject();
            foreach (var (field, value) in values.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                writer.WritePropertyName(field);
                RecordJson.WriteValue(writer, value);
            }

            writer.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>
    /// A value in the form in which it is compared and kept: what was kept is JSON, which knows no dates, and nothing is nothing however
    /// it is written.
    /// </summary>
    public static Value Plain(Value value) => value.Kind switch
    {
        ValueKind.Date or ValueKind.Instant => Value.Text(value.ToText()),
        ValueKind.List => value.IsEmpty ? Value.Null : Value.List([.. value.AsList.Select(Plain)]),
        ValueKind.Text when value.AsText!.Length == 0 => Value.Null,
        _ => value,
    };

    /// <summary>Whether two values say the same, though one system writes a number where the other writes text.</summary>
    public static bool Same(Value a, Value b) => a == b || (a.IsEmpty && b.IsEmpty) || (!a.IsEmpty && !b.IsEmpty && a.ToText() == b.ToText());

    /// <summary>Whether a value looks like what a system makes of another one: cut off, folded, trimmed.</summary>
    public static bool Resembles(Value theirs, Value ours)
    {
        var (a, b) = (Letters(theirs), Letters(ours));
        return a.Length > 0 && b.StartsWith(a, StringComparison.Ordinal);
    }

    private static string Letters(Value value) => string.Concat((value.ToText() ?? "").Where(char.IsLetterOrDigit)).ToUpperInvariant();
}

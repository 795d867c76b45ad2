using System.Text;
using System.Text.Json;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.JsonLines;

/// <summary>JSON values as the hub's.</summary>
internal static class JsonValues
{
    /// <summary>Reads the value at which a reader stands, to its end.</summary>
    public static Value Read(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return reader.GetString();
            case JsonTokenType.Number:
                // Ids with more digits than a number holds must not be rounded: they stay as written.
                return IsExact(reader.ValueSpan) && reader.TryGetDecimal(out var number) ? Value.Number(number) : Encoding.UTF8.GetString(reader.ValueSpan);
            case JsonTokenType.True:
                return Value.Boolean(true);
            case JsonTokenType.False:
                return Value.Boolean(false);
            case JsonTokenType.StartArray:
                var items = new List<Value>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    items.Add(Read(ref reader));
                return Value.List([.. items]);
            case JsonTokenType.StartObject:
                var members = new Dictionary<string, Value>(StringComparer.Ordinal);
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var name = reader.GetString()!;
                    reader.Read();
                    members[name] = Read(ref reader);
                }

                return Value.Object(members);
            default:
                return Value.Null;
        }
    }

    private static bool IsExact(ReadOnlySpan<byte> digits) => digits.Length <= 28;
}

using System.Globalization;
using System.Text.Json;

namespace Crm.Integration.Connectors.Zoho;

/// <summary>The outermost members of an answer, read without trusting that it is whole or JSON at all.</summary>
internal sealed class ZohoAnswer
{
    private readonly Dictionary<string, string> _members = new(StringComparer.Ordinal);

    /// <summary>What the refusal is about: members of <c>details</c>, and of <c>api_name</c> within it.</summary>
    public string? Detail(string name) => _members.GetValueOrDefault($"details.{name}");

    /// <summary>Whether it answers each record by itself.</summary>
    public bool HasRecords { get; private set; }

    public string? Text(string name) => _members.GetValueOrDefault(name);

    public double? Number(string name) => double.TryParse(Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static ZohoAnswer Of(ReadOnlySpan<byte> body)
    {
        var answer = new ZohoAnswer();
        var reader = new Utf8JsonReader(body, isFinalBlock: false, default);
        try
        {
            answer.Read(ref reader);
        }
        catch (JsonException)
        {
            // A page of a proxy, or a body that was cut off: whatever was read up to there is what is known.
            answer.IsJson = false;
        }

        return answer;
    }

    /// <summary>Whether the body is JSON as far as it goes.</summary>
    public bool IsJson { get; private set; } = true;

    private void Read(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            IsJson = reader.TokenType == JsonTokenType.StartArray;
            return;
        }

        var (name, inDetails) = ("", false);
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    name = reader.GetString()!;
                    break;
                case JsonTokenType.StartArray:
                    HasRecords |= !inDetails && name is "data" or "watch";
                    if (!reader.TrySkip())
                        return;
                    break;
                case JsonTokenType.StartObject when name == "details" && !inDetails:
                    inDetails = true;
                    break;
                case JsonTokenType.StartObject:
                    if (!reader.TrySkip())
                        return;
                    break;
                case JsonTokenType.EndObject when inDetails:
                    inDetails = false;
                    break;
                case JsonTokenType.EndObject:
                    return;
                case JsonTokenType.String:
                    _members[inDetails ? $"details.{name}" : name] = reader.GetString()!;
                    break;
                case JsonTokenType.Number:
                    _members[inDetails ? $"details.{name}" : name] = System.Text.Encoding.UTF8.GetString(reader.ValueSpan);
                    break;
                default:
                    break;
            }
        }
    }
}

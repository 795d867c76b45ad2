using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using Crm.Integration.Hub.Logging;

namespace Crm.Integration.Hub.Inbox;

/// <summary>What came by a webhook, as people read it: JSON and XML indented, other text as it is, anything else as bytes; secrets masked.</summary>
internal static class MessageText
{
    private const int MostBytes = 4096;
    private const int BytesInLine = 16;

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // No document type and no entities: they would reach into files and the network.
    private static readonly XmlReaderSettings s_safe = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = 16 * 1024 * 1024 };

    // What a member of such a name holds is not for eyes, whether or not the hub knows it.
    private static readonly string[] s_secretNames = ["authorization", "cookie", "token", "secret", "password", "signature", "session", "apikey", "api-key", "api_key"];

    /// <summary>The members of a JSON object of texts.</summary>
    public static IReadOnlyDictionary<string, string> Members(string json, SecretRedactor secrets) =>
        (JsonSerializer.Deserialize<Dictionary<string, string>>(json) ?? []).ToDictionary(
            member => member.Key,
            member => IsSecret(member.Key) ? SecretRedactor.Mask : secrets.Redact(member.Value));

    /// <summary>A body.</summary>
    public static string Of(byte[] body, SecretRedactor secrets)
    {
        string text;
        try
        {
            text = s_strict.GetString(body);
        }
        catch (DecoderFallbackException)
        {
            // Not text.
            return Hexadecimal(body);
        }

        return text.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')) ? Hexadecimal(body) : secrets.Redact(Json(text) ?? Xml(text) ?? text);
    }

    private static bool IsSecret(string name) => s_secretNames.Any(secret => name.Contains(secret, StringComparison.OrdinalIgnoreCase));

    private static string? Json(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return JsonSerializer.Serialize(Masked(json.RootElement), s_indented);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static object? Masked(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().DistinctBy(member => member.Name).ToDictionary(
            member => member.Name, member => IsSecret(member.Name) && member.Value.ValueKind == JsonValueKind.String ? SecretRedactor.Mask : Masked(member.Value)),
        JsonValueKind.Array => value.EnumerateArray().Select(Masked).ToList(),
        _ => value,
    };

    private static string? Xml(string text)
    {
        try
        {
            using var reader = XmlReader.Create(new StringReader(text), s_safe);
            var document = XDocument.Load(reader);
            foreach (var element in document.Descendants().Where(element => !element.HasElements && element.Value.Length > 0 && IsSecret(element.Name.LocalName)))
                element.Value = SecretRedactor.Mask;
            return document.ToString();
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static string Hexadecimal(byte[] body)
    {
        var text = new StringBuilder();
        foreach (var (line, index) in body.Take(MostBytes).Chunk(BytesInLine).Select((line, index) => (line, index)))
        {
            text.Append(CultureInfo.InvariantCulture, $"{index * BytesInLine:x6}  {string.Join(' ', line.Select(each => each.ToString("x2", CultureInfo.InvariantCulture))),-47}  ")
                .AppendLine(string.Concat(line.Select(each => each is >= 0x20 and < 0x7f ? (char)each : '.')));
        }

        return text.Append(body.Length > MostBytes ? $"and {body.Length - MostBytes:N0} bytes more" : "").ToString();
    }
}

using System.Text.Json;
using System.Xml;

namespace Crm.Integration.Connectors.Salesforce;

/// <summary>One error as Salesforce words it, whichever of its shapes it came in.</summary>
/// <param name="Code">Salesforce's code; empty when the body holds none.</param>
/// <param name="Message">Its text; may hold values of the record, so it is shown only after <see cref="WriteFaults"/> has masked them.</param>
/// <param name="Fields">The fields at fault.</param>
internal sealed record SalesforceError(string Code, string Message, IReadOnlyList<string> Fields)
{
    /// <summary>The records that a duplicate rule found.</summary>
    public IReadOnlyList<string> Matches { get; init; } = [];

    /// <summary>The first error in the body of a refusal, or null when the body is none of Salesforce's.</summary>
    public static SalesforceError? Parse(ReadOnlySpan<byte> body)
    {
        body = body.TrimStart(" \t\r\n\uFEFF"u8);
        if (body.Length == 0)
            return null;
        if (body[0] == '<')
            return ParseXml(body);
        try
        {
            var reader = new Utf8JsonReader(body);
            using var document = JsonDocument.ParseValue(ref reader);
            return Of(document.RootElement);
        }
        catch (JsonException)
        {
            // A page of some proxy: the status alone has to do.
            return null;
        }
    }

    /// <summary>The error in a JSON answer: REST's array, a save result, an OAuth object.</summary>
    public static SalesforceError? Of(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Array:
                return json.GetArrayLength() == 0 ? null : Of(json[0]);
            case JsonValueKind.Object when json.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Array:
                return Of(errors);
            case JsonValueKind.Object:
                var code = Text(json, "errorCode") ?? Text(json, "statusCode") ?? Text(json, "error");
                return code is null ? null : new(code, Text(json, "message") ?? Text(json, "error_description") ?? "", Names(json)) { Matches = MatchesOf(json) };
            default:
                return null;
        }
    }

    /// <summary>The error in <c>sf__Error</c> of a bulk result: <c>CODE:message:FIELD,FIELD --</c>.</summary>
    public static SalesforceError FromBulk(string text)
    {
        var first = text.IndexOf(':', StringComparison.Ordinal);
        if (first < 0)
            return new("UNKNOWN_EXCEPTION", text, []);
        var rest = text[(first + 1)..];
        IReadOnlyList<string> fields = [];
        var last = rest.LastIndexOf(':');
        if (last >= 0 && rest.EndsWith("--", StringComparison.Ordinal))
        {
            fields = rest[(last + 1)..^2].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            rest = rest[..last];
        }

        return new(text[..first].Trim(), rest.Trim(), fields);
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string[] Names(JsonElement json) =>
        json.TryGetProperty("fields", out var fields) && fields.ValueKind == JsonValueKind.Array
            ? [.. fields.EnumerateArray().Where(field => field.ValueKind == JsonValueKind.String).Select(field => field.GetString()!)]
            : [];

    // Salesforce itself misspells the member in some versions.
    private static List<string> MatchesOf(JsonElement json)
    {
        if (!(json.TryGetProperty("duplicateResult", out var result) || json.TryGetProperty("duplicateResut", out result)) || result.ValueKind != JsonValueKind.Object)
            return [];
        var ids = new List<string>();
        foreach (var match in Items(result, "matchResults"))
        {
            foreach (var found in Items(match, "matchRecords"))
            {
                if (found.TryGetProperty("record", out var record) && Text(record, "Id") is { } id && !ids.Contains(id))
                    ids.Add(id);
            }
        }

        return ids;
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var items) && items.ValueKind == JsonValueKind.Array ? items.EnumerateArray() : default;

    private static SalesforceError? ParseXml(ReadOnlySpan<byte> body)
    {
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(body.ToArray()), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            string? code = null, message = null;
            while (reader.Read())
            {
                if (reader.NodeType != XmlNodeType.Element)
                    continue;
                if (reader.LocalName is "errorCode" or "exceptionCode" or "faultcode")
                    code ??= OutboundMessage.Content(reader);
                else if (reader.LocalName is "message" or "exceptionMessage" or "faultstring")
                    message ??= OutboundMessage.Content(reader);
            }

            return code is null ? null : new(code[(code.IndexOf(':', StringComparison.Ordinal) + 1)..], message ?? "", []);
        }
        catch (XmlException)
        {
            // HTML: the status alone has to do.
            return null;
        }
    }
}

using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Xml;
using CsvHelper;
using CsvHelper.Configuration;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Files;
using Crm.Integration.Connectors.OneByOne;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Webhook;

/// <summary>Reads bodies, whatever their format, into values: one for a document, one a line or row elsewhere.</summary>
internal static class WebhookBody
{
    private const int Deepest = 64;

    /// <summary>The format of a request; null when its content type is of none that is known.</summary>
    public static WebhookFormat? FormatOf(WebhookSettings settings, WebhookRequest request)
    {
        if (settings.Format != WebhookFormat.Auto)
            return settings.Format;
        var type = WebhookProof.Header(request, "Content-Type")?.Split(';')[0].Trim().ToLowerInvariant() ?? "";
        return type switch
        {
            "application/json" or "text/json" => WebhookFormat.Json,
            "application/jsonl" or "application/x-jsonlines" or "application/x-ndjson" or "application/ndjson" => WebhookFormat.Jsonl,
            "text/csv" or "application/csv" => WebhookFormat.Csv,
            "application/xml" or "text/xml" => WebhookFormat.Xml,
            "application/x-www-form-urlencoded" => WebhookFormat.Form,
            _ when type.EndsWith("+json", StringComparison.Ordinal) => WebhookFormat.Json,
            _ when type.EndsWith("+xml", StringComparison.Ordinal) => WebhookFormat.Xml,
            _ => null,
        };
    }

    /// <summary>The values of a body.</summary>
    /// <exception cref="ConnectorException">It is not of its format. The message holds nothing of it.</exception>
    public static IEnumerable<Value> Read(WebhookFormat format, WebhookRequest request)
    {
        try
        {
            return format switch
            {
                WebhookFormat.Jsonl => [.. Lines(Text(request)).Select(line => Json(Encoding.UTF8.GetBytes(line)))],
                WebhookFormat.Csv => [.. Csv(Text(request))],
                WebhookFormat.Xml => [Xml(request.Body)],
                WebhookFormat.Form => [Form(Text(request))],
                _ => [Json(WithoutMark(request.Body))],
            };
        }
        catch (JsonException exception)
        {
            throw Bad($"is no JSON at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}");
        }
        catch (XmlException exception)
        {
            throw Bad($"is no XML that is taken, at line {exception.LineNumber}, position {exception.LinePosition}");
        }
        catch (BadDataException)
        {
            throw Bad("has a broken quotation in its CSV");
        }
    }

    /// <summary>A body that cannot be read. Its cause may quote it, and is left out.</summary>
    public static ConnectorException Bad(string what) =>
        new(FailureKind.Rejected, $"The body of this webhook {what}.", "Look at it with `hub inbox show`; correct the sender, or `format` and `records` of the connection, and replay it.");

    private static Value Json(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = Deepest });
        return WireValues.Read(document.RootElement);
    }

    private static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> body) => body.Span.StartsWith(Encoding.UTF8.Preamble) ? body[Encoding.UTF8.Preamble.Length..] : body;

    private static IEnumerable<string> Lines(string text) => text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0);

    private static IEnumerable<Value> Csv(string text)
    {
        using var reader = new StringReader(text);
        using var csv = new CsvParser(reader, new CsvConfiguration(CultureInfo.InvariantCulture) { DetectDelimiter = true, DetectDelimiterValues = [",", ";", "\t", "|"] });
        if (!csv.Read())
            yield break;
        var names = csv.Record!.ToArray();
        while (csv.Read())
        {
            if (csv.Count != names.Length)
                throw Bad($"has {csv.Count} cells in line {csv.RawRow} and {names.Length} in its header");
            yield return Value.Object(names.Index().GroupBy(name => name.Item, StringComparer.Ordinal).ToDictionary(name => name.Key, name => Value.Text(csv[name.First().Index]), StringComparer.Ordinal));
        }
    }

    private static Value Form(string text)
    {
        var members = new Dictionary<string, Value>(StringComparer.Ordinal);
        foreach (var pair in text.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            Add(members, WebUtility.UrlDecode(equals < 0 ? pair : pair[..equals]), Value.Text(equals < 0 ? "" : WebUtility.UrlDecode(pair[(equals + 1)..])));
        }

        return Value.Object(members);
    }

    // No document type, so no entities: neither files of this machine nor a text that grows a million times.
    private static Value Xml(ReadOnlyMemory<byte> body)
    {
        using var reader = XmlReader.Create(new MemoryStream(body.ToArray()), new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            IgnoreWhitespace = true,
        });
        reader.MoveToContent();
        return Element(reader);
    }

    private static Value Element(XmlReader reader)
    {
        if (reader.Depth > Deepest)
            throw Bad($"nests its XML deeper than {Deepest}");
        var members = new Dictionary<string, Value>(StringComparer.Ordinal);
        for (var more = reader.MoveToFirstAttribute(); more; more = reader.MoveToNextAttribute())
        {
            if (reader.Prefix != "xmlns" && reader.Name != "xmlns")
                members["@" + reader.LocalName] = Value.Text(reader.Value);
        }

        reader.MoveToElement();
        var text = new StringBuilder();
        if (!reader.IsEmptyElement)
        {
            while (reader.Read() && reader.NodeType != XmlNodeType.EndElement)
            {
                if (reader.NodeType == XmlNodeType.Element)
                    Add(members, reader.LocalName, Element(reader));
                else
                    text.Append(reader.Value);
            }
        }

        if (members.Count == 0)
            return Value.Text(text.ToString());
        if (text.Length > 0)
            members["#text"] = Value.Text(text.ToString());
        return Value.Object(members);
    }

    private static void Add(Dictionary<string, Value> members, string name, Value value) =>
        members[name] = !members.TryGetValue(name, out var before) ? value
            : before.Kind == ValueKind.List ? Value.List([.. before.AsList, value])
            : Value.List(before, value);

    private static string Text(WebhookRequest request)
    {
        var type = WebhookProof.Header(request, "Content-Type") ?? "";
        var charset = type.Split(';').Select(part => part.Trim()).FirstOrDefault(part => part.StartsWith("charset=", StringComparison.OrdinalIgnoreCase))?[8..].Trim('"');
        var encoding = charset is null ? Encoding.UTF8 : TextEncodings.Named(charset);
        var text = encoding.GetString(request.Body.Span);
        return text.StartsWith('\uFEFF') ? text[1..] : text;
    }
}

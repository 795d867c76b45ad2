using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Serilog.Events;
using Serilog.Formatting;

namespace Crm.Integration.Hub.Logging;

/// <summary>
/// One JSON object a line. Every text is redacted before it is written as JSON: masking the finished line would miss
/// secrets that JSON escapes.
/// </summary>
internal sealed class JsonLogFormatter(SecretRedactor secrets) : ITextFormatter
{
    // What a structure of a library brings along must not fill the disk.
    private const int Deepest = 5;

    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void Format(LogEvent logEvent, TextWriter output)
    {
        var shown = new RedactedEvent(logEvent, secrets);
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, s_options))
        {
            json.WriteStartObject();
            json.WriteString("at", logEvent.Timestamp.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("level", logEvent.Level.ToString().ToLowerInvariant());
            json.WriteString("message", shown.Message);
            foreach (var (name, value) in logEvent.Properties)
            {
                json.WritePropertyName(Key(name));

                // Of the framework: a number, and a name that is none of a person.
                if (name == "EventId" && value is StructureValue)
                    json.WriteStringValue(value.ToString(null, CultureInfo.InvariantCulture));
                else
                    Write(json, shown, name, value, 0);
            }

            if (shown.Exception is { } exception)
                json.WriteString("exception", exception);
            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }

    // A value named like what every line has would come twice.
    private static string Key(string name) => JsonNamingPolicy.CamelCase.ConvertName(name) switch
    {
        "at" or "level" or "message" or "exception" => name + "_",
        var key => key,
    };

    private static void Write(Utf8JsonWriter json, RedactedEvent shown, string name, LogEventPropertyValue value, int depth)
    {
        if (depth == Deepest || (value is not ScalarValue && SensitiveNames.Covers(name)))
        {
            json.WriteStringValue(SecretRedactor.Mask);
            return;
        }

        switch (value)
        {
            case ScalarValue { Value: null }:
                json.WriteNullValue();
                break;
            case ScalarValue { Value: bool truth } when !SensitiveNames.Covers(name):
                json.WriteBooleanValue(truth);
                break;
            case ScalarValue { Value: int or long or short or byte } scalar when !SensitiveNames.Covers(name):
                json.WriteNumberValue(Convert.ToInt64(scalar.Value, CultureInfo.InvariantCulture));
                break;
            case ScalarValue scalar:
                json.WriteStringValue(shown.Text(name, Convert.ToString(scalar.Value, CultureInfo.InvariantCulture) ?? ""));
                break;
            case SequenceValue sequence:
                json.WriteStartArray();
                foreach (var item in sequence.Elements)
                    Write(json, shown, name, item, depth + 1);
                json.WriteEndArray();
                break;
            case StructureValue structure:
                Write(json, shown, structure.Properties.Select(property => (property.Name, property.Value)), depth);
                break;
            case DictionaryValue dictionary:
                Write(json, shown, dictionary.Elements.Select(pair => (Convert.ToString(pair.Key.Value, CultureInfo.InvariantCulture) ?? "", pair.Value)), depth);
                break;
            default:
                json.WriteStringValue(shown.Text(name, value.ToString(null, CultureInfo.InvariantCulture)));
                break;
        }
    }

    private static void Write(Utf8JsonWriter json, RedactedEvent shown, IEnumerable<(string Name, LogEventPropertyValue Value)> members, int depth)
    {
        json.WriteStartObject();
        foreach (var (name, value) in members)
        {
            json.WritePropertyName(shown.Text("", name));
            Write(json, shown, name, value, depth + 1);
        }

        json.WriteEndObject();
    }
}

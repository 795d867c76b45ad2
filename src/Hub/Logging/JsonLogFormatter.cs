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
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void Format(LogEvent logEvent, TextWriter output)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, s_options))
        {
            json.WriteStartObject();
            json.WriteString("at", logEvent.Timestamp.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("level", logEvent.Level.ToString().ToLowerInvariant());
            json.WriteString("message", secrets.Redact(LogText.Of(logEvent)));
            foreach (var (name, value) in logEvent.Properties)
                json.WriteString(name, secrets.Redact(Text(value)));
            if (logEvent.Exception is { } exception)
                json.WriteString("exception", secrets.Redact(exception.ToString()));
            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }

    private static string Text(LogEventPropertyValue value) => value is ScalarValue scalar
        ? Convert.ToString(scalar.Value, CultureInfo.InvariantCulture) ?? ""
        : value.ToString(null, CultureInfo.InvariantCulture);
}

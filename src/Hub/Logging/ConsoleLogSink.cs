using System.Globalization;
using Serilog.Core;
using Serilog.Events;
using Spectre.Console;

namespace Crm.Integration.Hub.Logging;

/// <summary>Log events on stderr, through the console that also draws the progress, so that neither breaks the other.</summary>
internal sealed class ConsoleLogSink(IAnsiConsole console, SecretRedactor secrets, bool verbose) : ILogEventSink
{
    public void Emit(LogEvent logEvent)
    {
        var (word, color) = logEvent.Level switch
        {
            LogEventLevel.Fatal or LogEventLevel.Error => ("error", "red"),
            LogEventLevel.Warning => ("warning", "yellow"),
            _ => ("info", "grey"),
        };
        var shown = new RedactedEvent(logEvent, secrets);
        var message = verbose && shown.Exception is { } exception ? shown.Message + Environment.NewLine + exception : shown.Message;
        console.MarkupLine($"[{color}]{word}:[/] {Markup.Escape(message)}");
    }
}

/// <summary>
/// Log events of a service: a line each with time, level, pipeline and message. Under systemd the journal knows the time, and is told the level in its own way.
/// </summary>
internal sealed class ServiceConsoleSink(TextWriter error, SecretRedactor secrets, bool verbose, bool journal) : ILogEventSink
{
    private readonly Lock _lock = new();

    public void Emit(LogEvent logEvent)
    {
        var (word, priority) = logEvent.Level switch
        {
            LogEventLevel.Fatal or LogEventLevel.Error => ("error  ", 3),
            LogEventLevel.Warning => ("warning", 4),
            LogEventLevel.Information => ("info   ", 6),
            _ => ("debug  ", 7),
        };
        var shown = new RedactedEvent(logEvent, secrets);
        var pipeline = logEvent.Properties.TryGetValue("Pipeline", out var value) && value is ScalarValue { Value: string name } && !shown.Message.Contains(name, StringComparison.Ordinal)
            ? shown.Text("Pipeline", name) + ": "
            : "";
        var begin = journal ? string.Create(CultureInfo.InvariantCulture, $"<{priority}>") : string.Create(CultureInfo.InvariantCulture, $"{logEvent.Timestamp.ToLocalTime():HH:mm:ss} {word} ");
        lock (_lock)
        {
            // A message of several lines must not pass for several events.
            error.WriteLine(begin + pipeline + shown.Message.ReplaceLineEndings(" "));
            if (verbose && shown.Exception is { } exception)
                error.WriteLine(exception);
            error.Flush();
        }
    }
}

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
        var message = secrets.Redact(LogText.Of(logEvent));
        if (verbose && logEvent.Exception is { } exception)
            message += Environment.NewLine + secrets.Redact(exception.ToString());
        console.MarkupLine($"[{color}]{word}:[/] {Markup.Escape(message)}");
    }
}

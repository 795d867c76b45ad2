using Crm.Integration.Hub.Configuration.Settings;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Spectre.Console;

namespace Crm.Integration.Hub.Logging;

/// <summary>
/// The log: warnings to stderr and, for commands that do work, everything to a rolling JSON file in the hub folder. A service tells on stderr
/// what it does, too.
/// </summary>
internal sealed class HubLog : IDisposable
{
    private const string FileOnlyProperty = "FileOnly";
    private readonly Logger _logger;
    private readonly NodeName _node = new();

    private HubLog(LoggerConfiguration configuration, string? file)
    {
        _logger = configuration.Enrich.With(_node).CreateLogger();
        Factory = new SerilogLoggerFactory(_logger, dispose: false);
        File = file;
    }

    /// <summary>Makes loggers.</summary>
    public ILoggerFactory Factory { get; }

    /// <summary>The file of today, or null when only the console is written to.</summary>
    public string? File { get; }

    /// <summary>The node that every line is from; null for a command.</summary>
    public string? Node
    {
        set => _node.Value = value;
    }

    /// <summary>A log that the console does not show.</summary>
    public Serilog.ILogger FileOnly => _logger.ForContext(FileOnlyProperty, true);

    /// <summary>A log that only shows warnings, or everything when details are wanted.</summary>
    public static HubLog ToConsole(IAnsiConsole error, SecretRedactor secrets, bool verbose) => new(WithConsole(new ConsoleLogSink(error, secrets, verbose), LeastShown(verbose, service: false)), null);

    /// <summary>A log that also goes to the hub's log folder.</summary>
    public static HubLog ToFiles(IAnsiConsole error, SecretRedactor secrets, bool verbose, LogSettings settings, string hubFolder, TimeProvider clock) =>
        ToFiles(WithConsole(new ConsoleLogSink(error, secrets, verbose), LeastShown(verbose, service: false)), secrets, settings, hubFolder, clock);

    /// <summary>The log of a service: to its folder, and on stderr line by line.</summary>
    public static HubLog OfService(TextWriter error, SecretRedactor secrets, bool verbose, LogSettings settings, string hubFolder, TimeProvider clock)
    {
        var journal = SystemdJournal(Environment.GetEnvironmentVariable);
        return ToFiles(WithConsole(new ServiceConsoleSink(error, secrets, verbose, journal), LeastShown(verbose, service: true)), secrets, settings, hubFolder, clock);
    }

    /// <summary>Whether stderr leads to the journal of systemd.</summary>
    internal static bool SystemdJournal(Func<string, string?> variable) => !string.IsNullOrEmpty(variable("JOURNAL_STREAM")) && !string.IsNullOrEmpty(variable("INVOCATION_ID"));

    public void Dispose()
    {
        Factory.Dispose();
        _logger.Dispose();
    }

    private static HubLog ToFiles(LoggerConfiguration console, SecretRedactor secrets, LogSettings settings, string hubFolder, TimeProvider clock)
    {
        if (settings.Folder is null)
            return new HubLog(console, null);
        var folder = Path.GetFullPath(Path.Combine(hubFolder, settings.Folder));
        Directory.CreateDirectory(folder);
        var configuration = console.WriteTo.File(
            new JsonLogFormatter(secrets),
            Path.Combine(folder, "hub-.log"),
            restrictedToMinimumLevel: LevelOf(settings.Level),
            rollingInterval: RollingInterval.Day,
            rollOnFileSizeLimit: true,
            fileSizeLimitBytes: 100 * 1024 * 1024,
            retainedFileCountLimit: null,
            retainedFileTimeLimit: TimeSpan.FromDays(settings.KeepDays),
            shared: false);
        return new HubLog(configuration, Path.Combine(folder, $"hub-{clock.GetLocalNow():yyyyMMdd}.log"));
    }

    // The framework tells of every request, with its path and query: far too much, and not ours to publish.
    private static LoggerConfiguration WithConsole(ILogEventSink sink, LogEventLevel least) => new LoggerConfiguration()
        .MinimumLevel.Debug()
        .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
        .MinimumLevel.Override("System", LogEventLevel.Warning)
        .MinimumLevel.Override("Quartz", LogEventLevel.Warning)
        .WriteTo.Logger(
            console => console
                .Filter.ByExcluding(logEvent => logEvent.Properties.ContainsKey(FileOnlyProperty))
                .WriteTo.Sink(sink),
            least);

    private static LogEventLevel LeastShown(bool verbose, bool service) => verbose ? LogEventLevel.Debug : service ? LogEventLevel.Information : LogEventLevel.Warning;

    private static LogEventLevel LevelOf(LogDetail detail) => detail switch
    {
        LogDetail.Debug => LogEventLevel.Debug,
        LogDetail.Warning => LogEventLevel.Warning,
        LogDetail.Error => LogEventLevel.Error,
        _ => LogEventLevel.Information,
    };

    private sealed class NodeName : ILogEventEnricher
    {
        public string? Value { get; set; }

        public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
        {
            if (Value is { } name)
                logEvent.AddPropertyIfAbsent(new LogEventProperty("Node", new ScalarValue(name)));
        }
    }
}

using Crm.Integration.Hub.Configuration.Settings;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Spectre.Console;

namespace Crm.Integration.Hub.Logging;

/// <summary>The log: warnings to stderr and, for commands that do work, everything to a rolling JSON file in the hub folder.</summary>
internal sealed class HubLog : IDisposable
{
    private const string FileOnlyProperty = "FileOnly";
    private readonly Logger _logger;

    private HubLog(LoggerConfiguration configuration, string? file)
    {
        _logger = configuration.CreateLogger();
        Factory = new SerilogLoggerFactory(_logger, dispose: false);
        File = file;
    }

    /// <summary>Makes loggers.</summary>
    public ILoggerFactory Factory { get; }

    /// <summary>The file of today, or null when only the console is written to.</summary>
    public string? File { get; }

    /// <summary>A log that the console does not show.</summary>
    public Serilog.ILogger FileOnly => _logger.ForContext(FileOnlyProperty, true);

    /// <summary>A log that only shows warnings, or everything when details are wanted.</summary>
    public static HubLog ToConsole(IAnsiConsole error, SecretRedactor secrets, bool verbose) => new(WithConsole(error, secrets, verbose), null);

    /// <summary>A log that also goes to the hub's log folder.</summary>
    public static HubLog ToFiles(IAnsiConsole error, SecretRedactor secrets, bool verbose, LogSettings settings, string hubFolder, TimeProvider clock)
    {
        if (settings.Folder is null)
            return ToConsole(error, secrets, verbose);
        var folder = Path.GetFullPath(Path.Combine(hubFolder, settings.Folder));
        Directory.CreateDirectory(folder);
        var configuration = WithConsole(error, secrets, verbose).WriteTo.File(
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

    public void Dispose()
    {
        Factory.Dispose();
        _logger.Dispose();
    }

    private static LoggerConfiguration WithConsole(IAnsiConsole error, SecretRedactor secrets, bool verbose) => new LoggerConfiguration()
        .MinimumLevel.Debug()
        .WriteTo.Logger(
            console => console
                .Filter.ByExcluding(logEvent => logEvent.Properties.ContainsKey(FileOnlyProperty))
                .WriteTo.Sink(new ConsoleLogSink(error, secrets, verbose)),
            verbose ? LogEventLevel.Debug : LogEventLevel.Warning);

    private static LogEventLevel LevelOf(LogDetail detail) => detail switch
    {
        LogDetail.Debug => LogEventLevel.Debug,
        LogDetail.Warning => LogEventLevel.Warning,
        LogDetail.Error => LogEventLevel.Error,
        _ => LogEventLevel.Information,
    };
}

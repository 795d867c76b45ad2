using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Hub.Logging;
using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary>Where a command runs: its folder, its consoles, its clock, and the wish to stop.</summary>
internal sealed class CommandContext : IDisposable
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private readonly Terminal _terminal;
    private HubLog? _log;
    private bool _jsonWritten;

    public CommandContext(Terminal terminal, string hubFolder, bool json, bool verbose, bool keepsLog, TimeProvider clock, CancellationToken cancellationToken)
    {
        _terminal = terminal;
        HubFolder = hubFolder;
        Json = json;
        Verbose = verbose;
        KeepsLog = keepsLog;
        Clock = clock;
        CancellationToken = cancellationToken;
        Out = json ? Terminal.Nowhere() : terminal.Out;
    }

    /// <summary>The absolute path of the hub folder; it need not hold a hub.</summary>
    public string HubFolder { get; }

    /// <summary>Whether stdout is to carry one JSON document and nothing else.</summary>
    public bool Json { get; }

    /// <summary>Whether details are wanted.</summary>
    public bool Verbose { get; }

    /// <summary>Whether this command writes log files.</summary>
    public bool KeepsLog { get; }

    /// <summary>The time.</summary>
    public TimeProvider Clock { get; }

    /// <summary>Stop at the next checkpoint: the user pressed Ctrl-C, or the service is asked to end.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>For people: results. With <c>--json</c> it leads nowhere.</summary>
    public IAnsiConsole Out { get; }

    /// <summary>For people: progress, questions, warnings (stderr).</summary>
    public IAnsiConsole Error => _terminal.Error;

    /// <summary>Plain text to stdout, unwrapped and without markup: for exports. Not together with <see cref="WriteJson"/>.</summary>
    public TextWriter RawOut => _terminal.RawOut;

    /// <summary>What is piped in.</summary>
    public TextReader RawIn => _terminal.RawIn;

    /// <summary>Whether somebody sits at the terminal and can be asked.</summary>
    public bool Interactive => !Json && _terminal.Interactive;

    /// <summary>Masks secrets by value in logs and messages; whoever resolves a secret adds it.</summary>
    public SecretRedactor Secrets { get; } = new();

    /// <summary>The log.</summary>
    public ILoggerFactory Loggers => (_log ??= HubLog.ToConsole(_terminal.Error, Secrets, Verbose)).Factory;

    /// <summary>Where the log file is, or null when none is written.</summary>
    public string? LogFile => _log?.File;

    /// <summary>Writes the command's one JSON document, camelCase, to stdout. Does nothing without <c>--json</c>.</summary>
    public void WriteJson<T>(T document)
    {
        if (!Json)
            return;
        if (_jsonWritten)
            throw new InvalidOperationException("a command writes one JSON document");
        _jsonWritten = true;
        RawOut.WriteLine(JsonSerializer.Serialize(document, s_json));
    }

    /// <summary>Writes what to show as JSON or for people, whichever is asked for.</summary>
    public void Show<T>(T document, Action<IAnsiConsole> forPeople)
    {
        if (Json)
            WriteJson(document);
        else
            forPeople(Out);
    }

    /// <summary>
    /// Opens the store for looking into it. Only hub.json has to be right: a mistake in a pipeline must not keep anybody from
    /// seeing what happened last night.
    /// </summary>
    public HubView OpenView() => HubView.Open(HubFolder, Secrets, Clock);

    /// <summary>Says who is waited for.</summary>
    public void SayWaiting(string holder) => Error.WritePlain($"waiting for {holder}");

    /// <summary>Says that an id leads to another one.</summary>
    public void SayMerged(string id, string into) => Error.MarkupLineInterpolated($"[grey]{id} was merged into {into}[/]");

    /// <summary>Begins the log files that hub.json asks for, if this command keeps a log.</summary>
    public void StartLog(LogSettings settings)
    {
        if (!KeepsLog || _log?.File is not null)
            return;
        _log?.Dispose();
        _log = HubLog.ToFiles(_terminal.Error, Secrets, Verbose, settings, HubFolder, Clock);
    }

    /// <summary>From here on the log is that of a service: what it does is told on stderr, too, and every line in the file names the node.</summary>
    /// <param name="settings">As in hub.json.</param>
    /// <param name="node">The node's name.</param>
    public void StartServiceLog(LogSettings settings, string node)
    {
        _log?.Dispose();
        _log = HubLog.OfService(_terminal.RawError, Secrets, Verbose, settings, HubFolder, Clock);
        _log.Node = node;
    }

    /// <summary>Puts a failure into the log file; the console shows it in its own way.</summary>
    public void LogFailure(Exception exception, Failure failure) => _log?.FileOnly.Error(exception, "{Failure}", failure.Message);

    /// <summary>Shows a failure: to people on stderr and, with <c>--json</c>, as the one document.</summary>
    public void ShowFailure(Failure failure)
    {
        FailureView.Write(Error, failure, Secrets);
        if (Json && !_jsonWritten)
            WriteJson(new { error = FailureView.Redacted(failure, Secrets) });
    }

    public void Dispose() => _log?.Dispose();
}

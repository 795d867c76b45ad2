using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Crm.Integration.EndToEnd.Tests.Program;

/// <summary>The real program, started as a scheduler would start it.</summary>
internal sealed partial class HubProcess : IDisposable
{
    // Longer than anything here takes on a busy machine: a hang becomes a failure in place of a build that never ends.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);
    private static readonly string s_executable = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "hub.exe" : "hub");

    private readonly Process _process;
    private readonly string _commandLine;
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    private HubProcess(string folder, string[] arguments, int? heapMegabytes = null)
    {
        _commandLine = "hub " + string.Join(' ', arguments);
        var start = new ProcessStartInfo(s_executable) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["NO_COLOR"] = "1";

        if (heapMegabytes is { } limit)
            start.Environment["DOTNET_GCHeapHardLimit"] = (limit * 1024L * 1024L).ToString("x", CultureInfo.InvariantCulture);

        // The program starts on the runtime that these tests run on, wherever that is installed.
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        _process = System.Diagnostics.Process.Start(start)!;
        _output = _process.StandardOutput.ReadToEndAsync();
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts `hub` in a folder and does not wait.</summary>
    public static HubProcess Start(string folder, params string[] arguments) => new(folder, arguments);

    /// <summary>Runs `hub` in a folder to its end.</summary>
    public static async Task<HubOutcome> RunAsync(string folder, params string[] arguments)
    {
        using var hub = Start(folder, arguments);
        return await hub.EndAsync();
    }

    /// <summary>Runs `hub` in a folder with so little memory, to its end.</summary>
    public static async Task<HubOutcome> RunWithinAsync(int heapMegabytes, string folder, params string[] arguments)
    {
        using var hub = new HubProcess(folder, arguments, heapMegabytes);
        return await hub.EndAsync();
    }

    /// <summary>Runs `hub` in a folder to its end, and takes the time.</summary>
    public static async Task<(HubOutcome Outcome, TimeSpan Took)> MeasureAsync(string folder, params string[] arguments)
    {
        var watch = Stopwatch.StartNew();
        return (await RunAsync(folder, arguments), watch.Elapsed);
    }

    /// <summary>Its number, which the name of its node holds.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended by itself.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>kill -9: no handler runs, nothing is flushed.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Ctrl-C.</summary>
    public void Interrupt()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows sends Ctrl-C to whole consoles only");
        if (SendSignal(_process.Id, 2) != 0)
            throw new InvalidOperationException($"the process has ended: {_commandLine}");
    }

    /// <summary>Waits for the end.</summary>
    public async Task<HubOutcome> EndAsync()
    {
        using var patience = new CancellationTokenSource(s_patience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            throw new TimeoutException($"`{_commandLine}` did not end within {s_patience}: {await _errors}");
        }

        return new HubOutcome(_commandLine, _process.ExitCode, await _output, await _errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);
}

/// <summary>How a run of the program ended.</summary>
internal sealed record HubOutcome(string CommandLine, int ExitCode, string Output, string Errors)
{
    /// <summary>Its one JSON document.</summary>
    public JsonElement Json
    {
        get
        {
            try
            {
                return JsonSerializer.Deserialize<JsonElement>(Output);
            }
            catch (JsonException exception)
            {
                throw new InvalidDataException($"`{CommandLine}` did not print one JSON document ({exception.Message}): {Output}{Errors}");
            }
        }
    }

    /// <summary>The message and remedy of a failure, told by --json.</summary>
    public string Error => Json.GetProperty("error") is var error ? $"{error.GetProperty("message")} / {error.GetProperty("fix")}" : "";

    /// <summary>The outcome, if it ended with a code; else what it said fails the test.</summary>
    public HubOutcome With(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"`{CommandLine}` ended with {ExitCode} and not {exitCode}:\n{Output}\n{Errors}");
        return this;
    }
}

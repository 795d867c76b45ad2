using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Crm.Integration.EndToEnd.Tests.Program;

namespace Crm.Integration.EndToEnd.Tests.Service;

/// <summary>The real `hub serve` on a port of its own, watched while it runs.</summary>
internal sealed partial class ServingHub : IDisposable
{
    // Longer than anything here takes on a busy machine.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly List<string> _lines = [];
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    private ServingHub(HubFolder folder, string[] arguments, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "hub.exe" : "hub")) { WorkingDirectory = folder.Path, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["serve", "--listen", "http://127.0.0.1:0", .. arguments])
            start.ArgumentList.Add(argument);
        start.Environment["NO_COLOR"] = "1";
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>How long it took to listen.</summary>
    public TimeSpan Started { get; private set; }

    /// <summary>The process.</summary>
    public int Id => _process.Id;

    /// <summary>All that it has said.</summary>
    public string Said
    {
        get
        {
            lock (_lines)
                return string.Join('\n', _lines);
        }
    }

    /// <summary>Starts it, and waits until it listens.</summary>
    public static async Task<ServingHub> StartAsync(HubFolder folder, string[]? arguments = null, Dictionary<string, string>? environment = null)
    {
        var hub = new ServingHub(folder, arguments ?? [], environment ?? []);
        try
        {
            var line = await hub.HearsAsync("listening on ");
            hub.Started = hub._watch.Elapsed;
            hub.Address = new Uri(line[(line.IndexOf("listening on ", StringComparison.Ordinal) + "listening on ".Length)..].Trim());
            return hub;
        }
        catch
        {
            hub.Dispose();
            throw;
        }
    }

    /// <summary>Waits for a line with some text; the first since the start, or the one of a number.</summary>
    public async Task<string> HearsAsync(string text, int times = 1)
    {
        string? line = null;
        await Eventually(() =>
        {
            lock (_lines)
                line = _lines.Where(one => one.Contains(text, StringComparison.Ordinal)).ElementAtOrDefault(times - 1);
            return Task.FromResult(line is not null);
        }, $"'{text}' to be said");
        return line!;
    }

    /// <summary>Waits until something is so.</summary>
    public async Task Eventually(Func<Task<bool>> isSo, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!await isSo())
        {
            Assert.True(watch.Elapsed < s_patience && !_process.HasExited, $"waited for {what}; the service {(_process.HasExited ? $"has ended with {_process.ExitCode}" : "runs")} and said:\n{Said}");
            await Task.Delay(50);
        }
    }

    /// <summary>What `GET` answers.</summary>
    public async Task<(int Status, string Body)> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        using var client = new HttpClient { BaseAddress = Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await client.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>The value of a metric, by the beginning of its line; null as long as it is not there.</summary>
    public async Task<double?> MetricAsync(string begin) =>
        (await GetAsync("/metrics")).Body.Split('\n').FirstOrDefault(line => line.StartsWith(begin, StringComparison.Ordinal)) is { } found
            ? double.Parse(found[(found.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture)
            : null;

    /// <summary>What it takes of the machine's memory, in bytes.</summary>
    public long Memory()
    {
        _process.Refresh();
        return _process.WorkingSet64;
    }

    /// <summary>SIGTERM, as systemd sends it, and the end.</summary>
    public async Task<(int ExitCode, TimeSpan Took)> StopAsync()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM");
        var watch = Stopwatch.StartNew();
        Assert.Equal(0, SendSignal(_process.Id, 15));
        using var patience = new CancellationTokenSource(s_patience);
        await _process.WaitForExitAsync(patience.Token);
        return (_process.ExitCode, watch.Elapsed);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private void Hear(string? line)
    {
        if (line is null)
            return;
        lock (_lines)
            _lines.Add(line);
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);
}

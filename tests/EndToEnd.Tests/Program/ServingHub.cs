using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Crm.Integration.EndToEnd.Tests.Program;

/// <summary>`hub serve`, as a service manager would start it.</summary>
internal sealed partial class ServingHub : IDisposable
{
    private const int Terminate = 15;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _errors = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServingHub(string folder, int port)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "hub.exe" : "hub")) { WorkingDirectory = folder, RedirectStandardError = true };
        foreach (var argument in (string[])["serve", "--listen", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")])
            start.ArgumentList.Add(argument);
        start.Environment["NO_COLOR"] = "1";
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        _process = new Process { StartInfo = start };
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.Start();
        _process.BeginErrorReadLine();
    }

    /// <summary>What it said so far.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
                return _errors.ToString();
        }
    }

    /// <summary>A port that is free now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Starts it, and waits until it listens.</summary>
    /// <param name="folder">The hub folder.</param>
    /// <param name="port">The port; 0 for any.</param>
    public static async Task<(ServingHub Hub, Uri Address)> StartAsync(HubFolder folder, int port = 0)
    {
        var hub = new ServingHub(folder.Path, port);
        try
        {
            return (hub, await hub._listening.Task.WaitAsync(s_patience));
        }
        catch (Exception exception)
        {
            hub.Dispose();
            throw new InvalidOperationException($"`hub serve` did not begin to listen: {hub.Errors}", exception);
        }
    }

    /// <summary>kill -9: no handler runs, nothing is flushed.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Asks it to stop, as a service manager does, and waits.</summary>
    public async Task<int> StopAsync()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows stops services by other means");
        if (SendSignal(_process.Id, Terminate) != 0)
            throw new InvalidOperationException($"it has ended: {Errors}");
        using var patience = new CancellationTokenSource(s_patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }

    private void Hear(string? line)
    {
        if (line is null)
        {
            _listening.TrySetException(new InvalidOperationException("it ended"));
            return;
        }

        lock (_errors)
            _errors.AppendLine(line);
        if (line.StartsWith("listening on ", StringComparison.Ordinal))
            _listening.TrySetResult(new Uri(line["listening on ".Length..].Split(',')[0]));
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);
}

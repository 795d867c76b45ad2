using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Crm.Integration.Benchmarks.Webhooks;

/// <summary>A server under load, as a process of its own.</summary>
internal sealed partial class HookServer : IDisposable
{
    private readonly Process _process;
    private readonly string _folder;

    private HookServer(Process process, Uri address, string folder) => (_process, Address, _folder) = (process, address, folder);

    /// <summary>Where it takes webhooks.</summary>
    public Uri Address { get; }

    /// <summary>Where it keeps them.</summary>
    public string Folder => _folder;

    /// <summary>The hub, with one connection of the generic connector.</summary>
    public static async Task<HookServer> HubAsync(string store, string? folder = null)
    {
        folder ??= Directory.CreateTempSubdirectory("hub-hooks-").FullName;
        Write(folder, "hub.json", $$"""{ "store": {{store}}, "service": { "hooks": { "perSecond": 1000000 } } }""");
        Write(folder, "connections/shop.json", $$"""{ "connector": "webhook", "secret": "{{HookRequests.Secret}}", "signaturePrefix": "sha256=", "deliveryIdHeader": "X-Delivery-Id", "records": "data" }""");
        Write(folder, "pipelines/customers.json", """{ "from": { "connection": "shop", "stream": "customers", "key": "id" }, "entity": "customer", "map": { "name.given": "first", "name.family": "last", "email": "email" } }""");
        var hub = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "hub.exe" : "hub");
        return await StartAsync(hub, folder, "/hooks/shop/customers", "--hub", folder, "serve", "--listen", "http://127.0.0.1:0");
    }

    /// <summary>The bare program.</summary>
    public static Task<HookServer> BareAsync()
    {
        var folder = Directory.CreateTempSubdirectory("hub-hooks-").FullName;
        return StartAsync(Environment.ProcessPath!, folder, "/hooks/shop/customers", "hooks-bare", Path.Combine(folder, "bare.db"));
    }

    /// <summary>Sends to it, from a process of its own.</summary>
    public async Task<LoadResult> LoadAsync(int clients, double warmUp, double seconds, ulong firstId)
    {
        var start = Start(Environment.ProcessPath!, "hooks-load", Address.ToString(), $"{clients}", FormattableString.Invariant($"{warmUp}"), FormattableString.Invariant($"{seconds}"), $"{firstId}");
        // One thread for all sockets: no hand-overs.
        start.Environment["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1";
        using var load = Process.Start(start)!;
        var output = await load.StandardOutput.ReadToEndAsync();
        await load.WaitForExitAsync();
        return System.Text.Json.JsonSerializer.Deserialize<LoadResult>(output) ?? throw new InvalidOperationException($"The load generator ended with {load.ExitCode}.");
    }

    /// <summary>The memory and processor time that it took.</summary>
    public (double Seconds, long PeakMegabytes) Cost()
    {
        _process.Refresh();
        return (_process.TotalProcessorTime.TotalSeconds, _process.PeakWorkingSet64 >> 20);
    }

    /// <summary>kill -9.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }

    private static async Task<HookServer> StartAsync(string program, string folder, string path, params string[] arguments)
    {
        var start = Start(program, arguments);
        var process = Process.Start(start)!;
        var said = new List<string>();
        var place = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Hear(string? line)
        {
            if (line is not null && Place().Match(line) is { Success: true } match)
                place.TrySetResult(new Uri(match.Groups[1].Value + path));
            lock (said)
                said.Add(line ?? "");
        }

        // Read on to the end: a full pipe would stop the server.
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var ended = process.WaitForExitAsync();
        return await Task.WhenAny(place.Task, ended) == place.Task
            ? new(process, await place.Task, folder)
            : throw new InvalidOperationException($"{program} ended without listening: {string.Join(' ', said)}");
    }

    private static ProcessStartInfo Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["NO_COLOR"] = "1";
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        return start;
    }

    private static void Write(string folder, string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, file))!);
        File.WriteAllText(Path.Combine(folder, file), text);
    }

    [GeneratedRegex(@"listening on (http://[^/,\s]+)")]
    private static partial Regex Place();
}

using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Crm.Integration.Connectors;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Benchmarks.Vendors;

/// <summary>The sandbox as a program of its own, with one vendor: its memory and its work are not counted as ours.</summary>
internal sealed partial class SandboxProcess : IAsyncDisposable
{
    private static readonly JsonSerializerOptions s_settings = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    private readonly Process _process;
    private readonly HttpClient _control;
    private readonly string _vendor;

    private SandboxProcess(Process process, Uri address, string vendor)
    {
        (_process, Address, _vendor) = (process, address, vendor);
        _control = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(address, $"_sandbox/{vendor}/"), Timeout = TimeSpan.FromMinutes(10) };
    }

    public Uri Address { get; }

    /// <summary>What its processors have worked so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static async Task<SandboxProcess> StartAsync(string vendor, CancellationToken cancellationToken)
    {
        var program = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in new[] { Path.Combine(AppContext.BaseDirectory, "Crm.Integration.Sandbox.dll"), "--port", "0", "--vendors", vendor })
            program.ArgumentList.Add(argument);
        var process = Process.Start(program) ?? throw new InvalidOperationException("The sandbox did not start.");
        var line = await process.StandardOutput.ReadLineAsync(cancellationToken) ?? "";
        return Place().Match(line) is { Success: true } place
            ? new SandboxProcess(process, new Uri(place.Value), vendor)
            : throw new InvalidOperationException($"The sandbox did not say where it listens, but: {line}");
    }

    public async Task<JsonNode?> AskAsync(string method, string path, JsonNode? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await _control.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new InvalidOperationException($"{method} {path}: {(int)response.StatusCode} {text}");
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }

    /// <summary>A connection to the vendor, by the settings that the sandbox says work, and some more.</summary>
    public async Task<IConnection> OpenAsync(JsonObject more, CancellationToken cancellationToken)
    {
        var settings = (await AskAsync("GET", "account", null, cancellationToken))!.AsObject();
        foreach (var (name, value) in more)
            settings[name] = value?.DeepClone();
        var connector = BuiltInConnectors.All.Single(one => one.Declaration.Name == _vendor);
        return connector.Open(settings.Deserialize(connector.Declaration.SettingsType, s_settings)!, new ConnectionContext($"{_vendor}-bench", AppContext.BaseDirectory, TimeProvider.System));
    }

    public async ValueTask DisposeAsync()
    {
        _control.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+/")]
    private static partial Regex Place();
}

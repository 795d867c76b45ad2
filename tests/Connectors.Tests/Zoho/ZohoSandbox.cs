using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Zoho;
using Crm.Integration.Sandbox;

namespace Crm.Integration.Connectors.Tests.Zoho;

/// <summary>A sandbox of Zoho for a test, and what steers it.</summary>
internal sealed class ZohoSandbox : IAsyncDisposable
{
    private readonly SandboxHost _host;
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _control;

    private ZohoSandbox(SandboxHost host)
    {
        _host = host;
        _control = new HttpClient { BaseAddress = new Uri(host.Address, "/_sandbox/zoho/") };
        Settings = new ZohoSettings
        {
            AccountsUrl = new Uri(host.Address, "zoho").AbsoluteUri,
            ClientId = "1000.SANDBOX",
            ClientSecret = "sandbox-secret",
            RefreshToken = "1000.sandbox.refresh",
            NotificationToken = "sandbox-notification-token",
        };
    }

    public ZohoSettings Settings { get; set; }

    public Uri Address => _host.Address;

    public IConnectionMemory Memory { get; } = new TransientMemory();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<ZohoSandbox> StartAsync(int records)
    {
        var sandbox = new ZohoSandbox(await SandboxHost.StartAsync(0, ["zoho"], TimeProvider.System, Token));
        await sandbox.PostAsync("reset", new JsonObject { ["records"] = records, ["seed"] = 1 });
        return sandbox;
    }

    public ZohoConnection Open() => new(Settings, _folder.Context with { Memory = Memory });

    public async Task<JsonObject?> PostAsync(string path, JsonObject body) => await SendAsync(HttpMethod.Post, path, body) as JsonObject;

    public Task PutAsync(string path, JsonObject body) => SendAsync(HttpMethod.Put, path, body);

    public Task BreakAsync(params JsonObject[] faults) => SendAsync(HttpMethod.Put, "faults", new JsonArray([.. faults]));

    public Task AdvanceAsync(int seconds) => PostAsync("clock", new JsonObject { ["advanceSeconds"] = seconds });

    public async Task<List<JsonObject>> RecordsAsync(string stream) => [.. ((JsonArray)(await SendAsync(HttpMethod.Get, $"records/{stream}", null))!).Select(record => record!.AsObject())];

    public async Task<string> CreateAsync(string stream, JsonObject fields) => (await PostAsync($"records/{stream}", fields))!["id"]!.ToString();

    public Task EditAsync(string stream, string id, JsonObject fields) => SendAsync(HttpMethod.Patch, $"records/{stream}/{id}", fields);

    public Task DeleteAsync(string stream, string id) => SendAsync(HttpMethod.Delete, $"records/{stream}/{id}", null);

    public async Task<long> CountAsync(string counter) => (long)((await SendAsync(HttpMethod.Get, "counters", null))![counter]!);

    /// <summary>Method and path of the calls so far.</summary>
    public async Task<List<string>> CallsAsync() =>
        [.. ((JsonArray)(await SendAsync(HttpMethod.Get, "requests", null))!).Select(call => $"{call!["method"]} {call["path"]}")];

    public async ValueTask DisposeAsync()
    {
        _control.Dispose();
        _folder.Dispose();
        await _host.DisposeAsync();
    }

    private async Task<JsonNode?> SendAsync(HttpMethod method, string path, JsonNode? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await _control.SendAsync(request, Token);
        var text = await response.Content.ReadAsStringAsync(Token);
        Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {(int)response.StatusCode} {text}");
        return text.Length == 0 ? null : JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = 64 });
    }
}

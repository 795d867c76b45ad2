using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Crm.Integration.Sandbox.Tests;

/// <summary>A running sandbox with one vendor to talk to, as its control API and as its own.</summary>
internal sealed class Playground : IAsyncDisposable
{
    private readonly SandboxHost _host;
    private readonly string _vendor;

    private Playground(SandboxHost host, string vendor)
    {
        (_host, _vendor) = (host, vendor);
        Http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = host.Address };
    }

    public HttpClient Http { get; }

    public static async Task<Playground> OpenAsync(Vendor vendor, int records)
    {
        var playground = new Playground(await SandboxHost.StartAsync(0, [vendor], TestContext.Current.CancellationToken), vendor.Name);
        await playground.ControlAsync("POST", "reset", $$"""{"records":{{records}},"seed":1}""");
        return playground;
    }

    public async Task<(int Status, JsonNode? Body)> TryControlAsync(string method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/_sandbox/{_vendor}/{path}");
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    public async Task<JsonNode?> ControlAsync(string method, string path, string? body = null)
    {
        var (status, answer) = await TryControlAsync(method, path, body);
        Assert.True(status is 200 or 204, $"{method} {path}: {status} {answer}");
        return answer;
    }

    public Task FaultsAsync(string faults) => ControlAsync("PUT", "faults", $"[{faults}]");

    public async Task<long> CounterAsync(string name) => (long)(await ControlAsync("GET", "counters"))![name]!;

    public async Task<JsonArray> RequestsAsync() => (JsonArray)(await ControlAsync("GET", "requests"))!;

    public Task<HttpResponseMessage> GetAsync(string path) => Http.GetAsync(new Uri($"/{_vendor}/{path}", UriKind.Relative), TestContext.Current.CancellationToken);

    public Task<HttpResponseMessage> PostAsync(string path, object body) => Http.PostAsJsonAsync($"/{_vendor}/{path}", body, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _host.DisposeAsync();
    }
}

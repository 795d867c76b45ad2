using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Sandbox;

namespace Crm.Integration.Connectors.Tests.OneByOne;

/// <summary>A vendor that the sandbox plays for one test, a connection to it, and the hands of its users.</summary>
internal sealed class PlayedVendor : IAsyncDisposable
{
    private static readonly JsonSerializerOptions s_settings = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    private readonly SandboxHost _host;
    private readonly HttpClient _control;
    private readonly TemporaryFolder _folder = new();
    private readonly IConnector _connector;

    private PlayedVendor(SandboxHost host, string name)
    {
        _host = host;
        _connector = BuiltInConnectors.All.Single(connector => connector.Declaration.Name == name);
        _control = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(host.Address, $"/_sandbox/{name}/") };
    }

    /// <summary>Lines of the log.</summary>
    public List<string> Traces { get; } = [];

    public IConnection Connection { get; private set; } = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<PlayedVendor> StartAsync(string name, int records, JsonObject? more = null)
    {
        var vendor = new PlayedVendor(await SandboxHost.StartAsync(0, [name], TimeProvider.System, Token), name);
        await vendor.AskAsync("POST", "reset", new JsonObject { ["records"] = records, ["seed"] = 1 });
        var account = (await vendor.AskAsync("GET", "account"))!.AsObject();
        account.Remove("connector");
        foreach (var (setting, value) in more ?? [])
            account[setting] = value?.DeepClone();
        var settings = account.Deserialize(vendor._connector.Declaration.SettingsType, s_settings)!;
        vendor.Connection = vendor._connector.Open(settings, vendor._folder.Context with
        {
            Trace = line =>
            {
                lock (vendor.Traces)
                    vendor.Traces.Add(line);
            },
        });
        return vendor;
    }

    public Task BreakAsync(params JsonObject[] faults) => AskAsync("PUT", "faults", new JsonArray([.. faults]));

    public async Task<JsonArray> RecordsAsync(string stream) => (await AskAsync("GET", $"records/{stream}"))!.AsArray();

    public async Task<string> CreateAsync(string stream, JsonObject fields) => (await AskAsync("POST", $"records/{stream}", fields))!["id"]!.ToString();

    public Task EditAsync(string stream, string id, JsonObject fields) => AskAsync("PATCH", $"records/{stream}/{id}", fields);

    public Task DeleteAsync(string stream, string id) => AskAsync("DELETE", $"records/{stream}/{id}");

    public async Task<long> CounterAsync(string name) => (await AskAsync("GET", "counters"))![name]!.GetValue<long>();

    public async Task<JsonNode?> AskAsync(string method, string path, JsonNode? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await _control.SendAsync(request, Token);
        var text = await response.Content.ReadAsStringAsync(Token);
        Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {(int)response.StatusCode} {text}");
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        _control.Dispose();
        _folder.Dispose();
        await _host.DisposeAsync();
    }
}

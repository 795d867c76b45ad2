using System.Text;
using System.Text.Json.Nodes;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Salesforce;
using Crm.Integration.Mapping.Records;
using Crm.Integration.Sandbox;

namespace Crm.Integration.Connectors.Tests.Salesforce;

/// <summary>An organisation of the sandbox, and connections to it.</summary>
public sealed class SalesforceSandbox : IAsyncLifetime
{
    private readonly List<string> _trace = [];
    private SandboxHost _host = null!;
    private HttpClient _control = null!;
    private int _names;

    public IReadOnlyList<string> Trace => _trace;

    public async ValueTask InitializeAsync()
    {
        _host = await SandboxHost.StartAsync(0, ["salesforce"], TimeProvider.System, TestContext.Current.CancellationToken);
        _control = new HttpClient { BaseAddress = new Uri(_host.Address, "_sandbox/salesforce/") };
    }

    public async ValueTask DisposeAsync()
    {
        _control.Dispose();
        await _host.DisposeAsync();
    }

    public Task<JsonNode?> ResetAsync(int records) => ControlAsync("POST", "reset", $$"""{"records":{{records}},"seed":7}""");

    public Task FaultsAsync(params string[] faults) => ControlAsync("PUT", "faults", $"[{string.Join(',', faults)}]");

    public async Task<string> CreateAsync(string stream, string fields) => (string)(await ControlAsync("POST", $"records/{stream}", fields))!["id"]!;

    public Task EditAsync(string stream, string id, string fields) => ControlAsync("PATCH", $"records/{stream}/{id}", fields);

    public Task DeleteAsync(string stream, string id) => ControlAsync("DELETE", $"records/{stream}/{id}", null);

    public Task AdvanceAsync(int seconds) => ControlAsync("POST", "clock", $$"""{"advanceSeconds":{{seconds}}}""");

    public async Task<IReadOnlyList<JsonNode>> RecordsAsync(string stream) => [.. ((JsonArray)(await ControlAsync("GET", $"records/{stream}", null))!).Select(each => each!)];

    public async Task<long> CountAsync(string counter) => (long)(await ControlAsync("GET", "counters", null))![counter]!;

    public async Task<IReadOnlyList<string>> RequestsAsync() => [.. ((JsonArray)(await ControlAsync("GET", "requests?since=0", null))!).Select(each => $"{each!["method"]} {each["path"]}")];

    public async Task<JsonNode?> ControlAsync(string method, string path, string? json)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json") };
        using var response = await _control.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {text}");
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }

    public async Task<SalesforceSettings> SettingsAsync(string flow = "client-credentials")
    {
        var account = (await ControlAsync("GET", $"account?flow={flow}", null))!;
        return new()
        {
            LoginUrl = (string)account["loginUrl"]!,
            ClientId = (string)account["clientId"]!,
            ClientSecret = (string?)account["clientSecret"],
            Username = (string?)account["username"],
            PrivateKey = (string?)account["privateKey"],
            RefreshToken = (string?)account["refreshToken"],
            OrganizationId = (string?)account["organizationId"],
        };
    }

    public async Task<IConnection> OpenAsync(Func<SalesforceSettings, SalesforceSettings>? change = null, IConnectionMemory? memory = null)
    {
        var settings = await SettingsAsync();
        return Open(change is null ? settings : change(settings), memory);
    }

    // Each has a name of its own: tests do not wait for each other's pauses.
    public IConnection Open(SalesforceSettings settings, IConnectionMemory? memory = null) => new SalesforceConnector().Open(
        settings,
        new ConnectionContext($"salesforce-{Interlocked.Increment(ref _names)}", "/hub", TimeProvider.System) { Memory = memory ?? new TransientMemory(), Trace = _trace.Add });
}

internal static class SalesforceRows
{
    public static async Task<List<Page>> PagesAsync(this IConnection connection, PullRequest request)
    {
        var pages = new List<Page>();
        await foreach (var page in connection.PullAsync(request, TestContext.Current.CancellationToken))
            pages.Add(page);
        return pages;
    }

    public static async Task<(List<SourceRow> Rows, string? Cursor, bool IsWhole)> PullAsync(this IConnection connection, string stream, string? cursor = null, IReadOnlyList<string>? fields = null, int pageSize = 500)
    {
        var pages = await connection.PagesAsync(new PullRequest(stream) { Cursor = cursor, Fields = fields, PageSize = pageSize });
        return ([.. pages.SelectMany(page => page.Rows)], pages.LastOrDefault(page => page.Cursor is not null)?.Cursor ?? cursor, pages[^1].CompletesSnapshot);
    }

    public static string Id(this SourceRow row) => row["Id"].AsText!;

    public static string Line(SourceRow row) => string.Join('|', row.Shape.Names.Select(name => $"{name}={row[name].ToText()}"));
}

using System.Text.Json.Nodes;
using Crm.Integration.Sandbox.Tests.Frame;
using Crm.Integration.Sandbox.Zoho;

namespace Crm.Integration.Sandbox.Tests.Zoho;

/// <summary>A Zoho organisation to call, signed in.</summary>
internal sealed class ZohoOrg : IAsyncDisposable
{
    public const string Refresh = "/zoho/oauth/v2/token?grant_type=refresh_token&client_id=1000.SANDBOX&client_secret=sandbox-secret&refresh_token=1000.sandbox.refresh";
    private string _token = "";

    private ZohoOrg(Playground playground, HandClock clock) => (Playground, Clock) = (playground, clock);

    public Playground Playground { get; }
    public HandClock Clock { get; }

    public static async Task<ZohoOrg> OpenAsync(int records = 50)
    {
        var clock = new HandClock(new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero));
        var org = new ZohoOrg(await Playground.OpenAsync(new ZohoVendor(clock), records), clock);
        await org.SignInAsync();
        return org;
    }

    public async Task SignInAsync() => _token = (await Playground.CallAsync("POST", Refresh)).Text("access_token")!;

    public Task<Answer> GetAsync(string path, params (string, string)[] headers) => CallAsync("GET", path, null, headers);

    public Task<Answer> CallAsync(string method, string path, string? body = null, params (string, string)[] headers) =>
        Playground.CallAsync(method, (path.StartsWith("bulk", StringComparison.Ordinal) ? "/zoho/crm/" : "/zoho/crm/v8/") + path, body, [("Authorization", "Zoho-oauthtoken " + _token), .. headers]);

    public Task<Answer> QueryAsync(string statement) => CallAsync("POST", "coql", new JsonObject { ["select_query"] = statement }.ToJsonString());

    /// <summary>A record made by its API; answers its id.</summary>
    public async Task<string> MakeAsync(string module, string record) => (await CallAsync("POST", module, $$"""{"data":[{{record}}],"trigger":[]}""")).Text("data", 0, "details", "id")!;

    public ValueTask DisposeAsync() => Playground.DisposeAsync();
}

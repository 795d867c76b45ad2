using System.Text.Json.Nodes;
using Crm.Integration.Sandbox.Fxiaoke;
using Crm.Integration.Sandbox.Tests.Frame;

namespace Crm.Integration.Sandbox.Tests.Fxiaoke;

/// <summary>A tenant of Fxiaoke to call, signed in.</summary>
internal sealed class FxiaokeAccount : IAsyncDisposable
{
    private string _token = "";

    private FxiaokeAccount(Playground playground, HandClock clock) => (Playground, Clock) = (playground, clock);

    public Playground Playground { get; }
    public HandClock Clock { get; }

    public static async Task<FxiaokeAccount> OpenAsync(int records = 50)
    {
        var clock = new HandClock(new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero));
        var account = new FxiaokeAccount(await Playground.OpenAsync(new FxiaokeVendor(clock), records), clock);
        await account.SignInAsync();
        return account;
    }

    public async Task<string> SignInAsync() => _token = (await TokenAsync()).Text("accessToken")!;

    public Task<Answer> TokenAsync(string secret = "sandbox-secret") =>
        Playground.CallAsync("POST", "/fxiaoke/oauth2.0/token?thirdTraceId=1", $$"""{"appId":"FSAID_sandbox","appSecret":"{{secret}}","permanentCode":"sandbox-permanent-code","grantType":"app_secret"}""");

    /// <summary>A call of an interface such as <c>v2/data/query</c>.</summary>
    public Task<Answer> CallAsync(string path, string body) => AsAsync(_token, "1000", path, body);

    public Task<Answer> AsAsync(string token, string user, string path, string body) =>
        Playground.CallAsync("POST", "/fxiaoke/cgi/crm/" + path, body, ("Authorization", "Bearer " + token), ("x-fs-ea", "sandbox"), ("x-fs-userid", user));

    public Task<Answer> QueryAsync(string apiName, string filters, string orders = "", int limit = 100, int offset = 0, string more = "") =>
        CallAsync(apiName.EndsWith("__c", StringComparison.Ordinal) ? "custom/v2/data/query" : "v2/data/query",
            $$"""{ {{more}}"data":{"dataObjectApiName":"{{apiName}}","find_explicit_total_num":false,"search_query_info":{"limit":{{limit}},"offset":{{offset}},"filters":[{{filters}}],"orders":[{{orders}}]} } }""");

    public Task<Answer> CreateAsync(string apiName, string fields) => CallAsync("v2/data/create",
        $$"""{"triggerApprovalFlow":false,"triggerWorkFlow":false,"data":{"object_data":{"dataObjectApiName":"{{apiName}}",{{fields}}} } }""");

    public Task<Answer> UpdateAsync(string apiName, string? id, string fields) => CallAsync("v2/data/update",
        $$"""{"triggerApprovalFlow":false,"triggerWorkFlow":false,"data":{"object_data":{"_id":"{{id}}","dataObjectApiName":"{{apiName}}",{{fields}}} } }""");

    public async Task<JsonNode> GetAsync(string apiName, string? id) => (await CallAsync("v2/data/get", $$"""{"data":{"dataObjectApiName":"{{apiName}}","objectDataId":"{{id}}"} }""")).Json!;

    public static JsonArray Rows(Answer answer) => (JsonArray)(answer.Json!["data"] ?? answer.Json["result"])!["dataList"]!;

    public ValueTask DisposeAsync() => Playground.DisposeAsync();
}

using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Crm.Integration.Sandbox.Salesforce;
using Crm.Integration.Sandbox.Tests.Frame;

namespace Crm.Integration.Sandbox.Tests.Salesforce;

/// <summary>A signed-in caller of the played Salesforce.</summary>
internal sealed class SalesforceAccount : IAsyncDisposable
{
    public const string Data = "services/data/v66.0/";

    private SalesforceAccount(Playground playground, HandClock clock) => (Playground, Clock) = (playground, clock);

    public Playground Playground { get; }

    public HandClock Clock { get; }

    public string Token { get; private set; } = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<SalesforceAccount> OpenAsync(int records = 50)
    {
        var clock = new HandClock(new DateTimeOffset(2026, 3, 2, 8, 15, 30, TimeSpan.Zero));
        var account = new SalesforceAccount(await Playground.OpenAsync(new SalesforceVendor(clock), records), clock);
        var (_, answer) = await account.TokenAsync(("grant_type", "client_credentials"), ("client_id", "sandbox-consumer-key"), ("client_secret", "sandbox-consumer-secret"));
        account.Token = (string)answer!["access_token"]!;
        return account;
    }

    public async Task<(HttpStatusCode Status, JsonNode? Body)> TokenAsync(params (string Name, string Value)[] form) =>
        await ReadAsync(await Playground.Http.PostAsync(new Uri("/salesforce/services/oauth2/token", UriKind.Relative), new FormUrlEncodedContent(form.Select(pair => KeyValuePair.Create(pair.Name, pair.Value))), Cancel));

    public async Task<HttpResponseMessage> SendAsync(string method, string path, object? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/salesforce/" + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        if (body is not null)
            request.Content = new StringContent(body as string ?? System.Text.Json.JsonSerializer.Serialize(body), Encoding.UTF8, body is string ? "text/csv" : "application/json");
        return await Playground.Http.SendAsync(request, Cancel);
    }

    public async Task<(HttpStatusCode Status, JsonNode? Body)> CallAsync(string method, string path, object? body = null, params (string Name, string Value)[] headers) =>
        await ReadAsync(await SendAsync(method, Data + path, body, headers));

    public async Task<(HttpStatusCode Status, JsonNode? Body)> QueryAsync(string soql, string verb = "query") => await CallAsync("GET", $"{verb}?q={Uri.EscapeDataString(soql)}");

    public async Task<JsonArray> RowsAsync(string soql, string verb = "query")
    {
        var (status, body) = await QueryAsync(soql, verb);
        Assert.True(status == HttpStatusCode.OK, $"{soql}: {body}");
        return (JsonArray)body!["records"]!;
    }

    public async Task<string> TextAsync(string path) => await (await SendAsync("GET", Data + path)).Content.ReadAsStringAsync(Cancel);

    public ValueTask DisposeAsync() => Playground.DisposeAsync();

    private static async Task<(HttpStatusCode Status, JsonNode? Body)> ReadAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(Cancel);
        return (response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }
}

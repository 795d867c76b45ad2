using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Crm.Integration.Hub.Access;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Logging;
using Crm.Integration.Hub.Service;
using Crm.Integration.Hub.Store;
using Crm.Integration.Hub.Tests.Cli;
using Crm.Integration.Hub.Tests.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging.Abstractions;

namespace Crm.Integration.Hub.Tests.Api;

/// <summary>A hub folder with one source, and the service on it, on a port of its own.</summary>
internal sealed class ApiHub : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hub-api-").FullName;
    private WebApplication? _service;

    private ApiHub(TestStore test, string serviceSettings)
    {
        Engine = MasterStore.EngineOf(test.Settings, _folder);
        var hub = test.HubJson;
        Write("hub.json", hub[..^1] + $$""", "service": { "listen": "http://127.0.0.1:0", {{serviceSettings}} } }""");
        Write("connections/shop.json", """{ "connector": "csv", "folder": "in" }""");
        Write("pipelines/shop.json", """
            { "from": { "connection": "shop", "stream": "people.csv", "key": "id" }, "entity": "customer",
              "map": { "name.given": "first", "name.family": "last", "email": "email" },
              "validate": [ { "field": "email", "rule": "email", "otherwise": "reject" } ] }
            """);
        Tokens = new ApiTokens(Engine, TimeProvider.System);
    }

    public StoreEngine Engine { get; }

    public ApiTokens Tokens { get; }

    public Uri Address { get; private set; } = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<ApiHub> StartAsync(TestStore test, int people = 12, string settings = "\"access\": { \"requestsPerMinute\": 1000000 }")
    {
        var hub = new ApiHub(test, settings);
        await hub.PeopleAsync(people);
        hub._service = ServiceHost.Build(HubConfiguration.Load(hub._folder), Node.OfProcess(TimeProvider.System), NullLoggerFactory.Instance, new SecretRedactor(), TimeProvider.System);
        await hub._service.StartAsync(Token);
        hub.Address = new Uri(hub._service.Urls.Single());
        return hub;
    }

    public void Write(string file, string text)
    {
        var path = Path.Combine(_folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    /// <summary>The name of a person; no two are alike.</summary>
    public static string NameOf(int person, string what) =>
        string.Concat(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes($"{what} {person}")).Take(9).Select((each, i) => (char)((i == 0 ? 'A' : 'a') + (each % 26))));

    /// <summary>So many people come by a run, and a row that is wrong.</summary>
    public async Task PeopleAsync(int count)
    {
        var rows = new StringBuilder("id,first,last,email\n");
        for (var i = 1; i <= count; i++)
            rows.Append(System.Globalization.CultureInfo.InvariantCulture, $"{i},{NameOf(i, "given")},{NameOf(i, "family")},{NameOf(i, "mail")}@mail.example\n");
        Write("in/people.csv", rows.Append("bad,Canary,Row,nonsense\n").ToString());
        var (code, _, error) = await CommandLine.RunAsync("run", "--hub", _folder);
        Assert.True(code == Hub.Cli.ExitCode.Done, error);
    }

    public Task<(Hub.Cli.ExitCode Code, string Out, string Error)> HubAsync(params string[] arguments) => CommandLine.RunAsync([.. arguments, "--hub", _folder]);

    /// <summary>A client with a token of a role; without one when there is none.</summary>
    public HttpClient Client(Role? role, params string[] scopes)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Address };
        if (role is { } given)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Tokens.Create($"t{Guid.NewGuid():N}", given, scopes, null, "test").Text);
        return client;
    }

    public static async Task<(int Status, JsonElement Body)> GetAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), Token);
        return ((int)answer.StatusCode, await BodyAsync(answer));
    }

    public static async Task<(int Status, JsonElement Body)> SendAsync(HttpClient client, string method, string path, string json, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative)) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await client.SendAsync(request, Token);
        return ((int)answer.StatusCode, await BodyAsync(answer));
    }

    public async ValueTask DisposeAsync()
    {
        Tokens.Dispose();
        if (_service is not null)
        {
            await _service.StopAsync(CancellationToken.None);
            await _service.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<JsonElement> BodyAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync(Token);
        if ((int)answer.StatusCode >= 400)
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return text.Length > 0 && text[0] is '{' or '[' ? JsonDocument.Parse(text).RootElement : default;
    }
}

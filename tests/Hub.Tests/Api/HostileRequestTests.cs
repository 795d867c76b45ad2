using System.Net.Sockets;
using System.Text;
using Crm.Integration.Hub.Access;
using Crm.Integration.Hub.Tests.Store;

namespace Crm.Integration.Hub.Tests.Api;

/// <summary>Requests that nobody means well with, as they come over the wire.</summary>
public sealed class HostileRequestTests : IDisposable
{
    private readonly SqliteStore _test = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _test.Dispose();

    [Theory]
    [InlineData("GET /api/../../etc/passwd HTTP/1.1\r\nHost: 127.0.0.1\r\n", 404)]
    [InlineData("GET /api/export/..%2f..%2fetc%2fpasswd HTTP/1.1\r\nHost: 127.0.0.1\r\n", 404)]
    [InlineData("GET /api/customers/%00 HTTP/1.1\r\nHost: 127.0.0.1\r\n", 400)]
    [InlineData("GET /api/state/%0d%0aX-Evil:1 HTTP/1.1\r\nHost: 127.0.0.1\r\n", 404)]
    [InlineData("GET /api/runs HTTP/1.1\r\nHost: evil.example\r\n", 421)]
    [InlineData("GET /api/runs HTTP/1.1\r\nHost: \r\n", 421)]
    [InlineData("GET /api/runs HTTP/1.1\r\n", 400)]
    [InlineData("TRACE /api/runs HTTP/1.1\r\nHost: 127.0.0.1\r\n", 405)]
    [InlineData("GET /api/runs/9999999999999999999999 HTTP/1.1\r\nHost: 127.0.0.1\r\n", 404)]
    [InlineData("GET /api/customers?limit=1&limit=2 HTTP/1.1\r\nHost: 127.0.0.1\r\n", 422)]
    [InlineData("POST /api/runs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/xml\r\nContent-Length: 4\r\n", 415)]
    [InlineData("POST /api/runs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 2000000\r\n", 413)]
    [InlineData("POST /api/runs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n", 400)]
    public async Task It_is_refused(string head, int status)
    {
        await using var hub = await ApiHub.StartAsync(_test, people: 2);
        var token = hub.Tokens.Create("it", Role.Admin, [], null, "test").Text;

        Assert.Equal(status, await RawAsync(hub, $"{head}Authorization: Bearer {token}\r\nConnection: close\r\n\r\n{{}}  "));
        using var client = hub.Client(Role.Viewer);
        Assert.Equal(200, (await ApiHub.GetAsync(client, "/api/runs")).Status);
    }

    [Fact]
    public async Task A_query_that_never_ends_is_refused()
    {
        await using var hub = await ApiHub.StartAsync(_test, people: 2);

        Assert.Equal(414, await RawAsync(hub, $"GET /api/customers?q={new string('a', 100_000)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"));
    }

    [Fact]
    public async Task A_body_that_is_none_is_told_without_its_content()
    {
        await using var hub = await ApiHub.StartAsync(_test, people: 2);
        using var client = hub.Client(Role.Admin);
        foreach (var body in (string[])["canary", "[\"canary\"]", """{ "canary": 1 }""", """{ "pipelines": "canary" }""", "{ \"pipelines\": [" + new string('[', 10_000), ""])
        {
            var (status, problem) = await ApiHub.SendAsync(client, "POST", "/api/runs", body);

            Assert.InRange(status, 400, 422);
            Assert.DoesNotContain("canary", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Who_guesses_tokens_has_to_wait_and_others_do_not()
    {
        await using var hub = await ApiHub.StartAsync(_test, people: 2);
        using var guesser = hub.Client(null);
        using var honest = hub.Client(Role.Viewer);
        List<int> answers = [];
        for (var i = 0; i < 8; i++)
        {
            guesser.DefaultRequestHeaders.Authorization = new("Bearer", TokenText.New());
            answers.Add((await ApiHub.GetAsync(guesser, "/api/runs")).Status);
        }

        Assert.Equal([401, 401, 401, 401, 401, 429, 429, 429], answers);
        Assert.Equal(200, (await ApiHub.GetAsync(honest, "/api/runs")).Status);
    }

    [Fact]
    public async Task A_token_that_asks_too_often_is_slowed_down()
    {
        await using var hub = await ApiHub.StartAsync(_test, people: 2, settings: "\"access\": { \"requestsPerMinute\": 30 }");
        using var client = hub.Client(Role.Viewer);
        List<int> answers = [];
        for (var i = 0; i < 8; i++)
            answers.Add((await ApiHub.GetAsync(client, "/api/runs")).Status);

        Assert.Equal(429, answers[^1]);
        Assert.Equal(200, answers[0]);
    }

    [Fact]
    public async Task An_address_is_let_in_by_where_it_is_and_not_by_what_it_says()
    {
        await using var closed = await ApiHub.StartAsync(_test, people: 2, settings: "\"access\": { \"api\": [\"192.0.2.9\"] }");
        using var client = closed.Client(Role.Admin);
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "192.0.2.9");
        Assert.Equal(403, (await ApiHub.GetAsync(client, "/api/runs")).Status);

        using var other = new SqliteStore();
        await using var behind = await ApiHub.StartAsync(other, people: 2, settings: "\"access\": { \"api\": [\"192.0.2.9\"], \"proxies\": [\"127.0.0.0/8\"] }");
        using var through = behind.Client(Role.Admin);
        through.DefaultRequestHeaders.Add("X-Forwarded-For", "198.51.100.7, 192.0.2.9");
        Assert.Equal(200, (await ApiHub.GetAsync(through, "/api/runs")).Status);
    }

    [Fact]
    public async Task Answers_tell_browsers_to_take_nothing_of_them()
    {
        await using var hub = await ApiHub.StartAsync(_test, people: 2);
        using var client = hub.Client(Role.Viewer);
        client.DefaultRequestHeaders.Add("Origin", "https://evil.example");

        using var answer = await client.GetAsync(new Uri("/api/runs", UriKind.Relative), Token);

        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.False(answer.Headers.Contains("Server"));
    }

    private static async Task<int> RawAsync(ApiHub hub, string request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(hub.Address.Host, hub.Address.Port, Token);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), Token);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var line = await reader.ReadLineAsync(Token);
        return int.Parse(line!.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }
}

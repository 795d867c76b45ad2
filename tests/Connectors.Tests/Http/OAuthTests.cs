using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Http;
using Microsoft.AspNetCore.Http;

namespace Crm.Integration.Connectors.Tests.Http;

public sealed class OAuthTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_refreshers_at_once_ask_once()
    {
        await using var system = await OAuthSystem.StartAsync();
        using var one = system.Open();
        using var other = system.Open();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? one : other).Client.GetStringAsync("api/things", Token)));

        Assert.Equal(1, system.Tokens);
    }

    [Fact]
    public async Task A_token_that_is_refused_is_renewed_once_and_the_request_sent_again()
    {
        await using var system = await OAuthSystem.StartAsync();
        using var connection = system.Open();
        await connection.Client.GetStringAsync("api/things", Token);
        system.ExpireAll();

        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => connection.Client.PostAsync("api/things", new StringContent("x"), Token)));

        Assert.Equal(2, system.Tokens);
    }

    [Fact]
    public async Task A_system_that_refuses_every_token_is_not_asked_for_ever_more()
    {
        await using var system = await OAuthSystem.StartAsync();
        using var connection = system.Open();
        for (var i = 0; i < 20; i++)
        {
            var failure = await Assert.ThrowsAsync<ConnectorException>(() => connection.Client.GetStringAsync("api/forbidden", Token));
            Assert.Equal(FailureKind.Configuration, failure.Kind);
        }

        Assert.InRange(system.Tokens, 2, 6);
    }

    [Fact]
    public async Task The_next_process_uses_the_token_that_is_there()
    {
        await using var system = await OAuthSystem.StartAsync();
        using (var first = system.Open())
            await first.Client.GetStringAsync("api/things", Token);
        using var second = system.Open();

        await second.Client.GetStringAsync("api/things", Token);

        Assert.Equal(1, system.Tokens);
    }

    [Fact]
    public async Task A_rotated_token_is_durable_before_it_is_used()
    {
        await using var system = await OAuthSystem.StartAsync(rotates: true);
        system.Server.Memory = new CrashingMemory();
        using (var dying = system.Open())
            await Assert.ThrowsAsync<InvalidOperationException>(() => dying.Client.GetStringAsync("api/things", Token));

        Assert.DoesNotContain(system.Server.Requests, request => request.Path.StartsWith("/api", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rotated_tokens_are_followed_over_many_renewals_and_processes()
    {
        await using var system = await OAuthSystem.StartAsync(rotates: true);
        for (var i = 0; i < 5; i++)
        {
            using var connection = system.Open();
            await connection.Client.GetStringAsync("api/things", Token);
            system.ExpireAll();
            await connection.Client.GetStringAsync("api/things", Token);
            system.ExpireAll();
        }

        Assert.Equal(0, system.Refusals);
    }

    [Fact]
    public async Task A_process_that_died_between_refresh_and_save_leaves_words_that_say_what_to_do()
    {
        await using var system = await OAuthSystem.StartAsync(rotates: true);
        system.Server.Memory = new CrashingMemory();
        using (var dying = system.Open())
            await Assert.ThrowsAsync<InvalidOperationException>(() => dying.Client.GetStringAsync("api/things", Token));
        system.Server.Memory = new TransientMemory();
        using var next = system.Open();

        var failure = await Assert.ThrowsAsync<ConnectorException>(() => next.Client.GetStringAsync("api/things", Token));

        Assert.Equal(FailureKind.Configuration, failure.Kind);
        Assert.Contains("invalid_grant", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Give consent again", failure.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_cancels_does_not_lose_the_token_of_the_others()
    {
        await using var system = await OAuthSystem.StartAsync(rotates: true);
        system.Slow = TimeSpan.FromMilliseconds(400);
        using var connection = system.Open();
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connection.Client.GetStringAsync("api/things", stop.Token));
        await connection.Client.GetStringAsync("api/things", Token);

        Assert.Equal(1, system.Tokens);
        Assert.Equal(0, system.Refusals);
    }

    [Fact]
    public async Task No_secret_is_in_any_trace_or_message_and_tokens_are_made_known()
    {
        await using var system = await OAuthSystem.StartAsync();
        using var connection = system.Open();
        await connection.Client.GetStringAsync("api/things", Token);
        using var wrong = system.Open("canary-wrong-refresh");
        var failure = await Assert.ThrowsAsync<ConnectorException>(() => wrong.Client.GetStringAsync("api/things", Token));

        foreach (var text in system.Server.Traces.Append(failure.ToString()))
            Assert.DoesNotContain("canary", text, StringComparison.Ordinal);
        Assert.Contains(system.Server.Concealed, secret => secret.StartsWith("canary-access", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_claim_is_signed_so_that_the_system_can_check_it()
    {
        using var key = RSA.Create(2048);
        var grant = new JwtBearerGrant { Endpoint = new("https://login.example.com/token"), ClientId = "client", Subject = "hub@example.com", Audience = "https://login.example.com", PrivateKey = key.ExportPkcs8PrivateKeyPem() };

        using var request = grant.Request(null, DateTimeOffset.UnixEpoch);
        var assertion = Uri.UnescapeDataString((await request.Content!.ReadAsStringAsync(Token)).Split("assertion=")[1]).Split('.');

        Assert.True(key.VerifyData(Encoding.ASCII.GetBytes($"{assertion[0]}.{assertion[1]}"), System.Buffers.Text.Base64Url.DecodeFromChars(assertion[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        Assert.Equal("""{"iss":"client","sub":"hub@example.com","aud":"https://login.example.com","exp":180}""", Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(assertion[1])));
        Assert.DoesNotContain("PRIVATE", grant.ToString(), StringComparison.Ordinal);
    }

    private sealed class CrashingMemory : IConnectionMemory
    {
        private readonly TransientMemory _memory = new();

        public ValueTask<string?> ReadAsync(string name, CancellationToken cancellationToken) => _memory.ReadAsync(name, cancellationToken);

        public ValueTask WriteAsync(string name, string? value, bool secret, CancellationToken cancellationToken) => throw new InvalidOperationException("killed here");

        public ValueTask<IAsyncDisposable> LeaseAsync(string name, TimeSpan atMost, CancellationToken cancellationToken) => _memory.LeaseAsync(name, atMost, cancellationToken);
    }

    /// <summary>An authorisation server and an API that believes its tokens.</summary>
    private sealed class OAuthSystem : IAsyncDisposable
    {
        private readonly ConcurrentDictionary<string, bool> _valid = new();
        private string _refresh = "canary-refresh-0";
        private int _tokens;
        private int _refusals;

        public TestServer Server { get; private set; } = null!;

        public int Tokens => _tokens;

        public int Refusals => _refusals;

        public TimeSpan Slow { get; set; }

        public static async Task<OAuthSystem> StartAsync(bool rotates = false)
        {
            var system = new OAuthSystem();
            system.Server = await TestServer.StartAsync(async (context, _) =>
            {
                if (context.Request.Path.StartsWithSegments("/api"))
                {
                    var valid = context.Request.Headers.Authorization.ToString() is { } header && header.StartsWith("Bearer ", StringComparison.Ordinal) && system._valid.ContainsKey(header[7..]) && context.Request.Path != "/api/forbidden";
                    await context.Json("{}", valid ? 200 : 401);
                    return;
                }

                var form = await context.Request.ReadFormAsync();
                await Task.Delay(system.Slow);
                if (form["refresh_token"] != system._refresh)
                {
                    Interlocked.Increment(ref system._refusals);
                    await context.Json("""{"error":"invalid_grant","error_description":"canary"}""", 400);
                    return;
                }

                var number = Interlocked.Increment(ref system._tokens);
                system._valid["canary-access-" + number] = true;
                if (rotates)
                    system._refresh = "canary-refresh-" + number;
                await context.Json($$"""{"access_token":"canary-access-{{number}}","expires_in":3600,"api_domain":"{{system.Server.Address}}"{{(rotates ? $",\"refresh_token\":\"{system._refresh}\"" : "")}}}""");
            });
            return system;
        }

        public void ExpireAll() => _valid.Clear();

        public Opened Open(string refresh = "canary-refresh-0")
        {
            var profile = Server.Profile;
            var oauth = new OAuth(
                new RefreshTokenGrant { Endpoint = new(Server.Address, "token"), ClientId = "client", ClientSecret = "canary-secret", RefreshToken = refresh, BaseFrom = "api_domain" },
                profile with { Answers = new OAuthAnswers("crm") },
                Server.Context);
            return new(ApiClient.Create(profile with { BaseAddress = null, Authorization = oauth }, Server.Context), oauth);
        }

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }

    private sealed record Opened(HttpClient Client, OAuth OAuth) : IDisposable
    {
        public void Dispose()
        {
            Client.Dispose();
            OAuth.Dispose();
        }
    }
}

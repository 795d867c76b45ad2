using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Crm.Integration.Sandbox.Tests.Salesforce;

public sealed class SigningInTests
{
    private const string JwtGrant = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    [Fact]
    public async Task A_token_answer_names_the_instance_and_no_expiry()
    {
        await using var account = await SalesforceAccount.OpenAsync();

        var (status, answer) = await account.TokenAsync(("grant_type", "client_credentials"), ("client_id", "sandbox-consumer-key"), ("client_secret", "sandbox-consumer-secret"));

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.EndsWith("/salesforce", (string?)answer!["instance_url"], StringComparison.Ordinal);
        Assert.Equal("Bearer", (string?)answer["token_type"]);
        Assert.Equal("1772439330000", (string?)answer["issued_at"]);
        Assert.Contains("/id/00D000000000001EAA/", (string?)answer["id"], StringComparison.Ordinal);
        Assert.Null(answer["expires_in"]);
    }

    [Theory]
    [InlineData("wrong", "sandbox-consumer-secret", "invalid_client_id", "client identifier invalid")]
    [InlineData("sandbox-consumer-key", "wrong", "invalid_client", "invalid client credentials")]
    public async Task Wrong_credentials_are_told_apart(string id, string secret, string error, string description)
    {
        await using var account = await SalesforceAccount.OpenAsync();

        var (status, answer) = await account.TokenAsync(("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret));

        Assert.Equal((HttpStatusCode.BadRequest, error, description), (status, (string?)answer!["error"], (string?)answer["error_description"]));
    }

    [Fact]
    public async Task Client_credentials_need_the_organisations_own_host_and_a_user_to_run_as()
    {
        await using var account = await SalesforceAccount.OpenAsync();

        var login = await account.SendAsync("POST", "login/services/oauth2/token?grant_type=client_credentials");
        Assert.Equal(HttpStatusCode.BadRequest, login.StatusCode);
        await account.Playground.ControlAsync("PUT", "account", """{"runAs":false}""");
        var (_, answer) = await account.TokenAsync(("grant_type", "client_credentials"), ("client_id", "sandbox-consumer-key"), ("client_secret", "sandbox-consumer-secret"));
        Assert.Equal("no client credentials user enabled", (string?)answer!["error_description"]);
    }

    [Fact]
    public async Task An_assertion_is_checked_with_the_public_key()
    {
        await using var account = await SalesforceAccount.OpenAsync();
        var settings = (await account.Playground.ControlAsync("GET", "account?flow=jwt"))!;
        using var own = RSA.Create(2048);
        using var others = RSA.Create(2048);
        own.ImportFromPem((string)settings["privateKey"]!);
        var now = account.Clock.GetUtcNow();

        async Task<string?> TryAsync(RSA key, string user = "hub@example.com", string audience = "https://login.salesforce.com", int seconds = 180)
        {
            var (status, answer) = await account.TokenAsync(("grant_type", JwtGrant), ("assertion", Assertion(key, user, audience, now.AddSeconds(seconds))));
            return status == HttpStatusCode.OK ? "good" : (string?)answer!["error_description"];
        }

        Assert.Equal("good", await TryAsync(own));
        Assert.Equal("invalid assertion", await TryAsync(others));
        Assert.Equal("user hasn't approved this consumer", await TryAsync(own, user: "nobody@example.com"));
        Assert.Equal("audience is invalid", await TryAsync(own, audience: "https://acme.my.salesforce.com"));
        Assert.Equal("expired authorization code", await TryAsync(own, seconds: -1));

        await account.Playground.ControlAsync("PUT", "account", new JsonObject { ["publicKey"] = others.ExportSubjectPublicKeyInfoPem() }.ToJsonString());
        Assert.Equal("good", await TryAsync(others));
    }

    [Fact]
    public async Task A_rotated_refresh_token_works_once()
    {
        await using var account = await SalesforceAccount.OpenAsync();
        async Task<JsonNode> RefreshAsync(string token) =>
            (await account.TokenAsync(("grant_type", "refresh_token"), ("client_id", "sandbox-consumer-key"), ("client_secret", "sandbox-consumer-secret"), ("refresh_token", token))).Body!;

        Assert.Null((await RefreshAsync("sandbox-refresh"))["refresh_token"]);
        await account.Playground.FaultsAsync("""{"kind":"rotate-refresh"}""");
        var next = (string)(await RefreshAsync("sandbox-refresh"))["refresh_token"]!;
        Assert.Equal("expired access/refresh token", (string?)(await RefreshAsync("sandbox-refresh"))["error_description"]);
        Assert.NotNull((await RefreshAsync(next))["access_token"]);
        Assert.Equal(3, await account.Playground.CounterAsync("refreshes"));
    }

    [Fact]
    public async Task Without_a_good_token_there_is_only_the_list_of_versions()
    {
        await using var account = await SalesforceAccount.OpenAsync();

        Assert.Contains("66.0", await (await account.Playground.GetAsync("services/data/")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await account.CallAsync("GET", "limits")).Status);
        await account.Playground.FaultsAsync("""{"kind":"expire-token"}""");
        var (status, body) = await account.CallAsync("GET", "limits");
        Assert.Equal((HttpStatusCode.Unauthorized, """[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]"""), (status, body!.ToJsonString()));
    }

    [Fact]
    public async Task A_missing_scope_never_gets_better()
    {
        await using var account = await SalesforceAccount.OpenAsync();
        await account.Playground.FaultsAsync("""{"kind":"missing-scope"}""");

        var (status, body) = await account.CallAsync("GET", "limits");

        Assert.Equal((HttpStatusCode.Unauthorized, "This session is not valid for use with the REST API"), (status, (string?)body![0]!["message"]));
    }

    private static string Assertion(RSA key, string user, string audience, DateTimeOffset expires)
    {
        var head = Base64Url.EncodeToString("""{"alg":"RS256"}"""u8);
        var claims = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(new JsonObject { ["iss"] = "sandbox-consumer-key", ["sub"] = user, ["aud"] = audience, ["exp"] = expires.ToUnixTimeSeconds() }.ToJsonString()));
        var signature = key.SignData(Encoding.ASCII.GetBytes($"{head}.{claims}"), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{head}.{claims}.{Base64Url.EncodeToString(signature)}";
    }
}

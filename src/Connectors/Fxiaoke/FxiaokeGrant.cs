using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Http;

namespace Crm.Integration.Connectors.Fxiaoke;

/// <summary>Fxiaoke's own way to a token: the app's secret and the company's permanent code. Asked again too early it gives the same token.</summary>
internal sealed class FxiaokeGrant(FxiaokeSettings settings, Uri address) : IOAuthGrant
{
    // Only within its last ten minutes a token is replaced by a new one, and both are good until the old one ends.
    private static readonly TimeSpan s_early = TimeSpan.FromSeconds(500);
    private static readonly TimeSpan s_soonest = TimeSpan.FromSeconds(30);

    // With other credentials under the same name the remembered token would belong to another company.
    public string Account { get; } = $"{address.Authority} {settings.AppId} {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{settings.AppSecret}\n{settings.PermanentCode}")))[..12]}";

    public HttpRequestMessage Request(string? refreshToken, DateTimeOffset now)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new { appId = settings.AppId, appSecret = settings.AppSecret, permanentCode = settings.PermanentCode, grantType = "app_secret" });
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, $"oauth2.0/token?thirdTraceId={Guid.NewGuid()}")) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Options.Set(ApiClient.Repeatable, true);
        return request;
    }

    public OAuthToken Read(ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            using var json = JsonDocument.ParseValue(ref reader);
            var root = json.RootElement;
            if (root.TryGetProperty("accessToken", out var token) && token.GetString() is { Length: > 0 } text && root.TryGetProperty("ea", out var ea) && ea.GetString() is { } company)
            {
                var life = TimeSpan.FromSeconds(root.TryGetProperty("expiresIn", out var seconds) && seconds.TryGetInt64(out var number) ? number : 0);
                var renew = life - s_early;
                return new(text, now + (renew > s_soonest ? renew : s_soonest), RefreshToken: null, new Dictionary<string, string> { ["ea"] = company });
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw NoToken(exception);
        }

        throw NoToken(null);

        ConnectorException NoToken(Exception? inner) => new(FailureKind.Configuration, $"{address.Authority} answered the request for a token with something else.", "Check `baseUrl`: each cloud of Fxiaoke has its own address.", inner);
    }

    public void Apply(HttpRequestMessage request, OAuthToken token)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.AccessToken);
        request.Headers.Remove("x-fs-ea");
        request.Headers.Remove("x-fs-userid");
        request.Headers.Add("x-fs-ea", token.Extra.GetValueOrDefault("ea"));
        request.Headers.Add("x-fs-userid", settings.UserId);

        // Fxiaoke wants another trace id with each request, a repeated one too.
        request.RequestUri = new UriBuilder(request.RequestUri!) { Query = $"thirdTraceId={Guid.NewGuid()}" }.Uri;
    }
}

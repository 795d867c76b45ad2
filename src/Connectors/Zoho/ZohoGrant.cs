using System.Globalization;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Http;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Zoho;

/// <summary>Tokens from Zoho's accounts server. It hides its refusals in answers with status 200.</summary>
internal sealed class ZohoGrant(ZohoSettings settings) : IOAuthGrant
{
    public const string ApiDomain = "api_domain";
    public const string Scope = "scope";

    // Before the hour that a token holds is over, also for a clock that goes a little wrong.
    private static readonly TimeSpan s_early = TimeSpan.FromMinutes(5);

    // With a hash of the secrets: a token got by others than those that are set now proves nothing of these.
    public string Account => string.Create(CultureInfo.InvariantCulture, $"zoho {settings.AccountsUrl ?? settings.DataCenter} {settings.ClientId} {ContentHash.Of(settings.ClientSecret, ContentHash.Of(settings.RefreshToken)):x16}");

    /// <summary>Where tokens come from.</summary>
    /// <exception cref="ConnectorException">No such data centre, or not an address.</exception>
    public static Uri Address(ZohoSettings settings)
    {
        if (string.IsNullOrWhiteSpace(settings.AccountsUrl))
            return new Uri($"https://{ZohoDataCenter.Named(settings.DataCenter).Accounts}");
        return Uri.TryCreate(settings.AccountsUrl, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new ConnectorException(FailureKind.Configuration, "`accountsUrl` is not an address.", "Give it as `https://…`, or leave it out: then the data centre's is used.");
    }

    public HttpRequestMessage Request(string? refreshToken, DateTimeOffset now) => new(HttpMethod.Post, $"{Address(settings).AbsoluteUri.TrimEnd('/')}/oauth/v2/token")
    {
        Content = new FormUrlEncodedContent(
        [
            new("grant_type", "refresh_token"),
            new("client_id", settings.ClientId),
            new("client_secret", settings.ClientSecret),
            new("refresh_token", refreshToken ?? settings.RefreshToken),
        ]),
    };

    public OAuthToken Read(ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var answer = ZohoAnswer.Of(body);
        if (answer.Text("access_token") is not { Length: > 0 } token)
            throw Refusal(answer);
        var lifetime = TimeSpan.FromSeconds(answer.Number("expires_in") is { } seconds and > 0 and < 86400 ? seconds : 3600);
        if (Uri.TryCreate(answer.Text(ApiDomain), UriKind.Absolute, out var domain) is false)
            throw new ConnectorException(FailureKind.Configuration, $"{Address(settings).Host} gave a token but no address of the API (api_domain).", "Make the refresh token anew with a CRM scope, such as ZohoCRM.modules.ALL.");
        return new(token, now + (lifetime > s_early + s_early ? lifetime - s_early : lifetime / 2), answer.Text("refresh_token"), new Dictionary<string, string>
        {
            [ApiDomain] = domain!.AbsoluteUri.TrimEnd('/'),
            [Scope] = answer.Text(Scope) ?? "",
        });
    }

    public void Apply(HttpRequestMessage request, OAuthToken token)
    {
        if (token.Extra.GetValueOrDefault(ApiDomain) is { Length: > 0 } domain)
            ApiClient.SetBase(request, new Uri(domain));
        request.Headers.TryAddWithoutValidation("Authorization", $"Zoho-oauthtoken {token.AccessToken}");
    }

    /// <summary>What the accounts server's refusal means.</summary>
    public ConnectorException Refusal(ZohoAnswer answer)
    {
        var host = Address(settings).Host;
        var code = answer.Text("error");
        var elsewhere = $"or the organisation is in another data centre than `{settings.DataCenter}`: look at the ending of the address in your browser when you are in Zoho CRM";
        return code switch
        {
            "invalid_client" => Wrong($"{host} does not know the client (invalid_client).", $"Either `clientId` is mistyped, {elsewhere}, and set `dataCenter`."),
            "invalid_client_secret" => Wrong($"{host} refuses the client's secret (invalid_client_secret).", "Copy the Client Secret from the API console again into `clientSecret`; it changes when somebody makes a new one there."),
            "invalid_code" or "invalid_grant" => Wrong($"{host} refuses the refresh token ({code}): it was revoked, replaced by newer ones (20 a user), or belongs to another client.", $"Make a new refresh token and store it as `refreshToken`; {elsewhere}."),
            "Access Denied" => new(FailureKind.Transient, $"{host} gives no more tokens for now: too many were asked for.", "Wait ten minutes. See whether another program uses the same refresh token: ten tokens in ten minutes are allowed.") { Code = code, RetryAfter = TimeSpan.FromMinutes(10) },
            "general_error" or null => new(FailureKind.Transient, $"{host} answered without a token{(code is null ? "" : " (general_error)")}.", $"It is tried again. If it goes on, the cause may be that the client or the token is of another data centre than `{settings.DataCenter}`.") { Code = code },
            _ => Wrong($"{host} gives no token ({code}).", "Check `clientId`, `clientSecret`, `refreshToken` and `dataCenter`."),
        };

        ConnectorException Wrong(string message, string fix) => new(FailureKind.Configuration, message, fix) { Code = code };
    }
}

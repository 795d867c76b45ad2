using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Http;

namespace Crm.Integration.Connectors.Salesforce;

/// <summary>Chooses the way of signing in by what the settings hold.</summary>
internal static class SignIn
{
    // Salesforce does not say when a session ends; renewing it now and then spares most refusals.
    private static readonly TimeSpan s_session = TimeSpan.FromMinutes(15);

    public static OAuthGrant Of(SalesforceSettings settings)
    {
        if (!Uri.TryCreate(settings.LoginUrl, UriKind.Absolute, out var login) || login.Scheme is not ("https" or "http"))
            throw Wrong($"`loginUrl` is no address: '{settings.LoginUrl}'.", "Write `https://login.salesforce.com`, `https://test.salesforce.com` or your My Domain, `https://….my.salesforce.com`.");
        if (login.Scheme == "http" && !login.IsLoopback)
            throw Wrong($"`loginUrl` is not encrypted: '{settings.LoginUrl}'.", "Write it with `https://`.");
        if (login.Host.EndsWith(".lightning.force.com", StringComparison.OrdinalIgnoreCase))
            throw Wrong($"`loginUrl` is the address of Salesforce's screens: '{login.Host}'.", "Write the My Domain: `https://….my.salesforce.com` (Setup > My Domain).");
        var endpoint = new Uri($"{settings.LoginUrl.TrimEnd('/')}/services/oauth2/token");
        if (settings.RefreshToken is { Length: > 0 } refresh)
            return new RefreshTokenGrant { Endpoint = endpoint, ClientId = settings.ClientId, ClientSecret = settings.ClientSecret, RefreshToken = refresh, BaseFrom = "instance_url", Lifetime = s_session };
        if (settings.PrivateKey is { Length: > 0 } key)
        {
            return settings.Username is { Length: > 0 } user
                ? new JwtBearerGrant { Endpoint = endpoint, ClientId = settings.ClientId, Subject = user, PrivateKey = key, Audience = AudienceOf(login), BaseFrom = "instance_url", Lifetime = s_session }
                : throw Wrong("`privateKey` is set, but not `username`.", "Add the user that the hub shall work as.");
        }

        if (settings.ClientSecret is not { Length: > 0 } secret)
            throw Wrong("There is nothing to sign in with.", "Set `clientSecret` (client credentials), or `username` and `privateKey` (JWT), or `refreshToken`.");
        if (login.Host is "login.salesforce.com" or "test.salesforce.com")
            throw Wrong($"{login.Host} does not take client credentials.", "Set `loginUrl` to the organisation's My Domain: `https://….my.salesforce.com` (Setup > My Domain).");
        return new ClientCredentialsGrant { Endpoint = endpoint, ClientId = settings.ClientId, ClientSecret = secret, BaseFrom = "instance_url", Lifetime = s_session };
    }

    // Even at a My Domain the audience is one of the two general addresses.
    private static string AudienceOf(Uri login) =>
        login.Host == "test.salesforce.com" || login.Host.Contains(".sandbox.my.", StringComparison.OrdinalIgnoreCase) || (login.Host.EndsWith(".my.salesforce.com", StringComparison.OrdinalIgnoreCase) && login.Host.Contains("--", StringComparison.Ordinal))
            ? "https://test.salesforce.com"
            : "https://login.salesforce.com";

    private static ConnectorException Wrong(string what, string fix) => new(FailureKind.Configuration, what, fix);
}

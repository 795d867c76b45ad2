using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Http;

/// <summary>Credentials by OAuth 2.0: one refresher an account, a rotated refresh token is durable before it or its access token is used.</summary>
public sealed class OAuth : IAuthorization, IDisposable
{
    /// <summary>Sets it up; asks nobody yet.</summary>
    /// <param name="grant">How tokens are obtained.</param>
    /// <param name="profile">The profile of the client that asks for tokens: without authorization of its own, and with an answer reader for the token endpoint.</param>
    /// <param name="context">What the hub lends to the connection.</param>
    public OAuth(IOAuthGrant grant, ApiProfile profile, ConnectionContext context) => throw new NotImplementedException();

    /// <summary>The token in use; gets one when there is none yet.</summary>
    public ValueTask<OAuthToken> TokenAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask<string> ApplyAsync(HttpRequestMessage request, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask<bool> RenewAsync(string refused, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Dispose() => throw new NotImplementedException();
}

/// <summary>How tokens are obtained: client credentials, JWT bearer, refresh token, or a vendor's own way.</summary>
public interface IOAuthGrant
{
    /// <summary>Names what is remembered: of everything that decides which account it is, never of a secret itself.</summary>
    string Account { get; }

    /// <summary>The request for a token.</summary>
    /// <param name="refreshToken">The refresh token last remembered, or null.</param>
    /// <param name="now">The time.</param>
    HttpRequestMessage Request(string? refreshToken, DateTimeOffset now);

    /// <summary>Reads the token endpoint's answer.</summary>
    /// <param name="body">The answer's body.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="ConnectorException">It holds no token.</exception>
    OAuthToken Read(ReadOnlySpan<byte> body, DateTimeOffset now);

    /// <summary>Puts a token on a request: <c>Authorization: Bearer …</c> in most systems.</summary>
    void Apply(HttpRequestMessage request, OAuthToken token);
}

/// <summary>A token.</summary>
/// <param name="AccessToken">What goes with each request.</param>
/// <param name="RenewAt">When to renew it, some time before it ends; null when only a refusal tells.</param>
/// <param name="RefreshToken">The refresh token to use next time; null to keep the one in use.</param>
/// <param name="Extra">What else the answer said that requests need: <c>instance_url</c>, <c>api_domain</c>, <c>ea</c>.</param>
public sealed record OAuthToken(string AccessToken, DateTimeOffset? RenewAt, string? RefreshToken, IReadOnlyDictionary<string, string> Extra);

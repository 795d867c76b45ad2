using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Http;

/// <summary>What the usual grants have in common (RFC 6749).</summary>
public abstract record OAuthGrant : IOAuthGrant
{
    /// <summary>Where tokens are obtained.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>The client's id: the consumer key.</summary>
    public required string ClientId { get; init; }

    /// <summary>The word before the token in the header Authorization.</summary>
    public string Scheme { get; init; } = "Bearer";

    /// <summary>The member of the answer that holds the API's address, such as <c>instance_url</c>; it is put on requests that were made without one. Null when the address is known.</summary>
    public string? BaseFrom { get; init; }

    /// <summary>How long a token is good when the answer does not say; null when only a refusal tells.</summary>
    public TimeSpan? Lifetime { get; init; }

    /// <inheritdoc/>
    public abstract string Account { get; }

    /// <inheritdoc/>
    public abstract HttpRequestMessage Request(string? refreshToken, DateTimeOffset now);

    /// <inheritdoc/>
    public virtual OAuthToken Read(ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        string? access = null, refresh = null;
        var lifetime = Lifetime;
        var extra = new Dictionary<string, string>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(body);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1)
                continue;
            var name = reader.GetString()!;
            reader.Read();
            if (name == "expires_in" && Seconds(ref reader) is { } seconds)
                lifetime = TimeSpan.FromSeconds(seconds);
            else if (reader.TokenType != JsonTokenType.String)
                reader.Skip();
            else if (name == "access_token")
                access = reader.GetString();
            else if (name == "refresh_token")
                refresh = reader.GetString();
            else if (name is not "id_token" and not "signature")
                extra[name] = reader.GetString()!;
        }

        if (string.IsNullOrEmpty(access))
            throw new ConnectorException(FailureKind.Configuration, $"{Endpoint.Authority} answered the request for a token without one.", "Check that the address for signing in is the system's own.");
        // A while before its end: requests that carry it take time to arrive, and clocks differ.
        var renewAt = lifetime is { } some ? now + some - TimeSpan.FromSeconds(Math.Min(60, some.TotalSeconds / 10)) : (DateTimeOffset?)null;
        return new OAuthToken(access, renewAt, refresh, extra);
    }

    /// <inheritdoc/>
    public virtual void Apply(HttpRequestMessage request, OAuthToken token)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(token);
        if (BaseFrom is not null && token.Extra.TryGetValue(BaseFrom, out var address))
            ApiClient.SetBase(request, new Uri(address));
        request.Headers.Authorization = new AuthenticationHeaderValue(Scheme, token.AccessToken);
    }

    /// <summary>A POST of a form to the endpoint.</summary>
    /// <param name="members">The form's members; those without a value are left out.</param>
    protected HttpRequestMessage Form(params IEnumerable<(string Name, string? Value)> members) => new(HttpMethod.Post, Endpoint)
    {
        Content = new FormUrlEncodedContent(members.Where(member => member.Value is not null).Select(member => KeyValuePair.Create(member.Name, member.Value!))),
    };

    /// <summary>Tells secrets apart without telling them: a new one in the settings makes what the old one brought forgotten.</summary>
    protected static string Fingerprint(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)), 0, 6);

    // The text of a record shows all its members, secrets among them.
    /// <inheritdoc/>
    public sealed override string ToString() => $"{GetType().Name} {Endpoint.Authority}";

    private static double? Seconds(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Number => reader.GetDouble(),
        JsonTokenType.String when double.TryParse(reader.GetString(), System.Globalization.CultureInfo.InvariantCulture, out var seconds) => seconds,
        _ => null,
    };
}

/// <summary>A program of its own, without a user who signs in: id and secret are all it takes.</summary>
public sealed record ClientCredentialsGrant : OAuthGrant
{
    /// <summary>The client's secret.</summary>
    public required string ClientSecret { get; init; }

    /// <summary>The scopes to ask for; null for those of the client.</summary>
    public string? Scope { get; init; }

    /// <inheritdoc/>
    public override string Account => $"client_credentials {Endpoint.Authority}{Endpoint.AbsolutePath} {ClientId} {Fingerprint(ClientSecret)}";

    /// <inheritdoc/>
    public override HttpRequestMessage Request(string? refreshToken, DateTimeOffset now) =>
        Form(("grant_type", "client_credentials"), ("client_id", ClientId), ("client_secret", ClientSecret), ("scope", Scope));
}

/// <summary>A user's consent, given once: the refresh token stands for it.</summary>
public sealed record RefreshTokenGrant : OAuthGrant
{
    /// <summary>The refresh token of the settings. Where the system rotates it, the one last remembered is used instead.</summary>
    public required string RefreshToken { get; init; }

    /// <summary>The client's secret; null for a client without one.</summary>
    public string? ClientSecret { get; init; }

    /// <inheritdoc/>
    public override string Account => $"refresh_token {Endpoint.Authority}{Endpoint.AbsolutePath} {ClientId} {Fingerprint(RefreshToken)}";

    /// <inheritdoc/>
    public override HttpRequestMessage Request(string? refreshToken, DateTimeOffset now) =>
        Form(("grant_type", "refresh_token"), ("client_id", ClientId), ("client_secret", ClientSecret), ("refresh_token", refreshToken ?? RefreshToken));
}

/// <summary>A claim that the client signs itself (RFC 7523, RS256).</summary>
public sealed record JwtBearerGrant : OAuthGrant
{
    /// <summary>For whom the client acts: the user's name.</summary>
    public required string Subject { get; init; }

    /// <summary>Who is to accept the claim.</summary>
    public required string Audience { get; init; }

    /// <summary>The client's private key, PEM.</summary>
    public required string PrivateKey { get; init; }

    /// <summary>How long the claim is good.</summary>
    public TimeSpan ClaimLifetime { get; init; } = TimeSpan.FromMinutes(3);

    /// <inheritdoc/>
    public override string Account => $"jwt {Endpoint.Authority}{Endpoint.AbsolutePath} {ClientId} {Fingerprint(Subject + PrivateKey)}";

    /// <inheritdoc/>
    public override HttpRequestMessage Request(string? refreshToken, DateTimeOffset now)
    {
        var claims = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object> { ["iss"] = ClientId, ["sub"] = Subject, ["aud"] = Audience, ["exp"] = (now + ClaimLifetime).ToUnixTimeSeconds() });
        var signed = $"{Base64Url("{\"alg\":\"RS256\"}"u8)}.{Base64Url(claims)}";
        using var key = RSA.Create();
        try
        {
            key.ImportFromPem(PrivateKey);
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            throw new ConnectorException(FailureKind.Configuration, "The private key of the connection is not an RSA key in PEM form.", "Give it whole, from the line BEGIN PRIVATE KEY to the line END PRIVATE KEY, best by ${file:…}.", exception);
        }

        var signature = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return Form(("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), ("assertion", $"{signed}.{Base64Url(signature)}"));
    }

    private static string Base64Url(ReadOnlySpan<byte> bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}

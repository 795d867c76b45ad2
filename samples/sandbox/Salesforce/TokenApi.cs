using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Crm.Integration.Sandbox.Salesforce;

/// <summary>Signing in: client credentials, a signed assertion, a refresh token.</summary>
internal sealed class TokenApi(SalesforceVendor vendor)
{
    public const string ClientId = "sandbox-consumer-key";
    public const string ClientSecret = "sandbox-consumer-secret";
    public const string UserName = "hub@example.com";
    public const string OrganizationId = "00D000000000001EAA";

    private static readonly TimeSpan s_session = TimeSpan.FromHours(2);
    private readonly Dictionary<string, DateTimeOffset> _sessions = [];
    private RSA? _key;
    private int _rotations;

    /// <summary>The refresh token that is good now.</summary>
    public string RefreshToken => _rotations == 0 ? "sandbox-refresh" : $"sandbox-refresh-{_rotations + 1}";

    /// <summary>The private half of the key that assertions are checked with; null once somebody has set a public key of their own.</summary>
    public string? PrivateKey => Key is { } key && HasPrivate(key) ? key.ExportPkcs8PrivateKeyPem() : null;

    /// <summary>Whether the app names a user as whom client credentials run.</summary>
    public bool RunAs { get; set; } = true;

    /// <summary>Whether the user of assertions has been allowed the app.</summary>
    public bool Approved { get; set; } = true;

    // Made when first needed: it takes a good part of a second.
    private RSA Key => _key ??= RSA.Create(2048);

    public void Reset()
    {
        _rotations = 0;
        (RunAs, Approved) = (true, true);
    }

    public void Expire() => _sessions.Clear();

    public bool IsGood(string token) => _sessions.TryGetValue(token, out var until) && vendor.Clock.GetUtcNow() < until;

    public void Trust(string publicKey)
    {
        var key = RSA.Create();
        try
        {
            key.ImportFromPem(publicKey);
        }
        catch (ArgumentException problem)
        {
            key.Dispose();
            throw new BadControlException("publicKey is not a key in PEM: " + problem.Message);
        }

        _key?.Dispose();
        _key = key;
    }

    /// <param name="context">The call.</param>
    /// <param name="login">The call came to the common login host, and not to the organisation's own.</param>
    public async Task HandleAsync(HttpContext context, bool login)
    {
        if (!context.Request.HasFormContentType)
        {
            await RefuseAsync(context, "invalid_request", "content type must be application/x-www-form-urlencoded");
            return;
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var (error, description) = ((string?)null, "");
        JsonObject? answer = null;
        lock (vendor.Gate)
        {
            switch ((string?)form["grant_type"])
            {
                case "client_credentials" when login:
                    (error, description) = ("invalid_grant", "request not supported on this domain");
                    break;
                case "client_credentials":
                    (error, description) = Client(context, form) ?? (RunAs ? (null, "") : ("invalid_grant", "no client credentials user enabled"));
                    break;
                case "urn:ietf:params:oauth:grant-type:jwt-bearer":
                    (error, description) = Assertion(form["assertion"]);
                    break;
                case "refresh_token":
                    (error, description) = Client(context, form) ?? ((string?)form["refresh_token"] == RefreshToken ? (null, "") : ("invalid_grant", "expired access/refresh token"));
                    break;
                default:
                    (error, description) = ("unsupported_grant_type", "grant type not supported");
                    break;
            }

            if (error is null)
                answer = Session(context, form["grant_type"] == "refresh_token");
        }

        if (answer is null)
            await RefuseAsync(context, error!, description);
        else
            await context.WriteJsonAsync(200, answer);
    }

    private JsonObject Session(HttpContext context, bool refresh)
    {
        var now = vendor.Clock.GetUtcNow();
        var token = $"{OrganizationId[..15]}!{Convert.ToHexString(RandomNumberGenerator.GetBytes(24))}";
        _sessions[token] = now + s_session;
        vendor.Counters.Token(refresh);

        var address = SalesforceVendor.AddressOf(context.Request);
        var answer = new JsonObject
        {
            ["access_token"] = token,
            ["instance_url"] = address,
            ["id"] = $"{address}/id/{OrganizationId}/{Schema.UserId}",
            ["token_type"] = "Bearer",
            ["scope"] = vendor.Faults.Standing("missing-scope") is null ? "api refresh_token" : "id",
            ["issued_at"] = vendor.Now.ToUnixTimeMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["signature"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
        };
        if (refresh && vendor.Faults.Standing("rotate-refresh") is not null)
        {
            _rotations++;
            answer["refresh_token"] = RefreshToken;
        }

        return answer;
    }

    private static (string? Error, string Description)? Client(HttpContext context, IFormCollection form)
    {
        string? id = form["client_id"], secret = form["client_secret"];
        if (context.Request.Headers.Authorization.ToString() is var header && header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
        {
            var buffer = new byte[header.Length];
            var pair = Convert.TryFromBase64String(header[6..].Trim(), buffer, out var length) ? Encoding.UTF8.GetString(buffer, 0, length).Split(':', 2) : [];
            (id, secret) = pair is [var name, var word] ? (Uri.UnescapeDataString(name), Uri.UnescapeDataString(word)) : (null, null);
        }

        return id != ClientId ? ("invalid_client_id", "client identifier invalid")
            : secret != ClientSecret ? ("invalid_client", "invalid client credentials")
            : null;
    }

    private (string? Error, string Description) Assertion(string? assertion)
    {
        var parts = (assertion ?? "").Split('.');
        if (parts.Length != 3 || Part(parts[0]) is not { } header || Part(parts[1]) is not { } claims || (string?)header["alg"] != "RS256")
            return ("invalid_grant", "invalid assertion");
        if ((string?)claims["iss"] != ClientId)
            return ("invalid_client_id", "client identifier invalid");
        // Whichever host it is sent to, the assertion is meant for the login host.
        if ((string?)claims["aud"] is not ("https://login.salesforce.com" or "https://test.salesforce.com"))
            return ("invalid_grant", "audience is invalid");
        if (claims["exp"] is not JsonValue expires || !expires.TryGetValue<long>(out var exp))
            return ("invalid_grant", "invalid assertion");

        var left = DateTimeOffset.FromUnixTimeSeconds(exp) - vendor.Now;
        if (left <= TimeSpan.Zero || left > TimeSpan.FromMinutes(5))
            return ("invalid_grant", "expired authorization code");
        if (!Bytes(parts[2], out var signature) || !Key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
            return ("invalid_grant", "invalid assertion");
        if ((string?)claims["sub"] != UserName || !Approved)
            return ("invalid_grant", "user hasn't approved this consumer");
        return (null, "");
    }

    private static JsonObject? Part(string text)
    {
        try
        {
            return Bytes(text, out var bytes) ? JsonNode.Parse(bytes) as JsonObject : null;
        }
        catch (JsonException)
        {
            // Refused with the rest of what is no assertion.
            return null;
        }
    }

    private static bool Bytes(string text, out byte[] bytes)
    {
        bytes = Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : [];
        return bytes.Length > 0;
    }

    private static bool HasPrivate(RSA key)
    {
        try
        {
            return key.ExportParameters(true).D is not null;
        }
        catch (CryptographicException)
        {
            // A public key says no by throwing.
            return false;
        }
    }

    private static Task RefuseAsync(HttpContext context, string error, string description) =>
        context.WriteJsonAsync(400, new JsonObject { ["error"] = error, ["error_description"] = description });
}

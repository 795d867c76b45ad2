using System.Globalization;
using System.Text.Json.Nodes;

namespace Crm.Integration.Sandbox.Zoho;

/// <summary>The accounts host: access tokens for the refresh token, ten in ten minutes, thirty alive. Errors come with status 200.</summary>
internal sealed class ZohoTokens(Func<DateTimeOffset> now)
{
    public const string ClientId = "1000.SANDBOX";
    public const string ClientSecret = "sandbox-secret";
    public const string RefreshToken = "1000.sandbox.refresh";
    private const string Scope = "ZohoCRM.modules.ALL ZohoCRM.settings.ALL ZohoCRM.bulk.ALL ZohoCRM.notifications.ALL ZohoCRM.coql.READ ZohoCRM.org.READ ZohoCRM.users.READ ZohoFiles.files.ALL";
    private readonly Queue<DateTimeOffset> _given = new();
    private readonly List<(string Token, DateTimeOffset Expiry)> _alive = [];
    private int _last;

    public (int Status, JsonObject Body) Give(IReadOnlyDictionary<string, string> form, string apiDomain)
    {
        if (form.GetValueOrDefault("grant_type") != "refresh_token")
            return Error("unsupported_grant_type");
        if (form.GetValueOrDefault("client_id") != ClientId)
            return Error("invalid_client");
        if (form.GetValueOrDefault("client_secret") != ClientSecret)
            return Error("invalid_client_secret");
        if (form.GetValueOrDefault("refresh_token") != RefreshToken)
            return Error("invalid_code");
        while (_given.TryPeek(out var first) && first <= now().AddMinutes(-10))
            _given.Dequeue();
        if (_given.Count >= 10)
        {
            return (400, new JsonObject
            {
                ["error_description"] = "You have made too many requests continuously. Please try again after some time.",
                ["error"] = "Access Denied",
                ["status"] = "failure",
            });
        }

        _given.Enqueue(now());
        var token = string.Create(CultureInfo.InvariantCulture, $"1000.{++_last:x32}.sandbox");
        _alive.Add((token, now().AddHours(1)));
        if (_alive.Count > 30)
            _alive.RemoveAt(0);
        return (200, new JsonObject { ["access_token"] = token, ["scope"] = Scope, ["api_domain"] = apiDomain, ["token_type"] = "Bearer", ["expires_in"] = 3600 });
    }

    public bool Knows(string? authorization) =>
        authorization?.StartsWith("Zoho-oauthtoken ", StringComparison.Ordinal) == true && _alive.Exists(known => known.Token == authorization["Zoho-oauthtoken ".Length..].Trim() && known.Expiry > now());

    public void Expire() => _alive.Clear();

    public void Forget()
    {
        _alive.Clear();
        _given.Clear();
    }

    private static (int, JsonObject) Error(string error) => (200, new JsonObject { ["error"] = error });
}

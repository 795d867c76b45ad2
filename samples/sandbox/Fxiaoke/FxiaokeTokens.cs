using System.Globalization;
using System.Text.Json.Nodes;

namespace Crm.Integration.Sandbox.Fxiaoke;

/// <summary>
/// Tokens of both styles. Asked again the same token comes back; in its last ten minutes a new one comes, and both are good until the
/// old one has run out. Ten calls a minute, one at a time.
/// </summary>
internal sealed class FxiaokeTokens(Func<DateTimeOffset> now)
{
    public const string AppId = "FSAID_sandbox", AppSecret = "sandbox-secret", PermanentCode = "sandbox-permanent-code", CorpId = "FSCID_sandbox";
    private readonly Queue<DateTimeOffset> _asked = new();
    private readonly List<(string Token, DateTimeOffset Expiry)> _alive = [];
    private int _last;

    /// <summary>Whether one more call of the token endpoint is within its limit; every call counts.</summary>
    public bool Admits()
    {
        while (_asked.TryPeek(out var first) && first <= now().AddMinutes(-1))
            _asked.Dequeue();
        if (_asked.Count >= 10)
            return false;
        _asked.Enqueue(now());
        return true;
    }

    public JsonObject Give(JsonObject body, bool isOldStyle)
    {
        if (body["appId"]?.ToString() is not { Length: > 0 })
            throw new FxiaokeRefusal(10001, "the parameter appId is missing or illegal", "参数appId缺失");
        if (body["appId"]!.ToString() != AppId || body["appSecret"]?.ToString() != AppSecret)
            throw FxiaokeRefusal.Secret();
        if (body["permanentCode"]?.ToString() != PermanentCode)
            throw new FxiaokeRefusal(20015, "the permanentCode is illegal", "永久授权码不合法");
        if (!isOldStyle && body["grantType"]?.ToString() != "app_secret")
            throw FxiaokeRefusal.Illegal("grantType");

        _alive.RemoveAll(token => token.Expiry <= now());
        var token = _alive.Count > 0 ? _alive[^1] : default;
        if (token.Token is null || token.Expiry - now() <= TimeSpan.FromSeconds(600))
            _alive.Add(token = (string.Create(CultureInfo.InvariantCulture, $"{++_last:X32}"), now().AddSeconds(7200)));
        var left = (int)(token.Expiry - now()).TotalSeconds;
        return isOldStyle
            ? new JsonObject { ["corpAccessToken"] = token.Token, ["corpId"] = CorpId, ["expiresIn"] = left }
            : new JsonObject { ["accessToken"] = token.Token, ["expiresIn"] = left, ["ea"] = FxiaokeTenant.Company, ["appId"] = AppId, ["openUserId"] = CorpId };
    }

    public bool Knows(string? token) => _alive.Exists(known => known.Token == token && known.Expiry > now());

    public void Expire() => _alive.Clear();

    public void Forget()
    {
        _alive.Clear();
        _asked.Clear();
    }
}

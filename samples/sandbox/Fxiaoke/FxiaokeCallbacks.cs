using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Crm.Integration.Sandbox.Fxiaoke;

/// <summary>Data events as the vendor's callbacks carry them: encrypted with AES, signed with SHA-1, and answered in the same way.</summary>
internal static class FxiaokeCallbacks
{
    public const string Token = "sandbox-callback";

    /// <summary>43 characters: the Base64 text of 32 bytes without its last sign.</summary>
    public const string AesKey = "c2FuZGJveC1hZXMta2V5LW9mLTMyLWJ5dGVzLTAxMjM";

    /// <param name="apiName">The object.</param>
    /// <param name="id">The record; nothing else of it is told.</param>
    /// <param name="change">create, update, invalid or delete.</param>
    /// <param name="messageId">The same at every attempt.</param>
    /// <param name="attempt">0 the first time; later ones are numbered in the request.</param>
    /// <param name="at">The time of sending.</param>
    public static JsonObject Request(string apiName, string id, string change, string messageId, int attempt, DateTimeOffset at)
    {
        var plain = new JsonObject
        {
            ["tenantId"] = FxiaokeTenant.Number,
            ["eventType"] = change,
            ["apiName"] = apiName,
            ["dataId"] = id,
            ["timestamp"] = at.ToUnixTimeMilliseconds(),
            ["messageId"] = messageId,
        };
        var (timestamp, nonce, content) = (at.ToUnixTimeMilliseconds(), Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12)), Encrypt(plain.ToJsonString()));
        var retry = attempt == 0 ? "" : attempt.ToString(CultureInfo.InvariantCulture);
        var body = new JsonObject { ["enterpriseAccount"] = FxiaokeTenant.Company, ["timestamp"] = timestamp, ["nonce"] = nonce, ["messageId"] = messageId };
        if (attempt > 0)
            body["retryTimes"] = attempt;
        body["encryptedContent"] = content;
        body["signature"] = Sign(timestamp.ToString(CultureInfo.InvariantCulture), nonce, messageId, retry, FxiaokeTenant.Company, content, AesKey);
        return body;
    }

    /// <summary>Whether the answer says "success", encrypted and signed.</summary>
    public static bool Accepts(string body)
    {
        try
        {
            var answer = JsonNode.Parse(body);
            var (timestamp, nonce, result) = (answer?["timestamp"]?.ToString() ?? "", answer?["nonce"]?.ToString() ?? "", answer?["encryptedResult"]?.ToString() ?? "");
            return answer?["signature"]?.ToString() == Sign(timestamp, nonce, result, AesKey) && Decrypt(result) == "success";
        }
        catch (Exception e) when (e is JsonException or FormatException or CryptographicException)
        {
            return false;
        }
    }

    public static string Encrypt(string text)
    {
        using var aes = Cipher();
        return Convert.ToBase64String(aes.EncryptCbc(Encoding.UTF8.GetBytes(text), aes.IV));
    }

    public static string Decrypt(string text)
    {
        using var aes = Cipher();
        return Encoding.UTF8.GetString(aes.DecryptCbc(Convert.FromBase64String(text), aes.IV));
    }

    // The vendor's choice, not ours: plain SHA-1 over the texts one after the other.
#pragma warning disable CA5350
    public static string Sign(params string[] parts) => Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(string.Concat(parts))));
#pragma warning restore CA5350

    private static Aes Cipher()
    {
        var aes = Aes.Create();
        aes.Key = Convert.FromBase64String(AesKey + "=");
        // The vendor takes the first half of the key for it.
        aes.IV = aes.Key[..16];
        return aes;
    }
}

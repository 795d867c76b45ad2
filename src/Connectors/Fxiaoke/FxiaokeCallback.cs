using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Fxiaoke;

/// <summary>What a callback is about: a record, and nothing of its content.</summary>
/// <param name="Object">The object's API name.</param>
/// <param name="Id">The record's id.</param>
internal sealed record FxiaokeEvent(string Object, string Id);

/// <summary>
/// The callbacks of Fxiaoke, in three forms: the data event (signed and encrypted with the AES key), the app message (signed with the token),
/// and a script of the company that names the record and carries the token.
/// </summary>
internal sealed class FxiaokeCallback(FxiaokeSettings settings)
{
    private const int BlockOfMessages = 32;
    private const int RandomBefore = 16;

    private static readonly TimeSpan s_skew = TimeSpan.FromMinutes(10);

    private readonly byte[]? _key = Key(settings.CallbackAesKey);

    public WebhookVerdict Verify(WebhookRequest request)
    {
        try
        {
            using var json = JsonDocument.Parse(request.Body);
            var body = json.RootElement;
            return body switch
            {
                { ValueKind: not JsonValueKind.Object } => new(false, "not-a-callback"),
                _ when body.TryGetProperty("encryptedContent", out _) => VerifyEvent(body, request.ReceivedAt),
                _ when body.TryGetProperty("sig", out _) => VerifyMessage(body, request.ReceivedAt),
                _ => VerifyScript(request, body),
            };
        }
        catch (JsonException)
        {
            return new(false, "not-a-callback");
        }
    }

    /// <summary>What a verified callback is about; null for one that concerns no record, such as a new permanent code.</summary>
    /// <exception cref="ConnectorException">It cannot be decrypted.</exception>
    public FxiaokeEvent? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            if (Text(root, "encryptedContent") is { } encrypted)
                return Event(Encoding.UTF8.GetString(Decrypt(encrypted, PaddingMode.PKCS7)));
            if (Text(root, "content") is { } content)
                return Event(Message(Decrypt(content, PaddingMode.None)));
            return Event(root);
        }
        catch (Exception exception) when (exception is JsonException or CryptographicException or FormatException or ArgumentException)
        {
            throw new ConnectorException(FailureKind.Rejected, "A callback of Fxiaoke cannot be decrypted.", "Compare `callbackAesKey` with the key in Fxiaoke. The next pull brings what this callback was about.", exception);
        }
    }

    private WebhookVerdict VerifyEvent(JsonElement body, DateTimeOffset now)
    {
        if (_key is null)
            return new(false, "no-key-set");
        if (Raw(body, "timestamp") is not { } timestamp || Text(body, "nonce") is not { } nonce || Text(body, "messageId") is not { } messageId
            || Text(body, "enterpriseAccount") is not { } company || Text(body, "encryptedContent") is not { } content || Text(body, "signature") is not { } signature)
            return new(false, "no-signature");
        if (!Same(Sha1(timestamp, nonce, messageId, Raw(body, "retryTimes") ?? "", company, content, settings.CallbackAesKey!), signature))
            return new(false, "bad-signature");
        if (!IsFresh(timestamp, now))
            return new(false, "stale");
        return new(true) { DeliveryId = messageId, Answer = Answer(now), AnswerType = "application/json" };
    }

    private WebhookVerdict VerifyMessage(JsonElement body, DateTimeOffset now)
    {
        if (_key is null || settings.CallbackToken is null)
            return new(false, "no-key-set");
        if (Raw(body, "timeStamp") is not { } timestamp || Text(body, "nonce") is not { } nonce || Text(body, "content") is not { } content || Text(body, "sig") is not { } signature)
            return new(false, "no-signature");
        string[] parts = [settings.CallbackToken, timestamp, nonce, content];
        Array.Sort(parts, StringComparer.Ordinal);
        if (!Same(Sha1(parts), signature))
            return new(false, "bad-signature");
        return IsFresh(timestamp, now) ? new(true) { DeliveryId = $"{timestamp}-{nonce}", Answer = "success" } : new(false, "stale");
    }

    private WebhookVerdict VerifyScript(WebhookRequest request, JsonElement body)
    {
        if (settings.CallbackToken is null)
            return new(false, "no-token-set");
        if (request.Headers.FirstOrDefault(header => header.Key.Equals("Authorization", StringComparison.OrdinalIgnoreCase)).Value is not { } given)
            return new(false, "no-signature");
        if (!Same($"Bearer {settings.CallbackToken}", given))
            return new(false, "bad-signature");
        return Event(body) is null ? new(false, "not-a-callback") : new(true);
    }

    // Fxiaoke wants its answer signed and encrypted as well.
    [SuppressMessage("Security", "CA5350", Justification = "Fxiaoke's signatures are SHA-1.")]
    [SuppressMessage("Security", "CA5401", Justification = "Fxiaoke's initial vector is the beginning of the key.")]
    private string Answer(DateTimeOffset now)
    {
        using var aes = Aes(PaddingMode.PKCS7);
        var result = Convert.ToBase64String(aes.EncryptCbc(Encoding.UTF8.GetBytes("success"), aes.IV));
        var timestamp = now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        var nonce = Guid.NewGuid().ToString("N");
        return JsonSerializer.Serialize(new { signature = Sha1(timestamp, nonce, result, settings.CallbackAesKey!), timestamp, nonce, encryptedResult = result });
    }

    private byte[] Decrypt(string content, PaddingMode padding)
    {
        using var aes = Aes(padding);
        return aes.DecryptCbc(Convert.FromBase64String(content), aes.IV, padding);
    }

    private Aes Aes(PaddingMode padding)
    {
        var aes = System.Security.Cryptography.Aes.Create();
        aes.Key = _key ?? throw new CryptographicException("no key");
        aes.IV = _key[..16];
        aes.Padding = padding;
        return aes;
    }

    // Random bytes, a length, the text, and padding to blocks of twice AES's size.
    private static string Message(byte[] plain)
    {
        var padding = plain[^1];
        if (padding is 0 or > BlockOfMessages || plain.Length < RandomBefore + 4 + padding)
            throw new CryptographicException("bad padding");
        var length = BinaryPrimitives.ReadInt32BigEndian(plain.AsSpan(RandomBefore));
        return length >= 0 && length <= plain.Length - RandomBefore - 4 - padding
            ? Encoding.UTF8.GetString(plain, RandomBefore + 4, length)
            : throw new CryptographicException("bad length");
    }

    private static FxiaokeEvent? Event(string text)
    {
        using var json = JsonDocument.Parse(text);
        return Event(json.RootElement);
    }

    private static FxiaokeEvent? Event(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
            return null;
        if (json.TryGetProperty("content", out var inner))
            return inner.ValueKind == JsonValueKind.String ? Event(inner.GetString()!) : Event(inner);
        return (Text(json, "apiName") ?? Text(json, "object")) is { } name && (Text(json, "dataId") ?? Text(json, "id")) is { } id ? new(name, id) : null;
    }

    private static bool IsFresh(string timestamp, DateTimeOffset now) =>
        long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && Math.Abs(now.ToUnixTimeMilliseconds() - milliseconds) <= s_skew.TotalMilliseconds;

    private static bool Same(string expected, string given) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(expected)), SHA256.HashData(Encoding.UTF8.GetBytes(given)));

    [SuppressMessage("Security", "CA5350", Justification = "Fxiaoke's signatures are SHA-1.")]
    private static string Sha1(params string[] parts) => Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(string.Concat(parts))));

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;

    private static string? Raw(JsonElement json, string name) => !json.TryGetProperty(name, out var member) ? null : member.ValueKind switch
    {
        JsonValueKind.String => member.GetString(),
        JsonValueKind.Number => member.GetRawText(),
        _ => null,
    };

    private static byte[]? Key(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        try
        {
            // Shown with or without its padding.
            var key = Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='));
            return key.Length == 32 ? key : throw Bad(null);
        }
        catch (FormatException exception)
        {
            throw Bad(exception);
        }

        static ConnectorException Bad(Exception? inner) => new(FailureKind.Configuration, "`callbackAesKey` is not a Base64 text of 32 bytes.", "Copy it anew from the callback's page in Fxiaoke.", inner);
    }
}

using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Fxiaoke;

namespace Crm.Integration.Connectors.Tests.Fxiaoke;

public sealed class FxiaokeCallbackTests
{
    private const string AesKey = "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXoxMjM0NTY";
    private const string Update = """{"tenantId":691413,"eventType":"update","apiName":"AccountObj","dataId":"5f9c","timestamp":1,"messageId":"AC11"}""";

    private static readonly DateTimeOffset s_now = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    public void A_signed_event_is_taken_with_or_without_the_number_of_its_retry(int? retry)
    {
        var verdict = Callback().Verify(Request(Event(retry: retry)));

        Assert.True(verdict.Accepted);
        Assert.Equal("AC11", verdict.DeliveryId);
    }

    [Fact]
    public void The_answer_is_signed_and_says_success_in_secret()
    {
        var verdict = Callback().Verify(Request(Event()));

        using var json = JsonDocument.Parse(verdict.Answer!);
        var answer = json.RootElement;
        var result = answer.GetProperty("encryptedResult").GetString()!;
        Assert.Equal("application/json", verdict.AnswerType);
        Assert.Equal(Sha1(answer.GetProperty("timestamp").GetString() + answer.GetProperty("nonce").GetString() + result + AesKey), answer.GetProperty("signature").GetString());
        using var aes = Cipher();
        Assert.Equal("success", Encoding.UTF8.GetString(aes.DecryptCbc(Convert.FromBase64String(result), aes.IV)));
    }

    [Fact]
    public void An_event_names_object_and_record() => Assert.Equal(new FxiaokeEvent("AccountObj", "5f9c"), Callback().Read(Encoding.UTF8.GetBytes(Event())));

    [Fact]
    public void A_forged_event_is_refused() => Assert.Equal("bad-signature", Callback().Verify(Request(Event().Replace("\"acme\"", "\"evil\"", StringComparison.Ordinal))).Reason);

    [Fact]
    public void An_event_signed_with_another_key_is_refused() =>
        Assert.Equal("bad-signature", new FxiaokeCallback(Settings() with { CallbackAesKey = Convert.ToBase64String(new byte[32]) }).Verify(Request(Event())).Reason);

    [Fact]
    public void An_old_event_is_refused() => Assert.Equal("stale", Callback().Verify(Request(Event(at: s_now.AddMinutes(-11)))).Reason);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"encryptedContent":7}""")]
    [InlineData("""{"sig":"x"}""")]
    public void What_is_no_callback_is_refused(string body) => Assert.False(Callback().Verify(Request(body)).Accepted);

    [Fact]
    public void Without_a_key_no_event_is_taken() =>
        Assert.Equal("no-key-set", new FxiaokeCallback(Settings() with { CallbackAesKey = null }).Verify(Request(Event())).Reason);

    [Fact]
    public void A_message_of_an_app_is_taken_and_answered_in_plain_words()
    {
        var body = Message($$"""{"type":"Message","content":{{JsonSerializer.Serialize(Update)}}}""");

        Assert.Equal("success", Callback().Verify(Request(body)).Answer);
        Assert.Equal(new FxiaokeEvent("AccountObj", "5f9c"), Callback().Read(Encoding.UTF8.GetBytes(body)));
    }

    [Fact]
    public void A_script_of_the_company_needs_the_token_alone()
    {
        const string Body = """{"object":"AccountObj","id":"5f9c","event":"update"}""";

        Assert.True(Callback().Verify(Request(Body, "Bearer token")).Accepted);
        Assert.Equal("bad-signature", Callback().Verify(Request(Body, "Bearer tokem")).Reason);
        Assert.Equal("no-signature", Callback().Verify(Request(Body)).Reason);
        Assert.Equal(new FxiaokeEvent("AccountObj", "5f9c"), Callback().Read(Encoding.UTF8.GetBytes(Body)));
    }

    [Fact]
    public void A_key_of_the_wrong_length_is_a_mistake_in_the_connection() =>
        Assert.Equal(FailureKind.Configuration, Assert.Throws<ConnectorException>(() => new FxiaokeCallback(Settings() with { CallbackAesKey = "c2hvcnQ" })).Kind);

    private static FxiaokeSettings Settings() => new() { AppId = "a", AppSecret = "b", PermanentCode = "c", CallbackToken = "token", CallbackAesKey = AesKey };

    private static FxiaokeCallback Callback() => new(Settings());

    private static string Event(int? retry = null, DateTimeOffset? at = null)
    {
        using var aes = Cipher();
        var content = Convert.ToBase64String(aes.EncryptCbc(Encoding.UTF8.GetBytes(Update), aes.IV));
        var timestamp = (at ?? s_now).ToUnixTimeMilliseconds();
        var signature = Sha1(string.Create(CultureInfo.InvariantCulture, $"{timestamp}k3YxAC11{retry}acme{content}{AesKey}"));
        var again = retry is null ? "" : $"\"retryTimes\":{retry},";
        return $$"""{"enterpriseAccount":"acme","timestamp":{{timestamp}},"nonce":"k3Yx","messageId":"AC11",{{again}}"encryptedContent":"{{content}}","signature":"{{signature}}"}""";
    }

    private static string Message(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        var plain = new byte[16 + 4 + utf8.Length];
        BinaryPrimitives.WriteInt32BigEndian(plain.AsSpan(16), utf8.Length);
        utf8.CopyTo(plain, 20);
        var padding = 32 - (plain.Length % 32);
        plain = [.. plain, .. Enumerable.Repeat((byte)padding, padding)];
        using var aes = Cipher();
        var content = Convert.ToBase64String(aes.EncryptCbc(plain, aes.IV, PaddingMode.None));
        var timestamp = s_now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        string[] parts = ["token", timestamp, "n1", content];
        Array.Sort(parts, StringComparer.Ordinal);
        return $$"""{"timeStamp":"{{timestamp}}","nonce":"n1","content":"{{content}}","sig":"{{Sha1(string.Concat(parts))}}"}""";
    }

    private static Aes Cipher()
    {
        var aes = Aes.Create();
        aes.Key = Convert.FromBase64String(AesKey + "=");
        aes.IV = aes.Key[..16];
        return aes;
    }

    [SuppressMessage("Security", "CA5350", Justification = "Fxiaoke's signatures are SHA-1.")]
    private static string Sha1(string text) => Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(text)));

    private static WebhookRequest Request(string body, string? authorization = null) => new(
        "AccountObj", "POST", authorization is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["Authorization"] = authorization }, new Dictionary<string, string>(), Encoding.UTF8.GetBytes(body), s_now);
}

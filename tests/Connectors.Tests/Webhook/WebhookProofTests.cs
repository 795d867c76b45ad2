using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Webhook;

namespace Crm.Integration.Connectors.Tests.Webhook;

public sealed class WebhookProofTests
{
    private const string Body = """{"id":1}""";

    private static readonly DateTimeOffset s_now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_signature_over_the_raw_bytes_is_accepted_and_nothing_else()
    {
        var settings = new WebhookSettings { Secret = "s3cret", SignaturePrefix = "sha256=" };
        var good = "sha256=" + Hex("s3cret", Body);

        Assert.True(Verify(settings, ("X-Signature", good)).Accepted);
        Assert.True(Verify(settings, ("x-signature", good.Replace("sha256=", "", StringComparison.Ordinal).ToUpperInvariant().Insert(0, "sha256="))).Accepted);
        Refused("bad-signature", settings, Body + "\n", ("X-Signature", good));
        Refused("bad-signature", settings, Body, ("X-Signature", "sha256=" + Hex("other", Body)));
        Refused("bad-signature", settings, Body, ("X-Signature", good[..^2]));
        Refused("bad-signature", settings, Body, ("X-Signature", "sha256=zz"));
        Refused("no-signature", settings, Body, ("X-Signature", Hex("s3cret", Body)));
        Refused("no-signature", settings, Body, ("X-Signature", ""));
        Refused("no-signature", settings, Body);
    }

    [Fact]
    public void Both_secrets_are_good_while_one_is_exchanged_for_the_other()
    {
        var settings = new WebhookSettings { Secret = "new", PreviousSecret = "old" };

        Assert.True(Verify(settings, ("X-Signature", Hex("new", Body))).Accepted);
        Assert.True(Verify(settings, ("X-Signature", Hex("old", Body))).Accepted);
        Refused("bad-signature", settings, Body, ("X-Signature", Hex("older", Body)));
    }

    [Fact]
    public void What_was_sent_too_long_ago_or_from_the_future_is_stale()
    {
        var settings = new WebhookSettings { Secret = "s", TimestampHeader = "X-Time" };

        foreach (var (seconds, accepted) in new[] { (0, true), (-290, true), (290, true), (-310, false), (310, false), (-86400, false) })
        {
            var time = s_now.AddSeconds(seconds).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            var verdict = Verify(settings, ("X-Time", time), ("X-Signature", Hex("s", time + "." + Body)));
            Assert.Equal((accepted, accepted ? null : "stale"), (verdict.Accepted, verdict.Reason));
        }

        // The time is signed with the body.
        var now = s_now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var old = s_now.AddDays(-1).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        Refused("bad-signature", settings, Body, ("X-Time", now), ("X-Signature", Hex("s", old + "." + Body)));
        Refused("no-signature", settings, Body, ("X-Signature", Hex("s", Body)));
        Refused("stale", settings, Body, ("X-Time", "soon"), ("X-Signature", Hex("s", "soon." + Body)));
    }

    [Fact]
    public void Without_an_id_the_signature_over_a_time_tells_a_replay()
    {
        var time = s_now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var timed = new WebhookSettings { Secret = "s", TimestampHeader = "X-Time" };
        var signature = Hex("s", time + "." + Body);

        Assert.Equal(signature, Verify(timed, ("X-Time", time), ("X-Signature", signature)).DeliveryId);
        // The same state twice is two deliveries where nothing tells when they were sent.
        Assert.Null(Verify(new() { Secret = "s" }, ("X-Signature", Hex("s", Body))).DeliveryId);
        Assert.Equal("d1", Verify(timed with { DeliveryIdHeader = "X-Id" }, ("X-Id", "d1"), ("X-Time", time), ("X-Signature", signature)).DeliveryId);
    }

    [Fact]
    public void Known_senders_are_set_up_as_the_guide_says()
    {
        var time = s_now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var key = RandomNumberGenerator.GetBytes(24);

        Assert.True(Verify(
            new() { Secret = "whsec", SignatureHeader = "Stripe-Signature", SignaturePrefix = "v1=", TimestampHeader = "Stripe-Signature", TimestampPrefix = "t=" },
            ("Stripe-Signature", $"t={time},v1={Hex("old", "x")},v1={Hex("whsec", time + "." + Body)},v0=abc")).Accepted);
        Assert.True(Verify(
            new() { Secret = "sl", SignatureHeader = "X-Slack-Signature", SignaturePrefix = "v0=", TimestampHeader = "X-Slack-Request-Timestamp", SignedText = "v0:{timestamp}:{body}" },
            ("X-Slack-Request-Timestamp", time),
            ("X-Slack-Signature", "v0=" + Hex("sl", $"v0:{time}:{Body}"))).Accepted);
        Assert.True(Verify(
            new() { Secret = "sh", SignatureHeader = "X-Shopify-Hmac-Sha256", SignatureForm = WebhookSignatureForm.Base64 },
            ("X-Shopify-Hmac-Sha256", Convert.ToBase64String(HMACSHA256.HashData("sh"u8.ToArray(), Encoding.UTF8.GetBytes(Body))))).Accepted);
        Assert.True(Verify(
            new()
            {
                Secret = "whsec_" + Convert.ToBase64String(key),
                SecretForm = WebhookSecretForm.Base64,
                SignatureHeader = "webhook-signature",
                SignaturePrefix = "v1,",
                SignatureForm = WebhookSignatureForm.Base64,
                TimestampHeader = "webhook-timestamp",
                DeliveryIdHeader = "webhook-id",
                SignedText = "{id}.{timestamp}.{body}",
            },
            ("webhook-id", "msg_1"),
            ("webhook-timestamp", time),
            ("webhook-signature", "v1,aGVsbG8= v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"msg_1.{time}.{Body}"))))).Accepted);
    }

    [Fact]
    public void A_token_or_a_password_is_compared_as_a_whole()
    {
        var token = new WebhookSettings { Token = "t0ken", PreviousSecret = "before" };
        Assert.True(Verify(token, ("Authorization", "Bearer t0ken")).Accepted);
        Assert.True(Verify(token, ("Authorization", "before")).Accepted);
        Refused("bad-credentials", token, Body, ("Authorization", "Bearer t0ke"));
        Refused("bad-credentials", token, Body, ("Authorization", "Bearer "));
        Refused("no-credentials", token, Body);

        var basic = new WebhookSettings { User = "shop", Password = "pass:word" };
        Assert.True(Verify(basic, ("Authorization", "Basic " + Convert.ToBase64String("shop:pass:word"u8))).Accepted);
        Refused("bad-credentials", basic, Body, ("Authorization", "Basic " + Convert.ToBase64String("shop:pass"u8)));
        Refused("bad-credentials", basic, Body, ("Authorization", "Basic ???"));
    }

    [Fact]
    public void Settings_that_prove_nothing_are_refused_without_quoting_the_secret()
    {
        foreach (var settings in (WebhookSettings[])
        [
            new(), new() { Secret = "a", Token = "b" }, new() { Password = "p" }, new() { Secret = "canary", SignedText = "{timestamp}" },
            new() { Secret = "canary!", SecretForm = WebhookSecretForm.Hex }, new() { Secret = "canary", SignedText = "{id}{body}" },
        ])
        {
            var refused = Assert.Throws<ConnectorException>(() => new WebhookProof(settings));
            Assert.Equal(FailureKind.Configuration, refused.Kind);
            Assert.DoesNotContain("canary", refused.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_proof_takes_far_less_than_a_millisecond()
    {
        var proof = new WebhookProof(new() { Secret = "new", PreviousSecret = "old", TimestampHeader = "X-Time" });
        var body = new string('x', 4000);
        var time = s_now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var request = Request(body, ("X-Time", time), ("X-Signature", Hex("old", time + "." + body)));
        for (var i = 0; i < 200; i++)
            Assert.True(proof.Verify(request).Accepted);

        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 1000; i++)
            proof.Verify(request);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(1), $"1,000 took {watch.Elapsed}");
    }

    internal static WebhookRequest Request(string body, params (string Name, string Value)[] headers) =>
        new("customers", "POST", headers.ToDictionary(header => header.Name, header => header.Value, StringComparer.Ordinal), new Dictionary<string, string>(), Encoding.UTF8.GetBytes(body), s_now);

    internal static string Hex(string secret, string text) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text)));

    private static WebhookVerdict Verify(WebhookSettings settings, params (string Name, string Value)[] headers) => new WebhookProof(settings).Verify(Request(Body, headers));

    private static void Refused(string reason, WebhookSettings settings, string body, params (string Name, string Value)[] headers)
    {
        var verdict = new WebhookProof(settings).Verify(Request(body, headers));
        Assert.Equal((false, reason), (verdict.Accepted, verdict.Reason));
    }
}

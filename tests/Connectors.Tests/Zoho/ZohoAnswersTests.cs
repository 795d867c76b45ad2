using System.Net;
using System.Text;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Http;
using Crm.Integration.Connectors.Zoho;

namespace Crm.Integration.Connectors.Tests.Zoho;

public sealed class ZohoAnswersTests
{
    private static readonly ZohoSettings s_settings = new() { DataCenter = "eu", ClientId = "1000.A", ClientSecret = "s", RefreshToken = "r" };

    [Theory]
    [InlineData(500, """{"code":"INTERNAL_ERROR","details":{},"message":"x","status":"error"}""", VerdictKind.Retry, FailureKind.Transient)]
    [InlineData(503, "<html>maintenance</html>", VerdictKind.Retry, FailureKind.Transient)]
    [InlineData(404, "<html>lost</html>", VerdictKind.Retry, FailureKind.Transient)]
    [InlineData(429, """{"code":"TOO_MANY_REQUESTS","details":{},"message":"x","status":"error"}""", VerdictKind.Throttled, FailureKind.Transient)]
    [InlineData(401, """{"code":"INVALID_TOKEN","details":{},"message":"invalid oauth token","status":"error"}""", VerdictKind.Unauthorized, FailureKind.Configuration)]
    [InlineData(401, """{"code":"OAUTH_SCOPE_MISMATCH","details":{},"message":"x","status":"error"}""", VerdictKind.Failed, FailureKind.Configuration)]
    [InlineData(403, """{"code":"NO_PERMISSION","details":{"permissions":["Crm_Implied_View_Contacts"]},"message":"x","status":"error"}""", VerdictKind.Failed, FailureKind.Configuration)]
    [InlineData(400, """{"code":"INVALID_MODULE","details":{},"message":"x","status":"error"}""", VerdictKind.Failed, FailureKind.Configuration)]
    [InlineData(400, """{"code":"SOMETHING_NEW","details":{},"message":"x","status":"error"}""", VerdictKind.Failed, FailureKind.Rejected)]
    public void A_refusal_says_what_to_do_and_who_must_act(int status, string body, VerdictKind kind, FailureKind who)
    {
        var verdict = Read(status, body);
        Assert.Equal(kind, verdict.Kind);
        Assert.Equal(who, verdict.Failure!.Kind);
        Assert.NotEmpty(verdict.Failure.Fix);
    }

    [Theory]
    [InlineData("/crm/v8/settings/fields?module=Contacts", "ZohoCRM.settings.ALL")]
    [InlineData("/crm/v8/coql", "ZohoCRM.coql.READ")]
    [InlineData("/crm/bulk/v8/read", "ZohoCRM.bulk.ALL")]
    [InlineData("/crm/v8/actions/watch", "ZohoCRM.notifications.ALL")]
    [InlineData("/crm/v8/upload", "ZohoFiles.files.ALL")]
    [InlineData("/crm/v8/Contacts?fields=id", "ZohoCRM.modules.ALL")]
    public void A_missing_scope_is_named(string path, string scope) =>
        Assert.Contains($"lacks the scope {scope}.", Read(401, """{"code":"OAUTH_SCOPE_MISMATCH"}""", path).Failure!.Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(200)]
    [InlineData(204)]
    [InlineData(304)]
    [InlineData(207)]
    public void A_success_is_one(int status) => Assert.Equal(VerdictKind.Fine, Read(status, "").Kind);

    [Theory]
    [InlineData(400)]
    [InlineData(412)]
    [InlineData(202)]
    public void An_answer_for_each_record_is_for_the_caller_also_when_all_are_refused(int status) =>
        Assert.Equal(VerdictKind.Fine, Read(status, """{"data":[{"code":"INVALID_DATA","details":{"api_name":"Email"},"message":"invalid data","status":"error"}]}""").Kind);

    [Fact]
    public void The_credits_that_are_left_are_made_known()
    {
        using var response = Response(200, "");
        response.Headers.Add("X-API-CREDITS-REMAINING", "12000");
        Assert.Equal((38_000, 50_000), Reader().Read(Request("/crm/v8/Contacts"), response, []).Quota);
    }

    [Fact]
    public void With_no_credits_left_the_run_pauses()
    {
        using var response = Response(429, "");
        response.Headers.Add("X-API-CREDITS-REMAINING", "0");
        var verdict = Reader().Read(Request("/crm/v8/Contacts"), response, """{"code":"TOO_MANY_REQUESTS"}"""u8);
        Assert.Equal(VerdictKind.Exhausted, verdict.Kind);
        Assert.NotNull(verdict.Failure!.PausedUntil);
    }

    [Fact]
    public void Refusals_that_do_not_end_mean_that_the_credits_are_used_up()
    {
        var clock = new StepClock();
        var reader = new ZohoAnswers(s_settings, clock);
        Assert.Equal(VerdictKind.Throttled, Refuse());
        clock.Step(TimeSpan.FromMinutes(1));
        Assert.Equal(VerdictKind.Throttled, Refuse());
        clock.Step(TimeSpan.FromMinutes(2));
        Assert.Equal(VerdictKind.Exhausted, Refuse());
        using var fine = Response(200, "");
        reader.Read(Request("/crm/v8/Contacts"), fine, []);
        Assert.Equal(VerdictKind.Throttled, Refuse());

        VerdictKind Refuse()
        {
            using var response = Response(429, "");
            return reader.Read(Request("/crm/v8/Contacts"), response, """{"code":"TOO_MANY_REQUESTS"}"""u8).Kind;
        }
    }

    [Fact]
    public void A_query_is_not_repeated_in_a_message()
    {
        var failure = Read(400, """{"code":"INVALID_QUERY","details":{"column_name":"Emial","reason":"x"},"message":"jane@example.com","status":"error"}""", "/crm/v8/coql?x=jane@example.com").Failure!;
        Assert.DoesNotContain("jane", failure.Message + failure.Fix, StringComparison.Ordinal);
        Assert.Contains("'Emial'", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"error":"invalid_client"}""", FailureKind.Configuration, "dataCenter")]
    [InlineData("""{"error":"invalid_client_secret"}""", FailureKind.Configuration, "clientSecret")]
    [InlineData("""{"error":"invalid_code"}""", FailureKind.Configuration, "refreshToken")]
    [InlineData("""{"error":"general_error"}""", FailureKind.Transient, "data centre")]
    [InlineData("""{"error_description":"You have made too many requests continuously.","error":"Access Denied","status":"failure"}""", FailureKind.Transient, "ten minutes")]
    [InlineData("<html>", FailureKind.Transient, "tried again")]
    public void A_refused_token_says_what_to_put_right(string body, FailureKind who, string fix)
    {
        var grant = new ZohoGrant(s_settings);
        using var response = Response(200, body);
        var verdict = new ZohoTokenAnswers(grant).Read(Request("/oauth/v2/token"), response, Encoding.UTF8.GetBytes(body));
        Assert.NotEqual(VerdictKind.Fine, verdict.Kind);
        Assert.Equal(who, verdict.Failure!.Kind);
        Assert.Contains(fix, verdict.Failure.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_tells_where_the_API_is()
    {
        var now = DateTimeOffset.UnixEpoch;
        var token = new ZohoGrant(s_settings).Read("""{"access_token":"1000.9f","scope":"ZohoCRM.modules.ALL","api_domain":"https://www.zohoapis.eu","token_type":"Bearer","expires_in":3600}"""u8, now);
        Assert.Equal("1000.9f", token.AccessToken);
        Assert.Equal("https://www.zohoapis.eu", token.Extra["api_domain"]);
        Assert.True(token.RenewAt > now.AddMinutes(50) && token.RenewAt < now.AddHours(1));
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://www.zohoapis.eu/crm/v8/Contacts");
        new ZohoGrant(s_settings).Apply(request, token);
        Assert.Equal("Zoho-oauthtoken 1000.9f", request.Headers.GetValues("Authorization").Single());
    }

    [Theory]
    [InlineData("EU", "accounts.zoho.eu")]
    [InlineData("com.au", "accounts.zoho.com.au")]
    [InlineData(".ca", "accounts.zohocloud.ca")]
    public void A_data_centre_has_its_own_address(string name, string host) => Assert.Equal(host, ZohoDataCenter.Named(name).Accounts);

    [Fact]
    public void An_unknown_data_centre_is_told_with_those_that_there_are() =>
        Assert.Contains("com.au", Assert.Throws<ConnectorException>(() => ZohoDataCenter.Named("de")).Fix, StringComparison.Ordinal);

    [Theory]
    [InlineData("www.zohoapis.eu", "eu")]
    [InlineData("sandbox.zohoapis.com.au", "com.au")]
    [InlineData("127.0.0.1", null)]
    public void The_API_s_address_tells_the_data_centre(string host, string? name) => Assert.Equal(name, ZohoDataCenter.OfApi(host)?.Name);

    private static ZohoAnswers Reader() => new(s_settings, TimeProvider.System);

    private static Verdict Read(int status, string body, string path = "/crm/v8/Contacts")
    {
        using var response = Response(status, body);
        return Reader().Read(Request(path), response, Encoding.UTF8.GetBytes(body));
    }

    private static HttpRequestMessage Request(string path) => new(HttpMethod.Get, "https://www.zohoapis.eu" + path);

    private static HttpResponseMessage Response(int status, string body) => new((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, body.StartsWith('<') ? "text/html" : "application/json") };

    /// <summary>A clock that goes when it is told to.</summary>
    private sealed class StepClock : TimeProvider
    {
        private DateTimeOffset _now = DateTimeOffset.UnixEpoch;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Step(TimeSpan time) => _now += time;

        public override DateTimeOffset GetUtcNow() => _now;

        public override long GetTimestamp() => _now.UtcTicks;
    }
}

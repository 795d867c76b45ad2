using System.Net;
using System.Text;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Http;
using Crm.Integration.Connectors.Salesforce;

namespace Crm.Integration.Connectors.Tests.Salesforce;

public sealed class SalesforceErrorTests
{
    [Theory]
    [InlineData("""[{"message":"bad","errorCode":"MALFORMED_QUERY","fields":["Email"]}]""", "MALFORMED_QUERY", "bad", "Email")]
    [InlineData("""{"id":null,"success":false,"errors":[{"statusCode":"STRING_TOO_LONG","message":"long","fields":["LastName"]}]}""", "STRING_TOO_LONG", "long", "LastName")]
    [InlineData("""{"error":"invalid_grant","error_description":"expired access/refresh token"}""", "invalid_grant", "expired access/refresh token", null)]
    [InlineData("<?xml version=\"1.0\"?><Errors><Error><errorCode>INVALID_SESSION_ID</errorCode><message>Session expired</message></Error></Errors>", "INVALID_SESSION_ID", "Session expired", null)]
    public void Every_shape_of_an_error_is_understood(string body, string code, string message, string? field)
    {
        var error = SalesforceError.Parse(Encoding.UTF8.GetBytes(body))!;
        Assert.Equal((code, message, field), (error.Code, error.Message, error.Fields.Count > 0 ? error.Fields[0] : null));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html><body>Down for maintenance</body></html>")]
    [InlineData("<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><Errors><errorCode>&e;</errorCode></Errors>")]
    [InlineData("[]")]
    [InlineData("{\"a\":")]
    public void A_body_of_somebody_else_is_no_error_of_Salesforce(string body) => Assert.Null(SalesforceError.Parse(Encoding.UTF8.GetBytes(body)));

    [Theory]
    [InlineData("duplicateResut")]
    [InlineData("duplicateResult")]
    public void The_records_that_a_duplicate_rule_found_are_read_however_it_is_spelled(string member)
    {
        var body = $$$"""[{"{{{member}}}":{"matchResults":[{"matchRecords":[{"record":{"attributes":{"type":"Contact"},"Id":"0035g00000AbCdEAAV"}}]}]},"errorCode":"DUPLICATES_DETECTED","message":"Use one of these records?"}]""";
        Assert.Equal(["0035g00000AbCdEAAV"], SalesforceError.Parse(Encoding.UTF8.GetBytes(body))!.Matches);
    }

    [Fact]
    public void An_error_in_a_bulk_result_has_code_text_and_fields()
    {
        var error = SalesforceError.FromBulk("INVALID_FIELD:Failed to deserialize field at col 3. Due to, '2026-13-01' is not a valid value for the type xsd:date:CloseDate --");
        Assert.Equal(("INVALID_FIELD", "CloseDate", WriteFault.BadValue), (error.Code, error.Fields[0], WriteFaults.FaultOf(error)));
        Assert.Equal("UNABLE_TO_LOCK_ROW", SalesforceError.FromBulk("UNABLE_TO_LOCK_ROW:unable to obtain exclusive access to this record: --").Code);
    }

    [Fact]
    public void A_message_does_not_repeat_the_values_of_the_record()
    {
        var write = Pushes.Create(7, "C1", "Ngozi Okafor-Verylongname");
        var outcome = WriteFaults.Outcome(write, new("STRING_TOO_LONG", "Last Name: data value too large: Okafor (max length=80)", ["LastName"]), null);
        Assert.Equal("STRING_TOO_LONG: Last Name: data value too large (max length=80)", outcome.Message);
        outcome = WriteFaults.Outcome(write, new("FIELD_CUSTOM_VALIDATION_EXCEPTION", "not for Ngozi Okafor-Verylongname", []), null);
        Assert.Equal("FIELD_CUSTOM_VALIDATION_EXCEPTION: not for …", outcome.Message);
        Assert.Equal((WriteFault.Validation, FailureKind.Rejected), (outcome.Fault, outcome.Failure));
    }

    [Theory]
    [InlineData(403, """[{"errorCode":"REQUEST_LIMIT_EXCEEDED","message":"TotalRequests Limit exceeded."}]""", VerdictKind.Exhausted)]
    [InlineData(403, """[{"errorCode":"REQUEST_LIMIT_EXCEEDED","message":"ConcurrentRequests (Concurrent API Requests) Limit exceeded."}]""", VerdictKind.Throttled)]
    [InlineData(401, """[{"errorCode":"INVALID_SESSION_ID","message":"Session expired or invalid"}]""", VerdictKind.Unauthorized)]
    [InlineData(401, """[{"errorCode":"INVALID_SESSION_ID","message":"This session is not valid for use with the REST API"}]""", VerdictKind.Failed)]
    [InlineData(400, """[{"errorCode":"UNABLE_TO_LOCK_ROW","message":"x"}]""", VerdictKind.Retry)]
    [InlineData(400, """[{"errorCode":"INVALID_FIELD","message":"x"}]""", VerdictKind.Failed)]
    [InlineData(403, """[{"errorCode":"API_DISABLED_FOR_ORG","message":"x"}]""", VerdictKind.Failed)]
    [InlineData(503, "<html></html>", VerdictKind.Retry)]
    [InlineData(420, "", VerdictKind.Retry)]
    [InlineData(300, """["/services/data/v66.0/sobjects/Contact/0035g00000AbCdEAAV"]""", VerdictKind.Failed)]
    [InlineData(414, "", VerdictKind.Failed)]
    public void Codes_decide_before_the_status_does(int status, string body, VerdictKind kind)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://acme.my.salesforce.com/services/data/v66.0/query?q=secret");
        using var response = new HttpResponseMessage((HttpStatusCode)status);
        response.Headers.Add("Sforce-Limit-Info", "api-usage=45/15000, per-app-api-usage=17/250(appName=x)");
        var verdict = new SalesforceAnswers(TimeProvider.System).Read(request, response, Encoding.UTF8.GetBytes(body));
        Assert.Equal((kind, (45L, 15000L)), (verdict.Kind, verdict.Quota));
        Assert.NotNull(verdict.Failure);
        Assert.DoesNotContain("secret", verdict.Failure.Message, StringComparison.Ordinal);
        Assert.Equal(kind == VerdictKind.Exhausted, verdict.Failure.PausedUntil is not null);
    }

    [Theory]
    [InlineData("invalid_client_id", "client identifier invalid", "clientId")]
    [InlineData("invalid_client", "invalid client credentials", "clientSecret")]
    [InlineData("invalid_grant", "no client credentials user enabled", "run-as")]
    [InlineData("invalid_grant", "user hasn't approved this consumer", "pre-authorized")]
    [InlineData("invalid_grant", "request not supported on this domain", "My Domain")]
    [InlineData("invalid_grant", "expired access/refresh token", "refreshToken")]
    [InlineData("invalid_grant", "expired authorization code", "clock")]
    [InlineData("invalid_grant", "audience is invalid", "test.salesforce.com")]
    [InlineData("inactive_user", "user is inactive", "deactivated")]
    public void A_refused_sign_in_says_what_to_do(string error, string description, string word)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://acme.my.salesforce.com/services/oauth2/token");
        using var response = new HttpResponseMessage(HttpStatusCode.BadRequest);
        var failure = new TokenAnswers().Read(request, response, Encoding.UTF8.GetBytes($$"""{"error":"{{error}}","error_description":"{{description}}"}""")).Failure!;
        Assert.Equal(FailureKind.Configuration, failure.Kind);
        Assert.Contains(word, failure.Message + failure.Fix, StringComparison.Ordinal);
    }
}

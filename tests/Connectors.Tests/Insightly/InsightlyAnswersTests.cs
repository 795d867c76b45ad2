using System.Net;
using System.Text;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Http;
using Crm.Integration.Connectors.Insightly;

namespace Crm.Integration.Connectors.Tests.Insightly;

public sealed class InsightlyAnswersTests
{
    [Fact]
    public void A_wrong_key_says_where_keys_are_and_that_they_belong_to_a_pod()
    {
        var failure = Read(401, "").Failure!;

        Assert.Equal(FailureKind.Configuration, failure.Kind);
        Assert.Contains("User Settings > API", failure.Fix, StringComparison.Ordinal);
        Assert.Contains("pod", failure.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void A_throttled_call_waits()
    {
        var verdict = Read(429, "", ("Retry-After", "2"), ("X-RateLimit-Limit", "60000"), ("X-RateLimit-Remaining", "59000"));

        Assert.Equal(VerdictKind.Throttled, verdict.Kind);
        Assert.Equal((1000, 60000), verdict.Quota);
    }

    [Fact]
    public void A_call_that_is_refused_for_the_day_in_words_pauses_the_run_too() =>
        Assert.Equal(VerdictKind.Exhausted, Read(429, """{"Message":"API daily limit exceeded."}""", ("X-RateLimit-Remaining", "17")).Kind);

    [Theory]
    [InlineData("X-RateLimit-Remaining", "0")]
    [InlineData("Retry-After", "40000")]
    public void A_call_beyond_the_days_limit_pauses_the_run(string header, string value)
    {
        var verdict = Read(429, "", (header, value));

        Assert.Equal(VerdictKind.Exhausted, verdict.Kind);
        Assert.True(verdict.Failure!.PausedUntil > TimeProvider.System.GetUtcNow());
    }

    [Theory]
    [InlineData("""{"Name":"X","Message":"LAST_NAME is required"}""", WriteFault.RequiredMissing)]
    [InlineData("\"The value of PHONE is too long\"", WriteFault.TooLong)]
    [InlineData("Duplicate record", WriteFault.Duplicate)]
    [InlineData("<html>oops</html>", WriteFault.None)]
    [InlineData("{\"Message\":", WriteFault.None)]
    public void A_refusal_is_read_from_its_words(string body, WriteFault expected)
    {
        var failure = Read(400, body).Failure!;

        Assert.Equal(FailureKind.Rejected, failure.Kind);
        Assert.Equal(expected, InsightlyErrors.Fault(failure));
    }

    [Fact]
    public void A_failed_rule_of_the_owner_is_a_validation() => Assert.Equal(WriteFault.Validation, InsightlyErrors.Fault(Read(417, "no").Failure!));

    [Fact]
    public void The_query_with_what_was_searched_for_is_in_no_message() => Assert.DoesNotContain("jane", Read(400, "bad").Failure!.Message, StringComparison.Ordinal);

    private static Verdict Read(int status, string body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://api.na1.insightly.com/v3.1/Contacts/Search?field_value=jane");
        using var response = new HttpResponseMessage((HttpStatusCode)status);
        foreach (var (name, value) in headers)
            response.Headers.Add(name, value);
        return new InsightlyAnswers("insightly", TimeProvider.System).Read(request, response, Encoding.UTF8.GetBytes(body));
    }
}

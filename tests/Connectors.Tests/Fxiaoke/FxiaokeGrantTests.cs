using System.Text;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Fxiaoke;

namespace Crm.Integration.Connectors.Tests.Fxiaoke;

public sealed class FxiaokeGrantTests
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(7200, 6700)]
    [InlineData(900, 400)]
    [InlineData(20, 30)]
    public void A_token_is_renewed_only_when_a_new_one_is_to_be_had(int life, int renewedAfter)
    {
        var token = Grant().Read(Encoding.UTF8.GetBytes($$"""{"errorCode":0,"accessToken":"A1","expiresIn":{{life}},"ea":"acme"}"""), s_now);

        Assert.Equal(s_now.AddSeconds(renewedAfter), token.RenewAt);
        Assert.Equal("acme", token.Extra["ea"]);
    }

    [Fact]
    public void Requests_name_company_and_employee_and_each_has_a_trace_id_of_its_own()
    {
        var token = Grant().Read("""{"errorCode":0,"accessToken":"A1","expiresIn":7200,"ea":"acme"}"""u8, s_now);
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://open.fxiaoke.com/cgi/crm/v2/data/get");

        Grant().Apply(request, token);
        var first = request.RequestUri;
        Grant().Apply(request, token);

        Assert.Equal("Bearer A1", request.Headers.Authorization!.ToString());
        Assert.Equal("acme", request.Headers.GetValues("x-fs-ea").Single());
        Assert.Equal("1000", request.Headers.GetValues("x-fs-userid").Single());
        Assert.StartsWith("?thirdTraceId=", request.RequestUri!.Query, StringComparison.Ordinal);
        Assert.NotEqual(first, request.RequestUri);
    }

    [Fact]
    public void Other_credentials_are_another_account()
    {
        Assert.NotEqual(Grant().Account, Grant("other").Account);
        Assert.DoesNotContain("s3cr3t", Grant("s3cr3t").Account, StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_without_a_token_leads_to_the_address() =>
        Assert.Contains("baseUrl", Assert.Throws<ConnectorException>(() => Grant().Read("[]"u8, s_now)).Fix, StringComparison.Ordinal);

    private static FxiaokeGrant Grant(string secret = "secret") =>
        new(new FxiaokeSettings { AppId = "FSAID_1", AppSecret = secret, PermanentCode = "code" }, new Uri("https://open.fxiaoke.com/"));
}

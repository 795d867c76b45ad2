using System.Net;
using System.Text;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Fxiaoke;
using Crm.Integration.Connectors.Http;

namespace Crm.Integration.Connectors.Tests.Fxiaoke;

public sealed class FxiaokeAnswersTests
{
    [Theory]
    [InlineData(0, VerdictKind.Fine)]
    [InlineData(-1, VerdictKind.Retry)]
    [InlineData(50009, VerdictKind.Retry)]
    [InlineData(30004, VerdictKind.Throttled)]
    [InlineData(14001, VerdictKind.Throttled)]
    [InlineData(30002, VerdictKind.Exhausted)]
    [InlineData(20016, VerdictKind.Unauthorized)]
    [InlineData(20005, VerdictKind.Unauthorized)]
    [InlineData(10006, VerdictKind.Failed)]
    [InlineData(30003, VerdictKind.Failed)]
    [InlineData(11005, VerdictKind.Failed)]
    [InlineData(4711, VerdictKind.Failed)]
    public void The_code_in_the_body_decides_and_not_the_status(int code, VerdictKind expected) =>
        Assert.Equal(expected, Read($$"""{"traceId":"E-O.acme.1","data":{"errorCode":7,"dataList":[]},"errorCode":{{code}},"errorMessage":"success"}""").Kind);

    [Theory]
    [InlineData(11005, FailureKind.Rejected)]
    [InlineData(320002500, FailureKind.Rejected)]
    [InlineData(30003, FailureKind.Configuration)]
    [InlineData(15003, FailureKind.Configuration)]
    [InlineData(20021, FailureKind.Configuration)]
    public void Codes_say_who_must_act(int code, FailureKind expected) =>
        Assert.Equal(expected, Read($$"""{"errorCode":{{code}},"errorMessage":"no"}""").Failure!.Kind);

    [Fact]
    public void The_days_quota_comes_back_at_midnight_in_China()
    {
        var until = Read("""{"errorCode":30002}""").Failure!.PausedUntil!.Value;

        Assert.Equal(TimeSpan.Zero, until.ToOffset(TimeSpan.FromHours(8)).TimeOfDay);
        Assert.InRange(until - TimeProvider.System.GetUtcNow(), TimeSpan.Zero, TimeSpan.FromHours(24));
    }

    [Fact]
    public void What_is_not_the_API_leads_to_the_address()
    {
        var failure = Read("""{"hello":"world"}""").Failure!;

        Assert.Equal(FailureKind.Configuration, failure.Kind);
        Assert.Contains("baseUrl", failure.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_gives_the_trace_id_that_support_asks_for() =>
        Assert.Contains("E-O.acme.1", Read("""{"errorCode":-2,"errorMessage":"boom","traceId":"E-O.acme.1"}""").Failure!.Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("字段[公司名称]必填", WriteFault.RequiredMissing)]
    [InlineData("与已有数据重复", WriteFault.Duplicate)]
    [InlineData("数据已锁定", WriteFault.Locked)]
    [InlineData("无此操作的数据权限", WriteFault.Denied)]
    [InlineData("违反校验规则", WriteFault.Validation)]
    [InlineData("其他", WriteFault.None)]
    public void Refusals_without_a_listed_code_are_read_from_their_words(string words, WriteFault expected) =>
        Assert.Equal(expected, FxiaokeCodes.Fault(Read($$"""{"errorCode":4711,"errorMessage":"{{words}}"}""").Failure!));

    private static Verdict Read(string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://open.fxiaoke.com/cgi/crm/v2/data/create");
        using var response = new HttpResponseMessage(HttpStatusCode.OK);
        return new FxiaokeAnswers("fx", TimeProvider.System).Read(request, response, Encoding.UTF8.GetBytes(body));
    }
}

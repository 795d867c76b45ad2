namespace Crm.Integration.Sandbox.Tests.Fxiaoke;

public sealed class FxiaokeTokenTests
{
    [Fact]
    public async Task The_same_token_comes_back_until_its_last_ten_minutes_and_then_both_are_good()
    {
        await using var account = await FxiaokeAccount.OpenAsync();
        var first = await account.TokenAsync();

        account.Clock.Advance(6599);
        var same = await account.TokenAsync();
        account.Clock.Advance(2);
        var next = await account.TokenAsync();

        Assert.Equal((0, "7200", "sandbox"), ((int)first.Json!["errorCode"]!, first.Text("expiresIn"), first.Text("ea")));
        Assert.Equal((first.Text("accessToken"), "601"), (same.Text("accessToken"), same.Text("expiresIn")));
        Assert.NotEqual(first.Text("accessToken"), next.Text("accessToken"));
        Assert.Equal("0", (await account.AsAsync(first.Text("accessToken")!, "1000", "v2/object/list", "{}")).Text("errorCode"));
        account.Clock.Advance(600);
        Assert.Equal("20016", (await account.AsAsync(first.Text("accessToken")!, "1000", "v2/object/list", "{}")).Text("errorCode"));
        Assert.Equal("0", (await account.AsAsync(next.Text("accessToken")!, "1000", "v2/object/list", "{}")).Text("errorCode"));
    }

    [Fact]
    public async Task Every_failure_has_status_200_and_a_code()
    {
        await using var account = await FxiaokeAccount.OpenAsync();

        Assert.Equal((200, "10006"), await CodeAsync(account.TokenAsync("wrong")));
        Assert.Equal((200, "10006"), await CodeAsync(account.CallAsync("v2/nothing/here", "{}")));
        Assert.Equal((200, "20016"), await CodeAsync(account.AsAsync("forged", "1000", "v2/object/list", "{}")));
        Assert.Equal((200, "20017"), await CodeAsync(account.Playground.CallAsync("POST", "/fxiaoke/cgi/crm/v2/object/list", "{}")));
        Assert.Equal((200, "30027"), await CodeAsync(account.AsAsync(await account.SignInAsync(), "9999", "v2/object/list", "{}")));
    }

    [Fact]
    public async Task The_token_endpoint_takes_ten_calls_a_minute_and_one_at_a_time()
    {
        await using var account = await FxiaokeAccount.OpenAsync();

        await account.Playground.FaultsAsync("""{"kind":"drip","ms":200,"count":1}""");
        var together = await Task.WhenAll(account.TokenAsync(), account.TokenAsync());
        Assert.Single(together, answer => answer.Text("errorCode") == "30004");
        Assert.Equal(1, await account.Playground.CounterAsync("violations"));
        for (var i = 0; i < 7; i++)
            Assert.Equal("0", (await account.TokenAsync()).Text("errorCode"));
        Assert.Equal("30004", (await account.TokenAsync()).Text("errorCode"));
        account.Clock.Advance(61);
        Assert.Equal("0", (await account.TokenAsync()).Text("errorCode"));
    }

    [Fact]
    public async Task The_old_style_carries_its_token_in_the_body_and_names_people_otherwise()
    {
        await using var account = await FxiaokeAccount.OpenAsync();

        var token = await account.Playground.CallAsync("POST", "/fxiaoke/cgi/corpAccessToken/get/V2", """{"appId":"FSAID_sandbox","appSecret":"sandbox-secret","permanentCode":"sandbox-permanent-code"}""");
        var root = $"\"corpAccessToken\":\"{token.Text("corpAccessToken")}\",\"corpId\":\"{token.Text("corpId")}\"";
        var user = await account.Playground.CallAsync("POST", "/fxiaoke/cgi/user/getByMobile", $$"""{ {{root}},"mobile":"13800000000"}""");
        var rows = await account.Playground.CallAsync("POST", "/fxiaoke/cgi/crm/v2/data/query", $$"""{ {{root}},"currentOpenUserId":"{{user.Text("empList", 0, "openUserId")}}","data":{"dataObjectApiName":"ContactObj","search_query_info":{"limit":1,"offset":0,"filters":[],"orders":[]} } }""");

        Assert.Equal("FSUID_1000", user.Text("empList", 0, "openUserId"));
        Assert.Equal("FSUID_1001", rows.Text("data", "dataList", 0, "owner", 0));
    }

    private static async Task<(int, string?)> CodeAsync(Task<Answer> call)
    {
        var answer = await call;
        return (answer.Status, answer.Text("errorCode"));
    }
}

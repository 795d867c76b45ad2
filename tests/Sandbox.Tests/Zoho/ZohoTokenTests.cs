namespace Crm.Integration.Sandbox.Tests.Zoho;

public sealed class ZohoTokenTests
{
    [Fact]
    public async Task A_refresh_token_gives_an_access_token_and_the_address_of_the_API()
    {
        await using var org = await ZohoOrg.OpenAsync();

        var answer = await org.Playground.CallAsync("POST", ZohoOrg.Refresh);

        Assert.Equal(200, answer.Status);
        Assert.Equal(org.Playground.Http.BaseAddress + "zoho", answer.Text("api_domain"));
        Assert.Equal("3600", answer.Text("expires_in"));
        Assert.Null(answer.Json!["refresh_token"]);
        Assert.Equal(2, await org.Playground.CounterAsync("refreshes"));
    }

    [Theory]
    [InlineData("1000.sandbox.refresh", "1000.other", "invalid_code")]
    [InlineData("1000.SANDBOX", "1000.OTHER", "invalid_client")]
    [InlineData("sandbox-secret", "wrong", "invalid_client_secret")]
    public async Task What_is_wrong_with_a_sign_in_comes_with_status_200(string right, string wrong, string error)
    {
        await using var org = await ZohoOrg.OpenAsync();

        var answer = await org.Playground.CallAsync("POST", ZohoOrg.Refresh.Replace(right, wrong, StringComparison.Ordinal));

        Assert.Equal(200, answer.Status);
        Assert.Equal(error, answer.Text("error"));
    }

    [Fact]
    public async Task More_than_ten_tokens_in_ten_minutes_are_refused_as_access_denied()
    {
        await using var org = await ZohoOrg.OpenAsync();
        for (var i = 0; i < 9; i++)
            await org.SignInAsync();

        var refused = await org.Playground.CallAsync("POST", ZohoOrg.Refresh);
        org.Clock.Advance(601);
        var again = await org.Playground.CallAsync("POST", ZohoOrg.Refresh);

        Assert.Equal((400, "Access Denied"), (refused.Status, refused.Text("error")));
        Assert.NotNull(again.Text("access_token"));
        Assert.Equal(1, await org.Playground.CounterAsync("violations"));
    }

    [Fact]
    public async Task A_token_is_good_for_an_hour_and_is_no_bearer()
    {
        await using var org = await ZohoOrg.OpenAsync();
        var token = (await org.Playground.CallAsync("POST", ZohoOrg.Refresh)).Text("access_token");

        var bearer = await org.Playground.CallAsync("GET", "/zoho/crm/v8/org", null, ("Authorization", "Bearer " + token));
        var before = await org.GetAsync("org");
        org.Clock.Advance(3600);
        var after = await org.GetAsync("org");

        Assert.Equal(401, bearer.Status);
        Assert.Equal(200, before.Status);
        Assert.Equal((401, "INVALID_TOKEN"), (after.Status, after.Text("code")));
    }

    [Fact]
    public async Task Another_data_centre_does_not_know_the_client()
    {
        await using var org = await ZohoOrg.OpenAsync();

        var account = await org.Playground.ControlAsync("GET", "account?flow=other-data-centre");
        var answer = await org.Playground.CallAsync("POST", ZohoOrg.Refresh.Replace("/zoho/", "/zoho/other-data-centre/", StringComparison.Ordinal));

        Assert.EndsWith("/zoho/other-data-centre", (string?)account!["accountsUrl"], StringComparison.Ordinal);
        Assert.Equal((200, "invalid_client"), (answer.Status, answer.Text("error")));
    }

    [Fact]
    public async Task The_account_of_the_sandbox_is_a_connection()
    {
        await using var org = await ZohoOrg.OpenAsync();

        var account = await org.Playground.ControlAsync("GET", "account");

        Assert.Equal("zoho", (string?)account!["connector"]);
        Assert.EndsWith("/zoho", (string?)account["accountsUrl"], StringComparison.Ordinal);
    }
}

using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Tests.Http;

public sealed class EgressTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("https://elsewhere.example.com/things")]
    [InlineData("http://127.0.0.1:1/things")]
    [InlineData("http://crm.example.com/things")]
    [InlineData("https://example.com/things")]
    [InlineData("https://evil-example.org/things")]
    public async Task Other_hosts_are_not_contacted(string address)
    {
        await using var server = await TestServer.StartAsync((context, _) => context.Json("{}"));
        using var client = server.Client(profile => profile with { Hosts = ["crm.example.com", "*.example.org"] });

        var failure = await Assert.ThrowsAsync<ConnectorException>(() => client.GetAsync(address, Token));

        Assert.Equal(FailureKind.Configuration, failure.Kind);
        Assert.Contains("not among the hosts", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_within_the_host_is_followed_and_one_to_another_is_not()
    {
        await using var other = await TestServer.StartAsync((context, _) => context.Json("{}"));
        await using var server = await TestServer.StartAsync((context, _) =>
        {
            if (context.Request.Path == "/end")
                return context.Json("{}");
            context.Response.Redirect(context.Request.Path == "/near" ? "/end" : other.Address + "end");
            return Task.CompletedTask;
        });
        using var client = server.Client(profile => profile with { Hosts = [.. profile.Hosts, .. other.Profile.Hosts] });

        using var near = await client.GetAsync("near", Token);
        var failure = await Assert.ThrowsAsync<ConnectorException>(() => client.GetAsync("far", Token));

        Assert.True(near.IsSuccessStatusCode);
        Assert.Contains("redirects to", failure.Message, StringComparison.Ordinal);
        Assert.Empty(other.Requests);
    }
}

using System.Security.Cryptography;
using System.Text;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Inbox;
using Crm.Integration.Hub.Logging;
using Crm.Integration.Hub.Service;
using Crm.Integration.Hub.Store;
using Crm.Integration.Hub.Tests.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Crm.Integration.Hub.Tests.Inbox;

public sealed class HookRoutesTests : IDisposable
{
    private readonly TemporaryHub _hub = new(empty: true);

    public HookRoutesTests() => _hub
        .Write("hub.json", "{}")
        .Write("connections/shop.json", Connection("one"))
        .Write("connections/other.json", Connection("two"))
        .Write("connections/files.json", """{ "connector": "csv", "folder": "in" }""")
        .Write("pipelines/a.json", Pipeline("shop", "eu/customers"))
        .Write("pipelines/b.json", Pipeline("shop", "orders"))
        .Write("pipelines/c.json", Pipeline("other", "customers"))
        .Write("pipelines/d.json", Pipeline("files", "people.csv"));

    public void Dispose() => _hub.Dispose();

    [Fact]
    public async Task Only_streams_that_a_pipeline_takes_from_a_connection_with_webhooks_have_an_address()
    {
        await using var routes = Routes(Live());

        Assert.Equal(("shop", "orders"), (routes.Find("shop/orders")!.Connection, routes.Find("shop/orders")!.Stream));
        Assert.Equal("eu/customers", routes.Find("shop/eu/customers")!.Stream);
        Assert.Same(routes.Find("shop/eu/customers"), routes.Find("shop/eu%2Fcustomers"));
        foreach (var none in (string[])["", "shop", "shop/", "shop/customers", "other/orders", "files/people.csv", "nobody/orders", "SHOP/orders", "shop/orders/"])
            Assert.Null(routes.Find(none));
    }

    [Fact]
    public async Task A_new_configuration_is_gone_by_at_once_and_what_is_unchanged_stays_open()
    {
        var live = Live();
        await using var routes = Routes(live);
        var (shop, other) = (routes.Find("shop/orders")!.Opened.Value, routes.Find("other/customers")!.Opened.Value);
        Assert.True(shop.Verify(Signed("one")).Accepted);

        _hub.Write("connections/shop.json", Connection("new"));
        File.Delete(Path.Combine(_hub.Folder, "pipelines/a.json"));
        live.Replace(HubConfiguration.Load(_hub.Folder));

        Assert.Null(routes.Find("shop/eu/customers"));
        Assert.False(routes.Find("shop/orders")!.Opened.Value.Verify(Signed("one")).Accepted);
        Assert.True(routes.Find("shop/orders")!.Opened.Value.Verify(Signed("new")).Accepted);
        Assert.Same(other, routes.Find("other/customers")!.Opened.Value);
    }

    private static string Connection(string secret) => $$"""{ "connector": "webhook", "secret": "{{secret}}" }""";

    private static string Pipeline(string connection, string stream) => $$"""{ "from": { "connection": "{{connection}}", "stream": "{{stream}}", "key": "id" }, "entity": "customer", "map": { "email": "mail" } }""";

    private static WebhookRequest Signed(string secret)
    {
        var headers = new Dictionary<string, string> { ["Content-Type"] = "application/json", ["X-Signature"] = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), "{}"u8)) };
        return new("orders", "POST", headers, new Dictionary<string, string>(), "{}"u8.ToArray(), TimeProvider.System.GetUtcNow());
    }

    private LiveConfiguration Live() => new(HubConfiguration.Load(_hub.Folder));

    private HookRoutes Routes(LiveConfiguration live) =>
        new(live, MasterStore.EngineOf(live.Current.Settings.Store, _hub.Folder), new SecretRedactor(), NullLoggerFactory.Instance, TimeProvider.System);
}

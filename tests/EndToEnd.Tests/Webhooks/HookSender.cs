using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Crm.Integration.EndToEnd.Tests.Program;
using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.EndToEnd.Tests.Webhooks;

/// <summary>A shop that sends its customers, well or badly, to a hub that runs.</summary>
internal sealed class HookSender : IDisposable
{
    /// <summary>Stands in every body and header of bad requests; no log may hold it.</summary>
    public const string Canary = "canary-Käthe-4711";

    /// <summary>With what requests are signed.</summary>
    public const string Secret = "canary-shop-secret";

    private readonly HttpClient _client;
    private readonly bool _ownsFolder;

    public HookSender(HubFolder folder, ServingHub hub, Uri address, bool ownsFolder = false)
    {
        _ownsFolder = ownsFolder;
        (Folder, Hub, Address) = (folder, hub, address);
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
    }

    public HubFolder Folder { get; }

    public ServingHub Hub { get; }

    public Uri Address { get; }

    /// <summary>A hub with the connection <c>shop</c>, whose stream <c>customers</c> comes by webhook, and the connection <c>files</c>, which takes none.</summary>
    public static HubFolder MakeFolder(string service)
    {
        var folder = HubFolder.Empty();
        folder.Write("hub.json", $$"""{ "service": {{service}} }""");
        folder.Write("connections/shop.json", $$"""
            { "connector": "webhook", "secret": "{{Secret}}", "signaturePrefix": "sha256=", "timestampHeader": "X-Time", "deliveryIdHeader": "X-Delivery", "records": "data" }
            """);
        folder.Write("connections/files.json", """{ "connector": "csv", "folder": "in" }""");
        folder.Write("in/people.csv", "id,first\n");
        folder.Write("pipelines/shop.json", """{ "from": { "connection": "shop", "stream": "customers", "key": "id" }, "entity": "customer", "map": { "name.given": "first" } }""");
        folder.Write("pipelines/files.json", """{ "from": { "connection": "files", "stream": "people.csv", "key": "id" }, "entity": "customer", "map": { "name.given": "first" } }""");
        return folder;
    }

    public static async Task<HookSender> StartAsync(string service = "{}")
    {
        var folder = MakeFolder(service);
        var (hub, address) = await ServingHub.StartAsync(folder);
        return new HookSender(folder, hub, address, ownsFolder: true);
    }

    /// <summary>A body of a customer.</summary>
    public static string Customer(string id) => $$"""{"data":{"id":"{{id}}","first":"{{Canary}}"} }""";

    /// <summary>A request as it should be.</summary>
    public static HttpRequestMessage Good(string delivery, string? body = null, int secondsAgo = 0, string secret = Secret) => Signed(Encoding.UTF8.GetBytes(body ?? Customer(delivery)), delivery, secondsAgo, secret);

    /// <summary>A signed request with any bytes.</summary>
    public static HttpRequestMessage Signed(byte[] body, string delivery, int secondsAgo = 0, string secret = Secret)
    {
        var time = TimeProvider.System.GetUtcNow().AddSeconds(-secondsAgo).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var request = new HttpRequestMessage(HttpMethod.Post, "/hooks/shop/customers") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("X-Time", time);
        request.Headers.Add("X-Delivery", delivery);
        request.Headers.Add("X-Signature", "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), (byte[])[.. Encoding.UTF8.GetBytes(time + "."), .. body])));
        return request;
    }

    public async Task<(HttpStatusCode Status, string Body, HttpResponseHeaders Headers)> SendAsync(HttpRequestMessage request)
    {
        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        if ((int)response.StatusCode >= 400 && request.RequestUri!.OriginalString.StartsWith("/hooks/", StringComparison.Ordinal) && request.Method != HttpMethod.Head)
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        return (response.StatusCode, body, response.Headers);
    }

    /// <summary>A good request passes, on a connection of its own.</summary>
    public async Task AssertGoodPassesAsync(string delivery)
    {
        using var request = Good(delivery);
        request.Headers.ConnectionClose = true;
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(request)).Status);
        Assert.Equal(1, Stored(delivery));
    }

    /// <summary>How often a delivery is in the inbox.</summary>
    public long Stored(string delivery)
    {
        using var store = Inbox(Folder);
        return store.Scalar<long>("select count(*) from inbox where delivery_id = @delivery", new { delivery });
    }

    /// <summary>The store that holds the inbox.</summary>
    public static MasterStore Inbox(HubFolder folder) => MasterStore.Open(MasterStore.EngineOf(new StoreSettings(), folder.Path).Service, TimeProvider.System);

    /// <summary>A socket to the hub.</summary>
    public async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, Address.Port), TestContext.Current.CancellationToken);
        return socket;
    }

    /// <summary>All that the hub wrote to its log and its console.</summary>
    public string Log()
    {
        var log = new StringBuilder(Hub.Errors);
        foreach (var file in Directory.GetFiles(Folder.In("data/logs")))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            log.Append(new StreamReader(stream).ReadToEnd());
        }

        return log.ToString();
    }

    public void Dispose()
    {
        _client.Dispose();
        Hub.Dispose();
        if (_ownsFolder)
            Folder.Dispose();
    }
}

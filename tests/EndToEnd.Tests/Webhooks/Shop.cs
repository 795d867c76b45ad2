using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Crm.Integration.EndToEnd.Tests.Program;

namespace Crm.Integration.EndToEnd.Tests.Webhooks;

/// <summary>A shop that tells the hub of its customers by signed webhooks, each with an id of its own.</summary>
internal sealed class Shop : IDisposable
{
    private const string Secret = "a-secret-of-this-test";

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>A hub folder with the shop as its only source.</summary>
    public static HubFolder Folder(bool onPostgreSql = false)
    {
        var folder = HubFolder.Empty();
        folder.Write("hub.json", """{ "store": { "provider": "sqlite", "connectionString": "Data Source=data/hub.db" } }""");
        folder.Write("connections/shop.json", $$"""{ "connector": "webhook", "secret": "{{Secret}}", "deliveryIdHeader": "X-Delivery" }""");
        folder.Write("pipelines/shop.json", """
            {
              "from": { "connection": "shop", "stream": "people", "key": "id" },
              "entity": "customer",
              "map": { "name.given": "first", "name.family": "last", "email": "email | email" }
            }
            """);
        return onPostgreSql ? folder.OnPostgreSql() : folder;
    }

    /// <summary>Sends a body; the status of the answer, or null when there was none.</summary>
    public async Task<int?> SendAsync(Uri hub, string body, string? delivery = null)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(hub, "hooks/shop/people")) { Content = new ByteArrayContent(bytes) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("X-Signature", Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), bytes)));
        request.Headers.Add("X-Delivery", delivery ?? Guid.NewGuid().ToString());
        try
        {
            using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
            return (int)answer.StatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            // Killed before it answered: a sender sends again.
            return null;
        }
    }

    /// <summary>A customer as the shop tells of him.</summary>
    public static string Person(int id, string last) =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"id":"{{id}}","first":"Person{{id}}","last":"{{last}}","email":"person{{id}}@mail.example"}""");

    public void Dispose() => _http.Dispose();
}

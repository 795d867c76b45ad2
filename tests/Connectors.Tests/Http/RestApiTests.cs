using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Http;
using RestEase;

namespace Crm.Integration.Connectors.Tests.Http;

public interface IThingsApi
{
    [Get("things/{id}")]
    Task<Thing> ReadAsync([Path] string id, CancellationToken cancellationToken);

    [Post("things")]
    Task<Thing> MakeAsync([Body] Thing thing, CancellationToken cancellationToken);
}

public sealed record Thing(string Id, string? Name);

public sealed class RestApiTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_interface_becomes_calls_and_failures_come_out_as_they_do_without_it()
    {
        var body = "";
        await using var server = await TestServer.StartAsync(async (context, _) =>
        {
            body += await new StreamReader(context.Request.Body).ReadToEndAsync();
            await context.Json("""{"id":"7","name":"王"}""", context.Request.Path.Value!.EndsWith('8') ? 403 : 200);
        });
        using var client = server.Client();
        var api = RestApi.For<IThingsApi>(client);

        var made = await api.MakeAsync(new("7", null), Token);
        var failure = await Assert.ThrowsAsync<ConnectorException>(() => api.ReadAsync("8", Token));

        Assert.Equal(new Thing("7", "王"), made);
        Assert.Equal("""{"id":"7"}""", body);
        Assert.Equal(FailureKind.Configuration, failure.Kind);
    }
}

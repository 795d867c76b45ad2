using System.Text;
using System.Text.Json;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Http;
using Microsoft.AspNetCore.Http;
using RestEase;

namespace Crm.Integration.Connectors.Tests.Http;

public interface IThingsApi
{
    [Get("things/{id}")]
    Task<Thing> ReadAsync([Path] string id, CancellationToken cancellationToken);

    [Get("things")]
    Task<IReadOnlyList<Thing>> FindAsync([Query] string name, CancellationToken cancellationToken);

    [Post("things")]
    Task<Thing> MakeAsync([Body] Thing thing, CancellationToken cancellationToken);

    [Post("things"), Repeatable]
    Task<Thing> MakeAgainAsync([Body] Thing thing, CancellationToken cancellationToken);
}

public sealed record Thing(string? Id, string? Name);

public sealed class RestApiTests
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_interface_becomes_calls()
    {
        var body = "";
        await using var server = await TestServer.StartAsync(async (context, _) =>
        {
            body += await new StreamReader(context.Request.Body).ReadToEndAsync();
            await context.Json(context.Request.Method == "GET" ? "[]" : """{"id":"7","name":"王"}""");
        });
        using var client = server.Client();
        var api = Api(client);

        Assert.Equal(new Thing("7", "王"), await api.MakeAsync(new("7", "a"), Token));
        Assert.Empty(await api.FindAsync("a&b=c 王", Token));
        Assert.Equal("""{"id":"7","name":"a"}""", body);
        Assert.Equal("/things?name=a%26b%3Dc%20%E7%8E%8B", server.Requests.Last().Path.Replace("+", "%20", StringComparison.Ordinal), ignoreCase: true);
    }

    [Fact]
    public async Task A_refusal_comes_out_as_it_does_without_an_interface()
    {
        await using var server = await TestServer.StartAsync((context, _) => context.Json("""{"error":"no"}""", 403));
        using var client = server.Client();
        var failure = await Assert.ThrowsAsync<ConnectorException>(() => Api(client).ReadAsync("8", Token));
        Assert.Equal(FailureKind.Configuration, failure.Kind);
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 1)]
    public async Task A_post_whose_answer_is_lost_is_repeated_only_where_the_interface_says_so(bool repeatable, int calls)
    {
        await using var server = await TestServer.StartAsync(async (context, number) =>
        {
            if (number == 1)
                context.Abort();
            else
                await context.Json("""{"id":"7"}""");
        });
        using var client = server.Client();
        var made = await Record.ExceptionAsync(() => repeatable ? Api(client).MakeAgainAsync(new("7", null), Token) : Api(client).MakeAsync(new("7", null), Token));
        Assert.Equal(repeatable, made is null);
        Assert.Equal(calls, server.Requests.Count);
    }

    [Theory]
    [InlineData("""["7"]""")]
    [InlineData("null")]
    [InlineData("""{"id":{}}""")]
    public async Task An_answer_of_another_form_is_told_in_the_words_of_the_connector(string answer)
    {
        await using var server = await TestServer.StartAsync((context, _) => context.Json(answer));
        using var client = server.Client();
        var failure = await Assert.ThrowsAsync<ConnectorException>(() => Api(client).ReadAsync("8", Token));
        Assert.Equal("odd: GET /things/8", failure.Message);
    }

    [Theory]
    [InlineData("application/json; charset=utf8")]
    [InlineData("application/json; charset=no-such-thing")]
    [InlineData("application/json; charset=iso-8859-1")]
    [InlineData("text/plain")]
    public async Task The_body_is_read_as_JSON_whatever_its_header_says(string type)
    {
        await using var server = await TestServer.StartAsync(async (context, _) =>
        {
            context.Response.ContentType = type;
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes("""{"id":"7","name":"王"}"""));
        });
        using var client = server.Client();
        Assert.Equal(new Thing("7", "王"), await Api(client).ReadAsync("7", Token));
    }

    [Fact]
    public async Task No_body_is_an_object_without_members()
    {
        await using var server = await TestServer.StartAsync((context, _) =>
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        });
        using var client = server.Client();
        Assert.Equal(new Thing(null, null), await Api(client).ReadAsync("7", Token));
    }

    private static IThingsApi Api(HttpClient client) =>
        RestApi.For<IThingsApi>(client, s_json, (request, exception) => new(FailureKind.Transient, $"odd: {request.Method} {request.RequestUri!.AbsolutePath}", "", exception));
}

using System.Net;
using System.Text;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Http;
using Microsoft.AspNetCore.Http;

namespace Crm.Integration.Connectors.Tests.Http;

public sealed class RepeatTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    public async Task A_server_error_is_tried_again(int status)
    {
        await using var server = await TestServer.StartAsync((context, number) => context.Json("{}", number < 3 ? status : 200));
        using var client = server.Client();

        using var response = await client.GetAsync("things", Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task Tries_are_bounded_and_the_failure_says_where_and_what()
    {
        await using var server = await TestServer.StartAsync((context, _) => context.Json("{}", 503));
        using var client = server.Client(profile => profile with { Attempts = 3 });

        var failure = await Assert.ThrowsAsync<ConnectorException>(() => client.GetAsync("things?email=jane@example.com", Token));

        Assert.Equal(FailureKind.Transient, failure.Kind);
        Assert.Equal(3, server.Requests.Count);
        Assert.Contains("status 503", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("jane", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_create_whose_answer_was_lost_is_not_sent_again()
    {
        await using var server = await TestServer.StartAsync((context, _) =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        using var client = server.Client();

        var failure = await Assert.ThrowsAsync<ConnectorException>(() => client.PostAsync("things", new StringContent("{}"), Token));

        Assert.Single(server.Requests);
        Assert.True(failure.MayHaveActed);
        Assert.Equal(FailureKind.Transient, failure.Kind);
    }

    [Fact]
    public async Task An_upsert_whose_answer_was_lost_is_sent_again_with_its_content()
    {
        var bodies = new List<string>();
        await using var server = await TestServer.StartAsync(async (context, number) =>
        {
            bodies.Add(await new StreamReader(context.Request.Body).ReadToEndAsync());
            if (number == 1)
                context.Abort();
            else
                await context.Json("{}");
        });
        using var client = server.Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, "things") { Content = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes("content"))) };
        request.Options.Set(ApiClient.Repeatable, true);

        using var response = await client.SendAsync(request, Token);

        Assert.Equal(["content", "content"], bodies);
    }

    [Fact]
    public async Task A_refused_connection_is_tried_again_even_for_a_create()
    {
        await using var server = await TestServer.StartAsync((context, _) => context.Json("{}"));
        await server.DisposeAsync();
        using var client = server.Client(profile => profile with { Attempts = 2 });

        var failure = await Assert.ThrowsAsync<ConnectorException>(() => client.PostAsync("things", new StringContent("{}"), Token));

        Assert.False(failure.MayHaveActed);
        Assert.Contains("refused the connection, tried 2 times", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("truncated")]
    [InlineData("cut-json")]
    [InlineData("html")]
    [InlineData("bad-gzip")]
    [InlineData("reset")]
    public async Task A_body_that_cannot_be_used_is_asked_for_again(string fault)
    {
        await using var server = await TestServer.StartAsync(async (context, number) =>
        {
            if (number > 1)
            {
                await context.Json("""{"ok":true}""");
                return;
            }

            switch (fault)
            {
                case "truncated":
                    context.Response.ContentType = "application/json";
                    context.Response.ContentLength = 1000;
                    await context.Response.WriteAsync("""{"records":[""");
                    await context.Response.Body.FlushAsync();
                    context.Abort();
                    break;
                case "cut-json":
                    await context.Json("""{"records":[{"id":1},""");
                    break;
                case "html":
                    context.Response.ContentType = "text/html; charset=utf-8";
                    await context.Response.WriteAsync("<html>down for maintenance</html>");
                    break;
                case "bad-gzip":
                    context.Response.Headers.ContentEncoding = "gzip";
                    await context.Json("this is not gzip");
                    break;
                default:
                    context.Abort();
                    break;
            }
        });
        using var client = server.Client();

        Assert.Equal("""{"ok":true}""", await client.GetStringAsync("things", Token));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_system_that_does_not_answer_is_given_up_in_time()
    {
        await using var server = await TestServer.StartAsync((context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted));
        using var client = server.Client(profile => profile with { AttemptTimeout = TimeSpan.FromMilliseconds(100), Attempts = 2 });

        var failure = await Assert.ThrowsAsync<ConnectorException>(() => client.GetAsync("things", Token));

        Assert.Contains("did not answer within 0.1 seconds", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_attempts_together_have_a_time_too()
    {
        await using var server = await TestServer.StartAsync((context, _) => context.Json("{}", 503));
        using var client = server.Client(profile => profile with { Attempts = 10, Backoff = TimeSpan.FromSeconds(5), MaxBackoff = TimeSpan.FromSeconds(5), TotalTimeout = TimeSpan.FromMilliseconds(300) });

        var failure = await Assert.ThrowsAsync<ConnectorException>(() => client.GetAsync("things", Token));

        Assert.Contains("did not succeed within", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_system_that_fails_again_and_again_is_left_alone()
    {
        await using var server = await TestServer.StartAsync((context, _) => context.Json("{}", 500));
        using var client = server.Client(profile => profile with { Attempts = 5 });

        await Assert.ThrowsAsync<ConnectorException>(() => client.GetAsync("things", Token));
        await Assert.ThrowsAsync<ConnectorException>(() => client.GetAsync("things", Token));
        var seen = server.Requests.Count;
        var failure = await Assert.ThrowsAsync<ConnectorException>(() => client.GetAsync("things", Token));

        Assert.Equal(8, seen);
        Assert.Equal(seen, server.Requests.Count);
        Assert.Contains("nothing is asked of it for 30 seconds", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_ends_a_wait_at_once()
    {
        await using var server = await TestServer.StartAsync((context, _) =>
        {
            context.Response.Headers.RetryAfter = "60";
            return context.Json("{}", 429);
        });
        using var client = server.Client();
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        var started = TimeProvider.System.GetTimestamp();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetAsync("things", stop.Token));

        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_trace_says_what_happened_and_holds_no_query_and_no_body()
    {
        await using var server = await TestServer.StartAsync((context, number) => context.Json("""{"canary":"in-body"}""", number == 1 ? 503 : 200));
        using var client = server.Client();

        await client.GetStringAsync("things?email=canary", Token);

        Assert.Equal(2, server.Traces.Count);
        Assert.All(server.Traces, line => Assert.DoesNotContain("canary", line, StringComparison.Ordinal));
        Assert.Contains(server.Traces, line => line.Contains("GET", StringComparison.Ordinal) && line.Contains("/things: 200", StringComparison.Ordinal) && line.EndsWith("attempt 2", StringComparison.Ordinal));
    }
}

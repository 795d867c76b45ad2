using System.Globalization;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Http;
using Crm.Integration.Connectors.Tests.Rates;
using Microsoft.AspNetCore.Http;

namespace Crm.Integration.Connectors.Tests.Http;

[Collection(nameof(Undisturbed))]
public sealed class BudgetTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nobody_who_uses_the_account_calls_before_the_time_that_the_system_named()
    {
        await using var server = await TestServer.StartAsync((context, number) =>
        {
            context.Response.Headers.RetryAfter = "1";
            return context.Json("{}", number == 1 ? 429 : 200);
        });
        using var one = server.Client();
        using var other = server.Client();

        var first = one.GetAsync("one", Token);
        while (server.Requests.IsEmpty)
            await Task.Delay(1, Token);
        await Task.Delay(100, Token);
        await Task.WhenAll(first, other.GetAsync("two", Token), other.PostAsync("three", null, Token));

        var times = server.Requests.Select(request => request.At).Order().ToList();
        Assert.Equal(4, times.Count);
        Assert.True(times[1] - times[0] >= TimeSpan.FromSeconds(0.95), (times[1] - times[0]).ToString());
    }

    [Fact]
    public async Task A_throttled_create_is_sent_again()
    {
        await using var server = await TestServer.StartAsync((context, number) =>
        {
            context.Response.Headers.RetryAfter = "0";
            return context.Json("{}", number <= 8 ? 429 : 200);
        });
        using var client = server.Client(profile => profile with { Attempts = 2 });

        using var response = await client.PostAsync("things", new StringContent("x"), Token);

        Assert.Equal(9, server.Requests.Count);
    }

    [Fact]
    public async Task A_refusal_whose_body_breaks_off_is_still_a_refusal()
    {
        await using var server = await TestServer.StartAsync(async (context, number) =>
        {
            if (number > 1)
            {
                await context.Json("{}");
                return;
            }

            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "0";
            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync("{");
            await context.Response.Body.FlushAsync();
            // The beginning has to arrive first.
            await Task.Delay(200);
            context.Abort();
        });
        using var client = server.Client();

        using var response = await client.PostAsync("things", new StringContent("x"), Token);

        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_wait_that_is_too_long_pauses_the_run_instead()
    {
        await using var server = await TestServer.StartAsync((context, _) =>
        {
            context.Response.Headers.RetryAfter = "7200";
            return context.Json("{}", 429);
        });
        using var client = server.Client();

        var failure = await Assert.ThrowsAsync<ConnectorException>(() => client.GetAsync("things", Token));
        var next = await Assert.ThrowsAsync<ConnectorException>(() => client.GetAsync("things", Token));

        Assert.Single(server.Requests);
        Assert.Equal(TimeSpan.FromHours(2), failure.RetryAfter);
        Assert.NotNull(failure.PausedUntil);
        Assert.NotNull(next.PausedUntil);
    }

    [Fact]
    public async Task The_rate_is_kept_and_used()
    {
        await using var server = await TestServer.StartAsync((context, _) => context.Json("{}"));
        using var client = server.Client(profile => profile with { Limits = new() { RequestsPerWindow = 20, Window = TimeSpan.FromSeconds(0.5) } });
        var started = TimeProvider.System.GetTimestamp();

        await Task.WhenAll(Enumerable.Range(0, 80).Select(_ => client.GetAsync("things", Token)));

        // 80 in windows of 20: the fourth begins after 1.5 s.
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 1.45, 4);
        var times = server.Requests.Select(request => request.At).Order().ToList();
        Assert.All(Enumerable.Range(20, 60), i => Assert.True((times[i] - times[i - 20]).TotalSeconds > 0.49, $"{i}: {(times[i] - times[i - 20]).TotalMilliseconds}"));
    }

    [Fact]
    public async Task No_more_requests_are_under_way_than_the_account_may_have()
    {
        var (now, most) = (0, 0);
        await using var server = await TestServer.StartAsync(async (context, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref now));
            await Task.Delay(20);
            Interlocked.Decrement(ref now);
            await context.Json("{}");
        });
        using var client = server.Client(profile => profile with { Limits = new() { Concurrency = 3 } });
        using var other = server.Client(profile => profile with { Limits = new() { Concurrency = 3 } });

        await Task.WhenAll(Enumerable.Range(0, 30).Select(i => (i % 2 == 0 ? client : other).GetAsync("things", Token)));

        Assert.InRange(most, 2, 3);
    }

    [Fact]
    public async Task The_reserve_of_the_day_is_left_to_people()
    {
        await using var server = await TestServer.StartAsync((context, _) => context.Json("{}"));
        using var client = server.Client(profile => profile with { Limits = new() { PerDay = 10 }, Reserve = 0.2 });

        for (var i = 0; i < 8; i++)
            await client.GetAsync("things", Token);
        var failure = await Assert.ThrowsAsync<ConnectorException>(() => client.GetAsync("things", Token));

        Assert.Equal(8, server.Requests.Count);
        Assert.NotNull(failure.PausedUntil);
        Assert.Contains("8 of 10 calls", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_process_goes_on_counting()
    {
        await using var server = await TestServer.StartAsync((context, _) => context.Json("{}"));
        using var client = server.Client(profile => profile with { Account = Guid.NewGuid().ToString(), Limits = new() { PerDay = 10 }, Reserve = 0.2 });
        // To the budget another account is what another process is: it shares nothing but the memory.
        using var other = server.Client(profile => profile with { Account = Guid.NewGuid().ToString(), Limits = new() { PerDay = 10 }, Reserve = 0.2 });

        for (var i = 0; i < 5; i++)
            await client.GetAsync("things", Token);
        for (var i = 0; i < 3; i++)
            await other.GetAsync("things", Token);

        await Assert.ThrowsAsync<ConnectorException>(() => other.GetAsync("things", Token));
    }

    [Fact]
    public async Task A_quota_that_the_system_reports_is_believed()
    {
        await using var server = await TestServer.StartAsync((context, number) =>
        {
            context.Response.Headers["Used"] = (80 + number).ToString(CultureInfo.InvariantCulture);
            return context.Json("{}");
        });
        using var client = server.Client(profile => profile with { Answers = new QuotaAnswers(), Reserve = 0.15 });

        for (var i = 0; i < 5; i++)
            await client.GetAsync("things", Token);
        var failure = await Assert.ThrowsAsync<ConnectorException>(() => client.GetAsync("things", Token));

        Assert.NotNull(failure.PausedUntil);
        Assert.Equal(5, server.Requests.Count);
    }

    [Fact]
    public async Task A_quota_that_is_used_up_stops_everybody()
    {
        var until = TimeProvider.System.GetUtcNow().AddHours(3);
        await using var server = await TestServer.StartAsync((context, _) => context.Json("{}", 403));
        using var client = server.Client(profile => profile with { Answers = new ExhaustedAnswers(until) });

        var failure = await Assert.ThrowsAsync<ConnectorException>(() => client.GetAsync("things", Token));
        await Assert.ThrowsAsync<ConnectorException>(() => client.GetAsync("things", Token));

        Assert.Equal(until, failure.PausedUntil);
        Assert.Single(server.Requests);
    }

    private sealed class QuotaAnswers : IAnswerReader
    {
        public bool ReadsSuccess => false;

        public Verdict Read(HttpRequestMessage request, HttpResponseMessage response, ReadOnlySpan<byte> body) =>
            Verdict.Fine with { Quota = (long.Parse(response.Headers.GetValues("Used").Single(), CultureInfo.InvariantCulture), 100) };
    }

    private sealed class ExhaustedAnswers(DateTimeOffset until) : IAnswerReader
    {
        public bool ReadsSuccess => false;

        public Verdict Read(HttpRequestMessage request, HttpResponseMessage response, ReadOnlySpan<byte> body) =>
            new(VerdictKind.Exhausted) { Failure = new ConnectorException(FailureKind.Transient, "used up", "wait") { PausedUntil = until } };
    }
}

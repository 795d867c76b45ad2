using System.Net;

namespace Crm.Integration.Sandbox.Tests.Frame;

public sealed class LimitTests
{
    private readonly HandClock _clock = new(new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task More_calls_than_the_window_allows_are_refused_and_counted()
    {
        await using var playground = await OpenAsync("""{"requestsPerWindow":3,"windowSeconds":10}""");

        Assert.Equal("...xx", await CallAsync(playground, 5));
        Assert.Equal(2, await playground.CounterAsync("violations"));

        _clock.Advance(10);
        Assert.Equal("...x", await CallAsync(playground, 4));
    }

    [Fact]
    public async Task A_call_inside_the_time_it_was_told_to_wait_is_a_violation()
    {
        await using var playground = await OpenAsync("{}");
        await playground.FaultsAsync("""{"kind":"status","status":503,"retryAfter":30,"count":1}""");

        Assert.Equal("x", await CallAsync(playground, 1));
        _clock.Advance(29);
        Assert.Equal(".", await CallAsync(playground, 1));
        Assert.Equal(1, await playground.CounterAsync("violations"));
        _clock.Advance(1);
        Assert.Equal(".", await CallAsync(playground, 1));
        Assert.Equal(1, await playground.CounterAsync("violations"));
    }

    [Fact]
    public async Task Asking_again_and_again_is_a_violation_each_time()
    {
        await using var playground = await OpenAsync("{}");
        await playground.FaultsAsync("""{"kind":"limit","seconds":30,"count":1}""");

        Assert.Equal("xx", await CallAsync(playground, 2));
        Assert.Equal(0, await playground.CounterAsync("violations"));
        for (var i = 0; i < 5; i++)
        {
            _clock.Advance(0.2);
            Assert.Equal("x", await CallAsync(playground, 1));
        }

        Assert.Equal(4, await playground.CounterAsync("violations"));
    }

    [Fact]
    public async Task The_limit_fault_closes_for_its_seconds()
    {
        await using var playground = await OpenAsync("{}");
        await playground.FaultsAsync("""{"kind":"limit","seconds":5,"count":1}""");

        Assert.Equal("xx", await CallAsync(playground, 2));
        _clock.Advance(5);
        Assert.Equal("..", await CallAsync(playground, 2));
    }

    [Fact]
    public async Task A_days_quota_comes_back_the_next_day()
    {
        await using var playground = await OpenAsync("""{"perDay":2}""");

        Assert.Equal("..x", await CallAsync(playground, 3));
        Assert.Equal(2, (int)(await playground.ControlAsync("GET", "limits"))!["usedToday"]!);
        await playground.ControlAsync("POST", "clock", """{"advanceSeconds":86400}""");
        Assert.Equal(".", await CallAsync(playground, 1));
    }

    [Fact]
    public async Task More_calls_at_once_than_allowed_are_refused()
    {
        await using var playground = await Playground.OpenAsync(new PlainVendor(TimeProvider.System), 1);
        await playground.ControlAsync("PUT", "limits", """{"concurrency":1}""");
        await playground.FaultsAsync("""{"kind":"slow","ms":300}""");

        var answers = await Task.WhenAll(playground.GetAsync("things"), playground.GetAsync("things"), playground.GetAsync("things"));

        Assert.Equal(1, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.Equal(2, await playground.CounterAsync("violations"));
    }

    [Fact]
    public async Task Calls_are_counted_by_kind_and_tokens_are_free()
    {
        await using var playground = await OpenAsync("""{"perDay":3}""");

        await playground.GetAsync("token");
        await playground.GetAsync("things");
        await playground.PostAsync("things", new { name = "x" });

        Assert.Equal((2, 1, 1, 1), (await playground.CounterAsync("calls"), await playground.CounterAsync("readCalls"), await playground.CounterAsync("writeCalls"), await playground.CounterAsync("recordsWritten")));
        await playground.ControlAsync("POST", "counters/reset");
        Assert.Equal(0, await playground.CounterAsync("calls"));
    }

    private async Task<Playground> OpenAsync(string limits)
    {
        var playground = await Playground.OpenAsync(new PlainVendor(_clock), 1);
        await playground.ControlAsync("PUT", "limits", limits);
        return playground;
    }

    private static async Task<string> CallAsync(Playground playground, int times)
    {
        var line = "";
        for (var i = 0; i < times; i++)
            line += (await playground.GetAsync("things")).StatusCode == HttpStatusCode.OK ? '.' : 'x';
        return line;
    }
}

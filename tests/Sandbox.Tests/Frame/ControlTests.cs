using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Sandbox.Tests.Frame;

public sealed class ControlTests
{
    private readonly HandClock _clock = new(new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_front_page_tells_what_runs_here()
    {
        await using var playground = await OpenAsync();

        var page = await playground.Http.GetStringAsync(new Uri("/", UriKind.Relative), Token);

        Assert.Contains("Plain", page, StringComparison.Ordinal);
        Assert.Contains("baseUrl", page, StringComparison.Ordinal);
        Assert.Contains("webhooks/flush", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_exist_is_answered_with_what_does()
    {
        await using var playground = await OpenAsync();

        var (verb, help) = await playground.TryControlAsync("GET", "nonsense");
        Assert.Equal(404, verb);
        Assert.Contains("counters", help!.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("things", (string?)(await playground.TryControlAsync("GET", "records/stuff")).Body!["error"], StringComparison.Ordinal);
        Assert.Equal(422, (await playground.TryControlAsync("GET", "account?flow=magic")).Status);
        Assert.Equal(422, (await playground.TryControlAsync("POST", "records/things/000001/eat")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await playground.GetAsync("stuff")).StatusCode);
    }

    [Fact]
    public async Task A_user_makes_edits_and_deletes_records_without_any_counter_moving()
    {
        await using var playground = await OpenAsync();

        var id = (string)(await playground.ControlAsync("POST", "records/things", """{"name":"one"}"""))!["id"]!;
        await playground.ControlAsync("PATCH", "records/things/" + id, """{"name":"two"}""");
        Assert.Equal("two", (string?)(await playground.ControlAsync("GET", "records/things/" + id))!["name"]);
        await playground.ControlAsync("DELETE", "records/things/" + id);

        Assert.Equal(422, (await playground.TryControlAsync("GET", "records/things/" + id)).Status);
        Assert.Equal(0, await playground.CounterAsync("recordsWritten"));
    }

    [Fact]
    public async Task A_late_commit_appears_later_with_its_earlier_time()
    {
        await using var playground = await OpenAsync();
        await playground.FaultsAsync("""{"kind":"late-commit","seconds":60}""");
        var made = _clock.GetUtcNow();

        var id = (string)(await playground.ControlAsync("POST", "records/things", """{"name":"late"}"""))!["id"]!;
        _clock.Advance(59);
        Assert.Equal(422, (await playground.TryControlAsync("GET", "records/things/" + id)).Status);
        _clock.Advance(1);

        Assert.Equal(made.UtcDateTime, (DateTime)(await playground.ControlAsync("GET", "records/things/" + id))!["modified"]!);
    }

    [Fact]
    public async Task A_skewed_clock_dates_records_and_answers()
    {
        await using var playground = await OpenAsync();
        await playground.FaultsAsync("""{"kind":"clock-skew","seconds":90}""");

        var id = (string)(await playground.ControlAsync("POST", "records/things", """{"name":"x"}"""))!["id"]!;

        var expected = _clock.GetUtcNow().AddSeconds(90);
        Assert.Equal(expected.UtcDateTime, (DateTime)(await playground.ControlAsync("GET", "records/things/" + id))!["modified"]!);
        Assert.Equal(expected, (await playground.GetAsync("things")).Headers.Date);
    }

    [Fact]
    public async Task A_reset_seeds_the_same_people_and_forgets_all_else()
    {
        await using var playground = await OpenAsync();
        var before = (await playground.ControlAsync("GET", "records/things"))!.AsArray().Select(thing => (string?)thing!["name"]);
        await playground.FaultsAsync("""{"kind":"slow"}""");
        await playground.ControlAsync("POST", "records/things", """{"name":"extra"}""");

        await playground.ControlAsync("POST", "reset", """{"records":5,"seed":1}""");

        Assert.Equal(before, (await playground.ControlAsync("GET", "records/things"))!.AsArray().Select(thing => (string?)thing!["name"]));
        Assert.Empty((JsonArray)(await playground.ControlAsync("GET", "faults"))!);
        await playground.ControlAsync("POST", "reset", """{"records":4,"seed":1,"first":1}""");
        Assert.Equal(before.Skip(1), (await playground.ControlAsync("GET", "records/things"))!.AsArray().Select(thing => (string?)thing!["name"]));
    }

    [Fact]
    public async Task Webhooks_go_out_when_flushed_in_order_twice_or_not_at_all()
    {
        await using var playground = await OpenAsync();
        var received = new List<string>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        await using var listener = builder.Build();
        listener.MapPost("/hook", async context => received.Add(await new StreamReader(context.Request.Body).ReadToEndAsync(Token)));
        await listener.StartAsync(Token);
        await playground.ControlAsync("PUT", "webhooks", $$"""{"target":"{{listener.Urls.First()}}/hook"}""");

        async Task<string> ThreeAsync(string flush)
        {
            received.Clear();
            for (var i = 0; i < 3; i++)
                await playground.ControlAsync("POST", "records/things", """{"name":"x"}""");
            await playground.ControlAsync("POST", "webhooks/flush", flush);
            return string.Join(' ', received.Select(id => int.Parse(id, System.Globalization.CultureInfo.InvariantCulture)));
        }

        Assert.Equal("6 7 8", await ThreeAsync("{}"));
        Assert.Equal("11 11 10 10 9 9", await ThreeAsync("""{"reverse":true,"repeat":2}"""));
        await playground.FaultsAsync("""{"kind":"drop-webhook","count":2}""");
        Assert.Equal("14", await ThreeAsync("{}"));
        Assert.Equal(2, await playground.CounterAsync("webhooksDropped"));
    }

    [Fact]
    public async Task Automatic_webhooks_go_out_by_themselves()
    {
        await using var playground = await OpenAsync();
        var received = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        await using var listener = builder.Build();
        listener.MapPost("/hook", async context => received.TrySetResult(await new StreamReader(context.Request.Body).ReadToEndAsync(Token)));
        await listener.StartAsync(Token);
        await playground.ControlAsync("PUT", "webhooks", $$"""{"target":"{{listener.Urls.First()}}/hook","automatic":true}""");

        await playground.ControlAsync("POST", "records/things", """{"name":"x"}""");

        Assert.Equal("000006", await received.Task.WaitAsync(TimeSpan.FromSeconds(30), Token));
    }

    private Task<Playground> OpenAsync() => Playground.OpenAsync(new PlainVendor(_clock), 5);
}

using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Crm.Integration.Sandbox.Tests.Frame;

public sealed class FaultTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_status_strikes_as_often_as_told_after_as_many_as_told_and_only_its_path()
    {
        await using var playground = await OpenAsync();
        await playground.FaultsAsync("""{"kind":"status","status":503,"retryAfter":0,"count":2,"after":1,"path":"/things"}""");

        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 5; i++)
            statuses.Add((await playground.GetAsync("things")).StatusCode);

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK, HttpStatusCode.OK], statuses);
        Assert.Equal(HttpStatusCode.OK, (await playground.GetAsync("token")).StatusCode);
    }

    [Fact]
    public async Task A_status_is_told_in_the_vendors_form_or_with_the_body_given()
    {
        await using var playground = await OpenAsync();
        await playground.FaultsAsync("""{"kind":"status","status":500,"count":1},{"kind":"status","status":502,"body":"<html/>","count":1}""");

        Assert.Equal("""{"plain":500}""", await BodyAsync(playground));
        Assert.Equal("<html/>", await BodyAsync(playground));
    }

    [Fact]
    public async Task Chance_is_the_same_every_time()
    {
        await using var playground = await OpenAsync();

        async Task<string> RoundAsync()
        {
            await playground.FaultsAsync("""{"kind":"status","status":500,"probability":0.5}""");
            var statuses = "";
            for (var i = 0; i < 20; i++)
                statuses += (await playground.GetAsync("things")).StatusCode == HttpStatusCode.OK ? '.' : 'x';
            return statuses;
        }

        var first = await RoundAsync();
        Assert.Contains('.', first);
        Assert.Contains('x', first);
        Assert.Equal(first, await RoundAsync());
    }

    [Fact]
    public async Task A_reset_cuts_the_connection_and_does_nothing()
    {
        await using var playground = await OpenAsync();
        await playground.FaultsAsync("""{"kind":"reset","count":1}""");

        await Assert.ThrowsAsync<HttpRequestException>(() => playground.PostAsync("things", new { name = "x" }));

        Assert.Equal(0, await playground.CounterAsync("created"));
        Assert.Equal("reset", (string?)(await LastAsync(playground))["fault"]);
        Assert.Equal(0, (int)(await LastAsync(playground))["status"]!);
    }

    [Fact]
    public async Task A_lost_answer_has_been_applied()
    {
        await using var playground = await OpenAsync();
        await playground.FaultsAsync("""{"kind":"lose-answer","count":1}""");

        Assert.Equal(HttpStatusCode.OK, (await playground.GetAsync("things")).StatusCode);
        await Assert.ThrowsAsync<HttpRequestException>(() => playground.PostAsync("things", new { name = "x" }));

        Assert.Equal(1, await playground.CounterAsync("created"));
        Assert.Equal(4, (int)(await playground.ControlAsync("GET", "records"))!["things"]!);
    }

    [Fact]
    public async Task A_truncated_body_ends_half_way_and_looks_whole_to_the_transport()
    {
        await using var playground = await OpenAsync();
        var whole = await BodyAsync(playground);
        await playground.FaultsAsync("""{"kind":"truncate","count":1},{"kind":"truncate","abort":true,"count":1}""");

        var half = await BodyAsync(playground);
        Assert.StartsWith(half, whole, StringComparison.Ordinal);
        Assert.True(half.Length < whole.Length);
        Assert.ThrowsAny<JsonException>(() => JsonNode.Parse(half));

        await Assert.ThrowsAsync<HttpRequestException>(() => BodyAsync(playground));
    }

    [Fact]
    public async Task A_page_and_a_broken_gzip_come_instead_of_the_answer()
    {
        await using var playground = await OpenAsync();
        await playground.FaultsAsync("""{"kind":"html","count":1},{"kind":"html","status":503,"count":1},{"kind":"bad-gzip","count":1}""");

        var page = await playground.GetAsync("things");
        Assert.Equal((HttpStatusCode.OK, "text/html"), (page.StatusCode, page.Content.Headers.ContentType!.MediaType));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await playground.GetAsync("things")).StatusCode);

        var packed = await playground.GetAsync("things");
        Assert.Equal(["gzip"], packed.Content.Headers.ContentEncoding);
        await using var unpacked = new System.IO.Compression.GZipStream(await packed.Content.ReadAsStreamAsync(Token), System.IO.Compression.CompressionMode.Decompress);
        await Assert.ThrowsAsync<InvalidDataException>(() => unpacked.CopyToAsync(Stream.Null, Token));
    }

    [Fact]
    public async Task Slow_and_dripping_answers_are_whole_but_late()
    {
        await using var playground = await OpenAsync();
        var whole = await BodyAsync(playground);
        await playground.FaultsAsync("""{"kind":"slow","ms":200,"count":1},{"kind":"drip","ms":50,"bytes":50,"count":1}""");

        for (var i = 0; i < 2; i++)
        {
            var started = Stopwatch.GetTimestamp();
            Assert.Equal(whole, await BodyAsync(playground));
            Assert.InRange(Stopwatch.GetElapsedTime(started).TotalMilliseconds, 95, 10_000);
        }
    }

    [Fact]
    public async Task Tokens_expire_once_unless_told_otherwise()
    {
        var vendor = new PlainVendor(TimeProvider.System);
        await using var playground = await Playground.OpenAsync(vendor, 3);
        await playground.FaultsAsync("""{"kind":"expire-token","after":1}""");

        await playground.GetAsync("things");
        Assert.False(vendor.Expired);
        await playground.GetAsync("things");
        Assert.True(vendor.Expired);
    }

    [Fact]
    public async Task A_vendors_own_fault_strikes_where_the_vendor_looks()
    {
        await using var playground = await OpenAsync();
        await playground.FaultsAsync("""{"kind":"lock","count":1}""");

        Assert.Equal(HttpStatusCode.OK, (await playground.GetAsync("things")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await playground.PostAsync("things", new { name = "x" })).StatusCode);
        Assert.Equal("lock", (string?)(await LastAsync(playground))["fault"]);
        Assert.Equal(HttpStatusCode.Created, (await playground.PostAsync("things", new { name = "x" })).StatusCode);
    }

    [Theory]
    [InlineData("""[{"kind":"bulk-fail"}]""", "plain cannot show 'bulk-fail'")]
    [InlineData("""[{"kind":"locusts"}]""", "which no vendor can")]
    [InlineData("""[{"kind":"status","satus":500}]""", "satus")]
    public async Task What_cannot_be_shown_is_refused_by_name(string faults, string named)
    {
        await using var playground = await OpenAsync();

        var (status, answer) = await playground.TryControlAsync("PUT", "faults", faults);

        Assert.Equal(422, status);
        Assert.Contains(named, (string?)answer!["error"], StringComparison.Ordinal);
    }

    private static Task<Playground> OpenAsync() => Playground.OpenAsync(new PlainVendor(TimeProvider.System), 3);

    private static async Task<string> BodyAsync(Playground playground) => await (await playground.GetAsync("things")).Content.ReadAsStringAsync(Token);

    private static async Task<JsonNode> LastAsync(Playground playground) => (await playground.RequestsAsync())[^1]!;
}

using System.Globalization;
using System.Text.Json;
using System.Text;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Http;
using Crm.Integration.Connectors.Tests.Rates;
using Crm.Integration.Mapping.Records;
using Microsoft.AspNetCore.Http;

namespace Crm.Integration.Connectors.Tests.Http;

[Collection(nameof(Undisturbed))]
public sealed class BodyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public async Task Records_are_read_one_by_one_however_the_body_is_cut(int piece)
    {
        const string json = """{"totalSize":3,"done":false,"info":{"more":true},"records":[{"Id":"1","Name":"王小明 😀"},{"Id":"2","n":1.50,"nested":{"a":[1,2]}},{"Id":"3"}],"nextRecordsUrl":"/next"}""";
        var others = new Dictionary<string, string>();
        var values = new JsonValues(new Shape());
        using var body = new Dripping(Encoding.UTF8.GetBytes(json), piece);

        var rows = await JsonRecords.ReadAsync(body, "records", values.ReadRow, (name, value) => others[name] = value.ToString(), Token).ToListAsync(Token);

        Assert.Equal(["1", "2", "3"], rows.Select(row => row["Id"].AsText));
        Assert.Equal("王小明 😀", rows[0]["Name"].AsText);
        Assert.Equal(1.5m, rows[1]["n"].AsNumber);
        Assert.Equal(2, rows[1]["nested"].AsObject!["a"].AsList.Count);
        Assert.Equal("/next", others["nextRecordsUrl"]);
        Assert.Equal("""{"more":true}""", others["info"]);
    }

    [Theory]
    [InlineData("""{"records":[{"Id":"1"},{"Id":""")]
    [InlineData("""{"records":[{"Id":"1"}""")]
    [InlineData("<html></html>")]
    [InlineData("")]
    public async Task A_body_that_ends_early_is_a_failure_that_passes(string json)
    {
        var values = new JsonValues(new Shape());
        using var body = new MemoryStream(Encoding.UTF8.GetBytes(json));

        var failure = await Assert.ThrowsAsync<ConnectorException>(async () => await JsonRecords.ReadAsync(body, "records", values.ReadRow, null, Token).ToListAsync(Token));

        Assert.Equal(FailureKind.Transient, failure.Kind);
    }

    [Fact]
    public async Task An_array_by_itself_is_read_too()
    {
        using var body = new MemoryStream("[1,2,3]"u8.ToArray());

        Assert.Equal([1, 2, 3], await JsonRecords.ReadAsync(body, null, (ref Utf8JsonReader reader) => reader.GetInt32(), null, Token).ToListAsync(Token));
    }

    [Fact]
    public async Task Values_have_the_types_that_discovery_told()
    {
        var values = new JsonValues(new Shape(), new Dictionary<string, StreamFieldType>
        {
            ["SystemModstamp"] = StreamFieldType.Instant,
            ["Birthdate"] = StreamFieldType.Date,
            ["Broken"] = StreamFieldType.Instant,
            ["Active"] = StreamFieldType.Boolean,
            ["Number"] = StreamFieldType.Text,
        }) { VersionField = "SystemModstamp", Without = new HashSet<string> { "attributes" } };
        using var body = new MemoryStream("""[{"attributes":{"type":"Contact"},"SystemModstamp":"2026-03-01T08:00:00.123+0000","Birthdate":"1990-02-03","Broken":"soon","Active":"true","Number":42}]"""u8.ToArray());

        var row = Assert.Single(await JsonRecords.ReadAsync(body, null, values.ReadRow, null, Token).ToListAsync(Token));

        Assert.Equal("2026-03-01T08:00:00.123Z", row.Version);
        Assert.Equal(ValueKind.Instant, row["SystemModstamp"].Kind);
        Assert.Equal(new DateOnly(1990, 2, 3), row["Birthdate"].AsDate);
        Assert.Equal("soon", row["Broken"].AsText);
        Assert.True(row["Active"].AsBoolean);
        Assert.Equal("42", row["Number"].AsText);
        Assert.Equal(-1, row.Shape.Find("attributes"));
    }

    [Theory]
    [InlineData("2026-03-01T08:00:00Z", "2026-03-01T08:00:00.000Z")]
    [InlineData("2026-03-01T08:00:00+08:00", "2026-03-01T00:00:00.000Z")]
    [InlineData("2026-03-01T08:00:00.5+0800", "2026-03-01T00:00:00.500Z")]
    [InlineData("2026-03-01 08:00:00", "2026-03-01T08:00:00.000Z")]
    [InlineData("03/01/2026", null)]
    public void Instants_are_understood_as_apis_write_them(string text, string? expected) =>
        Assert.Equal(expected, ApiValues.Instant(text, TimeZoneInfo.Utc) is { } instant ? ApiValues.Iso(instant) : null);

    [Fact]
    public async Task Memory_stays_flat_over_a_long_body()
    {
        var record = Encoding.UTF8.GetBytes($$"""{"Id":"003000000000001","Name":"{{new string('x', 200)}}"},""");
        await using var server = await TestServer.StartAsync(async (context, _) =>
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("""{"records":[""");
            for (var i = 0; i < 300_000; i++)
                await context.Response.BodyWriter.WriteAsync(record);
            await context.Response.WriteAsync("""{"Id":"last"}]}""");
        });
        using var client = server.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, "things");
        request.Options.Set(ApiClient.Streamed, true);
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        await using var body = await response.Content.ReadAsStreamAsync(Token);
        var values = new JsonValues(new Shape());
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var (count, most) = (0, 0L);
        await foreach (var row in JsonRecords.ReadAsync(body, "records", values.ReadRow, null, Token))
        {
            if (++count % 50_000 == 0)
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
        }

        Assert.Equal(300_001, count);
        Assert.True(most < 8 * 1024 * 1024, most.ToString("N0", CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task A_streamed_body_that_breaks_off_says_so_and_gives_its_place_free()
    {
        await using var server = await TestServer.StartAsync(async (context, number) =>
        {
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = number == 1 ? 100 : 2;
            await context.Response.WriteAsync("[]");
            await context.Response.Body.FlushAsync();
            if (number > 1)
                return;
            // The beginning has to arrive first.
            await Task.Delay(200);
            context.Abort();
        });
        using var client = server.Client(profile => profile with { Limits = new() { Concurrency = 1 } });

        async Task<int> Read()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "things");
            request.Options.Set(ApiClient.Streamed, true);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
            using var copy = new MemoryStream();
            await (await response.Content.ReadAsStreamAsync(Token)).CopyToAsync(copy, Token);
            return (int)copy.Length;
        }

        var failure = await Assert.ThrowsAsync<ConnectorException>(Read);
        Assert.Equal(FailureKind.Transient, failure.Kind);
        Assert.Equal(2, await Read());
    }

    [Fact]
    public async Task A_failure_hidden_in_a_success_is_seen_and_the_stream_is_whole_all_the_same()
    {
        await using var server = await TestServer.StartAsync((context, number) => context.Json(number == 1 ? """{"errorCode":1}""" : """{"errorCode":0}"""));
        using var client = server.Client(profile => profile with { Answers = new Hidden() });
        using var request = new HttpRequestMessage(HttpMethod.Post, "things");
        request.Options.Set(ApiClient.Streamed, true);

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);

        Assert.Equal("""{"errorCode":0}""", await response.Content.ReadAsStringAsync(Token));
    }

    private sealed class Hidden : IAnswerReader
    {
        public bool ReadsSuccess => true;

        public Verdict Read(HttpRequestMessage request, HttpResponseMessage response, ReadOnlySpan<byte> body) =>
            body.IndexOf("\"errorCode\":0"u8) >= 0 ? Verdict.Fine : new(VerdictKind.Retry) { NothingDone = true };
    }
}

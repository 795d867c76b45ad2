using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Webhook;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Tests.Webhook;

public sealed class WebhookReadingTests
{
    private static readonly WebhookSettings s_settings = new() { Secret = "s" };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("application/json", """{"id":"1","name":"李"}""")]
    [InlineData("application/json; charset=utf-8", "\uFEFF[{\"id\":\"1\",\"name\":\"李\"}]")]
    [InlineData("application/vnd.shop+json", """[{"id":"1","name":"李"}]""")]
    [InlineData("application/x-ndjson", "{\"id\":\"1\",\"name\":\"李\"}\r\n\n")]
    [InlineData("text/csv", "id;name\n1;李\n")]
    [InlineData("application/xml", """<?xml version="1.0"?><c><id>1</id><name>李</name></c>""")]
    [InlineData("application/x-www-form-urlencoded", "id=1&name=%E6%9D%8E")]
    public async Task A_record_is_the_same_in_every_format(string type, string body)
    {
        var row = Assert.Single(await ReadAsync(s_settings, type, body));

        Assert.Equal(("1", "李"), (row["id"].ToText(), row["name"].ToText()));
        Assert.False(row.IsDelete);
    }

    [Theory]
    [InlineData("data.items[*]", """{"data":{"items":[{"id":1},{"id":2}]}}""", "1,2")]
    [InlineData("data.items", """{"data":{"items":{"id":1}}}""", "1")]
    [InlineData("$.orders[*].customer", """{"orders":[{"customer":{"id":1}},{"customer":{"id":2}}]}""", "1,2")]
    [InlineData("data", """{"data":[]}""", "")]
    [InlineData(null, """[{"id":1},[{"id":2}]]""", "1,2")]
    public async Task Records_are_taken_from_where_they_are(string? path, string body, string ids) =>
        Assert.Equal(ids, string.Join(',', (await ReadAsync(s_settings with { Records = path }, "application/json", body)).Select(row => row["id"].ToText())));

    [Fact]
    public async Task Xml_has_its_attributes_and_repeated_elements()
    {
        var rows = await ReadAsync(
            s_settings with { Records = "customer" },
            "text/xml",
            """<list xmlns="urn:x"><customer id="1"><phone>1</phone><phone>2</phone><note lang="en">hi</note></customer><customer id="2"/></list>""");

        Assert.Equal(["1", "2"], rows.Select(row => row["@id"].ToText()));
        Assert.Equal(["1", "2"], rows[0]["phone"].AsList.Select(phone => phone.ToText()));
        Assert.Equal("hi", rows[0]["note"].AsObject!["#text"].ToText());
    }

    [Theory]
    [InlineData("""{"event":"customer.deleted","data":{"id":1}}""", true)]
    [InlineData("""{"event":"customer.gone","data":{"id":1}}""", true)]
    [InlineData("""{"event":"customer.updated","data":{"id":1}}""", false)]
    [InlineData("""{"event":"customer.updated","data":{"id":1,"event":"customer.deleted"}}""", true)]
    public async Task What_is_gone_is_told_by_the_record_or_its_envelope(string body, bool gone)
    {
        var settings = s_settings with { Records = "data", DeletedWhen = "event = customer.deleted | customer.gone" };
        Assert.Equal(gone, Assert.Single(await ReadAsync(settings, "application/json", body)).IsDelete);
    }

    [Fact]
    public async Task The_version_of_a_record_is_told_by_the_record_or_its_envelope() => Assert.Equal(
        ["7", "2026-05-01T00:00:00Z"],
        (await ReadAsync(s_settings with { Records = "data", Modified = "at" }, "application/json", """{"at":"2026-05-01T00:00:00Z","data":[{"id":1,"at":7},{"id":2}]}""")).Select(row => row.Version));

    [Theory]
    [InlineData("application/json", "canary {")]
    [InlineData("application/json", "")]
    [InlineData("application/json", "\"canary\"")]
    [InlineData("application/json", "[1, 2]")]
    [InlineData("application/x-ndjson", "{}\ncanary")]
    [InlineData("text/csv", "id,name\n1,canary,3\n")]
    [InlineData("text/csv", "id,name\n1,\"canary\" x\n")]
    [InlineData("application/xml", "<a>canary")]
    [InlineData("application/xml", "<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><a>&e;</a>")]
    [InlineData("application/xml", "<!DOCTYPE a [<!ENTITY b \"canary\"><!ENTITY c \"&b;&b;\">]><a>&c;</a>")]
    public async Task A_body_that_cannot_be_read_is_rejected_without_quoting_it(string type, string body)
    {
        var rejected = await Assert.ThrowsAsync<ConnectorException>(() => ReadAsync(s_settings, type, body));

        Assert.Equal(FailureKind.Rejected, rejected.Kind);
        Assert.DoesNotContain("canary", rejected.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("root:", rejected.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/json", "[", "]")]
    [InlineData("application/xml", "<a>", "</a>")]
    public async Task A_body_that_nests_without_end_is_rejected(string type, string open, string close) =>
        Assert.Equal(FailureKind.Rejected, (await Assert.ThrowsAsync<ConnectorException>(() => ReadAsync(s_settings, type, string.Concat(Enumerable.Repeat(open, 100_000)) + string.Concat(Enumerable.Repeat(close, 100_000))))).Kind);

    [Fact]
    public async Task A_pull_gives_nothing_and_says_why()
    {
        await using var connection = Open(s_settings);
        var pages = new List<Page>();
        await foreach (var page in connection.PullAsync(new("customers"), Token))
            pages.Add(page);

        var only = Assert.Single(pages);
        Assert.Empty(only.Rows);
        Assert.False(only.CompletesSnapshot);
        Assert.Contains("hub serve", Assert.Single(only.Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/plain", 415)]
    [InlineData("application/octet-stream", 415)]
    [InlineData("application/json", 0)]
    public void A_content_type_that_is_not_known_is_refused_once_the_request_is_proven(string type, int status)
    {
        var connection = Open(s_settings);
        var genuine = WebhookProofTests.Request("{}", ("Content-Type", type), ("X-Signature", WebhookProofTests.Hex("s", "{}")));

        var verdict = connection.Verify(genuine);
        Assert.Equal((status == 0, status == 0 ? null : "unknown-content-type"), (verdict.Accepted, verdict.Reason));
        Assert.Equal("no-signature", connection.Verify(WebhookProofTests.Request("{}", ("Content-Type", type))).Reason);
        Assert.True(Open(s_settings with { Format = WebhookFormat.Json }).Verify(genuine).Accepted);
    }

    [Fact]
    public void Who_tries_the_address_out_is_answered_and_nothing_is_taken()
    {
        var connection = Open(s_settings);

        Assert.True(connection.Verify(WebhookProofTests.Request("") with { Method = "GET" }).IsProbe);
        Assert.True(connection.Verify(WebhookProofTests.Request("", ("X-Signature", WebhookProofTests.Hex("s", "")))).IsProbe);
        Assert.False(connection.Verify(WebhookProofTests.Request("")).Accepted);
    }

    private static WebhookConnection Open(WebhookSettings settings) => new(settings, new("shop", ".", TimeProvider.System));

    private static async Task<List<SourceRow>> ReadAsync(WebhookSettings settings, string type, string body)
    {
        await using var connection = Open(settings);
        var rows = new List<SourceRow>();
        await foreach (var page in connection.ReadAsync(WebhookProofTests.Request(body, ("Content-Type", type)), new("customers"), Token))
            rows.AddRange(page.Rows);
        return rows;
    }
}

using System.Text;
using System.Text.Json.Nodes;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Zoho;

namespace Crm.Integration.Connectors.Tests.Zoho;

/// <summary>Check, discovery and notifications, against the sandbox.</summary>
public sealed class ZohoConnectionTests
{
    private static readonly Uri s_hooks = new("https://hub.example.com/hooks/zoho-eu");

    [Fact]
    public async Task A_good_connection_passes_every_line_of_the_check()
    {
        await using var sandbox = await ZohoSandbox.StartAsync(3);
        await using var connection = sandbox.Open();
        var lines = await connection.CheckAsync(TestContext.Current.CancellationToken);
        Assert.All(lines, line => Assert.True(line.Passed, $"{line.Subject}: {line.Message}"));
        Assert.Equal(["sign-in", "scopes", "modules", "records", "queries", "notifications"], lines.Select(line => line.Subject));
    }

    [Theory]
    [InlineData("client", "does not know the client", "dataCenter")]
    [InlineData("secret", "refuses the client's secret", "clientSecret")]
    [InlineData("refresh", "refuses the refresh token", "refreshToken")]
    [InlineData("center", "no such data centre", "com.au")]
    [InlineData("address", "`accountsUrl` is not an address", "https://")]
    public async Task A_wrong_setting_is_told_with_what_to_do(string wrong, string says, string fix)
    {
        await using var sandbox = await ZohoSandbox.StartAsync(3);
        sandbox.Settings = wrong switch
        {
            "client" => sandbox.Settings with { ClientId = "1000.OTHER" },
            "secret" => sandbox.Settings with { ClientSecret = "other" },
            "refresh" => sandbox.Settings with { RefreshToken = "1000.other" },
            "center" => sandbox.Settings with { AccountsUrl = null, DataCenter = "de" },
            _ => sandbox.Settings with { AccountsUrl = "here" },
        };
        await using var connection = sandbox.Open();
        var line = Assert.Single(await connection.CheckAsync(TestContext.Current.CancellationToken));
        Assert.False(line.Passed);
        Assert.Contains(says, line.Message, StringComparison.Ordinal);
        Assert.Contains(fix, line.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_scope_is_named_by_the_check()
    {
        await using var sandbox = await ZohoSandbox.StartAsync(3);
        await sandbox.BreakAsync(new JsonObject { ["kind"] = "missing-scope", ["path"] = "/coql" });
        await using var connection = sandbox.Open();
        var line = Assert.Single(await connection.CheckAsync(TestContext.Current.CancellationToken), line => !line.Passed);
        Assert.Contains("ZohoCRM.coql.READ", line.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Own_modules_are_discovered_with_their_fields()
    {
        await using var sandbox = await ZohoSandbox.StartAsync(3);
        await using var connection = sandbox.Open();
        var streams = new List<StreamDescription>();
        await foreach (var stream in connection.DiscoverAsync(null, TestContext.Current.CancellationToken))
            streams.Add(stream);
        Assert.Equal(["Accounts", "Contacts", "Deals", "Leads", "Memberships"], streams.Select(stream => stream.Name));
        var contacts = streams[1];
        Assert.Equal(["id", "Hub_Id"], contacts.KeyCandidates);
        Assert.Equal(StreamFieldType.Object, contacts.Fields.Single(field => field.Name == "Account_Name").Type);
        Assert.Equal(StreamFieldType.List, contacts.Fields.Single(field => field.Name == "Interests").Type);
        Assert.Contains("zh", contacts.Fields.Single(field => field.Name == "Preferred_Language").Choices);
        Assert.False(contacts.Fields.Single(field => field.Name == "Full_Name").Writable);
    }

    [Fact]
    public async Task A_channel_is_opened_once_and_renewed_at_half_of_what_was_granted()
    {
        await using var sandbox = await ZohoSandbox.StartAsync(3);
        await sandbox.PutAsync("account", new JsonObject { ["channelSeconds"] = 86400 });
        await using var connection = sandbox.Open();
        var before = TimeProvider.System.GetUtcNow();
        var again = await connection.SubscribeAsync(["Contacts"], s_hooks, TestContext.Current.CancellationToken);
        Assert.InRange(again!.Value, before.AddHours(11.9), before.AddHours(12.1));
        var calls = (await sandbox.CallsAsync()).Count;
        Assert.Equal(again.Value, (await connection.SubscribeAsync(["Contacts"], s_hooks, TestContext.Current.CancellationToken))!.Value, TimeSpan.FromSeconds(1));
        Assert.Equal(calls, (await sandbox.CallsAsync()).Count);
        // Another address: the channel follows.
        await connection.SubscribeAsync(["Contacts"], new Uri("https://other.example.com/hooks/zoho-eu"), TestContext.Current.CancellationToken);
        Assert.Equal("PUT /zoho/crm/v8/actions/watch", (await sandbox.CallsAsync())[^1]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("short")]
    [InlineData("a text of much more than the fifty characters that Zoho takes")]
    public async Task No_channel_is_opened_without_a_good_token(string? token)
    {
        await using var sandbox = await ZohoSandbox.StartAsync(3);
        sandbox.Settings = sandbox.Settings with { NotificationToken = token };
        await using var connection = sandbox.Open();
        var failure = await Assert.ThrowsAsync<ConnectorException>(() => connection.SubscribeAsync(["Contacts"], s_hooks, TestContext.Current.CancellationToken));
        Assert.Contains("notificationToken", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_notification_of_a_deletion_brings_a_tombstone_and_any_other_the_record_as_it_is_now()
    {
        await using var sandbox = await ZohoSandbox.StartAsync(3);
        var id = (await sandbox.RecordsAsync("Contacts"))[0]["id"]!.ToString();
        await sandbox.EditAsync("Contacts", id, new JsonObject { ["Title"] = "New" });
        await using var connection = sandbox.Open();
        var row = Assert.Single(await ReadAsync(connection, "update", id, "5725767000000000001", "1 or id is not null"));
        Assert.Equal("New", row["Title"].ToText());
        Assert.NotNull(row.Version);
        Assert.True(Assert.Single(await ReadAsync(connection, "delete", id)).IsDelete);
    }

    private static async Task<List<Mapping.Records.SourceRow>> ReadAsync(ZohoConnection connection, string operation, params string[] ids)
    {
        var body = new JsonObject { ["operation"] = operation, ["module"] = "Contacts", ["ids"] = new JsonArray([.. ids.Select(id => (JsonNode)id)]) };
        var rows = new List<Mapping.Records.SourceRow>();
        await foreach (var page in connection.ReadAsync(
            new("Contacts", "POST", new Dictionary<string, string>(), new Dictionary<string, string>(), Encoding.UTF8.GetBytes(body.ToJsonString()), DateTimeOffset.UnixEpoch),
            new PullRequest("Contacts"),
            TestContext.Current.CancellationToken))
            rows.AddRange(page.Rows);
        return rows;
    }
}

using System.Text;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Tests.Salesforce;

public sealed class SalesforceAccountTests(SalesforceSandbox sandbox) : IClassFixture<SalesforceSandbox>
{
    [Theory]
    [InlineData("client-credentials")]
    [InlineData("jwt")]
    [InlineData("refresh")]
    public async Task Each_way_of_signing_in_passes_the_check_and_writes_nothing(string flow)
    {
        await sandbox.ResetAsync(3);
        await using var connection = sandbox.Open(await sandbox.SettingsAsync(flow));
        var lines = await connection.CheckAsync(TestContext.Current.CancellationToken);
        Assert.All(lines, line => Assert.True(line.Passed, $"{line.Subject}: {line.Message}"));
        Assert.Contains(lines, line => line is { Subject: "Membership__c", IsStream: true });
        Assert.Equal(0, await sandbox.CountAsync("writeCalls"));
    }

    [Theory]
    [InlineData("secret", "consumer secret")]
    [InlineData("id", "consumer key")]
    [InlineData("organisation", "organizationId")]
    [InlineData("version", "apiVersion")]
    [InlineData("host", "loginUrl")]
    public async Task A_wrong_setting_is_named_with_the_remedy(string what, string word)
    {
        await sandbox.ResetAsync(3);
        await using var connection = await sandbox.OpenAsync(settings => what switch
        {
            "secret" => settings with { ClientSecret = "canary-wrong-secret" },
            "id" => settings with { ClientId = "nobody" },
            "organisation" => settings with { OrganizationId = "00D5g00000A1b2cEAC" },
            "version" => settings with { ApiVersion = "12.0" },
            _ => settings with { LoginUrl = settings.LoginUrl + "/nowhere" },
        });
        var line = (await connection.CheckAsync(TestContext.Current.CancellationToken)).First(line => !line.Passed);
        Assert.Contains(word, line.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", line.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"runAs":false}""", "client-credentials", "run-as user")]
    [InlineData("""{"approved":false}""", "jwt", "approved")]
    public async Task What_is_missing_in_the_set_up_of_the_app_is_told(string account, string flow, string word)
    {
        await sandbox.ResetAsync(3);
        await sandbox.ControlAsync("PUT", "account", account);
        await using var connection = sandbox.Open(await sandbox.SettingsAsync(flow));
        var line = Assert.Single(await connection.CheckAsync(TestContext.Current.CancellationToken));
        Assert.False(line.Passed);
        Assert.Contains(word, line.Message, StringComparison.Ordinal);
        await sandbox.ControlAsync("PUT", "account", """{"runAs":true,"approved":true}""");
    }

    [Fact]
    public async Task A_missing_scope_is_told_by_check_and_by_a_pull()
    {
        await sandbox.ResetAsync(3);
        await sandbox.FaultsAsync("""{"kind":"missing-scope"}""");
        await using var connection = await sandbox.OpenAsync();
        Assert.Contains(await connection.CheckAsync(TestContext.Current.CancellationToken), line => !line.Passed && line.Message.Contains("(api)", StringComparison.Ordinal));
        var failure = await Assert.ThrowsAsync<ConnectorException>(() => connection.PullAsync("Contact"));
        Assert.Equal(FailureKind.Configuration, failure.Kind);
        await sandbox.FaultsAsync();
    }

    [Fact]
    public async Task A_rotated_refresh_token_is_used_from_then_on()
    {
        await sandbox.ResetAsync(3);
        await sandbox.FaultsAsync("""{"kind":"rotate-refresh"}""");
        var (settings, memory) = (await sandbox.SettingsAsync("refresh"), new TransientMemory());
        for (var i = 0; i < 3; i++)
        {
            await using var connection = sandbox.Open(settings, memory);
            Assert.Equal(3, (await connection.PullAsync("Contact")).Rows.Count);
            await sandbox.FaultsAsync("""{"kind":"rotate-refresh"}""", """{"kind":"expire-token","count":1}""");
        }

        Assert.DoesNotContain(sandbox.Trace, line => line.Contains("sandbox-refresh", StringComparison.Ordinal) || line.Contains("sandbox-consumer-secret", StringComparison.Ordinal));
        await sandbox.ResetAsync(3);
    }

    [Fact]
    public async Task Discovery_describes_the_objects_and_one_broken_one_hides_no_other()
    {
        await sandbox.ResetAsync(3);
        await sandbox.FaultsAsync("""{"kind":"broken-object","stream":"Lead"}""");
        await using var connection = await sandbox.OpenAsync();
        var streams = new Dictionary<string, StreamDescription>();
        await foreach (var stream in connection.DiscoverAsync(null, TestContext.Current.CancellationToken))
            streams.Add(stream.Name, stream);
        Assert.Equal(["Account", "Contact", "Lead", "Membership__c", "Opportunity", "Task", "User"], streams.Keys.Order(StringComparer.Ordinal));
        Assert.NotNull(streams["Lead"].Problem);
        Assert.All(streams.Values.Where(stream => stream.Name != "Lead"), stream => Assert.Null(stream.Problem));

        var contact = streams["Contact"];
        Assert.Equal(("SystemModstamp", "UTC"), (contact.CursorField, contact.TimeZone));
        Assert.Equal(["Id", "Hub_Id__c"], contact.KeyCandidates.Take(2));
        var fields = contact.Fields.ToDictionary(field => field.Name);
        Assert.Equal((true, 80, StreamFieldType.Text), (fields["LastName"].Required, fields["LastName"].MaxLength!.Value, fields["LastName"].Type));
        Assert.Equal((StreamFieldType.Date, StreamFieldType.Boolean, StreamFieldType.List, StreamFieldType.Number), (fields["Birthdate"].Type, fields["HasOptedOutOfEmail"].Type, fields["Interests__c"].Type, fields["Loyalty_Points__c"].Type));
        Assert.Contains("Food", fields["Interests__c"].Choices);
        Assert.False(fields["SystemModstamp"].Writable);
        Assert.Equal("reference to Account", fields["AccountId"].NativeType);
    }

    [Fact]
    public async Task A_webhook_is_answered_with_the_records_as_they_are_now()
    {
        await sandbox.ResetAsync(10);
        await using var connection = await sandbox.OpenAsync();
        var webhook = Assert.IsAssignableFrom<IWebhookConnection>(connection);
        var rows = (await connection.PullAsync("Contact")).Rows;
        var (changed, deleted) = (rows[0].Id(), rows[1].Id());
        await sandbox.EditAsync("Contact", changed, """{"Title":"now"}""");
        await sandbox.DeleteAsync("Contact", deleted);
        var body = $"<?xml version=\"1.0\"?><e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><e:Body><notifications xmlns=\"http://soap.sforce.com/2005/09/outbound\"><OrganizationId>00D000000000001EAA</OrganizationId>{string.Concat(new[] { changed, deleted }.Select(id => $"<Notification><Id>04l5g00005xyzAAAQ</Id><sObject xsi:type=\"sf:Contact\" xmlns:sf=\"urn:x\"><sf:Id>{id}</sf:Id></sObject></Notification>"))}</notifications></e:Body></e:Envelope>";
        var request = new WebhookRequest("Contact", "POST", new Dictionary<string, string>(), new Dictionary<string, string>(), Encoding.UTF8.GetBytes(body), TimeProvider.System.GetUtcNow());
        Assert.True(webhook.Verify(request).Accepted);
        var read = new List<SourceRow>();
        await foreach (var page in webhook.ReadAsync(request, new PullRequest("Contact"), TestContext.Current.CancellationToken))
        {
            Assert.Null(page.Cursor);
            read.AddRange(page.Rows);
        }

        Assert.Equal("now", Assert.Single(read, row => row.Id() == changed)["Title"].AsText);
        Assert.True(Assert.Single(read, row => row.Id() == deleted).IsDelete);
        Assert.Null(await webhook.SubscribeAsync(["Contact"], new Uri("https://hub.example.com/hooks/salesforce"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_forecast_is_no_less_than_what_is_used()
    {
        await sandbox.ResetAsync(3000);
        await using var connection = await sandbox.OpenAsync();
        var forecast = await ((IBudgetedConnection)connection).ForecastAsync(new ApiWork("Contact") { Reads = 3000 }, TestContext.Current.CancellationToken);
        Assert.True(forecast.Limit > forecast.Left && forecast.Reserve > 0);
        await sandbox.ControlAsync("POST", "counters/reset", null);
        await connection.PullAsync("Contact");
        Assert.InRange(await sandbox.CountAsync("calls"), 1, forecast.Cost);
    }
}

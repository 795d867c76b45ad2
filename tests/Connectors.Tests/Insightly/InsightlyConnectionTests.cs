using System.Text.Json.Nodes;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Tests.OneByOne;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Tests.Insightly;

/// <summary>What is Insightly's own, against the sandbox; the kit checks what all connectors share.</summary>
public sealed class InsightlyConnectionTests
{
    private const string Fields = "Hub_Id__c,FIRST_NAME,LAST_NAME,Tier__c";

    [Fact]
    public async Task Custom_fields_that_are_not_the_pipelines_keep_their_values()
    {
        await using var crm = await PlayedVendor.StartAsync("insightly", 3);
        var made = Assert.Single(await crm.Connection.PushAsync("Contacts", Fields, Pushes.Create(1, "C1", "Ngozi", "Okafor", "Gold")));
        await crm.EditAsync("Contacts", made.ExternalId!, new JsonObject { ["Loyalty_Points__c"] = 17, ["Interests__c"] = "Music;Travel" });

        var changed = Assert.Single(await crm.Connection.PushAsync("Contacts", Fields, Pushes.Update(2, [false, false, false, true], "C1", "Ngozi", "Okafor", "Silver") with { ExternalId = made.ExternalId }));

        Assert.Null(changed.Failure);
        var row = (await crm.Connection.RowsAsync(new PullRequest("Contacts"))).Single(row => row["Hub_Id__c"].AsText == "C1");
        Assert.Equal(("Silver", 17m), (row["Tier__c"].AsText!, row["Loyalty_Points__c"].AsNumber!.Value));
        Assert.Equal(Value.List("Music", "Travel"), row["Interests__c"]);
    }

    [Fact]
    public async Task A_create_finds_the_record_that_has_the_key_already()
    {
        await using var crm = await PlayedVendor.StartAsync("insightly", 3);
        await crm.Connection.PushAsync("Contacts", Fields, Pushes.Create(1, "C1", "Ngozi", "Okafor", "Gold"));

        var again = Assert.Single(await crm.Connection.PushAsync("Contacts", Fields, Pushes.Create(2, "C1", "Ngozi", "Okafor-Smith", "Gold")));

        Assert.False(again.Created);
        Assert.Equal(4, (await crm.RecordsAsync("Contacts")).Count);
    }

    [Fact]
    public async Task Two_records_with_the_key_are_a_matter_for_a_person()
    {
        await using var crm = await PlayedVendor.StartAsync("insightly", 3);
        await crm.CreateAsync("Contacts", new JsonObject { ["FIRST_NAME"] = "A", ["Hub_Id__c"] = "C1" });
        await crm.CreateAsync("Contacts", new JsonObject { ["FIRST_NAME"] = "B", ["Hub_Id__c"] = "C1" });

        var outcome = Assert.Single(await crm.Connection.PushAsync("Contacts", Fields, Pushes.Create(1, "C1", "Ngozi", "Okafor", "Gold")));

        Assert.Equal((FailureKind.Rejected, WriteFault.Ambiguous), (outcome.Failure, outcome.Fault));
        Assert.Equal(5, (await crm.RecordsAsync("Contacts")).Count);
    }

    [Fact]
    public async Task Objects_of_the_account_and_objects_that_the_plan_lacks_are_told_apart()
    {
        await using var crm = await PlayedVendor.StartAsync("insightly", 3);

        var streams = new Dictionary<string, StreamDescription>();
        await foreach (var stream in crm.Connection.DiscoverAsync(null, TestContext.Current.CancellationToken))
            streams.Add(stream.Name, stream);

        Assert.Null(streams["Membership__c"].Problem);
        Assert.Equal(["Silver", "Gold", "Platinum"], streams["Membership__c"].Fields.Single(field => field.Name == "Level__c").Choices);
        Assert.Contains("plan", streams["Product"].Problem, StringComparison.Ordinal);
        Assert.Contains("plan", streams["Ticket"].Problem, StringComparison.Ordinal);
        Assert.Equal(StreamFieldType.List, streams["Contacts"].Fields.Single(field => field.Name == "Interests__c").Type);
    }

    [Theory]
    [InlineData("Contact", "Contacts")]
    [InlineData("Organizations", "Organisations")]
    [InlineData("Customers", "hub discover")]
    public async Task A_stream_that_does_not_exist_is_met_with_the_one_that_does(string name, string hint)
    {
        await using var crm = await PlayedVendor.StartAsync("insightly", 0);

        var failure = await Assert.ThrowsAsync<ConnectorException>(() => crm.Connection.PagesAsync(new PullRequest(name)));

        Assert.Equal(FailureKind.Configuration, failure.Kind);
        Assert.Contains(hint, $"{failure.Message} {failure.Fix}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_field_that_was_never_made_says_where_to_make_it()
    {
        await using var crm = await PlayedVendor.StartAsync("insightly", 3);

        var failure = await Assert.ThrowsAsync<ConnectorException>(() => crm.Connection.PushAsync("Contacts", "Hub_Key__c,FIRST_NAME", Pushes.Create(1, "C1", "Ngozi")));

        Assert.Contains("Custom Fields", failure.Fix, StringComparison.Ordinal);
        Assert.Equal(0, await crm.CounterAsync("writeCalls"));
    }

    [Fact]
    public async Task A_field_that_is_no_longer_there_stops_the_pull_before_it_blanks_anything()
    {
        await using var crm = await PlayedVendor.StartAsync("insightly", 3);
        await crm.BreakAsync(new JsonObject { ["kind"] = "drop-field", ["stream"] = "Contacts", ["field"] = "PHONE" });

        var failure = await Assert.ThrowsAsync<ConnectorException>(() => crm.Connection.PagesAsync(new PullRequest("Contacts") { Fields = ["FIRST_NAME", "PHONE"] }));

        Assert.Contains("PHONE", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_forecast_knows_the_cost_and_what_is_left()
    {
        await using var crm = await PlayedVendor.StartAsync("insightly", 1200);

        var forecast = await ((IBudgetedConnection)crm.Connection).ForecastAsync(new ApiWork("Contacts") { Creates = 10, Updates = 5, Deletes = 2 }, TestContext.Current.CancellationToken);

        Assert.Equal(3 + 20 + 10 + 2, forecast.Cost);
        Assert.Equal((60_000, 9_000), (forecast.Limit, forecast.Reserve));
        Assert.InRange(forecast.Left!.Value, 59_000, 60_000);
    }
}

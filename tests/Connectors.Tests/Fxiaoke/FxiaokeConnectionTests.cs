using System.Text.Json.Nodes;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Tests.OneByOne;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Tests.Fxiaoke;

/// <summary>What is Fxiaoke's own, against the sandbox; the kit checks what all connectors share.</summary>
public sealed class FxiaokeConnectionTests
{
    private const string Fields = "hub_id__c,name,interests__c";

    [Fact]
    public async Task An_object_of_the_companys_own_is_written_and_read_like_any_other()
    {
        await using var crm = await PlayedVendor.StartAsync("fxiaoke", 3);
        const string Stream = "object_huiyuan__c";

        var made = Assert.Single(await crm.Connection.PushAsync(Stream, "hub_id__c,name,level__c,valid_until__c", Pushes.Create(1, "C1", "会员 1", "GOLD", Value.Date(new DateOnly(2027, 1, 31)))));
        var row = (await crm.Connection.RowsAsync(new PullRequest(Stream))).Single(row => row["hub_id__c"].AsText == "C1");

        Assert.Null(made.Failure);
        Assert.Equal(made.ExternalId, row["_id"].AsText);
        Assert.Equal(made.Version, row.Version);
        Assert.Equal(("gold", new DateOnly(2027, 1, 31)), (row["level__c"].AsText!, row["valid_until__c"].AsDate!.Value));
    }

    [Fact]
    public async Task Writes_start_no_workflow_and_give_an_owner()
    {
        await using var crm = await PlayedVendor.StartAsync("fxiaoke", 3);

        var made = Assert.Single(await crm.Connection.PushAsync("ContactObj", Fields, Pushes.Create(1, "C1", "王芳", Value.List("art"))));
        await crm.Connection.PushAsync("ContactObj", Fields, Pushes.Update(2, [false, true, false], "C1", "王方", Value.List("art")) with { ExternalId = made.ExternalId });

        Assert.Equal(0, await crm.CounterAsync("workflowsRun"));
        var record = (await crm.RecordsAsync("ContactObj")).Single(record => record!["hub_id__c"]?.ToString() == "C1")!;
        Assert.Equal("1000", record["owner"]![0]!.ToString());
        Assert.Equal("王方", record["name"]!.ToString());
    }

    [Fact]
    public async Task The_owner_is_changed_by_the_request_that_can()
    {
        await using var crm = await PlayedVendor.StartAsync("fxiaoke", 3);
        var made = Assert.Single(await crm.Connection.PushAsync("ContactObj", "hub_id__c,name,owner", Pushes.Create(1, "C1", "王芳", "1000")));

        var outcome = Assert.Single(await crm.Connection.PushAsync("ContactObj", "hub_id__c,name,owner", Pushes.Update(2, [false, false, true], "C1", "王芳", "1001") with { ExternalId = made.ExternalId }));

        Assert.Null(outcome.Failure);
        Assert.Equal("1001", (await crm.RecordsAsync("ContactObj")).Single(record => record!["hub_id__c"]?.ToString() == "C1")!["owner"]![0]!.ToString());
    }

    [Fact]
    public async Task A_delete_goes_through_the_recycle_bin_and_out_of_it()
    {
        await using var crm = await PlayedVendor.StartAsync("fxiaoke", 3);
        var made = Assert.Single(await crm.Connection.PushAsync("ContactObj", Fields, Pushes.Create(1, "C1", "王芳", Value.Null)));

        var first = Assert.Single(await crm.Connection.PushAsync("ContactObj", Fields, Pushes.Delete(2, "C1") with { ExternalId = made.ExternalId }));
        var again = Assert.Single(await crm.Connection.PushAsync("ContactObj", Fields, Pushes.Delete(3, "C1") with { ExternalId = made.ExternalId }));

        Assert.Null(first.Failure);
        Assert.Null(again.Failure);
        Assert.Equal(3, (await crm.RecordsAsync("ContactObj")).Count);
    }

    [Fact]
    public async Task Invalid_records_that_a_query_shows_are_gone()
    {
        await using var crm = await PlayedVendor.StartAsync("fxiaoke", 3);
        await crm.AskAsync("PUT", "account", new JsonObject { ["showsInvalid"] = true });
        var id = (await crm.RecordsAsync("ContactObj"))[0]!["id"]!.ToString();
        await crm.DeleteAsync("ContactObj", id);

        var rows = await crm.Connection.RowsAsync(new PullRequest("ContactObj"));

        Assert.Equal(id, Assert.Single(rows, row => row.IsDelete)["_id"].AsText);
        Assert.Equal(2, rows.Count(row => !row.IsDelete));
    }

    [Fact]
    public async Task Objects_are_discovered_with_their_Chinese_names()
    {
        await using var crm = await PlayedVendor.StartAsync("fxiaoke", 3);

        var labels = new List<string?>();
        await foreach (var stream in crm.Connection.DiscoverAsync(null, TestContext.Current.CancellationToken))
            labels.Add(stream.Label);

        Assert.Contains("客户", labels);
        Assert.Contains("会员卡", labels);
    }

    [Theory]
    [InlineData("客户", "AccountObj")]
    [InlineData("Account", "AccountObj")]
    [InlineData("device__c", "hub discover")]
    public async Task A_stream_that_does_not_exist_is_met_with_the_one_that_does(string name, string hint)
    {
        await using var crm = await PlayedVendor.StartAsync("fxiaoke", 0);

        var failure = await Assert.ThrowsAsync<ConnectorException>(() => crm.Connection.PagesAsync(new PullRequest(name)));

        Assert.Equal(FailureKind.Configuration, failure.Kind);
        Assert.Contains(hint, $"{failure.Message} {failure.Fix}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_stands_in_the_log_names_no_token()
    {
        await using var crm = await PlayedVendor.StartAsync("fxiaoke", 3);

        await crm.Connection.PagesAsync(new PullRequest("ContactObj"));

        Assert.NotEmpty(crm.Traces);
        Assert.DoesNotContain(crm.Traces, line => line.Contains("thirdTraceId", StringComparison.Ordinal) || line.Contains("sandbox-secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_forecast_counts_the_looks_that_a_write_needs()
    {
        await using var crm = await PlayedVendor.StartAsync("fxiaoke", 250);

        var forecast = await ((IBudgetedConnection)crm.Connection).ForecastAsync(new ApiWork("ContactObj") { Creates = 10 }, TestContext.Current.CancellationToken);

        Assert.Equal(3 + 30, forecast.Cost);
        Assert.Equal(100_000, forecast.Limit);
    }
}

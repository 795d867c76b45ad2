using System.Text.Json.Nodes;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Tests.Zoho;

/// <summary>Writing, against the sandbox; what every connector has to do is in the certification.</summary>
public sealed class ZohoPushTests
{
    private const string Fields = "Hub_Id,Last_Name,Title,Interests";

    [Fact]
    public async Task Many_new_records_go_by_a_bulk_job_and_each_is_answered()
    {
        await using var sandbox = await ZohoSandbox.StartAsync(0);
        sandbox.Settings = sandbox.Settings with { BulkWriteFrom = 50 };
        await using var connection = sandbox.Open();
        var writes = Enumerable.Range(1, 120).Select(n => Pushes.Create(n, $"H{n}", n == 7 ? new string('x', 90) : $"王, \"{n}\"\n😀", $"T{n}", Value.List("Art", "Sport"))).ToArray();
        var outcomes = await connection.PushAsync("Contacts", Fields, writes);
        Assert.Equal(120, outcomes.Select(outcome => outcome.Id).Distinct().Count());
        var refused = Assert.Single(outcomes, outcome => outcome.Failure is not null);
        Assert.Equal((7, "INVALID_DATA", "Last_Name"), (refused.Id, refused.Code, refused.Field));
        Assert.All(outcomes.Where(outcome => outcome.Failure is null), outcome => Assert.True(outcome is { ExternalId.Length: > 0, Created: true }));
        var records = await sandbox.RecordsAsync("Contacts");
        Assert.Equal(119, records.Count);
        Assert.Contains(records, record => record["Last_Name"]!.ToString() == "王, \"8\"\n😀" && record["Interests"]!.AsArray().Count == 2);
        Assert.DoesNotContain(await sandbox.CallsAsync(), call => call.EndsWith("/upsert", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_bulk_job_that_was_begun_is_taken_up_again()
    {
        await using var sandbox = await ZohoSandbox.StartAsync(0);
        sandbox.Settings = sandbox.Settings with { BulkWriteFrom = 10 };
        var writes = Enumerable.Range(1, 20).Select(n => Pushes.Create(n, $"H{n}", $"L{n}", Value.Null, Value.Null)).ToArray();
        // The results cannot be had: the job is done, and the hub does not know it.
        await sandbox.BreakAsync(new JsonObject { ["kind"] = "status", ["status"] = 403, ["path"] = "/result" });
        await using (var first = sandbox.Open())
            await Assert.ThrowsAsync<ConnectorException>(() => first.PushAsync("Contacts", Fields, writes));
        await sandbox.BreakAsync();
        await using var second = sandbox.Open();
        var outcomes = await second.PushAsync("Contacts", Fields, writes);
        Assert.Equal(20, outcomes.Count(outcome => outcome is { Failure: null, Created: true }));
        Assert.Equal(20, await sandbox.CountAsync("created"));
        Assert.Equal(0, await sandbox.CountAsync("updated"));
        Assert.Single(await sandbox.CallsAsync(), call => call == "POST /zoho/crm/v8/upload");
    }

    [Fact]
    public async Task A_bulk_job_that_fails_is_replaced_by_writes_by_the_hundred()
    {
        await using var sandbox = await ZohoSandbox.StartAsync(0);
        sandbox.Settings = sandbox.Settings with { BulkWriteFrom = 10 };
        await sandbox.BreakAsync(new JsonObject { ["kind"] = "bulk-fail" });
        await using var connection = sandbox.Open();
        var outcomes = await connection.PushAsync("Contacts", Fields, [.. Enumerable.Range(1, 150).Select(n => Pushes.Create(n, $"H{n}", $"L{n}", Value.Null, Value.Null))]);
        Assert.Equal(150, outcomes.Count(outcome => outcome is { Failure: null, Version: not null }));
        Assert.Equal(150, (await sandbox.RecordsAsync("Contacts")).Count);
    }

    [Fact]
    public async Task No_workflow_runs_unless_it_is_wished()
    {
        await using var sandbox = await ZohoSandbox.StartAsync(0);
        await using (var quiet = sandbox.Open())
        {
            var made = await quiet.PushAsync("Contacts", Fields, Pushes.Create(1, "H1", "L", "T", Value.Null));
            await quiet.PushAsync("Contacts", Fields, Pushes.Update(1, [false, false, true, false], "H1", "L", "T2", Value.Null) with { ExternalId = made[0].ExternalId });
            await quiet.PushAsync("Contacts", Fields, Pushes.Delete(1, "H1") with { ExternalId = made[0].ExternalId });
        }

        Assert.Equal(0, await sandbox.CountAsync("workflowsRun"));
        sandbox.Settings = sandbox.Settings with { RunWorkflows = true };
        await using var loud = sandbox.Open();
        await loud.PushAsync("Contacts", Fields, Pushes.Create(1, "H1", "L", "T", Value.Null));
        Assert.Equal(1, await sandbox.CountAsync("workflowsRun"));
    }

    [Fact]
    public async Task A_write_over_a_known_version_whose_answer_was_lost_is_found_written()
    {
        await using var sandbox = await ZohoSandbox.StartAsync(0);
        await using var connection = sandbox.Open();
        var made = await connection.PushAsync("Contacts", Fields, Pushes.Create(1, "H1", "L", "T", Value.Null));
        await sandbox.AdvanceAsync(5);
        await sandbox.BreakAsync(new JsonObject { ["kind"] = "lose-answer", ["count"] = 1 });
        var outcome = Assert.Single(await connection.PushAsync("Contacts", Fields, Pushes.Update(1, [false, false, true, false], "H1", "L", "T2", Value.Null) with { ExternalId = made[0].ExternalId, ExpectedVersion = made[0].Version }));
        Assert.Null(outcome.Failure);
        Assert.NotEqual(made[0].Version, outcome.Version);
        Assert.Equal(1, await sandbox.CountAsync("updated"));
    }

    [Fact]
    public async Task An_update_of_a_record_known_by_its_key_alone_writes_the_changed_fields_only()
    {
        await using var sandbox = await ZohoSandbox.StartAsync(0);
        var id = await sandbox.CreateAsync("Contacts", new JsonObject { ["Last_Name"] = "Theirs", ["Title"] = "T", ["Hub_Id"] = "O'Brien" });
        await using var connection = sandbox.Open();
        var outcome = Assert.Single(await connection.PushAsync("Contacts", Fields, Pushes.Update(1, [false, false, true, false], "O'Brien", "Ours", "T2", Value.Null)));
        Assert.Equal(id, outcome.ExternalId);
        var record = Assert.Single(await sandbox.RecordsAsync("Contacts"));
        Assert.Equal(("Theirs", "T2"), (record["Last_Name"]!.ToString(), record["Title"]!.ToString()));
    }

    [Theory]
    [InlineData("Title,Last_Name", "is not unique")]
    [InlineData("Hub_Id,Last_Nam", "'Last_Nam' of Contacts is not there")]
    [InlineData("Hub_Id,Full_Name", "cannot be written")]
    public async Task A_push_that_cannot_go_well_sends_nothing_and_says_why(string fields, string says)
    {
        await using var sandbox = await ZohoSandbox.StartAsync(0);
        await using var connection = sandbox.Open();
        var failure = await Assert.ThrowsAsync<ConnectorException>(() => connection.PushAsync("Contacts", fields, Pushes.Create(1, "a", "b")));
        Assert.Equal(FailureKind.Configuration, failure.Kind);
        Assert.Contains(says, failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, await sandbox.CountAsync("writeCalls"));
    }

    [Fact]
    public async Task A_thousand_writes_keep_within_the_requests_at_once()
    {
        await using var sandbox = await ZohoSandbox.StartAsync(0);
        await sandbox.PutAsync("limits", new JsonObject { ["concurrency"] = 5 });
        await using var connection = sandbox.Open();
        var outcomes = await connection.PushAsync("Contacts", Fields, [.. Enumerable.Range(1, 1_000).Select(n => Pushes.Create(n, $"H{n}", $"L{n}", Value.Null, Value.Null))]);
        Assert.Equal(1_000, outcomes.Count(outcome => outcome.Failure is null));
        Assert.Equal(0, await sandbox.CountAsync("violations"));
        Assert.Equal(10, (await sandbox.CallsAsync()).Count(call => call.EndsWith("/upsert", StringComparison.Ordinal)));
    }
}

using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Salesforce;
using Crm.Integration.Mapping.Records;
using static Crm.Integration.Connectors.Tests.Pushes;

namespace Crm.Integration.Connectors.Tests.Salesforce;

public sealed class SalesforcePushTests(SalesforceSandbox sandbox) : IClassFixture<SalesforceSandbox>
{
    private const string Fields = "Hub_Id__c,LastName,FirstName,Email,Birthdate,HasOptedOutOfEmail,Interests__c,Loyalty_Points__c";

    [Theory]
    [InlineData(10_000)]
    [InlineData(1)]
    public async Task What_is_written_can_be_read_back_with_the_same_version(int bulkFrom)
    {
        await sandbox.ResetAsync(0);
        await using var connection = await sandbox.OpenAsync(settings => settings with { BulkFrom = bulkFrom });
        var made = Assert.Single(await connection.PushAsync("Contact", Fields, Full(1, "C1", "O'Neil, \"Jr\"\nwith a line 😀")));
        Assert.Equal((null, true), (made.Failure, made.Created));
        var row = Assert.Single((await connection.PullAsync("Contact")).Rows);
        Assert.Equal((made.ExternalId, made.Version), (row.Id(), row.Version));
        Assert.Equal("O'Neil, \"Jr\"\nwith a line 😀|Zoë|z@example.com|1988-02-29|true|Food; Music|12.5", string.Join('|', Fields.Split(',')[1..].Select(name => name == "Interests__c" ? string.Join("; ", row[name].AsList.Select(item => item.AsText).Order()) : row[name].ToText())));

        // Only what changed is written; an emptied value is cleared; what a user did to the rest stays.
        await sandbox.EditAsync("Contact", row.Id(), """{"FirstName":"Zoe"}""");
        var change = Update(2, [false, true, false, true, false, false, true, false], "C1", "Neil", "Zoë", Value.Null, Value.Null, Value.Null, Value.Null, Value.Null) with { ExternalId = made.ExternalId };
        var updated = Assert.Single(await connection.PushAsync("Contact", Fields, change));
        Assert.Equal((null, false, made.ExternalId), (updated.Failure, updated.Created ?? false, updated.ExternalId));
        row = Assert.Single((await connection.PullAsync("Contact")).Rows);
        Assert.Equal(updated.Version, row.Version);
        Assert.Equal(("Neil", "Zoe", null, "1988-02-29", 12.5m), (row["LastName"].AsText, row["FirstName"].AsText, row["Email"].AsText, row["Birthdate"].ToText(), row["Loyalty_Points__c"].AsNumber));
        Assert.True(row["Interests__c"].IsEmpty);

        await sandbox.EditAsync("Contact", row.Id(), """{"Title":"right behind it"}""");
        Assert.NotEqual(updated.Version, Assert.Single((await connection.PullAsync("Contact")).Rows).Version);

        Assert.Null(Assert.Single(await connection.PushAsync("Contact", Fields, Delete(3, "C1") with { ExternalId = made.ExternalId })).Failure);
        Assert.DoesNotContain((await connection.PullAsync("Contact")).Rows, each => !each.IsDelete);
        Assert.Null(Assert.Single(await connection.PushAsync("Contact", Fields, Delete(4, "C1") with { ExternalId = made.ExternalId })).Failure);
        Assert.Null(Assert.Single(await connection.PushAsync("Contact", Fields, Delete(5, "C1"))).Failure);
    }

    [Fact]
    public async Task A_create_whose_record_is_there_changes_that_one_and_keys_find_records_without_ids()
    {
        await sandbox.ResetAsync(0);
        await using var connection = await sandbox.OpenAsync();
        var first = Assert.Single(await connection.PushAsync("Contact", "Hub_Id__c,LastName,Title", Create(1, "C1", "Okafor", "CEO")));
        var again = Assert.Single(await connection.PushAsync("Contact", "Hub_Id__c,LastName,Title", Create(2, "C1", "Okafor-Li", "CEO")));
        Assert.Equal((first.ExternalId, false), (again.ExternalId, again.Created));
        var update = Assert.Single(await connection.PushAsync("Contact", "Hub_Id__c,LastName,Title", Update(3, [false, false, true], "C1", "Other", "CFO")));
        Assert.Equal((null, first.ExternalId), (update.Failure, update.ExternalId));
        var fresh = Assert.Single(await connection.PushAsync("Contact", "Hub_Id__c,LastName,Title", Update(4, [false, false, true], "C9", "Whole", "CTO")));
        Assert.True(fresh.Created);
        Assert.Equal(["Okafor-Li|CFO", "Whole|CTO"], (await sandbox.RecordsAsync("Contact")).Select(each => $"{each["LastName"]}|{each["Title"]}").Order());
        Assert.Null(Assert.Single(await connection.PushAsync("Contact", "Hub_Id__c,LastName,Title", Delete(5, "C9"))).Failure);
        Assert.Single(await sandbox.RecordsAsync("Contact"));
    }

    [Theory]
    [InlineData(10_000, """{"kind":"lose-answer","count":1,"path":"composite"}""")]
    [InlineData(10_000, """{"kind":"reset","count":1,"path":"composite"}""")]
    [InlineData(10_000, """{"kind":"truncate","count":1,"path":"composite"}""")]
    [InlineData(10_000, """{"kind":"lock","every":3,"count":2}""")]
    [InlineData(10_000, """{"kind":"expire-token","count":1,"after":1}""")]
    [InlineData(100, """{"kind":"lose-answer","count":1,"path":"batches"}""")]
    [InlineData(100, """{"kind":"truncate","count":1,"path":"successfulResults"}""")]
    [InlineData(100, """{"kind":"status","status":503,"count":2,"path":"jobs"}""")]
    [InlineData(100, """{"kind":"lock","every":5,"count":1}""")]
    [InlineData(100, """{"kind":"bulk-fail"}""")]
    public async Task Each_write_is_done_once_whatever_befalls_the_calls(int bulkFrom, string fault)
    {
        await sandbox.ResetAsync(0);
        await sandbox.FaultsAsync(fault);
        await using var connection = await sandbox.OpenAsync(settings => settings with { BulkFrom = bulkFrom });
        var outcomes = await connection.PushAsync(new PushRequest("Contact", "Hub_Id__c", ["Hub_Id__c", "LastName"]), Enumerable.Range(1, 450).Select(i => Create(i, $"C{i}", $"Name {i}")));
        Assert.Equal(Enumerable.Range(1, 450).Select(i => (long)i), outcomes.Select(outcome => outcome.Id).Order());
        Assert.All(outcomes, outcome => Assert.Null(outcome.Failure));
        var records = await sandbox.RecordsAsync("Contact");
        Assert.Equal(450, records.Count);
        Assert.Equal(outcomes.Select(outcome => outcome.ExternalId).Order(), records.Select(each => (string)each["id"]!).Order());
        Assert.All(outcomes, outcome => Assert.NotNull(outcome.Version));
    }

    [Theory]
    [InlineData(10_000)]
    [InlineData(10)]
    public async Task A_refused_record_says_why_and_the_others_are_written(int bulkFrom)
    {
        await sandbox.ResetAsync(0);
        await using var connection = await sandbox.OpenAsync(settings => settings with { BulkFrom = bulkFrom });
        var writes = Enumerable.Range(1, 20).Select(i => Create(i, $"C{i}", i == 3 ? Value.Null : Value.Text($"Name {i}"), i == 5 ? "003000000000000AAA" : Value.Null, i == 7 ? "soon" : Value.Null, i == 9 ? new string('x', 41) : "Ann", i == 11 ? "not an address" : Value.Null));
        var outcomes = (await connection.PushAsync(new PushRequest("Contact", "Hub_Id__c", ["Hub_Id__c", "LastName", "AccountId", "Birthdate", "FirstName", "Email"]), writes)).ToDictionary(outcome => outcome.Id);
        Assert.Equal((FailureKind.Rejected, WriteFault.RequiredMissing, "LastName"), (outcomes[3].Failure, outcomes[3].Fault, outcomes[3].Field));
        Assert.Equal((FailureKind.Rejected, WriteFault.BadReference), (outcomes[5].Failure, outcomes[5].Fault));
        Assert.Equal((WriteFault.BadValue, "Birthdate"), (outcomes[7].Fault, outcomes[7].Field));
        Assert.Equal((WriteFault.TooLong, "FirstName"), (outcomes[9].Fault, outcomes[9].Field));
        Assert.Equal((WriteFault.BadValue, "Email"), (outcomes[11].Fault, outcomes[11].Field));
        Assert.DoesNotContain("not an address", outcomes[11].Message, StringComparison.Ordinal);
        Assert.Equal(15, outcomes.Values.Count(outcome => outcome.Failure is null));
        Assert.Equal(15, (await sandbox.RecordsAsync("Contact")).Count);
        Assert.Equal(15, await sandbox.CountAsync("recordsWritten"));
    }

    [Fact]
    public async Task A_rule_of_the_owner_is_told_with_its_words()
    {
        await sandbox.ResetAsync(0);
        await sandbox.FaultsAsync("""{"kind":"validation","field":"Title"}""");
        await using var connection = await sandbox.OpenAsync();
        var outcomes = await connection.PushAsync("Contact", "Hub_Id__c,LastName,Title", Create(1, "C1", "A", "CEO"), Create(2, "C2", "B", Value.Null));
        Assert.Equal((WriteFault.Validation, "Title", "FIELD_CUSTOM_VALIDATION_EXCEPTION"), (outcomes.Find(each => each.Id == 1)!.Fault, outcomes.Find(each => each.Id == 1)!.Field, outcomes.Find(each => each.Id == 1)!.Code));
        Assert.Null(outcomes.Find(each => each.Id == 2)!.Failure);
    }

    [Theory]
    [InlineData(DuplicateRuleAction.Fail, 10_000)]
    [InlineData(DuplicateRuleAction.Allow, 10_000)]
    [InlineData(DuplicateRuleAction.Link, 10_000)]
    [InlineData(DuplicateRuleAction.Fail, 1)]
    [InlineData(DuplicateRuleAction.Allow, 1)]
    [InlineData(DuplicateRuleAction.Link, 1)]
    public async Task A_duplicate_rule_means_what_the_settings_say(DuplicateRuleAction action, int bulkFrom)
    {
        await sandbox.ResetAsync(0);
        var existing = await sandbox.CreateAsync("Contact", """{"LastName":"Okafor","Email":"o@example.com","Title":"kept"}""");
        await sandbox.FaultsAsync("""{"kind":"duplicate-rule"}""");
        await using var connection = await sandbox.OpenAsync(settings => settings with { OnDuplicateRule = action, BulkFrom = bulkFrom });
        var outcome = Assert.Single(await connection.PushAsync("Contact", "Hub_Id__c,LastName,Email", Create(1, "C1", "Okafor", "o@example.com")));
        var records = await sandbox.RecordsAsync("Contact");
        switch (action)
        {
            case DuplicateRuleAction.Fail:
                Assert.Equal((FailureKind.Rejected, WriteFault.Duplicate), (outcome.Failure, outcome.Fault));
                Assert.Single(records);
                break;
            case DuplicateRuleAction.Allow:
                Assert.Null(outcome.Failure);
                Assert.Equal(2, records.Count);
                break;
            default:
                Assert.Equal((null, existing), (outcome.Failure, outcome.ExternalId));
                Assert.Equal(("C1", "kept"), ((string?)Assert.Single(records)["Hub_Id__c"], (string?)records[0]["Title"]));
                // It belongs to C1 now: another customer does not get it.
                var other = Assert.Single(await connection.PushAsync("Contact", "Hub_Id__c,LastName,Email", Create(2, "C2", "Okafor", "o@example.com")));
                Assert.Equal(WriteFault.Duplicate, other.Fault);
                break;
        }
    }

    [Fact]
    public async Task A_record_that_somebody_changed_meanwhile_is_left_alone()
    {
        await sandbox.ResetAsync(0);
        await using var connection = await sandbox.OpenAsync();
        var made = Assert.Single(await connection.PushAsync("Contact", "Hub_Id__c,LastName", Create(1, "C1", "Okafor")));
        // The version was only told once its second was over: an edit right behind it has another one.
        await sandbox.EditAsync("Contact", made.ExternalId!, """{"LastName":"By hand"}""");
        var write = Update(2, [false, true], "C1", "Ours") with { ExternalId = made.ExternalId, ExpectedVersion = made.Version };
        var refused = Assert.Single(await connection.PushAsync("Contact", "Hub_Id__c,LastName", write));
        Assert.Equal((FailureKind.Rejected, WriteFault.ChangedMeanwhile), (refused.Failure, refused.Fault));
        Assert.Equal("By hand", (string?)(await sandbox.RecordsAsync("Contact"))[0]["LastName"]);
        var row = Assert.Single((await connection.PullAsync("Contact")).Rows);
        var taken = Assert.Single(await connection.PushAsync("Contact", "Hub_Id__c,LastName", write with { ExpectedVersion = row.Version }));
        Assert.Null(taken.Failure);
    }

    [Theory]
    [InlineData(10_000)]
    [InlineData(1)]
    public async Task A_record_that_is_gone_is_made_anew_unless_the_hub_had_seen_it_or_it_was_merged(int bulkFrom)
    {
        await sandbox.ResetAsync(0);
        await using var connection = await sandbox.OpenAsync(settings => settings with { BulkFrom = bulkFrom });
        var made = (await connection.PushAsync("Contact", "Hub_Id__c,LastName,Title", Create(1, "C1", "Okafor", "CEO"), Create(2, "C2", "Li", "CFO"), Create(3, "C3", "Loser", "CTO"), Create(4, "C4", "Winner", "COO"))).ToDictionary(outcome => outcome.Id);
        await sandbox.DeleteAsync("Contact", made[1].ExternalId!);
        await sandbox.DeleteAsync("Contact", made[2].ExternalId!);
        await sandbox.ControlAsync("POST", $"records/Contact/{made[4].ExternalId}/merge", $$"""{"loser":"{{made[3].ExternalId}}"}""");
        var outcomes = (await connection.PushAsync(
            "Contact",
            "Hub_Id__c,LastName,Title",
            Update(1, [false, false, true], "C1", "Okafor", "new") with { ExternalId = made[1].ExternalId },
            Update(2, [false, false, true], "C2", "Li", "new") with { ExternalId = made[2].ExternalId, ExpectedVersion = made[2].Version },
            Update(3, [false, false, true], "C3", "Loser", "new") with { ExternalId = made[3].ExternalId })).ToDictionary(outcome => outcome.Id);
        Assert.Equal((null, true), (outcomes[1].Failure, outcomes[1].Created));
        Assert.Equal((FailureKind.Rejected, WriteFault.NotFound, made[2].ExternalId), (outcomes[2].Failure, outcomes[2].Fault, outcomes[2].ExternalId));
        Assert.Equal((FailureKind.Rejected, WriteFault.NotFound), (outcomes[3].Failure, outcomes[3].Fault));
        Assert.Equal(["Okafor|new", "Winner|COO"], (await sandbox.RecordsAsync("Contact")).Select(each => $"{each["LastName"]}|{each["Title"]}").Order());
    }

    [Fact]
    public async Task Two_records_with_one_key_are_ambiguous()
    {
        await sandbox.ResetAsync(0);
        await sandbox.CreateAsync("Contact", """{"LastName":"A","Legacy_Id__c":"7"}""");
        await sandbox.CreateAsync("Contact", """{"LastName":"B","Legacy_Id__c":"7"}""");
        await using var connection = await sandbox.OpenAsync();
        Assert.Equal(WriteFault.Ambiguous, Assert.Single(await connection.PushAsync("Contact", "Legacy_Id__c,LastName", Create(1, "7", "C"))).Fault);
        Assert.Equal(WriteFault.Ambiguous, Assert.Single(await connection.PushAsync("Contact", "Legacy_Id__c,LastName", Update(2, [false, true], "7", "C"))).Fault);
        Assert.Equal(["A", "B"], (await sandbox.RecordsAsync("Contact")).Select(each => (string)each["LastName"]!).Order());
    }

    [Fact]
    public async Task A_child_that_comes_before_its_parent_finds_it()
    {
        await sandbox.ResetAsync(0);
        await using var connection = await sandbox.OpenAsync();
        var outcomes = await connection.PushAsync("Account", "Hub_Id__c,Name,Parent.Hub_Id__c", Create(1, "A3", "Granddaughter", "A2"), Create(2, "A2", "Daughter", "A1"), Create(3, "A1", "Mother", Value.Null), Create(4, "A9", "Orphan", "A8"));
        Assert.All(outcomes.Where(outcome => outcome.Id < 4), outcome => Assert.Null(outcome.Failure));
        Assert.Equal(WriteFault.BadReference, outcomes.Find(outcome => outcome.Id == 4)!.Fault);
        var records = (await sandbox.RecordsAsync("Account")).ToDictionary(each => (string)each["Hub_Id__c"]!);
        Assert.Equal((string)records["A2"]["id"]!, (string?)records["A3"]["ParentId"]);
        Assert.Equal((string)records["A1"]["id"]!, (string?)records["A2"]["ParentId"]);
    }

    [Fact]
    public async Task A_killed_process_does_not_do_a_job_twice()
    {
        await sandbox.ResetAsync(0);
        var memory = new TransientMemory();
        var request = new PushRequest("Contact", "Hub_Id__c", ["Hub_Id__c", "LastName", "Title"]);
        var writes = Enumerable.Range(1, 300).Select(i => Create(i, $"C{i}", $"Name, {i}", i % 2 == 0 ? "x" : Value.Null)).ToList();
        await using (var first = await sandbox.OpenAsync(settings => settings with { BulkFrom = 100 }, memory))
        {
            // The answer to "let it go" is the last thing that the process hears.
            await sandbox.FaultsAsync("""{"kind":"status","status":400,"path":"jobs/ingest/","after":2,"count":1,"body":"[{\"errorCode\":\"KILLED\",\"message\":\"x\"}]"}""");
            await Assert.ThrowsAsync<ConnectorException>(() => first.PushAsync(request, writes));
        }

        await sandbox.FaultsAsync();
        await using var second = await sandbox.OpenAsync(settings => settings with { BulkFrom = 100 }, memory);
        var outcomes = await second.PushAsync(request, writes.Append(Create(301, "C301", "New", Value.Null)));
        Assert.Equal(301, outcomes.Count);
        Assert.All(outcomes, outcome => Assert.Null(outcome.Failure));
        Assert.Equal(301, (await sandbox.RecordsAsync("Contact")).Count);
        Assert.Equal(301, await sandbox.CountAsync("recordsWritten"));
    }

    [Theory]
    [InlineData("Contact", "Email,LastName", "external id")]
    [InlineData("Contact", "Hub_Id__c,Surname", "Surname")]
    [InlineData("Contact", "Hub_Id__c,SystemModstamp", "computes")]
    [InlineData("User", "Username,Email", "only read")]
    public async Task A_destination_that_cannot_be_written_so_is_refused_before_anything_is_sent(string stream, string fields, string word)
    {
        await sandbox.ResetAsync(3);
        await using var connection = await sandbox.OpenAsync();
        var failure = await Assert.ThrowsAsync<ConnectorException>(() => connection.PushAsync(stream, fields, Create(1, "1", "x")));
        Assert.Equal(FailureKind.Configuration, failure.Kind);
        Assert.Contains(word, failure.Message + failure.Fix, StringComparison.Ordinal);
        Assert.Equal(0, await sandbox.CountAsync("writeCalls"));
    }

    [Fact]
    public async Task Nothing_to_write_asks_for_nothing()
    {
        await sandbox.ResetAsync(3);
        await using var connection = await sandbox.OpenAsync();
        Assert.Empty(await connection.PushAsync("Contact", Fields));
        Assert.Equal(0, await sandbox.CountAsync("calls"));
    }

    private static Write Full(long id, string key, string name) =>
        Create(id, key, name, "Zoë", "z@example.com", Value.Date(new(1988, 2, 29)), Value.Boolean(true), Value.List("Music", "Food"), Value.Number(12.5m));
}

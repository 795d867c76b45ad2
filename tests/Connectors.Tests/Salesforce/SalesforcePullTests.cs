using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Tests.Salesforce;

public sealed class SalesforcePullTests(SalesforceSandbox sandbox) : IClassFixture<SalesforceSandbox>
{
    private static readonly string[] s_names = ["FirstName", "LastName", "Email"];

    [Fact]
    public async Task A_first_pull_brings_all_records_and_a_second_none_of_the_old_ones()
    {
        await sandbox.ResetAsync(1200);
        await sandbox.AdvanceAsync(3600);
        await using var connection = await sandbox.OpenAsync();
        var (rows, cursor, isWhole) = await connection.PullAsync("Contact");
        var expected = await sandbox.RecordsAsync("Contact");
        Assert.True(isWhole);
        Assert.Equal(expected.Select(each => (string)each["id"]!).Order(), rows.Select(row => row.Id()).Order());
        Assert.All(expected, each => Assert.Equal((string?)each["LastName"], rows.Find(row => row.Id() == (string)each["id"]!)!["LastName"].AsText));
        Assert.InRange(cursor!.Length, 1, 500);

        await sandbox.EditAsync("Contact", rows[3].Id(), """{"Email":"new@example.com"}""");
        var (later, next, whole) = await connection.PullAsync("Contact", cursor);
        Assert.False(whole);
        var edited = Assert.Single(later);
        Assert.Equal((rows[3].Id(), "new@example.com"), (edited.Id(), edited["Email"].AsText));
        Assert.NotNull(edited.Version);
        Assert.NotEqual(rows[3].Version, edited.Version);

        await sandbox.AdvanceAsync(3600);
        (_, next, _) = await connection.PullAsync("Contact", next);
        Assert.Empty((await connection.PullAsync("Contact", next)).Rows);
    }

    [Theory]
    [InlineData("Contact")]
    [InlineData("Account")]
    [InlineData("Lead")]
    [InlineData("Opportunity")]
    [InlineData("Task")]
    [InlineData("Membership__c")]
    public async Task Rows_are_the_same_by_REST_and_by_bulk(string stream)
    {
        await sandbox.ResetAsync(300);
        await using var rest = await sandbox.OpenAsync();
        await using var bulk = await sandbox.OpenAsync(settings => settings with { BulkFrom = 1 });
        var one = (await rest.PullAsync(stream)).Rows.Select(SalesforceRows.Line).Order(StringComparer.Ordinal).ToList();
        var other = (await bulk.PullAsync(stream)).Rows.Select(SalesforceRows.Line).Order(StringComparer.Ordinal).ToList();
        Assert.NotEmpty(one);
        Assert.Equal(one, other);
        Assert.Contains(await sandbox.RequestsAsync(), request => request.EndsWith("/jobs/query", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(10_000)]
    [InlineData(1)]
    public async Task An_address_comes_as_a_whole_too(int bulkFrom)
    {
        await sandbox.ResetAsync(10);
        await using var connection = await sandbox.OpenAsync(settings => settings with { BulkFrom = bulkFrom });
        var row = (await connection.PullAsync("Contact", fields: ["MailingAddress.city"])).Rows.First(row => !row["MailingCity"].IsEmpty);
        Assert.Equal(row["MailingCity"], row["MailingAddress"].AsObject!["city"]);
        Assert.Equal(row["MailingPostalCode"], row["MailingAddress"].AsObject!["postalCode"]);
    }

    [Theory]
    [InlineData(10_000)]
    [InlineData(1)]
    public async Task Parents_come_as_nested_values_and_only_asked_for_fields_come(int bulkFrom)
    {
        await sandbox.ResetAsync(60);
        await using var connection = await sandbox.OpenAsync(settings => settings with { BulkFrom = bulkFrom });
        var (rows, _, _) = await connection.PullAsync("Contact", fields: ["LastName", "Account.Name", "Account.Industry", "Owner.Name"]);
        Assert.Equal(["Id", "SystemModstamp", "LastName", "Account", "Owner"], rows[0].Shape.Names);
        Assert.Contains(rows, row => row["Account"].AsObject?["Name"].AsText is { Length: > 0 });
        var (byRoot, _, _) = await connection.PullAsync("Contact", fields: ["Account"]);
        Assert.Contains(byRoot, row => row["Account"].AsObject is { } account && account["Id"].AsText!.StartsWith("001", StringComparison.Ordinal) && account["Name"].AsText!.Length > 0);
    }

    [Theory]
    [InlineData(10_000)]
    [InlineData(1)]
    public async Task From_every_cursor_the_rest_makes_the_whole(int bulkFrom)
    {
        await sandbox.ResetAsync(450);
        await sandbox.AdvanceAsync(3600);
        await using var connection = await sandbox.OpenAsync(settings => settings with { BulkFrom = bulkFrom });
        var pages = await connection.PagesAsync(new PullRequest("Contact") { PageSize = 100, Fields = s_names });
        Assert.Equal(450, pages.Sum(page => page.Rows.Count));
        for (var cut = 0; cut < pages.Count; cut++)
        {
            if (pages[cut].Cursor is not { } cursor)
                continue;
            var rest = (await connection.PullAsync("Contact", cursor, s_names)).Rows.Select(row => row.Id());
            var all = pages.Take(cut + 1).SelectMany(page => page.Rows).Select(row => row.Id()).Concat(rest).ToHashSet();
            Assert.Equal(450, all.Count);
        }

        // And no more than the rest: the last but one cursor does not read everything again.
        var tail = await connection.PullAsync("Contact", pages[2].Cursor, s_names);
        Assert.InRange(tail.Rows.Count, 100, 250);
    }

    [Fact]
    public async Task Deleted_merged_and_converted_records_are_reported()
    {
        await sandbox.ResetAsync(40);
        await sandbox.AdvanceAsync(3600);
        await using var connection = await sandbox.OpenAsync();
        var (contacts, cursor, _) = await connection.PullAsync("Contact");
        var (leads, leadCursor, _) = await connection.PullAsync("Lead");
        var (deleted, winner, loser, lead) = (contacts[0].Id(), contacts[1].Id(), contacts[2].Id(), leads[0].Id());
        await sandbox.DeleteAsync("Contact", deleted);
        await sandbox.ControlAsync("POST", $"records/Contact/{winner}/merge", $$"""{"loser":"{{loser}}"}""");
        var converted = await sandbox.ControlAsync("POST", $"records/Lead/{lead}/convert", "{}");

        var (rows, _, _) = await connection.PullAsync("Contact", cursor);
        Assert.Null(Assert.Single(rows, row => row.IsDelete && row.Id() == deleted).AliasOf);
        Assert.Equal(winner, Assert.Single(rows, row => row.IsDelete && row.Id() == loser).AliasOf);
        var alias = Assert.Single((await connection.PullAsync("Lead", leadCursor)).Rows, row => row.Id() == lead);
        Assert.True(alias.IsDelete);
        Assert.Equal((string)converted!["contactId"]!, alias.AliasOf);
    }

    [Fact]
    public async Task After_a_long_absence_all_ids_are_looked_over()
    {
        await sandbox.ResetAsync(30);
        await sandbox.AdvanceAsync(3600);
        await using var connection = await sandbox.OpenAsync();
        var (rows, cursor, _) = await connection.PullAsync("Contact");
        await sandbox.DeleteAsync("Contact", rows[0].Id());
        await sandbox.AdvanceAsync(40 * 86400);
        var (later, _, isWhole) = await connection.PullAsync("Contact", cursor);
        Assert.True(isWhole);
        Assert.Equal(rows.Skip(1).Select(row => row.Id()).Order(), later.Where(row => row.IsSighting).Select(row => row.Id()).Order());
    }

    [Fact]
    public async Task A_record_that_is_committed_late_is_not_lost()
    {
        await sandbox.ResetAsync(30);
        await sandbox.AdvanceAsync(3600);
        await using var connection = await sandbox.OpenAsync();
        var (rows, cursor, _) = await connection.PullAsync("Contact");
        await sandbox.FaultsAsync("""{"kind":"late-commit","seconds":30}""");
        await sandbox.EditAsync("Contact", rows[0].Id(), """{"Title":"late"}""");
        (var before, cursor, _) = await connection.PullAsync("Contact", cursor);
        Assert.DoesNotContain(before, row => row["Title"].AsText == "late");
        await sandbox.AdvanceAsync(45);
        Assert.Contains((await connection.PullAsync("Contact", cursor)).Rows, row => row["Title"].AsText == "late");
    }

    [Fact]
    public async Task Nothing_is_lost_when_records_change_while_they_are_read()
    {
        await sandbox.ResetAsync(5000);
        await sandbox.AdvanceAsync(3600);
        await sandbox.FaultsAsync("""{"kind":"mutate-while-paging"}""");
        await using var connection = await sandbox.OpenAsync();
        var (rows, cursor, _) = await connection.PullAsync("Contact", fields: s_names);
        await sandbox.FaultsAsync();
        var next = await connection.PullAsync("Contact", cursor, s_names);
        var gone = next.Rows.Concat(rows).Where(row => row.IsDelete).Select(row => row.Id()).ToHashSet();
        var seen = rows.Concat(next.Rows).Where(row => !row.IsDelete).GroupBy(row => row.Id()).ToDictionary(group => group.Key, group => group.Last()["LastName"].AsText);
        Assert.All(await sandbox.RecordsAsync("Contact"), each => Assert.Equal((string?)each["LastName"], seen[(string)each["id"]!]));
        Assert.True(seen.Keys.Except((await sandbox.RecordsAsync("Contact")).Select(each => (string)each["id"]!)).All(gone.Contains));
    }

    [Theory]
    [InlineData("""{"kind":"truncate","count":2,"path":"results"}""")]
    [InlineData("""{"kind":"truncate","abort":true,"count":2,"path":"results"}""")]
    [InlineData("""{"kind":"reset","count":2,"path":"jobs/query"}""")]
    [InlineData("""{"kind":"status","status":503,"count":2}""")]
    [InlineData("""{"kind":"html","count":1,"path":"describe"}""")]
    [InlineData("""{"kind":"bad-gzip","count":1,"path":"results"}""")]
    [InlineData("""{"kind":"expire-token","count":2,"after":2}""")]
    [InlineData("""{"kind":"bulk-fail"}""")]
    public async Task A_bulk_pull_survives(string fault)
    {
        await sandbox.ResetAsync(700);
        await sandbox.FaultsAsync(fault);
        await using var connection = await sandbox.OpenAsync(settings => settings with { BulkFrom = 100 });
        var (rows, _, isWhole) = await connection.PullAsync("Contact", fields: s_names);
        Assert.True(isWhole);
        Assert.Equal(700, rows.Select(row => row.Id()).Distinct().Count());
        Assert.Equal(700, rows.Count);
    }

    [Theory]
    [InlineData("""{"kind":"truncate","count":2,"path":"query"}""")]
    [InlineData("""{"kind":"reset","count":2,"path":"query"}""")]
    [InlineData("""{"kind":"limit","seconds":1,"count":1}""")]
    [InlineData("""{"kind":"expire-token","count":1,"after":3}""")]
    [InlineData("""{"kind":"status","status":400,"count":1,"after":3,"body":"[{\"errorCode\":\"INVALID_QUERY_LOCATOR\",\"message\":\"invalid query locator\"}]"}""")]
    public async Task A_pull_by_REST_survives(string fault)
    {
        await sandbox.ResetAsync(5000);
        await sandbox.FaultsAsync(fault);
        await using var connection = await sandbox.OpenAsync();
        var (rows, _, isWhole) = await connection.PullAsync("Contact", fields: s_names);
        Assert.True(isWhole);
        Assert.Equal(5000, rows.Select(row => row.Id()).Distinct().Count());
    }

    [Fact]
    public async Task A_killed_process_goes_on_with_its_bulk_job()
    {
        await sandbox.ResetAsync(900);
        var memory = new TransientMemory();
        await using (var first = await sandbox.OpenAsync(settings => settings with { BulkFrom = 100 }, memory))
        {
            // Killed before the first page was saved: all that is left is what the connection remembered.
            await foreach (var _ in first.PullAsync(new PullRequest("Contact") { Fields = s_names }, TestContext.Current.CancellationToken))
                break;
        }

        await using var second = await sandbox.OpenAsync(settings => settings with { BulkFrom = 100 }, memory);
        var (rows, cursor, _) = await second.PullAsync("Contact", fields: s_names);
        Assert.Equal(900, rows.Count);
        Assert.Single(await sandbox.RequestsAsync(), request => request.StartsWith("POST", StringComparison.Ordinal) && request.EndsWith("/jobs/query", StringComparison.Ordinal));

        // Read to its end, it is not read again.
        await sandbox.EditAsync("Contact", rows[0].Id(), """{"LastName":"Changed"}""");
        Assert.Contains((await second.PullAsync("Contact", fields: s_names)).Rows, row => row["LastName"].AsText == "Changed");
        Assert.Equal(2, (await sandbox.RequestsAsync()).Count(request => request.StartsWith("POST", StringComparison.Ordinal) && request.EndsWith("/jobs/query", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_job_that_is_gone_is_asked_for_anew_from_the_same_place()
    {
        await sandbox.ResetAsync(900);
        await using var connection = await sandbox.OpenAsync(settings => settings with { BulkFrom = 100 });
        var pages = await connection.PagesAsync(new PullRequest("Contact") { Fields = s_names, PageSize = 200 });
        await sandbox.FaultsAsync("""{"kind":"status","status":404,"path":"jobs/query/7","count":1,"body":"[{\"errorCode\":\"NOT_FOUND\",\"message\":\"gone\"}]"}""");
        var (rows, _, isWhole) = await connection.PullAsync("Contact", pages[1].Cursor, s_names);
        Assert.Equal(900, rows.Select(row => row.Id()).Distinct().Count());
        Assert.False(isWhole);
    }

    [Fact]
    public async Task The_daily_quota_pauses_the_pull()
    {
        await sandbox.ResetAsync(20);
        await sandbox.FaultsAsync("""{"kind":"daily-limit"}""");
        // An account of its own: all connections of one account pause together.
        await using var connection = sandbox.Open(await sandbox.SettingsAsync("refresh"));
        var failure = await Assert.ThrowsAsync<ConnectorException>(() => connection.PullAsync("Contact"));
        Assert.True(failure.PausedUntil is not null, failure.Message);
        Assert.Equal("REQUEST_LIMIT_EXCEEDED", failure.Code);
        await sandbox.ResetAsync(20);
    }

    [Theory]
    [InlineData("Contacts", null, "It has Contact")]
    [InlineData("Membership", null, "Membership__c")]
    [InlineData("Contact", "Lastname2", "Lastname2")]
    [InlineData("Contact", "Account.Nam", "Account.Nam")]
    public async Task A_misspelled_name_is_told_with_its_neighbours(string stream, string? field, string word)
    {
        await sandbox.ResetAsync(5);
        await using var connection = await sandbox.OpenAsync();
        var failure = await Assert.ThrowsAsync<ConnectorException>(() => connection.PullAsync(stream, fields: field is null ? null : [field]));
        Assert.Equal(FailureKind.Configuration, failure.Kind);
        Assert.Contains(word, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Memory_does_not_grow_with_the_number_of_records()
    {
        await sandbox.ResetAsync(200_000);
        await using var connection = await sandbox.OpenAsync();
        long count = 0, first = 0, most = 0;
        await foreach (var page in connection.PullAsync(new PullRequest("Contact") { Fields = s_names }, TestContext.Current.CancellationToken))
        {
            count += page.Rows.Count;
            if (count is < 30_000 or > 190_000)
                continue;
            if (first == 0)
                first = GC.GetTotalMemory(forceFullCollection: true);
            else if (count % 5 == 0)
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true));
        }

        Assert.Equal(200_000, count);
        Assert.InRange(most - first, long.MinValue, 40L * 1024 * 1024);
        await sandbox.ResetAsync(5);
    }
}

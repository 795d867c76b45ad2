using System.Text.Json.Nodes;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Tests.Zoho;

/// <summary>Reading, against the sandbox; what every connector has to do is in the certification.</summary>
public sealed class ZohoPullTests
{
    private static readonly PullRequest s_contacts = new("Contacts") { CursorField = "Modified_Time", KeyField = "id" };

    [Fact]
    public async Task Lists_queries_and_bulk_jobs_give_the_same_rows()
    {
        await using var sandbox = await ZohoSandbox.StartAsync(420);
        await sandbox.PutAsync("account", new JsonObject { ["bulkReadRows"] = 150 });
        var listed = await Lines(sandbox, s_contacts);
        sandbox.Settings = sandbox.Settings with { BulkReadFrom = 1 };
        var bulk = await Lines(sandbox, s_contacts);
        Assert.Contains(await sandbox.CallsAsync(), call => call.EndsWith("/result", StringComparison.Ordinal));
        Assert.Equal(420, listed.Count);
        Assert.Equal(listed, bulk);

        var plain = s_contacts with { Fields = ["Last_Name", "Date_of_Birth", "Last_Visit", "Loyalty_Points", "Newsletter", "Description"] };
        sandbox.Settings = sandbox.Settings with { BulkReadFrom = 0 };
        var queried = await Lines(sandbox, plain);
        Assert.Contains("POST /zoho/crm/v8/coql", await sandbox.CallsAsync());
        Assert.Equal(await Lines(sandbox, plain with { Fields = [.. plain.Fields!, "Owner"] }, plain.Fields), queried);
    }

    [Fact]
    public async Task A_bulk_pull_goes_on_in_the_middle_of_a_job_s_file()
    {
        await using var sandbox = await ZohoSandbox.StartAsync(900);
        await sandbox.PutAsync("account", new JsonObject { ["bulkReadRows"] = 300 });
        sandbox.Settings = sandbox.Settings with { BulkReadFrom = 1 };
        var request = s_contacts with { PageSize = 100, Fields = ["Last_Name"] };
        await using var first = sandbox.Open();
        var ids = new HashSet<string>();
        string? cursor = null;
        await foreach (var page in first.PullAsync(request, TestContext.Current.CancellationToken))
        {
            ids.UnionWith(page.Rows.Select(row => row["id"].ToText()!));
            cursor = page.Cursor;
            if (cursor!.Contains("\"rows\":200", StringComparison.Ordinal))
                break;
        }

        var before = (await sandbox.CallsAsync()).Count(call => call == "POST /zoho/crm/bulk/v8/read");
        await using var second = sandbox.Open();
        var rest = await second.PagesAsync(request with { Cursor = cursor });
        ids.UnionWith(rest.SelectMany(page => page.Rows).Select(row => row["id"].ToText()!));
        Assert.Equal(900, ids.Count);
        Assert.DoesNotContain("bulk", rest[^1].Cursor!, StringComparison.Ordinal);
        Assert.True(rest.Sum(page => page.Rows.Count) < 900 + 200);
        Assert.Equal(before, (await sandbox.CallsAsync()).Take(before).Count(call => call == "POST /zoho/crm/bulk/v8/read"));
    }

    [Fact]
    public async Task A_bulk_job_that_Zoho_has_forgotten_is_made_anew()
    {
        await using var sandbox = await ZohoSandbox.StartAsync(250);
        sandbox.Settings = sandbox.Settings with { BulkReadFrom = 1 };
        var cursor = """{"modified":"2000-01-01T00:00:00+00:00","deleted":"2000-01-01T00:00:00+00:00","bulk":{"job":"5725767000009999999","page":1,"rows":200}}""";
        await using var connection = sandbox.Open();
        Assert.Equal(250, (await connection.RowsAsync(s_contacts with { Cursor = cursor })).Select(row => row["id"]).Distinct().Count());
    }

    [Fact]
    public async Task Deletions_are_told_once_and_not_on_a_first_pull()
    {
        await using var sandbox = await ZohoSandbox.StartAsync(20);
        var id = (await sandbox.RecordsAsync("Contacts"))[3]["id"]!.ToString();
        await using var connection = sandbox.Open();
        var first = await connection.PagesAsync(s_contacts);
        Assert.True(first[^1].CompletesSnapshot);
        Assert.DoesNotContain(first.SelectMany(page => page.Rows), row => row.IsDelete);
        await sandbox.AdvanceAsync(5);
        await sandbox.DeleteAsync("Contacts", id);
        await sandbox.AdvanceAsync(5);
        var second = await connection.PagesAsync(s_contacts with { Cursor = first[^1].Cursor });
        Assert.Equal(id, Assert.Single(second.SelectMany(page => page.Rows), row => row.IsDelete)["id"].ToText());
        Assert.False(second[^1].CompletesSnapshot);
        Assert.DoesNotContain(await connection.RowsAsync(s_contacts with { Cursor = second[^1].Cursor }), row => row.IsDelete);
    }

    [Fact]
    public async Task A_converted_lead_is_gone_and_the_contact_stands_in_its_place()
    {
        await using var sandbox = await ZohoSandbox.StartAsync(5);
        var lead = await sandbox.CreateAsync("Leads", new JsonObject { ["Last_Name"] = "Okafor", ["Company"] = "Okafor Ltd" });
        await using var connection = sandbox.Open();
        var request = new PullRequest("Leads") { CursorField = "Modified_Time", KeyField = "id" };
        var first = await connection.PagesAsync(request);
        Assert.Contains(first.SelectMany(page => page.Rows), row => row["id"].ToText() == lead && !row.IsDelete);
        await sandbox.AdvanceAsync(2);
        var became = await sandbox.PostAsync($"records/Leads/{lead}/convert", []);
        await sandbox.AdvanceAsync(2);
        var row = Assert.Single(await connection.RowsAsync(request with { Cursor = first[^1].Cursor }), row => row["id"].ToText() == lead);
        Assert.Equal((true, became!["Contacts"]!.ToString()), (row.IsDelete, row.AliasOf));
    }

    [Theory]
    [InlineData("Emial", "no field 'Emial'")]
    [InlineData("email", "Did you mean 'Email'?")]
    [InlineData("Account_Name.id", null)]
    public async Task A_field_that_is_not_there_is_told_with_what_is_near(string field, string? says)
    {
        await using var sandbox = await ZohoSandbox.StartAsync(3);
        await using var connection = sandbox.Open();
        var request = s_contacts with { Fields = [field] };
        if (says is null)
        {
            Assert.Equal(3, (await connection.RowsAsync(request)).Count);
            return;
        }

        var failure = await Assert.ThrowsAsync<ConnectorException>(() => connection.PagesAsync(request));
        Assert.Equal(FailureKind.Configuration, failure.Kind);
        Assert.Contains(says, $"{failure.Message} {failure.Fix}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("contacts", "Did you mean 'Contacts'?")]
    [InlineData("Kontakte", "Contacts")]
    public async Task A_module_that_is_not_there_is_told_with_what_is_near(string stream, string fix)
    {
        await using var sandbox = await ZohoSandbox.StartAsync(3);
        await using var connection = sandbox.Open();
        var failure = await Assert.ThrowsAsync<ConnectorException>(() => connection.PagesAsync(new PullRequest(stream)));
        Assert.Equal(FailureKind.Configuration, failure.Kind);
        Assert.Contains(fix, failure.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_field_that_was_removed_ends_the_pull_before_it_blanks_anything()
    {
        await using var sandbox = await ZohoSandbox.StartAsync(3);
        await sandbox.BreakAsync(new JsonObject { ["kind"] = "drop-field", ["stream"] = "Contacts", ["field"] = "Title" });
        await using var connection = sandbox.Open();
        Assert.Contains("'Title'", (await Assert.ThrowsAsync<ConnectorException>(() => connection.PagesAsync(s_contacts with { Fields = ["Title"] }))).Message, StringComparison.Ordinal);
        Assert.True((await connection.RowsAsync(s_contacts))[0].Shape is { IsFixed: true } shape && shape.Find("Title") < 0);
    }

    [Fact]
    public async Task What_is_left_of_the_credits_is_foretold()
    {
        await using var sandbox = await ZohoSandbox.StartAsync(3);
        await using var connection = sandbox.Open();
        await connection.RowsAsync(s_contacts);
        var forecast = await connection.ForecastAsync(new ApiWork("Contacts") { Reads = 1_000, Updates = 100 }, TestContext.Current.CancellationToken);
        Assert.Equal(("credits", 50_000, 7_500), (forecast.Unit, forecast.Limit, forecast.Reserve));
        Assert.InRange(forecast.Left!.Value, 49_900, 49_999);
        Assert.True(forecast.Cost > 10);
    }

    private static async Task<List<string>> Lines(ZohoSandbox sandbox, PullRequest request, IReadOnlyList<string>? fields = null)
    {
        await using var connection = sandbox.Open();
        return [.. (await connection.RowsAsync(request)).Select(row => string.Join("|", (fields ?? request.Fields ?? row.Shape.Names).Append("id").Append("Modified_Time").Select(field => $"{field}={row[field]}")) + row.Version).Order(StringComparer.Ordinal)];
    }
}

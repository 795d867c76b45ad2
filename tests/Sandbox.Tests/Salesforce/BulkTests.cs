using System.Net;
using System.Text.Json.Nodes;

namespace Crm.Integration.Sandbox.Tests.Salesforce;

public sealed class BulkTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_query_job_goes_through_its_states_and_gives_its_result_in_parts()
    {
        await using var account = await SalesforceAccount.OpenAsync(25);
        var job = await QueryJobAsync(account, "SELECT Id, LastName, Birthdate, SystemModstamp, Account.Name FROM Contact ORDER BY Id");
        Assert.Equal(("UploadComplete", "LF", "COMMA"), ((string?)job["state"], (string?)job["lineEnding"], (string?)job["columnDelimiter"]));
        var path = "jobs/query/" + job["id"];

        Assert.Equal(HttpStatusCode.BadRequest, (await account.CallAsync("GET", path + "/results")).Status);
        Assert.Equal("InProgress", await StateAsync(account, path));
        Assert.Equal("JobComplete", await StateAsync(account, path));

        var rows = new List<string>();
        string? locator = "";
        while (locator != "null")
        {
            var part = await account.SendAsync("GET", $"{SalesforceAccount.Data}{path}/results?maxRecords=10&locator={locator}");
            Assert.Equal("text/csv", part.Content.Headers.ContentType!.MediaType);
            locator = part.Headers.GetValues("Sforce-Locator").Single();
            var lines = (await part.Content.ReadAsStringAsync(Token)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal("\"Id\",\"LastName\",\"Birthdate\",\"SystemModstamp\",\"Account.Name\"", lines[0]);
            Assert.Equal(lines.Length - 1, int.Parse(part.Headers.GetValues("Sforce-NumberOfRecords").Single(), System.Globalization.CultureInfo.InvariantCulture));
            rows.AddRange(lines[1..]);
        }

        Assert.Equal(25, rows.Distinct().Count());
        Assert.Matches("^\"0035g[^\"]+\",\"[^\"]+\",\"[0-9-]*\",\"[0-9-]+T[0-9:.]+Z\",\"[^\"]*\"$", rows[0]);
        Assert.Equal(HttpStatusCode.NoContent, (await account.CallAsync("DELETE", path)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await account.CallAsync("GET", path)).Status);
    }

    [Fact]
    public async Task A_compound_or_a_fault_fails_the_job_and_not_the_call()
    {
        await using var account = await SalesforceAccount.OpenAsync();

        var compound = "jobs/query/" + (await QueryJobAsync(account, "SELECT Id, MailingAddress FROM Contact"))["id"];
        Assert.Equal("Failed", await StateAsync(account, compound));
        Assert.Contains("compound data", (string?)(await account.CallAsync("GET", compound)).Body!["errorMessage"], StringComparison.Ordinal);

        await account.Playground.FaultsAsync("""{"kind":"bulk-fail","count":1}""");
        Assert.Equal("Failed", await StateAsync(account, "jobs/query/" + (await QueryJobAsync(account, "SELECT Id FROM Contact"))["id"]));
    }

    [Fact]
    public async Task A_job_that_nobody_asks_for_ends_by_itself()
    {
        await using var account = await SalesforceAccount.OpenAsync();
        var path = "jobs/query/" + (await QueryJobAsync(account, "SELECT Id FROM Contact"))["id"];

        account.Clock.Advance(6);

        Assert.Equal("JobComplete", await StateAsync(account, path));
        Assert.Equal((string?)(await account.CallAsync("GET", "jobs/query")).Body!["records"]![0]!["id"], path["jobs/query/".Length..]);
    }

    [Fact]
    public async Task An_aborted_job_has_no_result()
    {
        await using var account = await SalesforceAccount.OpenAsync();
        var path = "jobs/query/" + (await QueryJobAsync(account, "SELECT Id FROM Contact"))["id"];

        Assert.Equal("Aborted", (string?)(await account.CallAsync("PATCH", path, new { state = "Aborted" })).Body!["state"]);
        Assert.Equal(HttpStatusCode.BadRequest, (await account.CallAsync("GET", path + "/results")).Status);
    }

    [Fact]
    public async Task An_ingest_job_tells_what_became_of_each_row()
    {
        await using var account = await SalesforceAccount.OpenAsync();
        var csv = "Hub_Id__c,LastName,Birthdate,Title\nE-1,\"Oka\"\"for, Ngozi\",2000-01-02,\nE-2,,,\nE-3,x,2026-13-01,\nE-4,伟,,Boss\n";

        var path = await IngestAsync(account, "upsert", csv);
        Assert.Equal("InProgress", await StateAsync(account, path));
        Assert.Equal("JobComplete", await StateAsync(account, path));

        var (_, job) = await account.CallAsync("GET", path);
        Assert.Equal((4, 2), ((int)job!["numberRecordsProcessed"]!, (int)job["numberRecordsFailed"]!));
        var good = (await account.TextAsync(path + "/successfulResults")).Split('\n');
        Assert.Equal("\"sf__Id\",\"sf__Created\",Hub_Id__c,LastName,Birthdate,Title", good[0]);
        Assert.Matches("^\"0035g[^\"]+\",\"true\",E-1,\"Oka\"\"for, Ngozi\",2000-01-02,$", good[1]);
        var bad = await account.TextAsync(path + "/failedResults");
        Assert.Contains("\"\",\"REQUIRED_FIELD_MISSING:Required fields are missing: [LastName]:LastName --\",E-2,,,", bad, StringComparison.Ordinal);
        Assert.Contains("'2026-13-01' is not a valid value for the type xsd:date:Birthdate --", bad, StringComparison.Ordinal);
        Assert.Equal("Hub_Id__c,LastName,Birthdate,Title\n", await account.TextAsync(path + "/unprocessedrecords"));
    }

    [Fact]
    public async Task Empty_leaves_a_value_and_a_sign_clears_it()
    {
        await using var account = await SalesforceAccount.OpenAsync();
        await account.CallAsync("PATCH", "sobjects/Contact/Hub_Id__c/E-1", new { LastName = "x", Title = "Boss", Phone = "1" });

        var path = await IngestAsync(account, "upsert", "Hub_Id__c,Title,Phone\r\nE-1,,#N/A\r\n");
        account.Clock.Advance(6);

        Assert.Equal("JobComplete", await StateAsync(account, path));
        var (_, row) = await account.CallAsync("GET", "sobjects/Contact/Hub_Id__c/E-1?fields=Title,Phone");
        Assert.Equal(("Boss", null), ((string?)row!["Title"], (string?)row["Phone"]));
    }

    [Fact]
    public async Task An_unknown_column_fails_the_whole_job()
    {
        await using var account = await SalesforceAccount.OpenAsync();

        var path = await IngestAsync(account, "upsert", "Hub_Id__c,LastNam\nE-1,x\n");

        Assert.Equal("Failed", await StateAsync(account, path));
        Assert.Equal("InvalidBatch : Field name not found : LastNam", (string?)(await account.CallAsync("GET", path)).Body!["errorMessage"]);
        Assert.Equal("Hub_Id__c,LastNam\nE-1,x\n", await account.TextAsync(path + "/unprocessedRecords"));
        Assert.Equal(0, await account.Playground.CounterAsync("created"));
    }

    [Fact]
    public async Task A_job_aborted_half_way_keeps_what_it_wrote_and_lists_the_rest()
    {
        await using var account = await SalesforceAccount.OpenAsync();
        var path = await IngestAsync(account, "insert", "LastName\na\nb\nc\nd\n");
        await StateAsync(account, path);

        await account.CallAsync("PATCH", path, new { state = "Aborted" });

        Assert.Equal("LastName\nc\nd\n", await account.TextAsync(path + "/unprocessedrecords"));
        Assert.Equal(2, await account.Playground.CounterAsync("created"));
    }

    [Fact]
    public async Task A_job_takes_one_upload()
    {
        await using var account = await SalesforceAccount.OpenAsync();
        var (_, job) = await account.CallAsync("POST", "jobs/ingest", new { @object = "Contact", operation = "insert" });
        var content = (string)job!["contentUrl"]!;

        Assert.Equal(HttpStatusCode.BadRequest, (await account.CallAsync("PATCH", "jobs/ingest/" + job["id"], new { state = "UploadComplete" })).Status);
        Assert.Equal(HttpStatusCode.Created, (await account.SendAsync("PUT", content, "LastName\nx\n")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await account.SendAsync("PUT", content, "LastName\nx\n")).StatusCode);
    }

    private static async Task<JsonNode> QueryJobAsync(SalesforceAccount account, string soql) =>
        (await account.CallAsync("POST", "jobs/query", new { operation = "query", query = soql, contentType = "CSV", columnDelimiter = "COMMA", lineEnding = "LF" })).Body!;

    private static async Task<string?> StateAsync(SalesforceAccount account, string path) => (string?)(await account.CallAsync("GET", path)).Body!["state"];

    private static async Task<string> IngestAsync(SalesforceAccount account, string operation, string csv)
    {
        var (_, job) = await account.CallAsync("POST", "jobs/ingest", new { @object = "Contact", operation, externalIdFieldName = operation == "upsert" ? "Hub_Id__c" : null });
        Assert.Equal(HttpStatusCode.Created, (await account.SendAsync("PUT", (string)job!["contentUrl"]!, csv)).StatusCode);
        var path = "jobs/ingest/" + job["id"];
        Assert.Equal(HttpStatusCode.OK, (await account.CallAsync("PATCH", path, new { state = "UploadComplete" })).Status);
        return path;
    }
}

using System.Net;
using System.Text.Json.Nodes;

namespace Crm.Integration.Sandbox.Tests.Salesforce;

public sealed class QueryTests
{
    [Fact]
    public async Task A_page_holds_two_thousand_and_leads_to_the_next()
    {
        await using var account = await SalesforceAccount.OpenAsync(4213);

        var (_, first) = await account.QueryAsync("SELECT Id FROM Contact ORDER BY SystemModstamp, Id");
        var ids = new List<string>();
        var page = Assert.IsType<JsonObject>(first);
        while (true)
        {
            ids.AddRange(page["records"]!.AsArray().Select(row => (string)row!["Id"]!));
            if ((bool)page["done"]!)
                break;
            var next = (string)page["nextRecordsUrl"]!;
            Assert.StartsWith("/services/data/v66.0/query/", next, StringComparison.Ordinal);
            page = (JsonObject)JsonNode.Parse(await (await account.SendAsync("GET", next[1..])).Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        }

        Assert.Equal(4213, (int)first!["totalSize"]!);
        Assert.Equal(2000, first!["records"]!.AsArray().Count);
        Assert.Equal(4213, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Equal(18, id.Length));
    }

    [Fact]
    public async Task The_size_of_a_page_is_taken_from_the_header_between_200_and_2000()
    {
        await using var account = await SalesforceAccount.OpenAsync(500);

        var (_, body) = await account.CallAsync("GET", "query?q=SELECT+Id+FROM+Contact", null, ("Sforce-Query-Options", "batchSize=5"));

        Assert.Equal(200, body!["records"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_row_shows_types_compounds_and_what_it_refers_to()
    {
        await using var account = await SalesforceAccount.OpenAsync();

        var row = (await account.RowsAsync("select id, Account.Name, Account.Owner.Name, MailingAddress, Birthdate, Loyalty_Points__c, HasOptedOutOfEmail, SystemModstamp from contact where lastname like '%' and AccountId != null and Birthdate != null limit 1"))[0]!;

        Assert.Equal("Contact", (string?)row["attributes"]!["type"]);
        Assert.Equal($"/services/data/v66.0/sobjects/Contact/{row["Id"]}", (string?)row["attributes"]!["url"]);
        Assert.Equal("Account", (string?)row["Account"]!["attributes"]!["type"]);
        Assert.Equal("Hub Integration", (string?)row["Account"]!["Owner"]!["Name"]);
        Assert.NotNull(row["MailingAddress"]!["city"]);
        Assert.Matches(@"^\d{4}-\d\d-\d\d$", (string?)row["Birthdate"]);
        Assert.Matches(@"^\d+\.\d+$", row["Loyalty_Points__c"]!.ToJsonString());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$", (string?)row["SystemModstamp"]);
    }

    [Theory]
    [InlineData("SELECT Id FROM Contact WHERE (FirstName = 'anna' OR FirstName = 'PETER') AND NOT LastName = 'Smith'")]
    [InlineData("SELECT Id FROM Contact WHERE Id IN ('0035g0000000001AAA','0035g0000000002')")]
    [InlineData("SELECT Id FROM Contact WHERE Email = null AND Phone != null")]
    [InlineData("SELECT Id FROM Contact WHERE SystemModstamp >= 2020-01-01T00:00:00Z AND SystemModstamp < 2026-01-01T00:00:00.000+08:00")]
    [InlineData("SELECT Id FROM Contact WHERE Interests__c INCLUDES ('Music;Travel','Food') ORDER BY LastName DESC NULLS LAST, Id LIMIT 5 OFFSET 2")]
    [InlineData("SELECT Id FROM Contact WHERE Account.Industry NOT IN ('Retail') AND CreatedDate > LAST_N_DAYS:900")]
    [InlineData("SELECT Contact.Id FROM Contact WHERE LastName = 'O\\'Brien' OR HasOptedOutOfEmail = true")]
    public async Task The_language_is_understood(string soql)
    {
        await using var account = await SalesforceAccount.OpenAsync(500);

        var all = (int)(await account.QueryAsync("SELECT COUNT() FROM Contact")).Body!["totalSize"]!;

        Assert.InRange((await account.RowsAsync(soql)).Count, 1, all - 1);
    }

    [Theory]
    [InlineData("SELECT Id FROM Contact WHERE", "MALFORMED_QUERY")]
    [InlineData("SELECT Id FROM Contact WHERE LastName = 'x", "MALFORMED_QUERY")]
    [InlineData("SELECT Id FROM Contact WHERE LastName = 'x' AND Email = null OR Phone = null", "MALFORMED_QUERY")]
    [InlineData("SELECT Foo FROM Contact", "INVALID_FIELD")]
    [InlineData("SELECT Foo.Name FROM Contact", "INVALID_FIELD")]
    [InlineData("SELECT Id FROM Contact WHERE SystemModstamp > '2026-01-01T00:00:00Z'", "INVALID_FIELD")]
    [InlineData("SELECT Id FROM Contact WHERE Description = 'x'", "INVALID_FIELD")]
    [InlineData("SELECT Id FROM Contcat", "INVALID_TYPE")]
    public async Task What_is_wrong_with_a_query_is_told(string soql, string code)
    {
        await using var account = await SalesforceAccount.OpenAsync();

        var (status, body) = await account.QueryAsync(soql);

        Assert.Equal((HttpStatusCode.BadRequest, code), (status, (string?)body![0]!["errorCode"]));
    }

    [Fact]
    public async Task A_locator_does_not_live_for_ever()
    {
        await using var account = await SalesforceAccount.OpenAsync(2500);
        var next = ((string)(await account.QueryAsync("SELECT Id FROM Contact")).Body!["nextRecordsUrl"]!)["/services/data/v66.0/".Length..];

        Assert.Equal(HttpStatusCode.OK, (await account.CallAsync("GET", next)).Status);
        for (var i = 0; i < 10; i++)
            await account.QueryAsync("SELECT Id FROM Contact");

        Assert.Equal("INVALID_QUERY_LOCATOR", (string?)(await account.CallAsync("GET", next)).Body![0]!["errorCode"]);
    }

    [Fact]
    public async Task Deleted_records_show_in_queryAll_for_fifteen_days_and_in_the_list_of_the_deleted()
    {
        await using var account = await SalesforceAccount.OpenAsync();
        var id = (string)(await account.RowsAsync("SELECT Id FROM Contact LIMIT 1"))[0]!["Id"]!;
        await account.CallAsync("DELETE", "sobjects/Contact/" + id);
        account.Clock.Advance(60);

        Assert.Empty(await account.RowsAsync($"SELECT Id FROM Contact WHERE Id = '{id}'"));
        Assert.True((bool)(await account.RowsAsync($"SELECT Id, IsDeleted FROM Contact WHERE Id = '{id}'", "queryAll"))[0]!["IsDeleted"]!);
        var (_, deleted) = await account.CallAsync("GET", "sobjects/Contact/deleted?start=2026-03-02T08:00:00Z&end=2026-03-02T09:00:00%2B00:00");
        Assert.Equal(id, (string?)deleted!["deletedRecords"]![0]!["id"]);
        Assert.Equal("2026-03-02T08:15:30.000+0000", (string?)deleted["deletedRecords"]![0]!["deletedDate"]);
        Assert.Equal("2026-03-02T08:16:00.000+0000", (string?)deleted["latestDateCovered"]);
        Assert.Equal("INVALID_REPLICATION_DATE", (string?)(await account.CallAsync("GET", "sobjects/Contact/deleted?start=2026-01-02T08:00:00Z&end=2026-01-12T09:00:00Z")).Body![0]!["errorCode"]);

        account.Clock.Advance(15 * 86400);
        var again = await account.TokenAsync(("grant_type", "client_credentials"), ("client_id", "sandbox-consumer-key"), ("client_secret", "sandbox-consumer-secret"));
        Assert.Equal(HttpStatusCode.OK, again.Status);
    }

    [Fact]
    public async Task Changed_records_show_in_the_list_of_the_updated()
    {
        await using var account = await SalesforceAccount.OpenAsync();
        var id = (string)(await account.RowsAsync("SELECT Id FROM Contact LIMIT 1"))[0]!["Id"]!;
        await account.Playground.ControlAsync("PATCH", "records/Contact/" + id, """{"Title":"Boss"}""");
        account.Clock.Advance(60);

        var (_, body) = await account.CallAsync("GET", "sobjects/Contact/updated?start=2026-03-02T08:15:00Z&end=2026-03-02T09:00:00Z");

        Assert.Equal(id, (string?)Assert.Single(body!["ids"]!.AsArray()));
    }

    [Fact]
    public async Task Every_answer_tells_what_is_used_of_the_day()
    {
        await using var account = await SalesforceAccount.OpenAsync();
        await account.Playground.ControlAsync("PUT", "limits", """{"perDay":2}""");

        Assert.Equal(["api-usage=1/2"], (await account.SendAsync("GET", SalesforceAccount.Data + "limits")).Headers.GetValues("Sforce-Limit-Info"));
        Assert.Equal(0, (int)(await account.CallAsync("GET", "limits")).Body!["DailyApiRequests"]!["Remaining"]!);
        var over = await account.SendAsync("GET", SalesforceAccount.Data + "limits");
        Assert.Equal(HttpStatusCode.Forbidden, over.StatusCode);
        Assert.Null(over.Headers.RetryAfter);
        Assert.Contains("REQUEST_LIMIT_EXCEEDED", await over.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_too_long_is_refused()
    {
        await using var account = await SalesforceAccount.OpenAsync();

        Assert.Equal(HttpStatusCode.RequestUriTooLong, (await account.SendAsync("GET", SalesforceAccount.Data + "query?q=" + new string('a', 17_000))).StatusCode);
    }

    [Fact]
    public async Task Metadata_tell_what_can_be_done_with_a_field()
    {
        await using var account = await SalesforceAccount.OpenAsync();

        var (_, all) = await account.CallAsync("GET", "sobjects");
        var (_, contact) = await account.CallAsync("GET", "sobjects/Contact/describe");
        JsonNode Field(string name) => contact!["fields"]!.AsArray().Single(field => (string?)field!["name"] == name)!;

        Assert.Contains("Membership__c", all!["sobjects"]!.AsArray().Select(type => (string?)type!["name"]));
        Assert.Equal((80, false, true), ((int)Field("LastName")["length"]!, (bool)Field("LastName")["nillable"]!, (bool)Field("LastName")["createable"]!));
        Assert.True((bool)Field("Hub_Id__c")["externalId"]! && (bool)Field("Hub_Id__c")["unique"]!);
        Assert.False((bool)Field("SystemModstamp")["updateable"]!);
        Assert.Equal("Account", (string?)Field("AccountId")["referenceTo"]![0]);
        Assert.Equal("Name", (string?)Field("FirstName")["compoundFieldName"]);
        Assert.Equal("multipicklist", (string?)Field("Interests__c")["type"]);
    }
}

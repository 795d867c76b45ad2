using System.Net;
using System.Text.Json.Nodes;

namespace Crm.Integration.Sandbox.Tests.Salesforce;

public sealed class WritingTests
{
    [Fact]
    public async Task An_upsert_creates_then_updates_then_finds_two()
    {
        await using var account = await SalesforceAccount.OpenAsync();

        var (created, first) = await account.CallAsync("PATCH", "sobjects/Contact/Hub_Id__c/A%2F1", new { LastName = "  Okafor " });
        var (updated, second) = await account.CallAsync("PATCH", "sobjects/Contact/Hub_Id__c/a%2F1", new { FirstName = "Ngozi" });
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (created, updated));
        Assert.Equal((true, false), ((bool)first!["created"]!, (bool)second!["created"]!));
        Assert.Equal((string?)first["id"], (string?)second["id"]);
        Assert.Equal("Okafor", (string?)(await account.CallAsync("GET", "sobjects/Contact/" + first["id"])).Body!["LastName"]);

        for (var i = 0; i < 2; i++)
            await account.CallAsync("POST", "sobjects/Contact", new { LastName = "Twin", Legacy_Id__c = "L-1" });
        var (several, urls) = await account.CallAsync("PATCH", "sobjects/Contact/Legacy_Id__c/L-1", new { LastName = "x" });
        Assert.Equal(HttpStatusCode.MultipleChoices, several);
        Assert.Equal(2, urls!.AsArray().Count);
        Assert.Equal(HttpStatusCode.NotFound, (await account.CallAsync("PATCH", "sobjects/Contact/Title/x", new { LastName = "x" })).Status);
    }

    [Fact]
    public async Task An_update_and_a_delete_answer_nothing_and_a_gone_record_is_said_to_be_gone()
    {
        await using var account = await SalesforceAccount.OpenAsync();
        var (status, made) = await account.CallAsync("POST", "sobjects/Account", new { Name = "Okafor Ltd" });
        var path = "sobjects/Account/" + made!["id"];

        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal(HttpStatusCode.NoContent, (await account.CallAsync("PATCH", path, new { Phone = "1" })).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await account.CallAsync("DELETE", path)).Status);
        var (gone, error) = await account.CallAsync("PATCH", path, new { Phone = "2" });
        Assert.Equal((HttpStatusCode.NotFound, "ENTITY_IS_DELETED"), (gone, (string?)error![0]!["errorCode"]));
        Assert.Equal((1, 1, 1), (await account.Playground.CounterAsync("created"), await account.Playground.CounterAsync("updated"), await account.Playground.CounterAsync("deleted")));
    }

    [Theory]
    [InlineData("""{"FirstName":"x"}""", "REQUIRED_FIELD_MISSING", "LastName")]
    [InlineData("""{"LastName":"x","Foo":"y"}""", "INVALID_FIELD", "Foo")]
    [InlineData("""{"LastName":"x","SystemModstamp":"2026-01-01T00:00:00Z"}""", "INVALID_FIELD_FOR_INSERT_UPDATE", "SystemModstamp")]
    [InlineData("""{"LastName":"x","Email":"not an address"}""", "INVALID_EMAIL_ADDRESS", "Email")]
    [InlineData("""{"LastName":"x","FirstName":"12345678901234567890123456789012345678901"}""", "STRING_TOO_LONG", "FirstName")]
    [InlineData("""{"LastName":"x","AccountId":"0015g0000009999AAA"}""", "INVALID_CROSS_REFERENCE_KEY", "AccountId")]
    [InlineData("""{"LastName":"x","AccountId":"17"}""", "MALFORMED_ID", "AccountId")]
    [InlineData("""{"LastName":"x","Birthdate":"2026-13-01"}""", "JSON_PARSER_ERROR", "Birthdate")]
    [InlineData("""{"LastName":"x","Account":{"Hub_Id__c":"nobody"}}""", "INVALID_FIELD", "AccountId")]
    public async Task What_is_wrong_with_a_record_names_the_field(string record, string code, string field)
    {
        await using var account = await SalesforceAccount.OpenAsync();

        var (status, body) = await account.CallAsync("POST", "sobjects/Contact", JsonNode.Parse(record));

        Assert.Equal((HttpStatusCode.BadRequest, code, field), (status, (string?)body![0]!["errorCode"], (string?)body[0]!["fields"]?[0]));
    }

    [Fact]
    public async Task A_unique_value_names_the_record_that_has_it_and_a_restricted_list_is_kept()
    {
        await using var account = await SalesforceAccount.OpenAsync();
        var id = (string)(await account.CallAsync("POST", "sobjects/Contact", new { LastName = "x", Hub_Id__c = "H-1" })).Body!["id"]!;

        var (_, twice) = await account.CallAsync("POST", "sobjects/Contact", new { LastName = "y", Hub_Id__c = "h-1" });
        var (_, level) = await account.CallAsync("POST", "sobjects/Membership__c", new { Name = "x", Level__c = "Platinum" });

        Assert.Equal($"duplicate value found: Hub_Id__c duplicates value on record with id: {id}", (string?)twice![0]!["message"]);
        Assert.Equal("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", (string?)level![0]!["errorCode"]);
    }

    [Fact]
    public async Task Two_changes_within_a_second_bear_one_time()
    {
        await using var account = await SalesforceAccount.OpenAsync();
        account.Clock.Advance(0.4);
        var id = (string)(await account.CallAsync("POST", "sobjects/Contact", new { LastName = "x", Hub_Id__c = "H-1" })).Body!["id"]!;
        account.Clock.Advance(0.5);
        await account.Playground.ControlAsync("PATCH", "records/Contact/" + id, """{"LastName":"y"}""");

        Assert.Equal("2026-03-02T08:15:30.000+0000", (string?)(await account.CallAsync("GET", "sobjects/Contact/" + id)).Body!["SystemModstamp"]);
        Assert.Equal(422, (await account.Playground.TryControlAsync("POST", "records/Contact", """{"LastName":"z","Hub_Id__c":"h-1"}""")).Status);
    }

    [Fact]
    public async Task A_reference_can_be_named_by_an_external_id_and_null_clears()
    {
        await using var account = await SalesforceAccount.OpenAsync();
        var company = (string)(await account.CallAsync("POST", "sobjects/Account", new { Name = "x", Hub_Id__c = "A-9" })).Body!["id"]!;

        var id = (string)(await account.CallAsync("POST", "sobjects/Contact", new { LastName = "x", Title = "Boss", Account = new { Hub_Id__c = "A-9" } })).Body!["id"]!;
        Assert.Equal(company, (string?)(await account.CallAsync("GET", $"sobjects/Contact/{id}?fields=AccountId,Title")).Body!["AccountId"]);
        await account.CallAsync("PATCH", "sobjects/Contact/" + id, new { Title = (string?)null, AccountId = (string?)null });
        var (_, after) = await account.CallAsync("GET", $"sobjects/Contact/{id}?fields=AccountId,Title");
        Assert.Null(after!["AccountId"] ?? after["Title"]);
    }

    [Fact]
    public async Task A_record_changed_since_is_not_overwritten()
    {
        await using var account = await SalesforceAccount.OpenAsync();
        var path = "sobjects/Contact/" + (await account.CallAsync("POST", "sobjects/Contact", new { LastName = "x" })).Body!["id"];

        Assert.Equal(HttpStatusCode.NoContent, (await account.CallAsync("PATCH", path, new { Title = "a" }, ("If-Unmodified-Since", "Mon, 02 Mar 2026 08:15:30 GMT"))).Status);
        account.Clock.Advance(1);
        await account.CallAsync("PATCH", path, new { Title = "b" });
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await account.CallAsync("PATCH", path, new { Title = "c" }, ("If-Unmodified-Since", "Mon, 02 Mar 2026 08:15:30 GMT"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await account.CallAsync("PATCH", path, new { Title = "c" }, ("If-Unmodified-Since", "yesterday"))).Status);
    }

    [Fact]
    public async Task A_collection_answers_each_record_in_its_place()
    {
        await using var account = await SalesforceAccount.OpenAsync();

        var (status, results) = await account.CallAsync("PATCH", "composite/sobjects/Contact/Hub_Id__c", Collection(allOrNone: false, "a", null, "a", "b"));

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(["", "REQUIRED_FIELD_MISSING", "DUPLICATE_VALUE", ""], results!.AsArray().Select(Code));
        Assert.True((bool)results[0]!["created"]!);
        Assert.Equal(2, await account.Playground.CounterAsync("created"));
    }

    [Fact]
    public async Task All_or_none_writes_nothing_and_blames_the_culprit_alone()
    {
        await using var account = await SalesforceAccount.OpenAsync();

        var (_, results) = await account.CallAsync("PATCH", "composite/sobjects/Contact/Hub_Id__c", Collection(allOrNone: true, "a", null, "b"));
        Assert.Equal(["ALL_OR_NONE_OPERATION_ROLLED_BACK", "REQUIRED_FIELD_MISSING", "ALL_OR_NONE_OPERATION_ROLLED_BACK"], results!.AsArray().Select(Code));
        Assert.Equal(0, await account.Playground.CounterAsync("recordsWritten"));

        (_, results) = await account.CallAsync("PATCH", "composite/sobjects/Contact/Hub_Id__c", Collection(allOrNone: true, "a", "b"));
        Assert.Equal(["", ""], results!.AsArray().Select(Code));
    }

    [Fact]
    public async Task A_collection_takes_two_hundred()
    {
        await using var account = await SalesforceAccount.OpenAsync();

        var (status, body) = await account.CallAsync("POST", "composite/sobjects", Collection(allOrNone: false, [.. Enumerable.Repeat("x", 201)]));

        Assert.Equal((HttpStatusCode.BadRequest, "EXCEEDED_ID_LIMIT"), (status, (string?)body![0]!["errorCode"]));
    }

    [Theory]
    [InlineData("""{"allOrNone":"perhaps","records":[]}""")]
    [InlineData("""{"records":7}""")]
    [InlineData("""[]""")]
    public async Task A_body_of_the_wrong_kind_is_refused(string body)
    {
        await using var account = await SalesforceAccount.OpenAsync();

        var (status, error) = await account.CallAsync("POST", "composite/sobjects", JsonNode.Parse(body));

        Assert.Equal((HttpStatusCode.BadRequest, "JSON_PARSER_ERROR"), (status, (string?)error![0]!["errorCode"]));
    }

    [Fact]
    public async Task A_collection_deletes_by_ids()
    {
        await using var account = await SalesforceAccount.OpenAsync();
        var id = (await account.RowsAsync("SELECT Id FROM Contact LIMIT 1"))[0]!["Id"];

        var (_, results) = await account.CallAsync("DELETE", $"composite/sobjects?ids={id},{id}&allOrNone=false");

        Assert.Equal(["", "ENTITY_IS_DELETED"], results!.AsArray().Select(Code));
    }

    [Fact]
    public async Task Batches_are_struck_every_so_many_records()
    {
        await using var account = await SalesforceAccount.OpenAsync();
        await account.Playground.FaultsAsync("""{"kind":"lock","every":2,"count":1},{"kind":"validation","field":"LastName","count":1,"after":1},{"kind":"partial","every":3,"count":1,"after":2}""");

        async Task<string> CodesAsync() => string.Join(' ', (await account.CallAsync("PATCH", "composite/sobjects/Contact/Hub_Id__c", Collection(false, "a", "b", "c"))).Body!.AsArray().Select(Code));

        Assert.Equal(" UNABLE_TO_LOCK_ROW ", await CodesAsync());
        Assert.Equal("FIELD_CUSTOM_VALIDATION_EXCEPTION FIELD_CUSTOM_VALIDATION_EXCEPTION FIELD_CUSTOM_VALIDATION_EXCEPTION", await CodesAsync());
        Assert.Equal("  FIELD_CUSTOM_VALIDATION_EXCEPTION", await CodesAsync());
        Assert.Equal("  ", await CodesAsync());
    }

    [Fact]
    public async Task A_duplicate_rule_alerts_and_the_header_insists_unless_it_blocks()
    {
        await using var account = await SalesforceAccount.OpenAsync();
        var email = (string)(await account.RowsAsync("SELECT Email FROM Contact WHERE Email != null LIMIT 1"))[0]!["Email"]!;
        var insist = ("Sforce-Duplicate-Rule-Header", "allowSave=true; includeRecordDetails=false; runAsCurrentUser=true");
        await account.Playground.FaultsAsync("""{"kind":"duplicate-rule"}""");

        var (status, body) = await account.CallAsync("POST", "sobjects/Contact", new { LastName = "x", Email = email });
        Assert.Equal((HttpStatusCode.BadRequest, "DUPLICATES_DETECTED"), (status, (string?)body![0]!["errorCode"]));
        Assert.NotNull(body[0]!["duplicateResut"]!["matchResults"]![0]!["matchRecords"]![0]!["record"]!["Id"]);
        Assert.Equal(HttpStatusCode.Created, (await account.CallAsync("POST", "sobjects/Contact", new { LastName = "x", Email = email }, insist)).Status);

        await account.Playground.FaultsAsync("""{"kind":"duplicate-rule","allow":false}""");
        Assert.Equal(HttpStatusCode.BadRequest, (await account.CallAsync("POST", "sobjects/Contact", new { LastName = "x", Email = email }, insist)).Status);
    }

    [Fact]
    public async Task A_hidden_and_a_dropped_field_are_not_there_for_the_caller()
    {
        await using var account = await SalesforceAccount.OpenAsync();
        await account.Playground.FaultsAsync("""{"kind":"hide-field","stream":"Contact","field":"Title"},{"kind":"drop-field","stream":"Contact","field":"Phone"},{"kind":"broken-object","stream":"Membership__c"}""");

        Assert.Equal("INVALID_FIELD", (string?)(await account.QueryAsync("SELECT Title FROM Contact")).Body![0]!["errorCode"]);
        Assert.Equal("INVALID_FIELD", (string?)(await account.CallAsync("POST", "sobjects/Contact", new { LastName = "x", Phone = "1" })).Body![0]!["errorCode"]);
        var names = (await account.CallAsync("GET", "sobjects/Contact/describe")).Body!["fields"]!.AsArray().Select(field => (string?)field!["name"]).ToList();
        Assert.DoesNotContain("Title", names);
        Assert.DoesNotContain("Phone", names);
        Assert.Contains((await account.CallAsync("GET", "sobjects/Membership__c/describe")).Body!["fields"]!.AsArray(), field => field!["name"] is null);
    }

    [Fact]
    public async Task People_change_records_between_two_pages()
    {
        await using var account = await SalesforceAccount.OpenAsync();
        await account.Playground.FaultsAsync("""{"kind":"mutate-while-paging","count":1}""");

        await account.RowsAsync("SELECT Id FROM Contact");

        Assert.Equal(50, (await account.RowsAsync("SELECT Id FROM Contact")).Count);
        Assert.Equal(2, (await account.RowsAsync("SELECT Id FROM Contact WHERE SystemModstamp = 2026-03-02T08:15:30Z")).Count);
        Assert.Single(await account.RowsAsync("SELECT Id FROM Contact WHERE IsDeleted = true", "queryAll"));
        Assert.Equal(0, await account.Playground.CounterAsync("recordsWritten"));
    }

    [Fact]
    public async Task A_merge_leaves_the_loser_in_the_bin_with_the_winners_id()
    {
        await using var account = await SalesforceAccount.OpenAsync();
        var rows = await account.RowsAsync("SELECT Id FROM Contact LIMIT 2");
        var (winner, loser) = ((string)rows[0]!["Id"]!, (string)rows[1]!["Id"]!);

        await account.Playground.ControlAsync("POST", $"records/Contact/{winner}/merge", $$"""{"loser":"{{loser}}"}""");

        var gone = (await account.RowsAsync($"SELECT Id, IsDeleted, MasterRecordId FROM Contact WHERE Id = '{loser}'", "queryAll"))[0]!;
        Assert.Equal((true, winner), ((bool)gone["IsDeleted"]!, (string?)gone["MasterRecordId"]));
    }

    [Fact]
    public async Task A_converted_lead_names_what_it_became_and_takes_no_change()
    {
        await using var account = await SalesforceAccount.OpenAsync();
        var lead = (string)(await account.RowsAsync("SELECT Id FROM Lead LIMIT 1"))[0]!["Id"]!;

        var made = await account.Playground.ControlAsync("POST", $"records/Lead/{lead}/convert");

        var row = (await account.RowsAsync($"SELECT IsConverted, ConvertedContactId, ConvertedAccountId FROM Lead WHERE Id = '{lead}'"))[0]!;
        Assert.Equal((true, (string?)made!["contactId"], (string?)made["accountId"]), ((bool)row["IsConverted"]!, (string?)row["ConvertedContactId"], (string?)row["ConvertedAccountId"]));
        Assert.Equal("CANNOT_UPDATE_CONVERTED_LEAD", (string?)(await account.CallAsync("PATCH", "sobjects/Lead/" + lead, new { Company = "x" })).Body![0]!["errorCode"]);
    }

    private static string Code(JsonNode? result) => (string?)result!["errors"]!.AsArray().FirstOrDefault()?["statusCode"] ?? "";

    /// <summary>A record for each key; null stands for one that lacks its last name.</summary>
    private static JsonObject Collection(bool allOrNone, params string?[] keys) => new()
    {
        ["allOrNone"] = allOrNone,
        ["records"] = new JsonArray([.. keys.Select((key, i) =>
        {
            var record = new JsonObject { ["attributes"] = new JsonObject { ["type"] = "Contact" }, ["Hub_Id__c"] = key ?? "none" };
            if (key is not null)
                record["LastName"] = "Number " + i;
            return record;
        })]),
    };
}

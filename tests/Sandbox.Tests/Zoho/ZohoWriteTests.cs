namespace Crm.Integration.Sandbox.Tests.Zoho;

public sealed class ZohoWriteTests
{
    [Fact]
    public async Task Records_of_one_call_succeed_and_fail_one_by_one()
    {
        await using var org = await ZohoOrg.OpenAsync(1);

        var answer = await org.CallAsync("POST", "Contacts", $$"""
            {"trigger":[],"data":[{"Last_Name":"Good"},{"First_Name":"No"},{"Last_Name":"Bad","Email":"no mail"},{"Last_Name":"{{new string('x', 81)}}"},{"Last_Name":"L","Lead_Source":"Moon"},{"Last_Name":"R","Account_Name":{"id":"1"} }]}
            """);

        Assert.Equal(207, answer.Status);
        Assert.Equal(["SUCCESS", "MANDATORY_NOT_FOUND", "INVALID_DATA", "INVALID_DATA", "INVALID_DATA", "INVALID_DATA"], answer.Data.Select(row => (string?)row!["code"]));
        Assert.Equal("$.data[1].Last_Name", answer.Text("data", 1, "details", "json_path"));
        Assert.Equal("80", answer.Text("data", 3, "details", "maximum_length"));
        Assert.Equal(1, await org.Playground.CounterAsync("created"));
    }

    [Fact]
    public async Task A_call_takes_a_hundred_records()
    {
        await using var org = await ZohoOrg.OpenAsync(0);
        string Rows(int count) => $$"""{"data":[{{string.Join(',', Enumerable.Repeat("""{"Last_Name":"X"}""", count))}}]}""";

        Assert.Equal(201, (await org.CallAsync("POST", "Contacts", Rows(100))).Status);
        Assert.Equal(400, (await org.CallAsync("POST", "Contacts", Rows(101))).Status);
    }

    [Fact]
    public async Task Upsert_finds_by_the_fields_it_names()
    {
        await using var org = await ZohoOrg.OpenAsync(0);
        const string body = """{"data":[{"Hub_Id":"C-1","Last_Name":"One","Email":"a@b.example"}],"duplicate_check_fields":["Hub_Id"],"trigger":[]}""";

        var first = await org.CallAsync("POST", "Contacts/upsert", body);
        var second = await org.CallAsync("POST", "Contacts/upsert", body);

        Assert.Equal((201, "insert"), (first.Status, first.Text("data", 0, "action")));
        Assert.Equal((200, "update", "Hub_Id"), (second.Status, second.Text("data", 0, "action"), second.Text("data", 0, "duplicate_field")));
        Assert.Equal(first.Text("data", 0, "details", "id"), second.Text("data", 0, "details", "id"));
        Assert.Equal((1L, 1L), (await org.Playground.CounterAsync("created"), await org.Playground.CounterAsync("updated")));
    }

    [Fact]
    public async Task A_unique_value_is_refused_with_the_record_that_has_it()
    {
        await using var org = await ZohoOrg.OpenAsync(0);
        var id = await org.MakeAsync("Contacts", """{"Hub_Id":"C-1","Last_Name":"One"}""");

        var answer = await org.CallAsync("POST", "Contacts", """{"data":[{"Hub_Id":"c-1","Last_Name":"Two"}]}""");

        Assert.Equal((202, "DUPLICATE_DATA"), (answer.Status, answer.Text("data", 0, "code")));
        Assert.Equal(id, answer.Text("data", 0, "details", "duplicate_record", "id"));
    }

    [Fact]
    public async Task An_update_changes_only_what_it_names_and_null_clears()
    {
        await using var org = await ZohoOrg.OpenAsync(0);
        var id = await org.MakeAsync("Contacts", """{"Last_Name":"One","Phone":"1","Title":"Buyer"}""");

        var answer = await org.CallAsync("PUT", "Contacts", $$"""{"data":[{"id":"{{id}}","Phone":null}],"trigger":[]}""");
        var row = (await org.GetAsync("Contacts/" + id)).Data[0]!;

        Assert.Equal(200, answer.Status);
        Assert.Null(row["Phone"]);
        Assert.Equal("Buyer", (string?)row["Title"]);
        Assert.Equal((string?)row["Modified_Time"], answer.Text("data", 0, "details", "Modified_Time"));
    }

    [Fact]
    public async Task A_record_changed_meanwhile_is_412()
    {
        await using var org = await ZohoOrg.OpenAsync(0);
        var id = await org.MakeAsync("Contacts", """{"Last_Name":"One"}""");
        org.Clock.Advance(5);
        await org.Playground.ControlAsync("PATCH", "records/Contacts/" + id, """{"Phone":"7"}""");

        var refused = await org.CallAsync("PUT", "Contacts/" + id, """{"data":[{"Phone":"8"}]}""", ("If-Unmodified-Since", "2026-03-02T09:00:00+01:00"));
        var taken = await org.CallAsync("PUT", "Contacts/" + id, """{"data":[{"Phone":"8"}]}""", ("If-Unmodified-Since", "2026-03-02T09:00:05+01:00"));

        Assert.Equal((412, 200), (refused.Status, taken.Status));
        Assert.Equal("error", refused.Text("data", 0, "status"));
    }

    [Fact]
    public async Task Deleting_names_ids()
    {
        await using var org = await ZohoOrg.OpenAsync(0);
        var id = await org.MakeAsync("Contacts", """{"Last_Name":"One"}""");

        var answer = await org.CallAsync("DELETE", $"Contacts?ids={id},5725767000000000009&wf_trigger=false");

        Assert.Equal(207, answer.Status);
        Assert.Equal(["SUCCESS", "INVALID_DATA"], answer.Data.Select(row => (string?)row!["code"]));
        Assert.Equal(1, await org.Playground.CounterAsync("deleted"));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("""{"data":"x"}""")]
    [InlineData("""{"data":[7]}""")]
    [InlineData("""{"data":[{"Last_Name":{"a":1}}]}""")]
    public async Task A_hostile_body_is_400(string body)
    {
        await using var org = await ZohoOrg.OpenAsync(0);

        Assert.Equal(400, (await org.CallAsync("POST", "Contacts", body)).Status);
        Assert.Equal(400, (await org.CallAsync("POST", "bulk/v8/read", """{"query":{"module":{"api_name":"Contacts"},"page":"x"}}""")).Status);
    }

    [Fact]
    public async Task Workflows_run_unless_switched_off()
    {
        await using var org = await ZohoOrg.OpenAsync(0);

        await org.CallAsync("POST", "Contacts", """{"data":[{"Last_Name":"One"},{"Last_Name":"Two"}]}""");
        Assert.Equal(2, await org.Playground.CounterAsync("workflowsRun"));
        await org.CallAsync("POST", "Contacts", """{"data":[{"Last_Name":"One"},{"Last_Name":"Two"}],"trigger":[]}""");
        Assert.Equal(2, await org.Playground.CounterAsync("workflowsRun"));
    }
}

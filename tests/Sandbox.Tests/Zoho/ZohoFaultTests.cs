namespace Crm.Integration.Sandbox.Tests.Zoho;

public sealed class ZohoFaultTests
{
    [Fact]
    public async Task Limits_are_refused_as_too_many_requests_without_a_hint_when()
    {
        await using var org = await ZohoOrg.OpenAsync(1);
        await org.Playground.FaultsAsync("""{"kind":"limit","seconds":5,"count":1},{"kind":"daily-limit","count":1}""");

        var limit = await org.GetAsync("org");
        org.Clock.Advance(6);
        var daily = await org.GetAsync("org");

        Assert.Equal((429, "TOO_MANY_REQUESTS"), (limit.Status, limit.Text("code")));
        Assert.Null(limit.Headers.RetryAfter);
        Assert.Equal((429, "TOO_MANY_REQUESTS"), (daily.Status, daily.Text("code")));
        Assert.Equal(0, await org.Playground.CounterAsync("violations"));
    }

    [Fact]
    public async Task Credits_are_charged_and_told_from_half_on()
    {
        await using var org = await ZohoOrg.OpenAsync(1);
        await org.Playground.ControlAsync("PUT", "limits", """{"perDay":600}""");

        var first = await org.GetAsync("org");
        await org.CallAsync("POST", "bulk/v8/write", "{}");
        await org.CallAsync("POST", "bulk/v8/read", """{"query":{"module":{"api_name":"Contacts"}}}""");
        for (var i = 0; i < 5; i++)
            await org.CallAsync("POST", "bulk/v8/read", """{"query":{"module":{"api_name":"Contacts"}}}""");
        var later = await org.GetAsync("org");

        Assert.False(first.Headers.Contains("X-API-CREDITS-REMAINING"));
        Assert.Equal("297", Assert.Single(later.Headers.GetValues("X-API-CREDITS-REMAINING")));
    }

    [Fact]
    public async Task Records_of_a_batch_can_be_refused_locked_or_duplicates()
    {
        await using var org = await ZohoOrg.OpenAsync(3);
        const string two = """{"data":[{"Last_Name":"One"},{"Last_Name":"Two"}]}""";

        await org.Playground.FaultsAsync("""{"kind":"partial","every":2}""");
        Assert.Equal(["SUCCESS", "INVALID_DATA"], (await org.CallAsync("POST", "Contacts", two)).Data.Select(row => (string?)row!["code"]));
        await org.Playground.FaultsAsync("""{"kind":"lock","every":1}""");
        Assert.Equal(["RECORD_LOCKED", "RECORD_LOCKED"], (await org.CallAsync("POST", "Contacts", two)).Data.Select(row => (string?)row!["code"]));
        await org.Playground.FaultsAsync("""{"kind":"duplicate-rule"}""");
        Assert.NotNull((await org.CallAsync("POST", "Contacts", two)).Text("data", 0, "details", "duplicate_record", "id"));
        await org.Playground.FaultsAsync("""{"kind":"validation","field":"Phone"}""");
        Assert.Equal("Phone", (await org.CallAsync("POST", "Contacts", two)).Text("data", 0, "details", "api_name"));
    }

    [Fact]
    public async Task Fields_can_be_dropped_or_hidden_and_metadata_broken()
    {
        await using var org = await ZohoOrg.OpenAsync(3);
        await org.Playground.FaultsAsync("""{"kind":"drop-field","stream":"Contacts","field":"Phone"},{"kind":"hide-field","stream":"Contacts","field":"Mobile"},{"kind":"broken-object","stream":"Leads"}""");

        var fields = (await org.GetAsync("settings/fields?module=Contacts")).Json!["fields"]!.AsArray();
        var row = (await org.GetAsync("Contacts?fields=Phone,Mobile,Last_Name")).Data[0]!.AsObject();

        Assert.DoesNotContain(fields, field => (string?)field!["api_name"] == "Phone");
        Assert.Equal("hidden", (string?)fields.Single(field => (string?)field!["api_name"] == "Mobile")!["profiles"]![0]!["permission_type"]);
        Assert.Equal(["id", "Last_Name"], row.Select(pair => pair.Key));
        Assert.Equal("INVALID_QUERY", (await org.QueryAsync("select Phone from Contacts where id is not null")).Text("code"));
        Assert.Null((await org.GetAsync("settings/fields?module=Leads")).Json!["fields"]![0]);
        Assert.NotNull((await org.Playground.ControlAsync("GET", "records/Contacts"))![1]!["Mobile"]);
    }

    [Fact]
    public async Task Scopes_can_be_missing_and_tokens_void()
    {
        await using var org = await ZohoOrg.OpenAsync(1);
        await org.Playground.FaultsAsync("""{"kind":"missing-scope","path":"settings"},{"kind":"expire-token","path":"Contacts"}""");

        Assert.Equal((401, "OAUTH_SCOPE_MISMATCH"), await StatusAsync(org, "settings/modules"));
        Assert.Equal((401, "INVALID_TOKEN"), await StatusAsync(org, "Contacts?fields=Last_Name"));
        await org.SignInAsync();
        Assert.Equal(200, (await org.GetAsync("Contacts?fields=Last_Name")).Status);
    }

    [Fact]
    public async Task While_paging_records_come_go_and_change()
    {
        await using var org = await ZohoOrg.OpenAsync(30);
        await org.Playground.FaultsAsync("""{"kind":"mutate-while-paging","count":1}""");

        var first = await org.GetAsync("Contacts?fields=Last_Name&per_page=10&sort_by=Modified_Time&sort_order=asc");
        var (gone, moved) = ((string)first.Data[0]!["id"]!, (string)first.Data[1]!["id"]!);
        var seen = first.Data.Select(row => (string)row!["id"]!).ToList();
        for (var token = first.Text("info", "next_page_token"); token is not null;)
        {
            var next = await org.GetAsync("Contacts?fields=Last_Name&per_page=10&page_token=" + token);
            seen.AddRange(next.Data.Select(row => (string)row!["id"]!));
            token = next.Text("info", "next_page_token");
        }

        Assert.Equal(204, (await org.GetAsync("Contacts/" + gone)).Status);
        Assert.Equal(2, seen.Count(id => id == moved));
        Assert.Equal(31, seen.Distinct().Count());
    }

    [Fact]
    public async Task A_lost_answer_has_written()
    {
        await using var org = await ZohoOrg.OpenAsync(0);
        await org.Playground.FaultsAsync("""{"kind":"lose-answer","count":1}""");

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => org.CallAsync("POST", "Contacts", """{"data":[{"Last_Name":"One"}]}"""));

        Assert.Single((await org.GetAsync("Contacts?fields=Last_Name")).Data);
    }

    [Fact]
    public async Task A_late_commit_appears_with_the_time_at_which_it_was_made()
    {
        await using var org = await ZohoOrg.OpenAsync(0);
        await org.Playground.FaultsAsync("""{"kind":"late-commit","seconds":60}""");

        var late = (string)(await org.Playground.ControlAsync("POST", "records/Contacts", """{"Last_Name":"Late"}"""))!["id"]!;
        var early = await org.MakeAsync("Contacts", """{"Last_Name":"Early"}""");
        var before = await org.GetAsync("Contacts?fields=Last_Name");
        org.Clock.Advance(60);
        var after = await org.GetAsync("Contacts?fields=Modified_Time&sort_by=id&sort_order=asc");

        Assert.Single(before.Data);
        Assert.Equal([late, early], after.Data.Select(row => (string?)row!["id"]));
        Assert.Equal("2026-03-02T09:00:00+01:00", after.Text("data", 0, "Modified_Time"));
    }

    [Fact]
    public async Task What_Zoho_cannot_show_is_refused()
    {
        await using var org = await ZohoOrg.OpenAsync(0);

        Assert.Equal(422, (await org.Playground.TryControlAsync("PUT", "faults", """[{"kind":"rotate-refresh"}]""")).Status);
    }

    [Fact]
    public async Task A_merge_takes_the_loser_away()
    {
        await using var org = await ZohoOrg.OpenAsync(0);
        var winner = await org.MakeAsync("Contacts", """{"Last_Name":"One"}""");
        var loser = await org.MakeAsync("Contacts", """{"Last_Name":"One","Phone":"7"}""");

        await org.Playground.ControlAsync("POST", $"records/Contacts/{winner}/merge", $$"""{"loser":"{{loser}}"}""");

        Assert.Equal("7", (await org.GetAsync("Contacts/" + winner)).Text("data", 0, "Phone"));
        Assert.Equal("permanent", (await org.GetAsync("Contacts/deleted?type=all")).Text("data", 0, "type"));
    }

    private static async Task<(int, string?)> StatusAsync(ZohoOrg org, string path)
    {
        var answer = await org.GetAsync(path);
        return (answer.Status, answer.Text("code"));
    }
}

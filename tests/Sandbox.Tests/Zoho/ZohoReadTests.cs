using System.Text.Json.Nodes;

namespace Crm.Integration.Sandbox.Tests.Zoho;

public sealed class ZohoReadTests
{
    [Fact]
    public async Task A_list_needs_its_fields_and_takes_fifty_at_most()
    {
        await using var org = await ZohoOrg.OpenAsync();

        var none = await org.GetAsync("Contacts");
        var tooMany = await org.GetAsync("Contacts?fields=" + string.Join(',', Enumerable.Range(0, 51).Select(i => "F" + i)));

        Assert.Equal((400, "REQUIRED_PARAM_MISSING", "fields"), (none.Status, none.Text("code"), none.Text("details", "param_name")));
        Assert.Equal((400, "LIMIT_EXCEEDED"), (tooMany.Status, tooMany.Text("code")));
    }

    [Fact]
    public async Task A_record_shows_references_owners_and_times_as_Zoho_does()
    {
        await using var org = await ZohoOrg.OpenAsync();
        var account = await org.MakeAsync("Accounts", """{"Account_Name":"Okafor Ltd"}""");
        var id = await org.MakeAsync("Contacts", $$"""{"Last_Name":"王","First_Name":"小明 🎉","Account_Name":{"id":"{{account}}"},"Interests":["Art","Music"],"Date_of_Birth":"1980-02-29","Loyalty_Points":7}""");

        var row = (await org.GetAsync($"Contacts?ids={id}&fields=Last_Name,First_Name,Full_Name,Account_Name,Owner,Modified_Time,Interests,Date_of_Birth,Loyalty_Points,Newsletter,Email")).Data[0]!;

        Assert.Equal("Okafor Ltd", (string?)row["Account_Name"]!["name"]);
        Assert.Equal(account, (string?)row["Account_Name"]!["id"]);
        Assert.Equal("小明 🎉 王", (string?)row["Full_Name"]);
        Assert.Equal("2026-03-02T09:00:00+01:00", (string?)row["Modified_Time"]);
        Assert.Equal("hub@example.com", (string?)row["Owner"]!["email"]);
        Assert.Equal(["Art", "Music"], row["Interests"]!.AsArray().Select(item => (string?)item));
        Assert.Equal((7, false), ((int)row["Loyalty_Points"]!, (bool)row["Newsletter"]!));
        Assert.True(row.AsObject().ContainsKey("Email") && row["Email"] is null);
    }

    [Fact]
    public async Task Pages_are_numbered_up_to_2000_records_and_go_on_by_token()
    {
        await using var org = await ZohoOrg.OpenAsync(2300);
        var seen = new HashSet<string>();
        string? token = null;

        for (var page = 1; ; page++)
        {
            var answer = await org.GetAsync("Contacts?fields=Last_Name&sort_by=Modified_Time&sort_order=asc" + (token is null ? "" : "&page_token=" + token));
            Assert.Equal(page, (int)answer.Json!["info"]!["page"]!);
            seen.UnionWith(answer.Data.Select(row => (string)row!["id"]!));
            token = answer.Text("info", "next_page_token");
            if (token is null)
                break;
        }

        var beyond = await org.GetAsync("Contacts?fields=Last_Name&page=11");
        var both = await org.GetAsync("Contacts?fields=Last_Name&page=2&page_token=ab");
        Assert.Equal(2300, seen.Count);
        Assert.Equal(200, (await org.GetAsync("Contacts?fields=Last_Name&page=10")).Data.Count);
        Assert.Equal((400, "DISCRETE_PAGINATION_LIMIT_EXCEEDED"), (beyond.Status, beyond.Text("code")));
        Assert.Equal(400, both.Status);
    }

    [Fact]
    public async Task Nothing_is_204_and_nothing_new_304()
    {
        await using var org = await ZohoOrg.OpenAsync(0);

        Assert.Equal(204, (await org.GetAsync("Contacts?fields=Last_Name")).Status);
        await org.MakeAsync("Contacts", """{"Last_Name":"A"}""");

        var at = await org.GetAsync("Contacts?fields=Last_Name", ("If-Modified-Since", "2026-03-02T08:00:00+00:00"));
        var after = await org.GetAsync("Contacts?fields=Last_Name", ("If-Modified-Since", "2026-03-02T08:00:01+00:00"));
        Assert.Single(at.Data);
        Assert.Equal(304, after.Status);
        Assert.Empty(after.Bytes);
    }

    [Fact]
    public async Task COQL_filters_sorts_and_limits()
    {
        await using var org = await ZohoOrg.OpenAsync(500);

        var answer = await org.QueryAsync("select Last_Name, Account_Name.Account_Name, Modified_Time from Contacts where (Modified_Time >= '2020-01-01T00:00:00+00:00' and Email is not null) order by Modified_Time asc, id asc limit 120 offset 30");
        var none = await org.QueryAsync("select id from Contacts where Last_Name = 'nobody at all'");

        Assert.Equal(120, answer.Data.Count);
        Assert.True((bool)answer.Json!["info"]!["more_records"]!);
        var keys = answer.Data.Select(row => (DateTimeOffset.Parse((string)row!["Modified_Time"]!, System.Globalization.CultureInfo.InvariantCulture), (string)row["id"]!)).ToList();
        Assert.Equal(keys.OrderBy(key => key.Item1).ThenBy(key => key.Item2, StringComparer.Ordinal), keys);
        Assert.True(answer.Data[0]!.AsObject().ContainsKey("Account_Name.Account_Name"));
        Assert.Equal(204, none.Status);
    }

    [Theory]
    [InlineData("select Last_Name from Contacts", "SYNTAX_ERROR")]
    [InlineData("select Last_Name from Contacts where id is not null and Email is null and Phone is null", "SYNTAX_ERROR")]
    [InlineData("select Surname from Contacts where id is not null", "INVALID_QUERY")]
    [InlineData("select Last_Name from Contacts where Modified_Time > '2026-03-01 08:00'", "INVALID_QUERY")]
    [InlineData("select Last_Name from Contacts where Description = 'x'", "INVALID_QUERY")]
    [InlineData("select Last_Name from Contacts where id is not null limit 2001", "LIMIT_EXCEEDED")]
    [InlineData("select Last_Name from Contacts where id is not null limit 200 offset 99900", "LIMIT_EXCEEDED")]
    [InlineData("select Last_Name from Nothing where id is not null", "INVALID_MODULE")]
    public async Task COQL_refuses(string statement, string code)
    {
        await using var org = await ZohoOrg.OpenAsync(1);

        var answer = await org.QueryAsync(statement);

        Assert.Equal((400, code), (answer.Status, answer.Text("code")));
    }

    [Fact]
    public async Task Deleted_records_are_listed_apart()
    {
        await using var org = await ZohoOrg.OpenAsync(3);
        var id = (string)(await org.GetAsync("Contacts?fields=Last_Name")).Data[0]!["id"]!;

        Assert.Equal(204, (await org.GetAsync("Contacts/deleted?type=all")).Status);
        await org.Playground.ControlAsync("DELETE", "records/Contacts/" + id);
        var gone = await org.GetAsync("Contacts/deleted?type=all", ("If-Modified-Since", "2026-03-02T08:00:00+00:00"));

        Assert.Equal((id, "recycle", "2026-03-02T09:00:00+01:00"), (gone.Text("data", 0, "id"), gone.Text("data", 0, "type"), gone.Text("data", 0, "deleted_time")));
        Assert.Equal(204, (await org.GetAsync($"Contacts?ids={id}&fields=Last_Name")).Status);
        Assert.Equal(304, (await org.GetAsync("Contacts/deleted?type=all", ("If-Modified-Since", "2026-03-02T08:00:01+00:00"))).Status);
    }

    [Fact]
    public async Task Converted_leads_leave_the_list_unless_asked_for()
    {
        await using var org = await ZohoOrg.OpenAsync(20);
        var id = (string)(await org.GetAsync("Leads?fields=Company")).Data[0]!["id"]!;

        var converted = await org.CallAsync("POST", $"Leads/{id}/actions/convert", """{"data":[{}]}""");

        Assert.Single((await org.GetAsync("Leads?fields=Company")).Data);
        Assert.Equal(2, (await org.GetAsync("Leads?fields=Company,$converted&converted=both")).Data.Count);
        Assert.Equal(200, (await org.GetAsync("Contacts/" + converted.Text("data", 0, "Contacts"))).Status);
    }

    [Fact]
    public async Task Metadata_tell_types_lengths_and_rights()
    {
        await using var org = await ZohoOrg.OpenAsync(1);

        var modules = (await org.GetAsync("settings/modules")).Json!["modules"]!.AsArray();
        var fields = (await org.GetAsync("settings/fields?module=Contacts")).Json!["fields"]!.AsArray();

        Assert.Contains(modules, module => (string?)module!["api_name"] == "Memberships" && (string?)module["generated_type"] == "custom");
        Assert.Contains(modules, module => (string?)module!["api_name"] == "Home" && !(bool)module["api_supported"]!);
        Assert.True(fields.Count > 50);
        Assert.Equal(80, (int)Field(fields, "Last_Name")["length"]!);
        Assert.True((bool)Field(fields, "Last_Name")["system_mandatory"]!);
        Assert.True(Field(fields, "Hub_Id")["unique"]!.AsObject().ContainsKey("casesensitive"));
        Assert.Equal("multiselectpicklist", (string?)Field(fields, "Interests")["data_type"]);
        Assert.False((bool)Field(fields, "Modified_Time")["operation_type"]!["api_update"]!);
    }

    [Fact]
    public async Task Search_finds_by_criteria_and_mail()
    {
        await using var org = await ZohoOrg.OpenAsync(1);
        await org.MakeAsync("Contacts", """{"Last_Name":"Okafor","Email":"n@okafor.example"}""");

        Assert.Single((await org.GetAsync("Contacts/search?criteria=((Email:equals:n@okafor.example)and(Last_Name:starts_with:Oka))")).Data);
        Assert.Single((await org.GetAsync("Contacts/search?email=n@okafor.example")).Data);
        Assert.Equal(204, (await org.GetAsync("Contacts/search?email=no@okafor.example")).Status);
    }

    private static JsonNode Field(JsonArray fields, string name) => fields.Single(field => (string?)field!["api_name"] == name)!;
}

using System.Text;

namespace Crm.Integration.Sandbox.Tests.Insightly;

public sealed class InsightlyReadTests
{
    [Theory]
    [InlineData("sandbox-api-key:", 200)]
    [InlineData("sandbox-api-key", 200)]
    [InlineData("another-key:", 401)]
    public async Task The_key_comes_with_or_without_its_colon(string credentials, int status)
    {
        await using var account = await InsightlyAccount.OpenAsync(1);

        Assert.Equal(status, (await account.AsAsync(Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)), "GET", "Instance")).Status);
        Assert.Equal(401, (await account.AsAsync("not base 64", "GET", "Instance")).Status);
        Assert.Equal(401, (await account.Playground.CallAsync("GET", "/insightly/v3.1/Instance")).Status);
    }

    [Fact]
    public async Task A_list_is_a_bare_array_paged_by_skip_and_top_in_no_order()
    {
        await using var account = await InsightlyAccount.OpenAsync(730);

        var first = await account.GetAsync("Contacts?top=500&skip=0&count_total=true");
        var second = await account.GetAsync("Contacts?top=500&skip=500");
        var ids = first.Json!.AsArray().Concat(second.Json!.AsArray()).Select(row => (int)row!["CONTACT_ID"]!).ToList();

        Assert.Equal("730", Assert.Single(first.Headers.GetValues("X-Total-Count")));
        Assert.False(second.Headers.Contains("X-Total-Count"));
        Assert.Equal((500, 230), (first.Json.AsArray().Count, second.Json.AsArray().Count));
        Assert.Equal(730, ids.Distinct().Count());
        Assert.NotEqual(ids.Order(), ids);
        Assert.Equal(100, (await account.GetAsync("Contacts")).Json!.AsArray().Count);
        Assert.Empty((await account.GetAsync("Contacts?skip=730")).Json!.AsArray());
        Assert.Equal(400, (await account.GetAsync("Contacts?top=501")).Status);
    }

    [Fact]
    public async Task A_record_has_times_without_a_zone_and_custom_fields_in_a_list()
    {
        await using var account = await InsightlyAccount.OpenAsync(0);
        var id = (await account.CallAsync("POST", "Contacts", """{"FIRST_NAME":"小明 🎉","DATE_OF_BIRTH":"1980-02-29 00:00:00","CUSTOMFIELDS":[{"FIELD_NAME":"Hub_Id__c","FIELD_VALUE":"C-17"},{"FIELD_NAME":"Interests__c","FIELD_VALUE":"Art;Music"}],"TAGS":[{"TAG_NAME":"vip"}]}""")).Text("CONTACT_ID");

        var full = (await account.GetAsync("Contacts/" + id)).Json!;
        var brief = (await account.GetAsync("Contacts?brief=true")).Json![0]!.AsObject();

        Assert.Equal("2026-03-02 08:00:01", (string?)full["DATE_UPDATED_UTC"]);
        Assert.Equal("1980-02-29 00:00:00", (string?)full["DATE_OF_BIRTH"]);
        Assert.Equal(["Hub_Id__c=C-17", "Interests__c=Art;Music"], full["CUSTOMFIELDS"]!.AsArray().Select(field => $"{field!["FIELD_NAME"]}={field["FIELD_VALUE"]}"));
        Assert.Equal("vip", (string?)full["TAGS"]![0]!["TAG_NAME"]);
        Assert.False((bool)full["EMAIL_OPTED_OUT"]!);
        Assert.False(brief.ContainsKey("CUSTOMFIELDS") || brief.ContainsKey("TAGS"));
    }

    [Theory]
    [InlineData("2026-03-02T08:00:00Z", 2)]
    [InlineData("2026-03-02 08:00:00", 2)]
    [InlineData("2026-03-02T08:00:01Z", 1)]
    public async Task Search_takes_changes_after_a_second_in_either_format(string after, int found)
    {
        await using var account = await InsightlyAccount.OpenAsync(20);
        await account.CallAsync("POST", "Contacts", """{"FIRST_NAME":"One"}""");
        await account.CallAsync("POST", "Contacts", """{"FIRST_NAME":"Two"}""");

        Assert.Equal(found, (await account.GetAsync("Contacts/Search?updated_after_utc=" + Uri.EscapeDataString(after))).Json!.AsArray().Count);
        Assert.Equal(400, (await account.GetAsync("Contacts?updated_after_utc=" + Uri.EscapeDataString(after))).Status);
    }

    [Fact]
    public async Task Search_finds_by_one_field_custom_ones_included()
    {
        await using var account = await InsightlyAccount.OpenAsync(20);
        await account.CallAsync("POST", "Contacts", """{"FIRST_NAME":"One","CUSTOMFIELDS":[{"FIELD_NAME":"Hub_Id__c","FIELD_VALUE":"C-17"}]}""");

        Assert.Single((await account.GetAsync("Contacts/Search?field_name=Hub_Id__c&field_value=C-17")).Json!.AsArray());
        Assert.Empty((await account.GetAsync("Contacts/Search?field_name=Hub_Id__c&field_value=C-18")).Json!.AsArray());
        Assert.Equal(400, (await account.GetAsync("Contacts/Search?field_name=Nothing&field_value=1")).Status);
    }

    [Fact]
    public async Task The_plan_decides_which_objects_there_are()
    {
        await using var account = await InsightlyAccount.OpenAsync(1);

        Assert.Equal(404, (await account.GetAsync("Quotation/Search")).Status);
        Assert.Equal((403, "user doesn't have access"), await StatusAsync(account, "Ticket/Search"));
        await account.Playground.ControlAsync("PUT", "account", """{"plan":"Enterprise"}""");
        Assert.Equal(200, (await account.GetAsync("Ticket/Search")).Status);
        Assert.Equal("100000", Assert.Single((await account.GetAsync("Instance")).Headers.GetValues("X-RateLimit-Limit")));
    }

    [Fact]
    public async Task Custom_fields_and_objects_describe_themselves()
    {
        await using var account = await InsightlyAccount.OpenAsync(20);

        var fields = (await account.GetAsync("CustomFields/Contacts")).Json!.AsArray();
        var objects = (await account.GetAsync("CustomObjects")).Json!.AsArray();

        var interests = fields.Single(field => (string?)field!["FIELD_NAME"] == "Interests__c")!;
        Assert.Equal(("MULTISELECT", "CONTACT", 4), ((string?)interests["FIELD_TYPE"], (string?)interests["FIELD_FOR"], interests["CUSTOM_FIELD_OPTIONS"]!.AsArray().Count));
        Assert.Equal("Membership__c", (string?)Assert.Single(objects)!["OBJECT_NAME"]);
        Assert.NotNull((await account.GetAsync("Membership__c")).Json![0]!["RECORD_NAME"]);
    }

    private static async Task<(int, string?)> StatusAsync(InsightlyAccount account, string path)
    {
        var answer = await account.GetAsync(path);
        return (answer.Status, answer.Text("Message"));
    }
}

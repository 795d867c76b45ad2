namespace Crm.Integration.Sandbox.Tests.Fxiaoke;

public sealed class FxiaokeReadTests
{
    private const string ById = """{"fieldName":"_id","isAsc":true}""";

    [Fact]
    public async Task Rows_have_numbers_as_text_times_as_milliseconds_people_as_lists_and_no_empty_fields()
    {
        await using var account = await FxiaokeAccount.OpenAsync(0);
        var company = (await account.CreateAsync("AccountObj", """ "name":"苏州明远机电有限公司","revenue__c":"100.5" """)).Text("dataId");
        var id = (await account.CreateAsync("ContactObj", $$""" "name":"王小明 🎉","account_id":"{{company}}","points__c":12.5,"interests__c":["art"],"date_of_birth":951753600000,"newsletter__c":true """)).Text("dataId");

        var row = (await account.GetAsync("ContactObj", id))["data"]!.AsObject();

        Assert.Equal("王小明 🎉", (string?)row["name"]);
        Assert.Equal("12.5", (string?)row["points__c"]);
        Assert.Equal("100.50", (string?)(await account.GetAsync("AccountObj", company))["data"]!["revenue__c"]);
        Assert.Equal("苏州明远机电有限公司", (string?)row["account_id__r"]);
        Assert.Equal(1772438400000, (long)row["last_modified_time"]!);
        Assert.Equal(951753600000, (long)row["date_of_birth"]!);
        Assert.Equal("1000", (string?)row["owner"]![0]);
        Assert.Equal(("normal", "0", "default__c", 1), ((string?)row["life_status"], (string?)row["lock_status"], (string?)row["record_type"], (int)row["version"]!));
        Assert.False(row.ContainsKey("email"));
        Assert.True((await account.QueryAsync("ContactObj", "", more: "\"includeNull\":true,")).Json!["data"]!["dataList"]![0]!.AsObject().ContainsKey("email"));
    }

    [Fact]
    public async Task Paging_by_id_goes_past_the_offset_that_is_allowed()
    {
        await using var account = await FxiaokeAccount.OpenAsync(250);
        var seen = new List<string>();

        for (var last = ""; ;)
        {
            var page = FxiaokeAccount.Rows(await account.QueryAsync("ContactObj", last.Length == 0 ? "" : $$"""{"field_name":"_id","operator":"GT","field_values":["{{last}}"]}""", ById));
            seen.AddRange(page.Select(row => (string)row!["_id"]!));
            if (page.Count < 100)
                break;
            last = seen[^1];
        }

        Assert.Equal(250, seen.Distinct().Count());
        Assert.Equal(seen.Order(StringComparer.Ordinal), seen);
        Assert.Equal("10013", (await account.QueryAsync("ContactObj", "", ById, offset: 10_100)).Text("errorCode"));
        Assert.Equal("11001", (await account.QueryAsync("ContactObj", "", ById, limit: 101)).Text("errorCode"));
        Assert.Equal("11001", (await account.QueryAsync("ContactObj", "", ById, offset: 50)).Text("errorCode"));
    }

    [Fact]
    public async Task A_window_of_changes_has_its_lower_bound_in_it_and_its_upper_not()
    {
        await using var account = await FxiaokeAccount.OpenAsync(20);
        await account.CreateAsync("ContactObj", "\"name\":\"一\"");
        account.Clock.Advance(0.001);
        await account.CreateAsync("ContactObj", "\"name\":\"二\"");

        var window = await account.QueryAsync("ContactObj", """{"field_name":"last_modified_time","operator":"BETWEEN","field_values":["1772438400000","1772438400001"]}""", ById);
        var from = await account.QueryAsync("ContactObj", """{"field_name":"last_modified_time","operator":"GTE","field_values":["1772438400000"]}""", """{"fieldName":"last_modified_time","isAsc":true}""");
        var mistyped = await account.QueryAsync("ContactObj", """{"fieldName":"last_modified_time","operator":"GTE","field_values":["1772438400000"]}""", ById);

        Assert.Equal("一", (string?)Assert.Single(FxiaokeAccount.Rows(window))!["name"]);
        Assert.Equal(["一", "二"], FxiaokeAccount.Rows(from).Select(row => (string?)row!["name"]));
        Assert.Equal(22, FxiaokeAccount.Rows(mistyped).Count);
    }

    [Fact]
    public async Task Projection_and_totals_are_as_asked()
    {
        await using var account = await FxiaokeAccount.OpenAsync(20);

        var answer = await account.CallAsync("v2/data/query", """{"returnTotalNum":1,"data":{"dataObjectApiName":"ContactObj","search_query_info":{"limit":5,"offset":0,"filters":[],"orders":[],"fieldProjection":["_id","name"]}}}""");

        Assert.Equal("20", answer.Text("data", "total"));
        Assert.Equal(["_id", "name"], FxiaokeAccount.Rows(answer)[0]!.AsObject().Select(pair => pair.Key));
        Assert.Equal("0", (await account.QueryAsync("ContactObj", "")).Text("data", "total"));
    }

    [Fact]
    public async Task Objects_that_people_made_up_have_paths_and_answers_of_their_own()
    {
        await using var account = await FxiaokeAccount.OpenAsync(40);
        const string create = """{"triggerApprovalFlow":false,"triggerWorkFlow":false,"data":{"object_data":{"dataObjectApiName":"object_huiyuan__c","name":"HY-9","hub_id__c":"C-1"}}}""";

        Assert.Equal("11001", (await account.CallAsync("v2/data/create", create)).Text("errorCode"));
        var made = await account.CallAsync("custom/v2/data/create", create);
        var found = await account.QueryAsync("object_huiyuan__c", """{"field_name":"hub_id__c","operator":"EQ","field_values":["C-1"]}""", ById);

        Assert.Equal(("0", null), (made.Text("errorCode"), made.Text("dataId")));
        Assert.Equal("HY-9", found.Text("result", "dataList", 0, "name"));
    }

    [Fact]
    public async Task Objects_and_fields_describe_themselves_in_Chinese()
    {
        await using var account = await FxiaokeAccount.OpenAsync(0);

        var objects = (await account.CallAsync("v2/object/list", "{}")).Json!["data"]!["objects"]!.AsArray();
        var fields = (await account.CallAsync("v2/object/describe", """{"includeDetail":false,"data":{"apiName":"ContactObj"}}""")).Json!["data"]!["describe"]!["fields"]!;

        Assert.Equal("custom", (string?)objects.Single(item => (string?)item!["describeDisplayName"] == "会员卡")!["defineType"]);
        Assert.Equal(("select_many", "爱好", 4), ((string?)fields["interests__c"]!["type"], (string?)fields["interests__c"]!["label"], fields["interests__c"]!["options"]!.AsArray().Count));
        Assert.True((bool)fields["name"]!["is_required"]!);
        Assert.Equal("date_time", (string?)fields["last_modified_time"]!["type"]);
    }
}

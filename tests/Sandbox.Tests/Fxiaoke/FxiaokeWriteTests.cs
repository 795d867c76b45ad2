namespace Crm.Integration.Sandbox.Tests.Fxiaoke;

public sealed class FxiaokeWriteTests
{
    [Fact]
    public async Task An_update_leaves_what_it_does_not_name_and_clears_what_it_empties()
    {
        await using var account = await FxiaokeAccount.OpenAsync(0);
        var id = (await account.CreateAsync("ContactObj", """ "name":"一","email":"a@b.example","tel1":"1","interests__c":["art"] """)).Text("dataId");
        account.Clock.Advance(0.005);

        var answer = await account.UpdateAsync("ContactObj", id, """ "email":"","interests__c":[],"job_title":"经理","owner":["1001"] """);
        var row = (await account.GetAsync("ContactObj", id))["data"]!;

        Assert.Equal("0", answer.Text("errorCode"));
        Assert.Null(row["email"]);
        Assert.Null(row["interests__c"]);
        Assert.Equal(("1", "经理", "1000"), ((string?)row["tel1"], (string?)row["job_title"], (string?)row["owner"]![0]));
        Assert.Equal((1772438400005, 2), ((long)row["last_modified_time"]!, (int)row["version"]!));
    }

    [Fact]
    public async Task There_is_no_upsert_and_a_second_create_makes_a_second_record()
    {
        await using var account = await FxiaokeAccount.OpenAsync(0);

        await account.CreateAsync("ContactObj", """ "name":"一","hub_id__c":"C-1" """);
        await account.CreateAsync("ContactObj", """ "name":"一","hub_id__c":"C-1" """);

        Assert.Equal(2, FxiaokeAccount.Rows(await account.QueryAsync("ContactObj", """{"field_name":"hub_id__c","operator":"EQ","field_values":["C-1"]}""")).Count);
        Assert.Equal(2, await account.Playground.CounterAsync("created"));
    }

    [Fact]
    public async Task A_record_is_invalid_first_and_then_deleted()
    {
        await using var account = await FxiaokeAccount.OpenAsync(0);
        var id = (await account.CreateAsync("ContactObj", "\"name\":\"一\"")).Text("dataId");
        var delete = $$"""{"data":{"dataObjectApiName":"ContactObj","idList":["{{id}}"]} }""";

        var tooEarly = await account.CallAsync("v2/data/delete", delete);
        await account.CallAsync("v2/data/invalid", $$"""{"data":{"dataObjectApiName":"ContactObj","object_data_id":"{{id}}"} }""");
        var row = (await account.GetAsync("ContactObj", id))["data"]!;
        var refused = await account.UpdateAsync("ContactObj", id, "\"name\":\"二\"");

        Assert.NotEqual("0", tooEarly.Text("errorCode"));
        Assert.Equal(("invalid", "normal"), ((string?)row["life_status"], (string?)row["life_status_before_invalid"]));
        Assert.NotEqual("0", refused.Text("errorCode"));
        Assert.Empty(FxiaokeAccount.Rows(await account.QueryAsync("ContactObj", "")));
        Assert.Single(FxiaokeAccount.Rows(await account.QueryAsync("ContactObj", """{"field_name":"life_status","operator":"EQ","field_values":["invalid"]}""")));
        await account.Playground.ControlAsync("PUT", "account", """{"showsInvalid":true}""");
        Assert.Single(FxiaokeAccount.Rows(await account.QueryAsync("ContactObj", "")));
        Assert.Equal("0", (await account.CallAsync("v2/data/delete", delete)).Text("errorCode"));
        Assert.Equal(320002404, (int)(await account.GetAsync("ContactObj", id))["errorCode"]!);
    }

    [Theory]
    [InlineData(""" "email":"a@b.example" """, "[姓名]不能为空")]
    [InlineData(""" "name":"一","gender":"男" """, "[性别]选项值不存在")]
    [InlineData(""" "name":"一","account_id":"65e0f1c20000000000000001" """, "[客户名称]引用的数据不存在")]
    [InlineData(""" "name":"一","date_of_birth":"1980-02-29" """, "[生日]格式不正确")]
    [InlineData(""" "name":"一","owner":["77"] """, "员工不存在")]
    public async Task What_a_record_is_refused_for_stands_in_the_description(string fields, string description)
    {
        await using var account = await FxiaokeAccount.OpenAsync(0);

        var answer = await account.CreateAsync("ContactObj", fields);

        Assert.Equal((200, description), (answer.Status, answer.Text("errorDescription")));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("""{"data":"x"}""")]
    [InlineData("""{"triggerApprovalFlow":"yes","data":{"object_data":{"dataObjectApiName":"ContactObj"}}}""")]
    public async Task A_hostile_body_is_an_illegal_parameter(string body)
    {
        await using var account = await FxiaokeAccount.OpenAsync(0);

        var answer = await account.CallAsync("v2/data/create", body);

        Assert.Equal((200, "11001"), (answer.Status, answer.Text("errorCode")));
    }

    [Fact]
    public async Task Approvals_and_workflows_run_unless_both_are_switched_off()
    {
        await using var account = await FxiaokeAccount.OpenAsync(0);

        await account.CreateAsync("ContactObj", "\"name\":\"一\"");
        Assert.Equal(0, await account.Playground.CounterAsync("workflowsRun"));
        await account.CallAsync("v2/data/create", """{"triggerApprovalFlow":false,"data":{"object_data":{"dataObjectApiName":"ContactObj","name":"二"}}}""");
        Assert.Equal(1, await account.Playground.CounterAsync("workflowsRun"));
    }

    [Fact]
    public async Task A_locked_record_is_not_updated()
    {
        await using var account = await FxiaokeAccount.OpenAsync(0);
        var id = (await account.CreateAsync("ContactObj", "\"name\":\"一\"")).Text("dataId");
        await account.Playground.ControlAsync("POST", $"records/ContactObj/{id}/lock");

        Assert.Equal("数据已锁定，不能编辑", (await account.UpdateAsync("ContactObj", id, "\"name\":\"二\"")).Text("errorDescription"));
        await account.Playground.ControlAsync("POST", $"records/ContactObj/{id}/unlock");
        Assert.Equal("0", (await account.UpdateAsync("ContactObj", id, "\"name\":\"二\"")).Text("errorCode"));
    }

    [Fact]
    public async Task The_owner_is_changed_by_a_call_of_its_own()
    {
        await using var account = await FxiaokeAccount.OpenAsync(0);
        var id = (await account.CreateAsync("ContactObj", "\"name\":\"一\"")).Text("dataId");

        await account.CallAsync("v2/data/changeOwner", $$"""{"data":{"dataObjectApiName":"ContactObj","Data":[{"objectDataId":"{{id}}","ownerId":["1001"]}]} }""");

        Assert.Equal("1001", (string?)(await account.GetAsync("ContactObj", id))["data"]!["owner"]![0]);
    }
}

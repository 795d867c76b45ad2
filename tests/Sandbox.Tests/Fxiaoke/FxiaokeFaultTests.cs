using System.Text.Json.Nodes;
using Crm.Integration.Sandbox.Fxiaoke;

namespace Crm.Integration.Sandbox.Tests.Fxiaoke;

public sealed class FxiaokeFaultTests
{
    [Fact]
    public async Task Each_interface_takes_a_hundred_calls_in_twenty_seconds()
    {
        await using var account = await FxiaokeAccount.OpenAsync(1);
        for (var i = 0; i < 100; i++)
            Assert.Equal("0", (await account.CallAsync("v2/object/list", "{}")).Text("errorCode"));

        var refused = await account.CallAsync("v2/object/list", "{}");
        var other = await account.QueryAsync("ContactObj", "");
        account.Clock.Advance(20);

        Assert.Equal((200, "30004"), (refused.Status, refused.Text("errorCode")));
        Assert.Null(refused.Headers.RetryAfter);
        Assert.Equal("0", other.Text("errorCode"));
        Assert.Equal("0", (await account.CallAsync("v2/object/list", "{}")).Text("errorCode"));
        Assert.Equal(1, await account.Playground.CounterAsync("violations"));
    }

    [Fact]
    public async Task Limits_and_tokens_fail_with_their_codes()
    {
        await using var account = await FxiaokeAccount.OpenAsync(1);
        await account.Playground.FaultsAsync("""{"kind":"limit","seconds":5,"count":1},{"kind":"daily-limit","count":1,"path":"describe"},{"kind":"expire-token","path":"query"},{"kind":"missing-scope","path":"data/get"}""");

        Assert.Equal("30004", (await account.CallAsync("v2/object/list", "{}")).Text("errorCode"));
        account.Clock.Advance(6);
        Assert.Equal("30002", (await account.CallAsync("v2/object/describe", "{}")).Text("errorCode"));
        Assert.Equal("20016", (await account.QueryAsync("ContactObj", "")).Text("errorCode"));
        await account.SignInAsync();
        Assert.Equal("0", (await account.QueryAsync("ContactObj", "")).Text("errorCode"));
        Assert.Equal(20020, (int)(await account.GetAsync("ContactObj", "x"))["errorCode"]!);
    }

    [Fact]
    public async Task A_day_that_is_used_up_ends_at_midnight_in_China()
    {
        await using var account = await FxiaokeAccount.OpenAsync(1);
        await account.Playground.ControlAsync("PUT", "limits", """{"perDay":1}""");

        await account.CallAsync("v2/object/list", "{}");
        Assert.Equal("30002", (await account.CallAsync("v2/object/list", "{}")).Text("errorCode"));
        account.Clock.Advance(8 * 3600);
        await account.SignInAsync();

        Assert.Equal("0", (await account.CallAsync("v2/object/list", "{}")).Text("errorCode"));
    }

    [Fact]
    public async Task Writes_can_be_refused_by_lock_duplicate_and_validation()
    {
        await using var account = await FxiaokeAccount.OpenAsync(0);
        var id = (await account.CreateAsync("ContactObj", "\"name\":\"一\"")).Text("dataId");

        await account.Playground.FaultsAsync("""{"kind":"duplicate-rule","count":1},{"kind":"lock","count":1}""");
        Assert.Equal("数据重复，命中查重规则", (await account.CreateAsync("ContactObj", "\"name\":\"一\"")).Text("errorDescription"));
        Assert.Equal("数据已锁定，不能编辑", (await account.UpdateAsync("ContactObj", id, "\"tel1\":\"1\"")).Text("errorDescription"));
        await account.Playground.FaultsAsync("""{"kind":"validation","field":"tel1"}""");
        Assert.Equal("[电话1]校验规则不通过", (await account.UpdateAsync("ContactObj", id, "\"tel1\":\"1\"")).Text("errorDescription"));
        Assert.Equal(422, (await account.Playground.TryControlAsync("PUT", "faults", """[{"kind":"partial","every":2}]""")).Status);
    }

    [Fact]
    public async Task Fields_can_be_dropped_or_hidden_and_metadata_broken()
    {
        await using var account = await FxiaokeAccount.OpenAsync(5);
        await account.Playground.FaultsAsync("""{"kind":"drop-field","stream":"ContactObj","field":"points__c"},{"kind":"hide-field","stream":"ContactObj","field":"remark"},{"kind":"broken-object","stream":"LeadsObj"}""");

        var fields = (await account.CallAsync("v2/object/describe", """{"data":{"apiName":"ContactObj"}}""")).Json!["data"]!["describe"]!["fields"]!.AsObject();
        var rows = FxiaokeAccount.Rows(await account.QueryAsync("ContactObj", "", more: "\"includeNull\":true,"));

        Assert.False(fields.ContainsKey("points__c"));
        Assert.All(rows, row => Assert.False(row!.AsObject().ContainsKey("points__c") || row.AsObject().ContainsKey("remark")));
        Assert.Equal("没有字段[备注]的编辑权限", (await account.CreateAsync("ContactObj", """ "name":"一","remark":"x" """)).Text("errorDescription"));
        Assert.Null((await account.CallAsync("v2/object/describe", """{"data":{"apiName":"LeadsObj"}}""")).Json!["data"]!["describe"]!["fields"]!["name"]);
    }

    [Fact]
    public async Task A_late_commit_appears_with_the_time_at_which_it_was_made()
    {
        await using var account = await FxiaokeAccount.OpenAsync(0);
        await account.Playground.FaultsAsync("""{"kind":"late-commit","seconds":60}""");

        await account.Playground.ControlAsync("POST", "records/ContactObj", """{"name":"晚"}""");
        var before = await account.QueryAsync("ContactObj", "");
        account.Clock.Advance(60);
        var after = await account.QueryAsync("ContactObj", "");

        Assert.Empty(FxiaokeAccount.Rows(before));
        Assert.Equal("1772438400000", after.Text("data", "dataList", 0, "last_modified_time"));
    }

    [Fact]
    public async Task While_paging_records_come_go_and_change()
    {
        await using var account = await FxiaokeAccount.OpenAsync(200);
        await account.Playground.FaultsAsync("""{"kind":"mutate-while-paging","count":1}""");

        var first = FxiaokeAccount.Rows(await account.QueryAsync("ContactObj", "", """{"fieldName":"_id","isAsc":true}"""));

        Assert.Equal("invalid", (string?)(await account.GetAsync("ContactObj", (string)first[0]!["_id"]!))["data"]!["life_status"]);
        Assert.Equal(2, FxiaokeAccount.Rows(await account.QueryAsync("ContactObj", """{"field_name":"last_modified_time","operator":"GTE","field_values":["1772438400000"]}""")).Count);
    }

    [Fact]
    public async Task Events_are_encrypted_signed_and_sent_again_until_the_answer_is_too()
    {
        await using var receiver = await HookReceiver.OpenAsync();
        await using var account = await FxiaokeAccount.OpenAsync(0);
        await account.Playground.ControlAsync("PUT", "webhooks", $$"""{"target":"{{receiver.Address}}"}""");
        var id = (await account.CreateAsync("ContactObj", "\"name\":\"一\"")).Text("dataId");

        await account.Playground.ControlAsync("POST", "webhooks/flush");
        var result = FxiaokeCallbacks.Encrypt("success");
        receiver.Answer = new JsonObject { ["timestamp"] = 1, ["nonce"] = "n", ["encryptedResult"] = result, ["signature"] = FxiaokeCallbacks.Sign("1", "n", result, FxiaokeCallbacks.AesKey) }.ToJsonString();
        await account.Playground.ControlAsync("POST", "webhooks/flush");
        await account.Playground.ControlAsync("POST", "webhooks/flush");

        var sent = receiver.Got.Select(got => JsonNode.Parse(got.Body)!).ToList();
        Assert.Equal(2, sent.Count);
        Assert.Null(sent[0]["retryTimes"]);
        Assert.Equal(1, (int)sent[1]["retryTimes"]!);
        Assert.Equal((string?)sent[0]["messageId"], (string?)sent[1]["messageId"]);
        var text = string.Concat(new[] { "timestamp", "nonce", "messageId", "retryTimes", "enterpriseAccount", "encryptedContent" }.Select(name => sent[1][name]!.ToString())) + FxiaokeCallbacks.AesKey;
        Assert.Equal(FxiaokeCallbacks.Sign(text), (string?)sent[1]["signature"]);
        var plain = JsonNode.Parse(FxiaokeCallbacks.Decrypt((string)sent[1]["encryptedContent"]!))!;
        Assert.Equal(("create", "ContactObj", id), ((string?)plain["eventType"], (string?)plain["apiName"], (string?)plain["dataId"]));
        Assert.False(plain.AsObject().ContainsKey("name"));
    }

    [Fact]
    public void The_key_has_43_characters_and_opens_with_what_any_client_would_use()
    {
        using var aes = System.Security.Cryptography.Aes.Create();
        aes.Key = Convert.FromBase64String(FxiaokeCallbacks.AesKey + "=");

        var text = System.Text.Encoding.UTF8.GetString(aes.DecryptCbc(Convert.FromBase64String(FxiaokeCallbacks.Encrypt("你好")), aes.Key[..16]));

        Assert.Equal((43, "你好"), (FxiaokeCallbacks.AesKey.Length, text));
    }
}

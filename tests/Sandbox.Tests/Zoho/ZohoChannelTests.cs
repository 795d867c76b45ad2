using System.Text.Json.Nodes;

namespace Crm.Integration.Sandbox.Tests.Zoho;

public sealed class ZohoChannelTests
{
    [Fact]
    public async Task A_channel_is_granted_a_day_at_most_and_an_hour_unless_asked()
    {
        await using var org = await ZohoOrg.OpenAsync(0);

        var week = await org.CallAsync("POST", "actions/watch", Watch("http://127.0.0.1:9/x", """ "channel_expiry":"2026-03-09T08:00:00+00:00", """));
        var plain = await org.CallAsync("POST", "actions/watch", Watch("http://127.0.0.1:9/x", ""));

        Assert.Equal((201, "2026-03-03T09:00:00+01:00"), (week.Status, week.Text("watch", 0, "details", "events", 0, "channel_expiry")));
        Assert.Equal("2026-03-02T10:00:00+01:00", plain.Text("watch", 0, "details", "events", 0, "channel_expiry"));
        Assert.EndsWith("/zoho/crm/v8/Contacts", plain.Text("watch", 0, "details", "events", 0, "resource_uri"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_channel_is_listed_renewed_and_ended()
    {
        await using var org = await ZohoOrg.OpenAsync(0);
        Assert.Equal(204, (await org.GetAsync("actions/watch")).Status);
        await org.CallAsync("POST", "actions/watch", Watch("http://127.0.0.1:9/x", ""));

        var renewed = await org.CallAsync("PATCH", "actions/watch", """{"watch":[{"channel_id":"77","channel_expiry":"2026-03-02T20:00:00+00:00"}]}""");
        var listed = await org.GetAsync("actions/watch?channel_id=77");
        var ended = await org.CallAsync("DELETE", "actions/watch?channel_ids=77");
        var unknown = await org.CallAsync("PUT", "actions/watch", Watch("http://127.0.0.1:9/x", ""));

        Assert.Equal((200, "2026-03-02T21:00:00+01:00"), (renewed.Status, renewed.Text("watch", 0, "details", "events", 0, "channel_expiry")));
        Assert.Equal("77", listed.Text("watch", 0, "channel_id"));
        Assert.Equal(200, ended.Status);
        Assert.Equal("NOT_SUBSCRIBED", unknown.Text("watch", 0, "code"));
    }

    [Fact]
    public async Task Changes_of_people_and_of_the_API_are_told_with_ids_and_token_until_the_channel_expires()
    {
        await using var receiver = await HookReceiver.OpenAsync();
        await using var org = await ZohoOrg.OpenAsync(0);
        await org.CallAsync("POST", "actions/watch", Watch(receiver.Address, """ "return_affected_field_values":true, """));

        var id = await org.MakeAsync("Contacts", """{"Last_Name":"One"}""");
        await org.Playground.ControlAsync("PATCH", "records/Contacts/" + id, """{"Phone":"7"}""");
        await org.MakeAsync("Accounts", """{"Account_Name":"Not watched"}""");
        await org.Playground.ControlAsync("DELETE", "records/Contacts/" + id);
        await org.Playground.ControlAsync("POST", "webhooks/flush");
        org.Clock.Advance(3601);
        await org.SignInAsync();
        await org.MakeAsync("Contacts", """{"Last_Name":"Two"}""");
        await org.Playground.ControlAsync("POST", "webhooks/flush");

        var told = receiver.Got.Select(got => JsonNode.Parse(got.Body)!).ToList();
        Assert.Equal(["insert", "update", "delete"], told.Select(body => (string?)body["operation"]));
        Assert.All(told, body => Assert.Equal(("77", "secret-token", id), ((string?)body["channel_id"], (string?)body["token"], (string?)body["ids"]![0])));
        Assert.Equal("7", (string?)told[1]["affected_values"]![0]!["values"]!["Phone"]);
        Assert.Equal("Phone", (string?)told[1]["affected_fields"]![0]![id]![0]);
    }

    [Fact]
    public async Task A_token_of_more_than_fifty_characters_is_refused()
    {
        await using var org = await ZohoOrg.OpenAsync(0);

        var answer = await org.CallAsync("POST", "actions/watch", Watch("http://127.0.0.1:9/x", "").Replace("secret-token", new string('t', 51), StringComparison.Ordinal));

        Assert.Equal((202, "INVALID_DATA"), (answer.Status, answer.Text("watch", 0, "code")));
    }

    private static string Watch(string url, string more) =>
        $$"""{"watch":[{"channel_id":"77","events":["Contacts.create","Contacts.edit","Contacts.delete"],{{more}}"token":"secret-token","notify_url":"{{url}}"}]}""";
}

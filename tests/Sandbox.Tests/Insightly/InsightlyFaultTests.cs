using System.Text;
using System.Text.Json.Nodes;

namespace Crm.Integration.Sandbox.Tests.Insightly;

public sealed class InsightlyFaultTests
{
    [Fact]
    public async Task Ten_calls_a_second_are_taken_and_the_eleventh_is_told_when_to_come_back()
    {
        await using var account = await InsightlyAccount.OpenAsync(1);

        var statuses = new List<int>();
        Answer answer;
        do
        {
            answer = await account.CallNowAsync("GET", "Instance");
            statuses.Add(answer.Status);
        }
        while (answer.Status == 200);

        Assert.Equal([.. Enumerable.Repeat(200, 10), 429], statuses);
        Assert.Equal(1, answer.Headers.RetryAfter?.Delta?.TotalSeconds);
        Assert.Equal(1, await account.Playground.CounterAsync("violations"));
        Assert.Equal(200, (await account.GetAsync("Instance")).Status);
    }

    [Fact]
    public async Task The_days_calls_are_told_and_refused_when_used_up()
    {
        await using var account = await InsightlyAccount.OpenAsync(1);
        await account.Playground.ControlAsync("PUT", "limits", """{"perDay":2}""");

        var first = await account.GetAsync("Instance");
        await account.GetAsync("Instance");
        var refused = await account.GetAsync("Instance");

        Assert.Equal(("2", "1"), (Assert.Single(first.Headers.GetValues("X-RateLimit-Limit")), Assert.Single(first.Headers.GetValues("X-RateLimit-Remaining"))));
        Assert.Equal((429, "0"), (refused.Status, Assert.Single(refused.Headers.GetValues("X-RateLimit-Remaining"))));
        Assert.Null(refused.Headers.RetryAfter);
    }

    [Fact]
    public async Task Workflows_tell_of_records_in_their_old_form_of_time_and_with_credentials()
    {
        await using var receiver = await HookReceiver.OpenAsync();
        await using var account = await InsightlyAccount.OpenAsync(0);
        await account.Playground.ControlAsync("PUT", "webhooks", $$"""{"target":"{{receiver.Address}}"}""");

        var id = (await account.CallAsync("POST", "Contacts", """{"FIRST_NAME":"One"}""")).Text("CONTACT_ID");
        await account.Playground.ControlAsync("PATCH", "records/Contacts/" + id, """{"PHONE":"7","Tier__c":"Gold"}""");
        await account.Playground.ControlAsync("POST", "webhooks/flush");

        Assert.Equal(2, receiver.Got.Count);
        var (body, authorization) = receiver.Got[1];
        Assert.Contains("""\/Date(1772438401000-0000)\/""", body, StringComparison.Ordinal);
        Assert.Equal(id, JsonNode.Parse(body)!["entity"]!["CONTACT_ID"]!.ToString());
        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("hub:sandbox-webhook")), authorization);
    }

    [Fact]
    public async Task Each_fault_shows_in_Insightlys_form()
    {
        await using var account = await InsightlyAccount.OpenAsync(10);
        await account.Playground.FaultsAsync("""
            {"kind":"validation","field":"PHONE"},{"kind":"missing-scope","path":"Leads"},{"kind":"broken-object","stream":"Leads"},
            {"kind":"drop-field","stream":"Contacts","field":"Tier__c"},{"kind":"hide-field","stream":"Contacts","field":"Interests__c"},{"kind":"hide-field","stream":"Contacts","field":"PHONE"}
            """);

        var refused = await account.CallAsync("POST", "Contacts", """{"FIRST_NAME":"One"}""");
        var fields = (await account.GetAsync("CustomFields/Contacts")).Json!.AsArray();

        Assert.Equal(417, refused.Status);
        Assert.Contains("PHONE", refused.Text("Message"), StringComparison.Ordinal);
        Assert.Equal(403, (await account.GetAsync("Leads/Search")).Status);
        await account.Playground.FaultsAsync("""{"kind":"broken-object","stream":"Leads"}, {"kind":"drop-field","stream":"Contacts","field":"Tier__c"},{"kind":"hide-field","stream":"Contacts","field":"PHONE"}""");
        Assert.Null((await account.GetAsync("CustomFields/Leads")).Json![0]);
        Assert.DoesNotContain(fields, field => (string?)field!["FIELD_NAME"] == "Tier__c");
        Assert.False((bool)fields.Single(field => (string?)field!["FIELD_NAME"] == "Interests__c")!["VISIBLE"]!);
        Assert.False((await account.GetAsync("Contacts")).Json![0]!.AsObject().ContainsKey("PHONE"));
        Assert.Equal(422, (await account.Playground.TryControlAsync("PUT", "faults", """[{"kind":"lock"}]""")).Status);
    }

    [Fact]
    public async Task A_late_commit_appears_with_the_time_at_which_it_was_made()
    {
        await using var account = await InsightlyAccount.OpenAsync(0);
        await account.Playground.FaultsAsync("""{"kind":"late-commit","seconds":60}""");

        await account.Playground.ControlAsync("POST", "records/Contacts", """{"FIRST_NAME":"Late"}""");
        var before = await account.GetAsync("Contacts");
        account.Clock.Advance(60);
        var after = await account.GetAsync("Contacts");

        Assert.Empty(before.Json!.AsArray());
        Assert.Equal("2026-03-02 08:00:00", after.Text(0, "DATE_UPDATED_UTC"));
    }

    [Fact]
    public async Task While_paging_records_come_go_and_change()
    {
        await using var account = await InsightlyAccount.OpenAsync(20);
        await account.Playground.FaultsAsync("""{"kind":"mutate-while-paging","count":1}""");

        var first = (await account.GetAsync("Contacts?top=10")).Json!.AsArray();

        Assert.Equal(404, (await account.GetAsync("Contacts/" + first[0]!["CONTACT_ID"])).Status);
        Assert.Equal(2, (await account.GetAsync("Contacts/Search?updated_after_utc=2026-03-02T08:00:00Z")).Json!.AsArray().Count);
    }
}

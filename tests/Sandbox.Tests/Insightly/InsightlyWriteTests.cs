namespace Crm.Integration.Sandbox.Tests.Insightly;

public sealed class InsightlyWriteTests
{
    [Fact]
    public async Task Records_are_made_changed_and_deleted_one_by_one()
    {
        await using var account = await InsightlyAccount.OpenAsync(0);

        var made = await account.CallAsync("POST", "Contacts", """{"FIRST_NAME":"One","PHONE":"1","TITLE":"Buyer"}""");
        var id = made.Text("CONTACT_ID");
        var changed = await account.CallAsync("PUT", "Contacts/" + id, $$"""{"CONTACT_ID":{{id}},"PHONE":null}""");
        var without = await account.CallAsync("PUT", "Contacts", $$"""{"CONTACT_ID":{{id}},"TITLE":"Boss"}""");
        var deleted = await account.CallAsync("DELETE", "Contacts/" + id);

        Assert.Equal((201, 200, 200, 202), (made.Status, changed.Status, without.Status, deleted.Status));
        Assert.Equal((null, "Buyer"), (changed.Text("PHONE"), changed.Text("TITLE")));
        Assert.Equal("Boss", without.Text("TITLE"));
        Assert.Equal(404, (await account.GetAsync("Contacts/" + id)).Status);
        Assert.Equal(404, (await account.CallAsync("PUT", "Contacts/" + id, """{"PHONE":"2"}""")).Status);
        Assert.Equal((1L, 2L, 1L), (await account.Playground.CounterAsync("created"), await account.Playground.CounterAsync("updated"), await account.Playground.CounterAsync("deleted")));
    }

    [Fact]
    public async Task The_set_of_custom_fields_that_is_sent_replaces_the_one_there_was()
    {
        await using var account = await InsightlyAccount.OpenAsync(0);
        var id = (await account.CallAsync("POST", "Contacts", """{"FIRST_NAME":"One","CUSTOMFIELDS":[{"FIELD_NAME":"Tier__c","FIELD_VALUE":"Gold"},{"FIELD_NAME":"Newsletter__c","FIELD_VALUE":true}]}""")).Text("CONTACT_ID");

        var untouched = await account.CallAsync("PUT", "Contacts/" + id, """{"PHONE":"1"}""");
        var replaced = await account.CallAsync("PUT", "Contacts/" + id, """{"CUSTOMFIELDS":[{"FIELD_NAME":"Hub_Id__c","FIELD_VALUE":"C-1"}]}""");

        Assert.Equal(2, untouched.Json!["CUSTOMFIELDS"]!.AsArray().Count);
        Assert.Equal("Hub_Id__c", (string?)Assert.Single(replaced.Json!["CUSTOMFIELDS"]!.AsArray())!["FIELD_NAME"]);
    }

    [Theory]
    [InlineData("""{"LAST_NAME":"no first name"}""")]
    [InlineData("""{"FIRST_NAME":"A","ORGANISATION_ID":1}""")]
    [InlineData("""{"FIRST_NAME":"A","PHONE":7}""")]
    [InlineData("""{"FIRST_NAME":"A","CUSTOMFIELDS":[{"FIELD_NAME":"Nothing__c","FIELD_VALUE":"x"}]}""")]
    [InlineData("""{"FIRST_NAME":"A","CUSTOMFIELDS":[{"FIELD_NAME":"Tier__c","FIELD_VALUE":"Tin"}]}""")]
    [InlineData("""{"FIRST_NAME":"A","CUSTOMFIELDS":[{"FIELD_NAME":"Loyalty_Points__c","FIELD_VALUE":"many"}]}""")]
    [InlineData("not json")]
    public async Task What_cannot_be_saved_is_400_with_a_message(string body)
    {
        await using var account = await InsightlyAccount.OpenAsync(0);

        var answer = await account.CallAsync("POST", "Contacts", body);

        Assert.Equal(400, answer.Status);
        Assert.NotNull(answer.Text("Message"));
    }

    [Fact]
    public async Task Two_records_with_the_same_key_are_two_records()
    {
        await using var account = await InsightlyAccount.OpenAsync(0);
        const string body = """{"FIRST_NAME":"One","CUSTOMFIELDS":[{"FIELD_NAME":"Hub_Id__c","FIELD_VALUE":"C-17"}]}""";

        await account.CallAsync("POST", "Contacts", body);
        await account.CallAsync("POST", "Contacts", body);

        Assert.Equal(2, (await account.GetAsync("Contacts/Search?field_name=Hub_Id__c&field_value=C-17")).Json!.AsArray().Count);
    }

    [Fact]
    public async Task A_lead_is_converted()
    {
        await using var account = await InsightlyAccount.OpenAsync(10);
        var id = (await account.GetAsync("Leads")).Json![0]!["LEAD_ID"]!;

        var answer = await account.CallAsync("PUT", $"Leads/{id}/Convert", "{}");

        Assert.True((bool)answer.Json!["CONVERTED"]!);
        Assert.Equal(200, (await account.GetAsync("Contacts/" + answer.Text("CONVERTED_CONTACT_ID"))).Status);
    }
}

namespace Crm.Integration.EndToEnd.Tests.Nightly;

/// <summary>What a new user gets wrong first, and whether `hub check` says what to do about it.</summary>
public sealed class NightlyMessageTests
{
    [Fact]
    public async Task What_is_set_up_wrongly_is_named_with_its_remedy()
    {
        using var stage = await NightlyStage.SetAsync();
        (await stage.Folder.HubAsync("check")).With(0);

        // A secret that was copied badly.
        await FailsAsync("salesforce", "connections/salesforce.json", "sandbox-consumer-secret", "wrong", "consumer secret (`clientSecret`)", "Manage Consumer Details");
        await FailsAsync("zoho", "connections/zoho.json", "sandbox-secret", "wrong", "client's secret", "API console");
        await FailsAsync("insightly", "connections/insightly.json", "sandbox-api-key", "wrong", "API key", "User Settings > API");
        await FailsAsync("fxiaoke", "connections/fxiaoke.json", "sandbox-secret", "wrong", "appSecret", "administration");

        // Another data centre, and an object and a field that are not there.
        await FailsAsync("zoho", "connections/zoho.json", "/zoho\"", "/zoho/other-data-centre\"", "does not know the client", "set `dataCenter`");
        await FailsAsync("salesforce", "pipelines/salesforce-in.json", "\"Contact\"", "\"Contcat\"", "no object 'Contcat'", "`hub discover`");
        await FailsAsync("insightly", "pipelines/insightly-in.json", "\"Contacts\"", "\"Contact\"", "Do you mean Contacts?");
        await FailsAsync("zoho", "pipelines/zoho-out.json", "\"Title\"", "\"Titel\"", "no field 'Titel'", "did you mean 'Title'?");

        // Fields that are demanded, and not mapped.
        await FailsAsync("salesforce", "pipelines/salesforce-out.json", "\"LastName\": \"name.family\",", "", "demands 'LastName'", "map it in pipelines/salesforce-out.json");
        await FailsAsync("zoho", "pipelines/zoho-out.json", "\"Last_Name\": \"name.family ?? '-'\",", "", "demands 'Last_Name'");
        await FailsAsync("insightly", "pipelines/insightly-out.json", "\"FIRST_NAME\": \"name.given ?? '-'\",", "", "demands 'FIRST_NAME'");
        await FailsAsync("fxiaoke", "pipelines/fxiaoke-out.json", "\"name\": \"fullName(name.given, name.family)\",", "", "demands 'name'");

        // A scope that was forgotten.
        await stage.FaultsAsync(new { kind = "missing-scope" });
        await SaysAsync("salesforce", "\"Manage user data via APIs (api)\"");
        await SaysAsync("zoho", "lacks the scope ZohoCRM.settings.ALL");
        await SaysAsync("insightly", "Give the key's user the right");
        await SaysAsync("fxiaoke", "Give the employee of `userId` and the app the right");

        async Task FailsAsync(string connection, string file, string right, string wrong, params string[] says)
        {
            var text = stage.Folder.Read(file);
            stage.Folder.Edit(file, right, wrong);
            await SaysAsync(connection, says);
            stage.Folder.Write(file, text);
        }

        async Task SaysAsync(string connection, params string[] says)
        {
            var outcome = (await stage.Folder.HubAsync("--json", "check", connection)).With(1);
            var messages = string.Join("\n", outcome.Json.GetProperty("connections")[0].GetProperty("checks").EnumerateArray().Select(line => line.GetProperty("message").GetString()));
            Assert.All(says, said => Assert.Contains(said, messages, StringComparison.Ordinal));
        }
    }
}

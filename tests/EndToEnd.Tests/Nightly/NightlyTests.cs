using Crm.Integration.EndToEnd.Tests.Program;

namespace Crm.Integration.EndToEnd.Tests.Nightly;

/// <summary>samples/nightly as its README tells it: four systems are brought into agreement, and stay so.</summary>
public sealed class NightlyTests
{
    [Fact]
    public async Task Four_systems_agree_edits_travel_and_a_conflict_waits_for_a_person()
    {
        using var stage = await NightlyStage.SetAsync();

        // A plan first: the limits hold the first alignment back, and nothing was written.
        (await stage.Folder.HubAsync("plan")).With(3);
        Assert.Equal(0, await stage.SumAsync("writeCalls"));

        Assert.InRange(await stage.RunUntilSilentAsync(4, "--ignore-limits"), 2, 3);
        Assert.All(await stage.SizesAsync(), size => Assert.Equal(NightlyStage.People, size));

        // An edit in one system is everywhere after the next run; two of one field are a conflict, and Salesforce asks.
        var colleague = (await stage.GetAsync("insightly/records/Contacts"))[2].GetProperty("EMAIL_ADDRESS").GetString()!;
        var disputed = (await stage.GetAsync("insightly/records/Contacts"))[3].GetProperty("EMAIL_ADDRESS").GetString()!;
        await stage.EditAsync("zoho/records/Contacts", "Email", colleague, "Title", "Head of Purchasing");
        await stage.EditAsync("salesforce/records/Contact", "Email", disputed, "Email", "old@example.com");
        await Task.Delay(TimeSpan.FromSeconds(1.5), TestContext.Current.CancellationToken);
        await stage.EditAsync("insightly/records/Contacts", "EMAIL_ADDRESS", disputed, "EMAIL_ADDRESS", "new@example.com");
        await stage.RunUntilSilentAsync(3);

        await stage.OnlyAsync("salesforce/records/Contact", "Title", "Head of Purchasing");
        await stage.OnlyAsync("insightly/records/Contacts", "TITLE", "Head of Purchasing");
        await stage.OnlyAsync("fxiaoke/records/ContactObj", "job_title", "Head of Purchasing");
        await stage.OnlyAsync("zoho/records/Contacts", "Email", "new@example.com");
        await stage.OnlyAsync("salesforce/records/Contact", "Email", "old@example.com");

        var conflict = Assert.Single((await stage.Folder.HubAsync("--json", "conflict", "list")).With(0).Json.GetProperty("conflicts").EnumerateArray());
        Assert.Equal(("Email", "new@example.com", "old@example.com"), (conflict.GetProperty("field").GetString(), conflict.GetProperty("hub").GetString(), conflict.GetProperty("source").GetString()));
        (await stage.Folder.HubAsync("conflict", "accept", conflict.GetProperty("id").GetRawText(), "hub")).With(0);
        await stage.RunUntilSilentAsync(3);

        await stage.OnlyAsync("salesforce/records/Contact", "Email", "new@example.com");
        Assert.Equal(0, await stage.SumAsync("violations"));
    }

    [Fact]
    public async Task Its_mapping_tests_pass_without_sandbox_and_secrets()
    {
        using var folder = HubFolder.Sample("nightly");

        Assert.Equal(0, (await folder.HubAsync("--json", "test")).With(0).Json.GetProperty("failed").GetInt32());
    }
}

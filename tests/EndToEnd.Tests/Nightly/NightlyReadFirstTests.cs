namespace Crm.Integration.EndToEnd.Tests.Nightly;

/// <summary>A system that could not be read is not written to: everybody who is there would be made a second time.</summary>
public sealed class NightlyReadFirstTests
{
    [Fact]
    public async Task Where_the_pull_fails_nothing_is_pushed_and_the_next_run_makes_up_for_it()
    {
        using var stage = await NightlyStage.SetAsync();

        // It answers no query, but would take what is written.
        await stage.FaultsOfAsync("salesforce", new { kind = "status", status = 400, path = "/query" });
        var run = await stage.Folder.HubAsync("--json", "run", "--ignore-limits");

        Assert.Equal(1, run.ExitCode);
        var pipelines = Program.Report.Pipelines(run.Json);
        Assert.Equal(("failed", "skipped", "done"), (State("salesforce-in"), State("salesforce-out"), State("zoho-out")));
        Assert.Equal(0, (await stage.GetAsync("salesforce/counters")).GetProperty("writeCalls").GetInt64());
        (await stage.Folder.HubAsync("run", "salesforce-out", "--ignore-limits")).With(1);

        await stage.FaultsAsync();
        await stage.RunUntilSilentAsync(4, "--ignore-limits");
        Assert.All(await stage.SizesAsync(), size => Assert.Equal(NightlyStage.People, size));

        string State(string pipeline) => pipelines[pipeline].GetProperty("state").GetString()!;
    }
}

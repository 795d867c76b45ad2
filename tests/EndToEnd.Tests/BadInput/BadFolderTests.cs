using System.Text.RegularExpressions;
using System.Text.Json;
using Crm.Integration.EndToEnd.Tests.Program;

namespace Crm.Integration.EndToEnd.Tests.BadInput;

/// <summary>A hub folder, a disk or a store that is not as it should be.</summary>
public sealed class BadFolderTests(Quickstart quickstart)
{
    [Fact]
    public async Task Ten_mistakes_in_the_configuration_are_told_at_once_each_with_its_place()
    {
        using var folder = HubFolder.Empty();
        folder.Write("hub.json", """
            {
              "store": { "provider": "sqllite" },
              "limit": { "changePercent": 20 },
              "limits": { "deletePercent": "ten" }
            }
            """);
        folder.Write("connections/typo.json", """{ "connector": "cvs", "folder": "in" }""");
        folder.Write("connections/shop.json", """{ "connector": "csv", "folder": "in", "delimeter": ";" }""");
        folder.Write("pipelines/shop.json", """
            {
              "from": { "connection": "shopp", "stream": "people.csv", "key": "id" },
              "entity": "customer",
              "map": {
                "name.given": "first | trimm",
                "name.familly": "last",
                "email": "email |"
              },
              "validate": [ { "field": "email", "rule": "emial", "otherwise": "reject" } ]
            }
            """);

        foreach (var verb in (string[])["run", "plan", "validate"])
        {
            var json = (await folder.HubAsync("--json", verb)).With(2).Json;
            var problems = (json.TryGetProperty("error", out var error) ? error : json).GetProperty("problems").EnumerateArray().ToList();

            Assert.Equal(
                [
                    "connections/shop.json:1:39 'delimiter'", "connections/typo.json:1:16 'csv'",
                    "hub.json:2:26 'sqlite'", "hub.json:3:3 'limits'", "hub.json:4:32 without quotes",
                    "pipelines/shop.json:2:27 'shop'", "pipelines/shop.json:5:28 trim(", "pipelines/shop.json:6:5 'name.family'", "pipelines/shop.json:7:22 name of a function", "pipelines/shop.json:9:45 'email'",
                ],
                problems.Select(problem => $"{problem.GetProperty("place").GetString()} {Told(problem)}"));
        }

        Assert.False(Directory.Exists(folder.In("data")));

        static string Told(JsonElement problem) =>
            ((string[])["'delimiter'", "'csv'", "'sqlite'", "'limits'", "without quotes", "'shop'", "trim(", "'name.family'", "name of a function", "'email'"])
                .Single(problem.GetProperty("fix").GetString()!.Contains);
    }

    [Fact]
    public async Task A_second_hub_on_the_folder_waits_for_the_first()
    {
        using var folder = HubFolder.Sample("quickstart");
        using var first = folder.Start("--json", "run");
        await UntilAsync(() => File.Exists(folder.In("data/hub.db.lock.holder")), first);
        using var second = folder.Start("--json", "run", "--wait", "100");

        var (one, other) = ((await first.EndAsync()).With(0).Json, (await second.EndAsync()).With(0).Json);

        Assert.True(one.Effects() > 5000);
        Assert.Equal(0, other.Effects());
        StoreDump.AssertSame(StoreDump.Of(quickstart.Finished), StoreDump.Of(folder), "after two at once");
    }

    [Fact]
    public async Task A_second_hub_that_may_not_wait_says_who_holds_the_folder()
    {
        using var folder = HubFolder.Sample("quickstart");
        using var first = folder.Start("run");
        await UntilAsync(() => File.Exists(folder.In("data/hub.db.lock.holder")), first);

        var second = (await folder.HubAsync("--json", "run", "--wait", "0")).With(1);

        Assert.Matches("another hub is at work on this store: hub run, process [0-9]+ on .+, since .+ / wait for it to end", second.Error);
        (await first.EndAsync()).With(0);
    }

    [Fact]
    public async Task A_store_of_a_newer_version_is_left_alone()
    {
        using var folder = quickstart.Finished.Copy();
        StoreDump.Change(folder, "pragma user_version = 99");

        var told = Regex.Match((await folder.HubAsync("--json", "run")).With(1).Error, "the store .+ has schema version 99; this hub knows versions up to ([0-9]+) / use the newer hub");
        Assert.True(told.Success);
        Assert.Equal(1, (await folder.HubAsync("--json", "doctor")).ExitCode);

        StoreDump.Change(folder, "pragma user_version = " + told.Groups[1].Value);
        Assert.Equal(0, (await folder.HubAsync("--json", "run")).With(0).Json.Effects());
    }

    [Fact]
    public async Task A_store_that_is_no_database_is_not_overwritten()
    {
        using var folder = quickstart.Finished.Copy();
        folder.Write("data/hub.db", string.Concat(Enumerable.Repeat("these are my notes\n", 1000)));

        Assert.Contains("is damaged or not a SQLite database", (await folder.HubAsync("--json", "run")).With(1).Error, StringComparison.Ordinal);
        Assert.StartsWith("these are my notes", folder.Read("data/hub.db"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_cannot_hold_a_store_is_named()
    {
        using var folder = HubFolder.OfPeople(HubFolder.People(20));
        folder.Write("data", "a file where a folder is needed");

        var run = (await folder.HubAsync("--json", "run")).With(1);

        Assert.Contains(folder.In("data"), run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("unexpected", run.Error, StringComparison.Ordinal);
        File.Delete(folder.In("data"));
        (await folder.HubAsync("run")).With(0);
    }

    [Fact]
    public async Task A_target_folder_that_cannot_be_made_fails_its_pipeline_and_the_next_run_sends_all()
    {
        using var folder = HubFolder.OfPeople(HubFolder.People(20));
        folder.Write("out", "a file where a folder is needed");

        var run = (await folder.HubAsync("--json", "run")).With(1).Json;

        Assert.Equal("done", run.Pipelines()["shop"].GetProperty("state").GetString());
        Assert.Contains("out", run.Pipelines()["to-files"].GetProperty("problem").GetString(), StringComparison.Ordinal);
        File.Delete(folder.In("out"));
        Assert.Equal(20, (await folder.HubAsync("--json", "run")).With(0).Json.Pipelines()["to-files"].Count("created"));
    }

    [Fact]
    public async Task A_read_only_folder_is_told_and_the_next_run_sends_all()
    {
        using var folder = HubFolder.OfPeople(HubFolder.People(20));
        using (var target = Mount.At(folder.In("out"), "ro,size=1m"))
        {
            var run = (await folder.HubAsync("--json", "run")).With(1).Json;
            Assert.Contains("out", run.Pipelines()["to-files"].GetProperty("problem").GetString(), StringComparison.Ordinal);
        }

        using (var store = Mount.At(folder.In("data"), "ro,size=1m"))
            Assert.Contains("data", (await folder.HubAsync("--json", "run")).With(1).Error, StringComparison.Ordinal);

        Assert.Equal(20, (await folder.HubAsync("--json", "run")).With(0).Json.Pipelines()["to-files"].Count("created"));
    }

    [Fact]
    public async Task A_full_disk_under_the_store_is_told_and_with_space_the_run_goes_on()
    {
        using var folder = HubFolder.Sample("quickstart");
        using var disk = Mount.At(folder.In("data"), "size=4m");

        var full = (await folder.HubAsync("--json", "run")).With(1);

        Assert.Matches("the disk .*is full", full.Output);
        Assert.Contains("free some space", full.Output, StringComparison.Ordinal);
        disk.Change("size=100m");
        (await folder.HubAsync("--json", "run")).With(0).Json.AssertAddsUp();
        StoreDump.AssertSame(StoreDump.Of(quickstart.Finished), StoreDump.Of(folder), "after a full disk");
    }

    [Fact]
    public async Task A_full_disk_under_a_target_is_told_and_leaves_no_half_file()
    {
        using var folder = HubFolder.Sample("quickstart");
        using var disk = Mount.At(folder.In("out"), "size=400k");

        var run = (await folder.HubAsync("--json", "run")).With(1).Json;

        var warehouse = run.Pipelines()["to-warehouse"];
        Assert.Equal("failed", warehouse.GetProperty("state").GetString());
        Assert.Contains("full", warehouse.GetProperty("problem").GetString(), StringComparison.Ordinal);
        Assert.Equal(["mailing.csv"], folder.Targets().Keys);
        disk.Change("size=10m");
        (await folder.HubAsync("run")).With(0);
        Assert.Equal(quickstart.Finished.Targets().Select(target => (target.Key, target.Value.Bytes)), folder.Targets().Select(target => (target.Key, target.Value.Bytes)));
    }

    private static async Task UntilAsync(Func<bool> condition, HubProcess hub)
    {
        while (!condition())
        {
            Assert.False(hub.HasEnded, "it ended too soon");
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }
}

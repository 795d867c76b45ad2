using Crm.Integration.EndToEnd.Tests.Program;

namespace Crm.Integration.EndToEnd.Tests.Verbs;

/// <summary>What a person decides reaches the targets, outlives runs, and can be taken back.</summary>
public sealed class StewardTests(Quickstart quickstart)
{
    [Fact]
    public async Task A_merge_makes_one_of_two_and_a_split_takes_it_back()
    {
        using var folder = quickstart.Finished.Copy();
        var records = await RecordsAsync(folder, "C204");
        var all = records.Concat(await RecordsAsync(folder, "C205")).Order().ToList();

        var merged = (await folder.HubAsync("--json", "merge", "C204", "C205", "--why", "asked them")).With(0).Json;
        var (kept, alias) = (merged.GetProperty("id").GetString()!, merged.GetProperty("alias").GetString()!);
        Assert.Equal(["C204", "C205"], ((string[])[kept, alias]).Order());
        Assert.Equal(all, await RecordsAsync(folder, alias));

        var run = (await folder.HubAsync("--json", "run")).With(0).Json;
        Assert.Equal((0, 1, 1), (run.Pipelines()["to-warehouse"].Count("created"), run.Pipelines()["to-warehouse"].Count("changed"), run.Pipelines()["to-warehouse"].Count("deleted")));
        Assert.DoesNotContain($"\"{alias}\"", folder.Read("out/customers.jsonl"), StringComparison.Ordinal);

        var split = (await folder.HubAsync(["--json", "split", kept, .. records])).With(0).Json.GetProperty("split").GetString()!;
        Assert.Equal(records, await RecordsAsync(folder, split));
        Assert.Equal(all.Except(records), await RecordsAsync(folder, kept));
        Assert.Equal(kept, (await folder.HubAsync("--json", "show", alias)).With(0).Json.GetProperty("id").GetString());

        // The decision outlives the night.
        (await folder.HubAsync("run")).With(0);
        Assert.Equal(records, await RecordsAsync(folder, split));
        Assert.Equal(0, (await folder.HubAsync("--json", "run")).With(0).Json.Effects());
        Assert.Empty(StoreDump.Faults(folder));
    }

    [Fact]
    public async Task Review_decisions_are_carried_out_and_remembered()
    {
        using var folder = quickstart.Finished.Copy();
        var open = (await folder.HubAsync("--json", "review", "list", "--limit", "400")).With(0).Json;
        var pairs = open.GetProperty("pairs").EnumerateArray().ToList();
        var (yes, no) = (pairs[0], pairs[^1]);
        string yesId = yes.GetProperty("id").ToString(), noId = no.GetProperty("id").ToString();
        (await folder.HubAsync("--json", "review", "show", yesId)).With(0);

        (await folder.HubAsync("--json", "review", "accept", yesId, "--why", "asked them")).With(0);
        (await folder.HubAsync("--json", "review", "reject", noId)).With(0);

        Assert.Equal(await RecordsAsync(folder, yes.GetProperty("a").GetString()!), await RecordsAsync(folder, yes.GetProperty("b").GetString()!));
        Assert.NotEqual(await RecordsAsync(folder, no.GetProperty("a").GetString()!), await RecordsAsync(folder, no.GetProperty("b").GetString()!));
        Assert.Equal(yesId, Single(await folder.HubAsync("--json", "review", "list", "--state", "accepted")));
        Assert.Equal(noId, Single(await folder.HubAsync("--json", "review", "list", "--state", "rejected")));

        (await folder.HubAsync("--json", "run")).With(0).Json.AssertAddsUp();
        Assert.Equal(0, (await folder.HubAsync("--json", "run")).With(0).Json.Effects());
        Assert.Equal(noId, Single(await folder.HubAsync("--json", "review", "list", "--state", "rejected")));
        Assert.Empty(StoreDump.Faults(folder));

        static string Single(HubOutcome list) => Assert.Single(list.With(0).Json.GetProperty("pairs").EnumerateArray()).GetProperty("id").ToString();
    }

    [Fact]
    public async Task A_row_in_quarantine_can_be_seen_put_right_and_put_away()
    {
        using var folder = quickstart.Finished.Copy();
        var rows = (await folder.HubAsync("--json", "quarantine", "list", "--pipeline", "shop", "--limit", "100")).With(0).Json.GetProperty("rows").EnumerateArray().ToList();
        var test = rows.First(row => row.GetProperty("rule").GetString() == "expression").GetProperty("id").ToString();
        var unreachable = rows.First(row => row.GetProperty("rule").GetString() == "required").GetProperty("id").ToString();
        var total = await WaitingAsync(folder);

        (await folder.HubAsync("--json", "quarantine", "discard", test)).With(0);
        Assert.Equal(total - 1, await WaitingAsync(folder));
        Assert.Equal("discarded", (await folder.HubAsync("--json", "quarantine", "show", test)).With(0).Json.GetProperty("state").GetString());

        // As wrong as before, it waits as before.
        (await folder.HubAsync("--json", "quarantine", "retry", unreachable)).With(0).Json.AssertAddsUp();
        Assert.Equal(total - 1, await WaitingAsync(folder));

        folder.Edit("pipelines/shop.json", "\"rule\": \"required\", \"otherwise\": \"reject\"", "\"rule\": \"required\", \"otherwise\": \"warn\"");
        var retried = (await folder.HubAsync("--json", "quarantine", "retry", unreachable)).With(0).Json;
        Assert.Equal(1, retried.Pipelines()["shop"].Count("created"));
        Assert.Equal(total - 2, await WaitingAsync(folder));
        Assert.Equal("resolved", (await folder.HubAsync("--json", "quarantine", "show", unreachable)).With(0).Json.GetProperty("state").GetString());

        var run = (await folder.HubAsync("--json", "run", "--ignore-limits")).With(0).Json;
        run.AssertAddsUp();
        Assert.Equal(0, (await folder.HubAsync("--json", "run")).With(0).Json.Effects());
        Assert.Equal("discarded", (await folder.HubAsync("--json", "quarantine", "show", test)).With(0).Json.GetProperty("state").GetString());
        Assert.Empty(StoreDump.Faults(folder));
    }

    [Fact]
    public async Task Retrying_everything_that_is_still_wrong_changes_nothing()
    {
        using var folder = quickstart.Finished.Copy();
        var before = StoreDump.Of(folder);

        (await folder.HubAsync("--json", "quarantine", "retry")).With(0).Json.AssertAddsUp();

        StoreDump.AssertSame(before, StoreDump.Of(folder), "after a retry of what is still wrong");
        Assert.Equal(0, (await folder.HubAsync("--json", "run")).With(0).Json.Effects());
    }

    [Fact]
    public async Task A_pipeline_that_is_reset_looks_at_everything_and_writes_nothing()
    {
        using var folder = quickstart.Finished.Copy();
        var targets = folder.Targets();

        foreach (var pipeline in (string[])["crm", "erp", "to-mailing", "to-warehouse"])
            (await folder.HubAsync("--json", "state", "reset", pipeline)).With(0);
        var run = (await folder.HubAsync("--json", "run")).With(0).Json;

        run.AssertAddsUp();
        Assert.Equal(0, run.Effects());
        Assert.Equal(quickstart.FirstRun.Json.Pipelines()["to-warehouse"].Count("created"), run.Pipelines()["to-warehouse"].Count("unchanged"));
        Assert.Equal(targets, folder.Targets());
    }

    private static async Task<List<string>> RecordsAsync(HubFolder folder, string id) =>
        [.. (await folder.HubAsync("--json", "show", id)).With(0).Json.GetProperty("records").EnumerateArray().Select(record => $"{record.GetProperty("connection")}/{record.GetProperty("stream")}/{record.GetProperty("sourceId")}").Order()];

    private static async Task<int> WaitingAsync(HubFolder folder) =>
        (await folder.HubAsync("--json", "quarantine", "list")).With(0).Json.GetProperty("total").GetInt32();
}

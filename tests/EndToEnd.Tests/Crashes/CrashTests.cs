using System.Globalization;
using Crm.Integration.EndToEnd.Tests.Program;

namespace Crm.Integration.EndToEnd.Tests.Crashes;

/// <summary>
/// Kill it anywhere: after kill -9 at any moment the store is consistent, and the runs that follow end exactly where one that
/// nobody disturbed ends; the store fact by fact, the targets byte by byte. The moments are drawn from a seed, and spread so that
/// reading, matching, merging and pushing all have their turn.
/// </summary>
public sealed class CrashTests(Quickstart quickstart)
{
    private static readonly string[] s_merge = ["merge", "C204", "C205", "--why", "asked them"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_first_run_that_is_killed_again_and_again_ends_as_if_nothing_had_happened(int seed)
    {
        using var folder = HubFolder.Sample("quickstart");

        var killed = await KillAsync(folder, seed, blows: 4, quickstart.Took, "run");

        await FinishAsync(folder, quickstart.Finished, killed);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(7)]
    public async Task A_run_that_is_killed_while_it_writes_the_targets_ends_as_if_nothing_had_happened(int seed)
    {
        using var folder = HubFolder.Sample("quickstart");
        var random = new Random(seed);
        var killed = "";
        for (var blow = 0; blow < 2; blow++)
        {
            using var hub = folder.Start("run");
            while (!hub.HasEnded && folder.Targets().Count == blow)
                await Task.Delay(1, TestContext.Current.CancellationToken);
            await Task.Delay(random.Next(40), TestContext.Current.CancellationToken);
            hub.Kill();
            await hub.EndAsync();
            killed += "; killed while pushing" + Examine(folder);
        }

        await FinishAsync(folder, quickstart.Finished, killed);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task A_run_that_brings_changes_ends_as_if_nothing_had_happened(int seed)
    {
        using var undisturbed = quickstart.Finished.Copy();
        using var folder = quickstart.Finished.Copy();
        ChangeSources(undisturbed);
        ChangeSources(folder);
        var (outcome, took) = await HubProcess.MeasureAsync(undisturbed.Path, "run");
        outcome.With(0);

        var killed = await KillAsync(folder, seed, blows: 3, took, "run");

        await FinishAsync(folder, undisturbed, killed);
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    public async Task A_retry_of_the_quarantine_ends_as_if_nothing_had_happened(int seed)
    {
        using var undisturbed = quickstart.Finished.Copy();
        using var folder = quickstart.Finished.Copy();
        PutRulesRight(undisturbed);
        PutRulesRight(folder);
        var (outcome, took) = await HubProcess.MeasureAsync(undisturbed.Path, "quarantine", "retry");
        outcome.With(0);
        (await undisturbed.HubAsync("run")).With(0);

        var killed = await KillAsync(folder, seed, blows: 3, took, "quarantine", "retry");
        (await folder.HubAsync("quarantine", "retry")).With(0);

        await FinishAsync(folder, undisturbed, killed);
    }

    [Theory]
    [InlineData(31)]
    [InlineData(32)]
    public async Task A_steward_s_merge_ends_as_if_nothing_had_happened(int seed)
    {
        using var undisturbed = quickstart.Finished.Copy();
        using var folder = quickstart.Finished.Copy();
        var (outcome, took) = await HubProcess.MeasureAsync(undisturbed.Path, s_merge);
        outcome.With(0);
        (await undisturbed.HubAsync("run")).With(0);

        var killed = await KillAsync(folder, seed, blows: 3, took, s_merge);
        await folder.HubAsync(s_merge);

        await FinishAsync(folder, undisturbed, killed);
    }

    /// <summary>
    /// Blow after blow. Each try has the program's start behind it and at most its share of the whole work before it, so that
    /// the tries together come through all of it and none comes too late.
    /// </summary>
    private async Task<string> KillAsync(HubFolder folder, int seed, int blows, TimeSpan took, params string[] arguments)
    {
        var random = new Random(seed);
        var moments = new List<string>();
        for (var blow = 0; blow < blows; blow++)
        {
            var moment = quickstart.Start + ((took - quickstart.Start) * random.NextDouble() * 1.5 / blows);
            using var hub = folder.Start(arguments);
            await Task.Delay(moment);
            var late = hub.HasEnded;
            hub.Kill();
            await hub.EndAsync();
            moments.Add(string.Create(CultureInfo.InvariantCulture, $"{moment.TotalMilliseconds:0} ms{(late ? " (too late)" : "")}{Examine(folder)}"));
        }

        var killed = $"killed after {string.Join(", ", moments)}";
        TestContext.Current.TestOutputHelper?.WriteLine(killed);
        return killed;
    }

    private static async Task FinishAsync(HubFolder folder, HubFolder undisturbed, string killed)
    {
        var last = (await folder.HubAsync("--json", "run")).With(0).Json;

        last.AssertAddsUp();
        Assert.Empty(StoreDump.Faults(folder));
        StoreDump.AssertSame(StoreDump.Of(undisturbed), StoreDump.Of(folder), killed);
        foreach (var (name, (bytes, _)) in undisturbed.Targets())
            Assert.True(bytes == folder.Targets()[name].Bytes, $"{name} differs, {killed}");
        Assert.Equal(undisturbed.Targets().Keys, folder.Targets().Keys);

        var quiet = (await folder.HubAsync("--json", "run")).With(0).Json;
        Assert.Equal(0, quiet.Effects());
    }

    /// <summary>How far it had come. Looks at a copy: opening the store itself would repair what the next run has to.</summary>
    private static string Examine(HubFolder folder)
    {
        if (!File.Exists(folder.Store))
            return "";
        using var copy = folder.Copy();
        if (StoreDump.Count(copy, "sqlite_schema") == 0)
            return "";
        Assert.Empty(StoreDump.Faults(copy));
        return string.Create(
            CultureInfo.InvariantCulture,
            $" ({StoreDump.Count(copy, "source_record")} records, {StoreDump.Count(copy, "pending")} to be matched, {StoreDump.Count(copy, "delivery")} delivered)");
    }

    /// <summary>A night's changes: every twentieth contact has moved, every hundredth has gone, a dozen are new.</summary>
    private static void ChangeSources(HubFolder folder)
    {
        var lines = File.ReadAllLines(folder.In("in/shop.csv"));
        var changed = lines.Where((_, i) => i == 0 || i % 100 != 0).Select((line, i) => i > 0 && i % 20 == 0 ? line.Replace("Street", "Avenue", StringComparison.Ordinal) : line);
        var added = Enumerable.Range(1, 12).Select(i => $"new{i},Nora Newcomer{i},nora{i}@mail.example,,\"{i} Oak Street, 60645 Chicago, USA\",2026-01-01T00:00:00Z");
        File.WriteAllLines(folder.In("in/shop.csv"), changed.Concat(added));
    }

    /// <summary>What was rejected for want of an address is taken from now on.</summary>
    private static void PutRulesRight(HubFolder folder) =>
        folder.Edit("pipelines/shop.json", """{ "any": ["email", "phone", "address.line"], "rule": "required", "otherwise": "reject", "message": "nobody could be reached by this" }""", """{ "any": ["email", "phone", "address.line"], "rule": "required", "otherwise": "warn" }""");
}

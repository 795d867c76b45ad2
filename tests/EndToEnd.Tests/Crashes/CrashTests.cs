using System.Globalization;
using Crm.Integration.EndToEnd.Tests.Program;

namespace Crm.Integration.EndToEnd.Tests.Crashes;

/// <summary>
/// Kill it anywhere: after kill -9 at any moment the store is consistent, and the runs that follow end exactly where one that
/// nobody disturbed ends; the store fact by fact, the targets byte by byte. Moments are drawn from a seed, one from each part of
/// the time that a run takes, so that reading, matching, merging and pushing all have their turn.
/// </summary>
public sealed class CrashTests(Quickstart quickstart)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task A_first_run_that_is_killed_again_and_again_ends_as_if_nothing_had_happened(int seed)
    {
        using var folder = HubFolder.Sample("quickstart");

        // Three blows in a row, each at a later part of the run than the one before.
        var killed = await KillAsync(folder, seed, parts: 3, quickstart.Took, "run");

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
        var watch = System.Diagnostics.Stopwatch.StartNew();
        (await undisturbed.HubAsync("run")).With(0);

        var killed = await KillAsync(folder, seed, parts: 3, watch.Elapsed, "run");

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
        var watch = System.Diagnostics.Stopwatch.StartNew();
        (await undisturbed.HubAsync("quarantine", "retry")).With(0);
        var took = watch.Elapsed;
        (await undisturbed.HubAsync("run")).With(0);

        var killed = await KillAsync(folder, seed, parts: 3, took, "quarantine", "retry");
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
        string[] merge = ["merge", "C204", "C205", "--why", "asked them"];
        var watch = System.Diagnostics.Stopwatch.StartNew();
        (await undisturbed.HubAsync(merge)).With(0);
        var took = watch.Elapsed;
        (await undisturbed.HubAsync("run")).With(0);

        var killed = await KillAsync(folder, seed, parts: 3, took, merge);
        await folder.HubAsync(merge);

        await FinishAsync(folder, undisturbed, killed);
    }

    private static async Task<string> KillAsync(HubFolder folder, int seed, int parts, TimeSpan took, params string[] arguments)
    {
        // What starts is the runtime; the program's own work lies behind it.
        const double Start = 0.1;

        var random = new Random(seed);
        var moments = new List<string>();
        for (var part = 0; part < parts; part++)
        {
            var moment = took * (Start + (1 - Start) * (part + random.NextDouble()) / parts);
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

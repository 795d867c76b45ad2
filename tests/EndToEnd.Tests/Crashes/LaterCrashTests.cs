using Crm.Integration.EndToEnd.Tests.Program;

namespace Crm.Integration.EndToEnd.Tests.Crashes;

/// <summary>Kill it anywhere, while a store that is in use changes: by a night's changes, a retry of the quarantine, a steward.</summary>
public sealed class LaterCrashTests(Quickstart quickstart)
{
    private static readonly string[] s_merge = ["merge", "C204", "C205", "--why", "asked them"];

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

        var killed = await Blows.FallAsync(quickstart.Start, folder, seed, blows: 3, took, "run");

        await Blows.AssertHealedAsync(folder, undisturbed, killed);
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

        var killed = await Blows.FallAsync(quickstart.Start, folder, seed, blows: 3, took, "quarantine", "retry");
        (await folder.HubAsync("quarantine", "retry")).With(0);

        await Blows.AssertHealedAsync(folder, undisturbed, killed);
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

        var killed = await Blows.FallAsync(quickstart.Start, folder, seed, blows: 3, took, s_merge);
        await folder.HubAsync(s_merge);

        await Blows.AssertHealedAsync(folder, undisturbed, killed);
    }

    /// <summary>A night's changes: every twentieth contact has moved, every hundredth has gone, a dozen are new.</summary>
    internal static void ChangeSources(HubFolder folder)
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

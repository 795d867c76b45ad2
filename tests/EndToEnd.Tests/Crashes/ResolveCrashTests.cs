using Crm.Integration.EndToEnd.Tests.Program;

namespace Crm.Integration.EndToEnd.Tests.Crashes;

/// <summary>Everybody is resolved anew, by stricter settings, and the program is killed while it does so: all of it is done, or nothing.</summary>
public sealed class ResolveCrashTests(Quickstart quickstart)
{
    private static readonly string[] s_resolve = ["resolve", "--all", "--ignore-limits"];

    [Theory]
    [InlineData(41)]
    [InlineData(42)]
    public async Task Killed_it_has_done_nothing_and_a_second_call_finishes(int seed)
    {
        using var undisturbed = quickstart.Finished.Copy();
        using var folder = quickstart.Finished.Copy();
        BeStrict(undisturbed);
        BeStrict(folder);
        var (outcome, took) = await HubProcess.MeasureAsync(undisturbed.Path, s_resolve);
        outcome.With(0);
        (await undisturbed.HubAsync("run")).With(0);

        var killed = await Blows.FallAsync(quickstart.Start, folder, seed, blows: 3, took, s_resolve);
        (await folder.HubAsync(s_resolve)).With(0);

        await Blows.AssertHealedAsync(folder, undisturbed, killed);
        Assert.Contains("Nothing to do", (await folder.HubAsync("resolve", "--all")).With(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_changes_nothing_and_too_much_stops()
    {
        using var folder = quickstart.Finished.Copy();
        BeStrict(folder);
        folder.Edit("hub.json", "\"changePercent\": 20", "\"changePercent\": 0.1, \"alwaysAllowed\": 1");
        var before = StoreDump.Of(folder);
        (await folder.HubAsync("resolve", "--all", "--plan")).With(3);
        (await folder.HubAsync("resolve", "--all")).With(3);
        StoreDump.AssertSame(before, StoreDump.Of(folder), "after a plan and a stop");
    }

    private static void BeStrict(HubFolder folder) => folder.Edit("model/customer.json", "\"survivorship\": {", "\"matching\": { \"link\": 0.99999 },\n  \"survivorship\": {");
}

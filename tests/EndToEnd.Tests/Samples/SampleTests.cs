using System.Text.Json;
using Crm.Integration.EndToEnd.Tests.Program;

namespace Crm.Integration.EndToEnd.Tests.Samples;

/// <summary>Every folder of samples keeps the promises of the README: it adds up, a plan is what a run does, twice is once.</summary>
public sealed class SampleTests
{
    // The nightly one needs its sandbox: NightlyTests.
    public static TheoryData<string> Hubs() => [.. Directory.GetDirectories(HubFolder.Samples).Where(folder => File.Exists(Path.Combine(folder, "hub.json"))).Select(folder => Path.GetFileName(folder)!).Where(sample => sample != "nightly").Order()];

    [Theory, MemberData(nameof(Hubs))]
    public async Task A_sample_is_valid_and_its_mapping_tests_pass(string sample)
    {
        using var folder = HubFolder.Sample(sample);

        (await folder.HubAsync("--json", "validate")).With(0);
        var tests = (await folder.HubAsync("--json", "test")).With(0).Json;
        (await folder.HubAsync("--json", "check")).With(0);

        Assert.Equal(0, tests.GetProperty("failed").GetInt32());
        Assert.True(tests.GetProperty("passed").GetInt32() > 0);
    }

    [Theory, MemberData(nameof(Hubs))]
    public async Task A_first_run_does_what_its_plan_said_and_adds_up(string sample)
    {
        using var folder = HubFolder.Sample(sample);

        var plan = (await folder.HubAsync("--json", "plan", "--show", "1000000")).With(0).Json;
        Assert.Empty(folder.Targets());
        var run = (await folder.HubAsync("--json", "run")).With(0).Json;

        run.AssertAddsUp();
        Assert.Equal(plan.Lines(), run.Lines());
        Assert.Equal(plan.GetProperty("totals").GetRawText(), run.GetProperty("totals").GetRawText());
        Assert.Equal(Delivered(folder), Writes(plan));
        Assert.NotEmpty(folder.Targets());
        Assert.Empty(StoreDump.Faults(folder));
    }

    [Theory, MemberData(nameof(Hubs))]
    public async Task A_second_run_changes_nothing(string sample)
    {
        using var folder = HubFolder.Sample(sample);
        (await folder.HubAsync("run")).With(0);
        var (store, targets) = (StoreDump.Whole(folder), folder.Targets());

        var plan = (await folder.HubAsync("--json", "plan")).With(0).Json;
        var run = (await folder.HubAsync("--json", "run")).With(0).Json;

        run.AssertAddsUp();
        Assert.Equal(0, run.Effects());
        Assert.Equal(plan.Lines(), run.Lines());
        StoreDump.AssertSame(store, StoreDump.Whole(folder), "after a second run");
        Assert.Equal(targets, folder.Targets());
    }

    private static List<string> Writes(JsonElement plan) =>
        [.. plan.Pipelines().SelectMany(pipeline => pipeline.Value.GetProperty("writes").EnumerateArray().Select(write => $"{pipeline.Key} {write.GetProperty("key")}")).Order(StringComparer.Ordinal)];

    private static List<string> Delivered(HubFolder folder) =>
        [.. StoreDump.Of(folder).Where(fact => fact.StartsWith("delivery |", StringComparison.Ordinal)).Select(fact => fact.Split(" | ")).Select(cells => $"{cells[1]} {cells[3]}").Order(StringComparer.Ordinal)];
}

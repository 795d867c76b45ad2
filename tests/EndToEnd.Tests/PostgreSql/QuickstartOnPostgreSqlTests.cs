using Crm.Integration.EndToEnd.Tests.Crashes;
using Crm.Integration.EndToEnd.Tests.Program;

namespace Crm.Integration.EndToEnd.Tests.PostgreSql;

/// <summary>The quickstart on PostgreSQL: nothing but hub.json differs, and nothing that comes of it.</summary>
public sealed class QuickstartOnPostgreSqlTests(Quickstart onSqlite, QuickstartOnPostgreSql quickstart) : IClassFixture<QuickstartOnPostgreSql>
{
    [Fact]
    public void The_store_says_the_same_as_one_on_SQLite()
    {
        Assert.Empty(StoreDump.Faults(quickstart.Finished));
        StoreDump.AssertSame(StoreDump.Of(onSqlite.Finished), StoreDump.Of(quickstart.Finished), "PostgreSQL beside SQLite");
        Assert.Equal(onSqlite.FirstRun.Json.Lines(), quickstart.FirstRun.Json.Lines());
        foreach (var (name, (bytes, _)) in onSqlite.Finished.Targets())
            Assert.True(bytes == quickstart.Finished.Targets()[name].Bytes, $"{name} differs");
    }

    [Fact]
    public async Task A_second_run_does_nothing()
    {
        using var folder = quickstart.Finished.Copy();
        var before = StoreDump.Whole(folder);

        var second = (await folder.HubAsync("--json", "run")).With(0).Json;

        Assert.Equal(0, second.Effects());
        StoreDump.AssertSame(before, StoreDump.Whole(folder), "after a second run");
    }

    [Fact]
    public async Task A_plan_lists_what_the_run_then_does_and_keeps_nothing()
    {
        using var folder = HubFolder.Sample("quickstart").OnPostgreSql();

        var plan = (await folder.HubAsync("--json", "plan")).With(0).Json;
        Assert.Equal(0, StoreDump.Count(folder, "source_record"));

        Assert.Equal(quickstart.FirstRun.Json.Lines(), plan.Lines());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_first_run_that_is_killed_again_and_again_ends_as_if_nothing_had_happened(int seed)
    {
        using var folder = HubFolder.Sample("quickstart").OnPostgreSql();

        var killed = await Blows.FallAsync(onSqlite.Start, folder, seed, blows: 4, quickstart.Took, "run");

        await Blows.AssertHealedAsync(folder, quickstart.Finished, killed);
    }

    [Theory]
    [InlineData(11)]
    public async Task A_run_that_brings_changes_ends_as_if_nothing_had_happened(int seed)
    {
        using var undisturbed = quickstart.Finished.Copy();
        using var folder = quickstart.Finished.Copy();
        LaterCrashTests.ChangeSources(undisturbed);
        LaterCrashTests.ChangeSources(folder);
        var (outcome, took) = await HubProcess.MeasureAsync(undisturbed.Path, "run");
        outcome.With(0);

        var killed = await Blows.FallAsync(onSqlite.Start, folder, seed, blows: 3, took, "run");

        await Blows.AssertHealedAsync(folder, undisturbed, killed);
    }

    [Fact]
    public async Task Doctor_finds_nothing_wrong()
    {
        var doctor = await quickstart.Finished.HubAsync("doctor");

        Assert.Contains("PostgreSQL", doctor.With(0).Output, StringComparison.Ordinal);
    }
}

using Crm.Integration.EndToEnd.Tests.Program;

namespace Crm.Integration.EndToEnd.Tests.Nightly;

/// <summary>kill -9 while four systems are written to: nobody is there twice afterwards.</summary>
public sealed class NightlyCrashTests
{
    [Fact]
    public async Task A_push_that_is_killed_is_finished_by_the_next_run_without_duplicates()
    {
        using var stage = await NightlyStage.SetAsync();

        // Where each write is a call of its own a blow falls between two of them, or while one is under way.
        foreach (var written in new[] { 4, 17 })
        {
            using var hub = stage.Folder.Start("run", "--ignore-limits");
            while (!hub.HasEnded && (await stage.GetAsync("insightly/counters")).GetProperty("recordsWritten").GetInt64() < written)
                await Task.Delay(10, TestContext.Current.CancellationToken);
            Assert.False(hub.HasEnded, "the run was over before it could be killed");
            hub.Kill();
            await hub.EndAsync();
            Assert.Empty(StoreDump.Faults(stage.Folder));
        }

        await stage.RunUntilSilentAsync(4, "--ignore-limits");

        Assert.All(await stage.SizesAsync(), size => Assert.Equal(NightlyStage.People, size));
        Assert.Equal(0, await stage.SumAsync("violations"));
        Assert.Empty(StoreDump.Faults(stage.Folder));
    }
}

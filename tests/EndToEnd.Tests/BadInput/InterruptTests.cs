using Crm.Integration.EndToEnd.Tests.Program;

namespace Crm.Integration.EndToEnd.Tests.BadInput;

/// <summary>Ctrl-C: once stops at a checkpoint, twice at once; either way the next run goes on.</summary>
public sealed class InterruptTests(Quickstart quickstart)
{
    [Fact]
    public async Task Ctrl_C_stops_at_a_checkpoint_with_a_report_and_the_next_run_goes_on()
    {
        using var folder = HubFolder.Sample("quickstart");
        using var hub = folder.Start("--json", "run");
        await WorkBeginsAsync(folder, hub);

        hub.Interrupt();
        var stopped = (await hub.EndAsync()).With(130);

        Assert.Contains("stopping at the next checkpoint", stopped.Errors, StringComparison.Ordinal);
        Assert.Equal("cancelled", stopped.Json.GetProperty("state").GetString());
        Assert.Equal("cancelled", (await folder.HubAsync("--json", "runs")).With(0).Json[0].GetProperty("state").GetString());
        Assert.Empty(StoreDump.Faults(folder));
        await AssertGoesOnAsync(folder);
    }

    [Fact]
    public async Task Ctrl_C_twice_ends_at_once_and_the_next_run_goes_on()
    {
        using var folder = HubFolder.Sample("quickstart");
        using var hub = folder.Start("run");
        await WorkBeginsAsync(folder, hub);

        hub.Interrupt();
        await Task.Delay(5, TestContext.Current.CancellationToken);
        if (!hub.HasEnded)
            hub.Interrupt();

        (await hub.EndAsync()).With(130);
        await AssertGoesOnAsync(folder);
    }

    /// <summary>The first commits are in the store's log; most of the run lies ahead.</summary>
    private static async Task WorkBeginsAsync(HubFolder folder, HubProcess hub)
    {
        var log = new FileInfo(folder.In("data/hub.db-wal"));
        while (!log.Exists || log.Length < 300_000)
        {
            Assert.False(hub.HasEnded, "it ended too soon");
            await Task.Delay(1, TestContext.Current.CancellationToken);
            log.Refresh();
        }
    }

    private async Task AssertGoesOnAsync(HubFolder folder)
    {
        (await folder.HubAsync("--json", "run")).With(0).Json.AssertAddsUp();
        StoreDump.AssertSame(StoreDump.Of(quickstart.Finished), StoreDump.Of(folder), "after Ctrl-C");
        Assert.Equal(quickstart.Finished.Targets().Select(target => (target.Key, target.Value.Bytes)), folder.Targets().Select(target => (target.Key, target.Value.Bytes)));
    }
}

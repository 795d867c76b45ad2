using Crm.Integration.EndToEnd.Tests.Program;

namespace Crm.Integration.EndToEnd.Tests.Crashes;

/// <summary>Kill it anywhere, while an empty store becomes a full one and the targets are written for the first time.</summary>
public sealed class FirstRunCrashTests(Quickstart quickstart)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_first_run_that_is_killed_again_and_again_ends_as_if_nothing_had_happened(int seed)
    {
        using var folder = HubFolder.Sample("quickstart");

        var killed = await Blows.FallAsync(quickstart.Start, folder, seed, blows: 4, quickstart.Took, "run");

        await Blows.AssertHealedAsync(folder, quickstart.Finished, killed);
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
            while (!hub.HasEnded && !(Directory.Exists(folder.In("out")) && Directory.GetFiles(folder.In("out")).Length > blow))
                await Task.Delay(1, TestContext.Current.CancellationToken);
            await Task.Delay(random.Next(40), TestContext.Current.CancellationToken);
            hub.Kill();
            await hub.EndAsync();
            killed += "; killed while pushing" + Blows.Examine(folder);
        }

        await Blows.AssertHealedAsync(folder, quickstart.Finished, killed);
    }
}

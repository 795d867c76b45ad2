using System.Diagnostics;
using System.Globalization;
using Crm.Integration.EndToEnd.Tests.Program;

namespace Crm.Integration.EndToEnd.Tests.Nightly;

/// <summary>
/// kill -9 at any moment of a two-way sync, night after night, while people go on working in all four systems: in the end these agree, nobody is there
/// twice, no edit is lost without a word, and nothing is written any more.
/// </summary>
public sealed class NightlyKillTests
{
    private const int Nights = 5;

    [Fact]
    public async Task Nights_that_are_killed_converge_lose_no_edit_and_fall_silent()
    {
        using var stage = await NightlyStage.SetAsync();
        await stage.RunUntilSilentAsync(4, "--ignore-limits");
        var watch = Stopwatch.StartNew();
        await stage.RunAsync();
        var took = watch.Elapsed;
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var users = new NightlyUsers(stage, random);
        var when = $"seed {seed}, killed after";

        for (var night = 1; night <= Nights; night++)
        {
            await users.WorkAsync();
            when += await KillAsync(stage, users, random, took);
            Assert.Empty(StoreDump.Faults(stage.Folder));
            Assert.Equal(0, await stage.SumAsync("violations"));
        }

        TestContext.Current.TestOutputHelper?.WriteLine(when);
        await stage.RunUntilSilentAsync(5, "--ignore-limits");

        await users.AssertAgreementAsync(when);
        await users.AssertNothingWasLostAsync(StoreDump.Said(stage.Folder), when);
        Assert.Equal(0, await stage.SumAsync("violations"));
        await stage.RunAsync();
        Assert.Equal(0, await stage.SumAsync("writeCalls"));
        Assert.Empty(StoreDump.Faults(stage.Folder));
    }

    /// <summary>One blow: at any moment of the time that a run takes, or as soon as so many records are written, which is where most can go wrong.</summary>
    private static async Task<string> KillAsync(NightlyStage stage, NightlyUsers users, Random random, TimeSpan took)
    {
        var watch = Stopwatch.StartNew();
        var written = random.Next(3) == 0 ? long.MaxValue : random.Next(1, 12);
        var moment = written == long.MaxValue ? took * random.NextDouble() : took * 3;
        await stage.ForgetCallsAsync();
        using var hub = stage.Folder.Start("run", "--ignore-limits");
        await users.InterruptAsync();
        while (!hub.HasEnded && watch.Elapsed < moment && (written == long.MaxValue || await stage.SumAsync("recordsWritten") < written))
            await Task.Delay(5, TestContext.Current.CancellationToken);
        var late = hub.HasEnded;
        hub.Kill();
        await hub.EndAsync();
        var came = await stage.SumAsync("recordsWritten");
        return string.Create(CultureInfo.InvariantCulture, $" {watch.ElapsedMilliseconds} ms with {came} written{(late ? " (too late)" : "")};");
    }
}

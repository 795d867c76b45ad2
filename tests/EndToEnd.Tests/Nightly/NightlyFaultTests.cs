using Crm.Integration.EndToEnd.Tests.Program;

namespace Crm.Integration.EndToEnd.Tests.Nightly;

/// <summary>A bad night at all four systems at once.</summary>
public sealed class NightlyFaultTests
{
    [Fact]
    public async Task With_refusals_failures_lost_answers_and_expired_tokens_it_converges_all_the_same()
    {
        using var stage = await NightlyStage.SetAsync();
        await stage.FaultsAsync(
            new { kind = "limit", seconds = 1, count = 1, after = 12 },
            new { kind = "status", status = 503, probability = 0.05 },
            new { kind = "lose-answer", count = 2, after = 20 },
            new { kind = "reset", count = 1, after = 9 },
            new { kind = "expire-token", count = 1, after = 15 });
        long violations = 0;

        for (var night = 1; night <= 2; night++)
        {
            // A night may end badly; the next one goes on from there.
            await stage.Folder.HubAsync("--json", "run", "--ignore-limits");
            violations += await stage.SumAsync("violations");
        }

        await stage.FaultsAsync();
        await stage.RunUntilSilentAsync(3, "--ignore-limits");

        Assert.All(await stage.SizesAsync(), size => Assert.Equal(NightlyStage.People, size));
        Assert.Equal(0, violations + await stage.SumAsync("violations"));
        Assert.Empty(StoreDump.Faults(stage.Folder));
    }
}

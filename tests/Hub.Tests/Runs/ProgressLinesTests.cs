using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Tests.Cli;

namespace Crm.Integration.Hub.Tests.Runs;

public sealed class ProgressLinesTests
{
    [Fact]
    public void A_short_run_writes_no_line() => Assert.Equal("", Written((0, 0.1), (2, 0.9)));

    [Fact]
    public void A_long_one_says_every_five_seconds_how_far_it_is_how_fast_and_how_long_it_takes() =>
        Assert.Equal(
            "shop pulling: 25%, 5,000 rows, 1,000 rows/s, 15.0 s left\nshop pulling: 50%, 10,000 rows, 1,000 rows/s, 10.0 s left",
            Written((0, 0), (5, 0.25), (7, 0.35), (10, 0.5)));

    [Fact]
    public async Task Where_nobody_watches_the_work_is_done_all_the_same()
    {
        var screen = new Screen();

        var result = await RunProgressView.WatchAsync(screen.Terminal.Error, TimeProvider.System, progress =>
        {
            progress.Report(new RunProgress("shop", "pull", 1, null));
            return Task.FromResult(42);
        });

        Assert.Equal(42, result);
        Assert.Equal("", screen.ErrorText);
    }

    private static string Written(params (int Second, double Share)[] reports)
    {
        var (screen, clock) = (new Screen(), new Clock());
        var lines = new ProgressLines(screen.Terminal.Error, clock);
        foreach (var (second, share) in reports)
        {
            clock.Seconds = second;
            lines.Report(new RunProgress("shop", "pull", second * 1000L, share));
        }

        return screen.ErrorText;
    }

    private sealed class Clock : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}

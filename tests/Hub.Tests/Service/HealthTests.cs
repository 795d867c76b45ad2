using Crm.Integration.Hub.Service.Health;

namespace Crm.Integration.Hub.Tests.Service;

public sealed class HealthTests
{
    [Fact]
    public async Task However_often_it_is_asked_a_part_is_looked_at_once_a_second()
    {
        var part = new Part(() => Task.FromResult(HealthFinding.Ok("fine")));
        using var check = new HealthCheck([part], new StoppedClock());

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => check.LookAsync(TestContext.Current.CancellationToken)));

        Assert.Equal(1, part.Looks);
    }

    [Fact]
    public async Task A_part_that_hangs_is_named_and_not_asked_again_before_it_answers()
    {
        var never = new TaskCompletionSource<HealthFinding>();
        var part = new Part(() => never.Task);
        using var check = new HealthCheck([part, new Part(() => Task.FromResult(HealthFinding.Ok("fine")), "other")], TimeProvider.System);

        var first = await check.LookAsync(TestContext.Current.CancellationToken);
        Assert.False(first[0].Finding.Good);
        Assert.Contains("has not answered for", first[0].Finding.Message, StringComparison.Ordinal);
        Assert.True(first[1].Finding.Good);

        await Task.Delay(1100, TestContext.Current.CancellationToken);
        never.SetResult(HealthFinding.Ok("back"));
        Assert.Equal("back", (await check.LookAsync(TestContext.Current.CancellationToken))[0].Finding.Message);
        Assert.Equal(2, part.Looks);
    }

    [Fact]
    public async Task A_part_that_throws_is_not_well_and_its_message_stays_inside()
    {
        using var check = new HealthCheck([new Part(() => throw new InvalidOperationException("password hunter2"))], TimeProvider.System);

        var (_, finding) = Assert.Single(await check.LookAsync(TestContext.Current.CancellationToken));

        Assert.False(finding.Good);
        Assert.Equal("cannot be looked at: InvalidOperationException", finding.Message);
    }

    private sealed class Part(Func<Task<HealthFinding>> look, string name = "part") : IHealthPart
    {
        private int _looks;

        public int Looks => _looks;

        public string Name => name;

        public Task<HealthFinding> LookAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _looks);
            return look();
        }
    }

    private sealed class StoppedClock : TimeProvider
    {
        public override long GetTimestamp() => 0;
    }
}

using Crm.Integration.Hub.Inbox;

namespace Crm.Integration.Hub.Tests.Inbox;

public sealed class HookBudgetTests
{
    private readonly TickingClock _clock = new();

    [Fact]
    public void A_sender_may_send_at_once_what_it_saved_up_and_then_so_much_a_second()
    {
        var budget = new HookBudget(5, _clock);

        Assert.Equal(50, Taken(budget, 200));
        _clock.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(5, Taken(budget, 200));
        _clock.Pass(TimeSpan.FromMilliseconds(500));
        Assert.Equal(2, Taken(budget, 200));
        _clock.Pass(TimeSpan.FromDays(1));
        Assert.Equal(50, Taken(budget, 200));
    }

    private static int Taken(HookBudget budget, int tries) => Enumerable.Range(0, tries).Count(_ => budget.TryTake());

    private sealed class TickingClock : TimeProvider
    {
        private long _now = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Pass(TimeSpan time) => _now += time.Ticks;
    }
}

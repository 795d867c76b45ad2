using System.Collections.Concurrent;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.OneByOne;

namespace Crm.Integration.Connectors.Tests.OneByOne;

public sealed class OneByOnePushTests
{
    [Fact]
    public async Task Each_write_is_answered_once()
    {
        var outcomes = await RunAsync(Enumerable.Range(0, 500).Select(i => Write(i, $"C{i % 90}")), (write, _) => Task.FromResult(new WriteOutcome(write.Id)));

        Assert.Equal(Enumerable.Range(0, 500).Select(i => (long)i), outcomes.Select(outcome => outcome.Id).Order());
    }

    [Fact]
    public async Task Writes_of_one_key_follow_each_other_in_order()
    {
        var busy = new ConcurrentDictionary<string, bool>();
        var order = new ConcurrentQueue<long>();

        await RunAsync(Enumerable.Range(0, 60).Select(i => Write(i, "C1")), async (write, token) =>
        {
            Assert.True(busy.TryAdd(write.Key, true));
            await Task.Yield();
            order.Enqueue(write.Id);
            busy.TryRemove(write.Key, out _);
            return new WriteOutcome(write.Id);
        });

        Assert.Equal(Enumerable.Range(0, 60).Select(i => (long)i), order);
    }

    [Fact]
    public async Task What_was_under_way_is_answered_before_a_failure_of_the_destination_ends_the_push()
    {
        var answered = new List<long>();
        var begun = new ConcurrentBag<long>();

        var failure = await Assert.ThrowsAsync<ConnectorException>(async () =>
        {
            await foreach (var outcome in new OneByOnePush(4, async (write, token) =>
            {
                if (write.Id == 5)
                    throw new ConnectorException(FailureKind.Transient, "the day's calls are used up", "wait") { PausedUntil = DateTimeOffset.UnixEpoch };
                begun.Add(write.Id);
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, token);
                return new WriteOutcome(write.Id);
            }).RunAsync(Pushes.Stream(Enumerable.Range(0, 1000).Select(i => Write(i, $"C{i}"))), TestContext.Current.CancellationToken))
                answered.Add(outcome.Id);
        });

        Assert.NotNull(failure.PausedUntil);
        Assert.Equal(begun.Order(), answered.Order());
        Assert.True(begun.Count < 100);
    }

    [Fact]
    public async Task Records_refused_one_after_the_other_for_a_reason_that_is_not_theirs_end_the_push()
    {
        var calls = 0;

        var failure = await Assert.ThrowsAsync<ConnectorException>(() => RunAsync(Enumerable.Range(0, 1000).Select(i => Write(i, $"C{i}")), (write, _) =>
        {
            Interlocked.Increment(ref calls);
            return Task.FromResult(new WriteOutcome(write.Id, FailureKind.Rejected, "no right") { Fault = WriteFault.Denied, Code = "403" });
        }));

        Assert.Equal(FailureKind.Configuration, failure.Kind);
        Assert.Contains("no right", failure.Message, StringComparison.Ordinal);
        Assert.InRange(calls, 25, 100);
    }

    [Fact]
    public async Task Records_refused_for_what_they_hold_do_not_end_it()
    {
        var outcomes = await RunAsync(Enumerable.Range(0, 300).Select(i => Write(i, $"C{i}")), (write, _) =>
            Task.FromResult(new WriteOutcome(write.Id, FailureKind.Rejected, "too long") { Fault = WriteFault.TooLong }));

        Assert.Equal(300, outcomes.Count);
    }

    [Fact]
    public async Task A_reader_that_stops_early_stops_the_writes()
    {
        var begun = 0;
        await foreach (var outcome in new OneByOnePush(2, (write, _) =>
        {
            Interlocked.Increment(ref begun);
            return Task.FromResult(new WriteOutcome(write.Id));
        }).RunAsync(Pushes.Stream(Enumerable.Range(0, 100_000).Select(i => Write(i, $"C{i}"))), TestContext.Current.CancellationToken))
            break;

        Assert.True(begun < 1000);
    }

    private static async Task<List<WriteOutcome>> RunAsync(IEnumerable<Write> writes, Func<Write, CancellationToken, Task<WriteOutcome>> write)
    {
        var outcomes = new List<WriteOutcome>();
        await foreach (var outcome in new OneByOnePush(4, write).RunAsync(Pushes.Stream(writes), TestContext.Current.CancellationToken))
            outcomes.Add(outcome);
        return outcomes;
    }

    private static Write Write(long id, string key) => new(id, WriteKind.Create, key, [], []);
}

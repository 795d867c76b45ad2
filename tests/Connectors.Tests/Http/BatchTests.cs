using System.Runtime.CompilerServices;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Http;

namespace Crm.Integration.Connectors.Tests.Http;

public sealed class BatchTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Batches_are_full_and_the_last_is_what_is_left()
    {
        var batches = await Batches.Of(Writes(25), new Batching(10), TimeProvider.System, Token).Select(batch => batch.Count).ToListAsync(Token);

        Assert.Equal([10, 10, 5], batches);
    }

    [Fact]
    public async Task A_batch_has_no_more_bytes_than_allowed_and_a_large_record_goes_alone()
    {
        var batches = await Batches.Of(Writes(6), new Batching(10) { Bytes = 10, Size = write => write.Id == 4 ? 50 : 4 }, TimeProvider.System, Token).Select(batch => batch.Count).ToListAsync(Token);

        Assert.Equal([2, 1, 1, 2], batches);
    }

    [Fact]
    public async Task A_batch_that_is_not_full_does_not_wait_for_ever()
    {
        var gate = new TaskCompletionSource();
        await using var batches = Batches.Of(Writes(4, 3, gate.Task, Token), new Batching(10) { Linger = TimeSpan.FromMilliseconds(20) }, TimeProvider.System, Token).GetAsyncEnumerator(Token);

        Assert.True(await batches.MoveNextAsync());
        Assert.Equal(3, batches.Current.Count);
        gate.SetResult();
        Assert.True(await batches.MoveNextAsync());
        Assert.Single(batches.Current);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(200)]
    public async Task A_bad_record_costs_few_calls_more(int size)
    {
        for (var bad = 1; bad <= size; bad++)
        {
            var calls = 0;
            var outcomes = await Bisection.SendAsync<int, string>(
                [.. Enumerable.Range(1, size)],
                (batch, _) =>
                {
                    calls++;
                    return batch.Contains(bad) ? throw new ConnectorException(FailureKind.Rejected, "refused", "") : Task.FromResult<IReadOnlyList<string>>([.. batch.Select(item => $"{item} ok")]);
                },
                failure => failure.Kind == FailureKind.Rejected,
                (item, _) => $"{item} bad",
                Token);

            Assert.Equal(Enumerable.Range(1, size).Select(item => item == bad ? $"{item} bad" : $"{item} ok"), outcomes);
            Assert.InRange(calls - 1, 0, 2 * Math.Ceiling(Math.Log2(size)));
        }
    }

    [Fact]
    public async Task A_job_is_taken_up_by_the_next_process()
    {
        var context = new ConnectionContext("crm", "/hub", TimeProvider.System);
        var made = 0;
        Task<string> Make(CancellationToken _) => Task.FromResult("job-" + ++made);

        var first = await new JobLedger(context).ResumeOrMakeAsync("pull Contact", "query", TimeSpan.FromDays(7), Make, null, Token);
        var second = await new JobLedger(context).ResumeOrMakeAsync("pull Contact", "query", TimeSpan.FromDays(7), Make, null, Token);
        var other = await new JobLedger(context).ResumeOrMakeAsync("pull Contact", "another query", TimeSpan.FromDays(7), Make, null, Token);

        Assert.Equal("job-1 job-1 job-2", $"{first.Id} {second.Id} {other.Id}");
    }

    [Fact]
    public async Task A_job_whose_making_was_interrupted_is_looked_for()
    {
        var context = new ConnectionContext("crm", "/hub", TimeProvider.System);
        var ledger = new JobLedger(context);
        await Assert.ThrowsAsync<ConnectorException>(() => ledger.ResumeOrMakeAsync("push", "r", TimeSpan.FromDays(7), _ => throw new ConnectorException(FailureKind.Transient, "lost", ""), null, Token));

        var job = await ledger.ResumeOrMakeAsync("push", "r", TimeSpan.FromDays(7), _ => throw new InvalidOperationException("a second one"), (since, _) => Task.FromResult<string?>("found"), Token);

        Assert.Equal("found", job.Id);
    }

    private static IAsyncEnumerable<Write> Writes(int count) => Writes(count, 0, Task.CompletedTask, Token);

    private static async IAsyncEnumerable<Write> Writes(int count, int pauseAfter, Task until, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var i = 1; i <= count; i++)
        {
            yield return new Write(i, WriteKind.Create, "k" + i, [], []);
            if (i == pauseAfter)
                await until.WaitAsync(cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}

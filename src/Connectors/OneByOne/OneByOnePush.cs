using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.OneByOne;

/// <summary>
/// Pushes to a system that takes one record a request: several at a time, those of one key one after the other, so that a search for
/// the key always sees what the write before it did.
/// </summary>
/// <param name="lanes">How many at a time.</param>
/// <param name="write">Carries out a write; throws only what concerns the destination as a whole.</param>
internal sealed class OneByOnePush(int lanes, Func<Write, CancellationToken, Task<WriteOutcome>> write)
{
    private const int WaitingInLane = 8;

    // So many in a row refused for one and the same reason that is not the record's: the others would be refused too, each for a call of the quota.
    private const int RefusalsInARow = 25;
    private const int FailuresInARow = 5;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<Write>> _underWay = new(StringComparer.Ordinal);
    private string? _refusal;
    private int _refused;
    private int _failed;

    /// <summary>Answers each write once; a failure of the destination is thrown when all that was under way is answered.</summary>
    public async IAsyncEnumerable<WriteOutcome> RunAsync(IAsyncEnumerable<Write> writes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var outcomes = Channel.CreateBounded<WriteOutcome>(new BoundedChannelOptions(lanes * WaitingInLane) { SingleReader = true });
        using var abandon = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(abandon.Token);
        var work = WorkAsync(writes, outcomes.Writer, stop, abandon.Token);
        try
        {
            await foreach (var outcome in outcomes.Reader.ReadAllAsync(cancellationToken))
                yield return outcome;
        }
        finally
        {
            // A consumer that stops early must stop the lanes too, which otherwise wait for room for ever.
            await abandon.CancelAsync();
            await work;
        }
    }

    private async Task WorkAsync(IAsyncEnumerable<Write> writes, ChannelWriter<WriteOutcome> outcomes, CancellationTokenSource stop, CancellationToken abandoned)
    {
        var queue = Channel.CreateBounded<Write>(new BoundedChannelOptions(lanes) { SingleWriter = true });
        using var room = new SemaphoreSlim(lanes * WaitingInLane);
        var tasks = Enumerable.Range(0, lanes).Select(_ => GuardAsync(() => LaneAsync(queue.Reader, outcomes, room, stop.Token, abandoned))).Append(GuardAsync(() => DistributeAsync(writes, queue.Writer, room, stop.Token)));
        var failures = await Task.WhenAll(tasks);
        // What stopped the others matters; that they were stopped does not.
        outcomes.Complete(failures.FirstOrDefault(failure => failure is not null and not OperationCanceledException) ?? (abandoned.IsCancellationRequested ? failures.FirstOrDefault(failure => failure is not null) : null));

        async Task<Exception?> GuardAsync(Func<Task> run)
        {
            await Task.Yield();
            try
            {
                await run();
                return null;
            }
            catch (Exception failure)
            {
                await stop.CancelAsync();
                return failure;
            }
        }
    }

    // Whichever lane is free takes the next write, so that one slow answer holds up no other; a write whose key is under way waits for the lane that has it.
    private async Task DistributeAsync(IAsyncEnumerable<Write> writes, ChannelWriter<Write> queue, SemaphoreSlim room, CancellationToken stopped)
    {
        try
        {
            await foreach (var one in writes.WithCancellation(stopped))
            {
                await room.WaitAsync(stopped);
                if (IsFirstOfItsKey(one))
                    await queue.WriteAsync(one, stopped);
            }
        }
        finally
        {
            queue.Complete();
        }
    }

    private async Task LaneAsync(ChannelReader<Write> queue, ChannelWriter<WriteOutcome> outcomes, SemaphoreSlim room, CancellationToken stopped, CancellationToken abandoned)
    {
        while (await queue.WaitToReadAsync(stopped))
        {
            while (!stopped.IsCancellationRequested && queue.TryRead(out var first))
            {
                for (var one = first; one is not null && !stopped.IsCancellationRequested; one = NextOfItsKey(one))
                {
                    // What has begun is brought to its end, so that its answer is not lost because another write failed.
                    var outcome = await write(one, abandoned);
                    await outcomes.WriteAsync(outcome, abandoned);
                    room.Release();
                    Judge(outcome);
                }
            }
        }
    }

    private bool IsFirstOfItsKey(Write one)
    {
        lock (_gate)
        {
            if (_underWay.TryGetValue(one.Key, out var waiting))
                waiting.Enqueue(one);
            else
                _underWay[one.Key] = new();
            return waiting is null;
        }
    }

    private Write? NextOfItsKey(Write done)
    {
        lock (_gate)
        {
            if (_underWay[done.Key].TryDequeue(out var next))
                return next;
            _underWay.Remove(done.Key);
            return null;
        }
    }

    private void Judge(WriteOutcome outcome)
    {
        lock (_gate)
        {
            _failed = outcome is { Failure: FailureKind.Transient, Fault: WriteFault.None } ? _failed + 1 : 0;
            if (_failed >= FailuresInARow)
                throw new ConnectorException(FailureKind.Transient, $"{_failed} writes in a row failed: {outcome.Message}", "What was written is kept. Run again later; the rest is sent then.") { Code = outcome.Code };
            var ofTheRecord = outcome.Failure != FailureKind.Rejected || outcome.Fault is not (WriteFault.None or WriteFault.Denied or WriteFault.LimitReached);
            var reason = ofTheRecord ? null : $"{outcome.Fault} {outcome.Code}";
            _refused = reason is not null && reason == _refusal ? _refused + 1 : 1;
            _refusal = reason;
            if (reason is not null && _refused >= RefusalsInARow)
                throw new ConnectorException(FailureKind.Configuration, $"{_refused} records in a row were refused for the same reason: {outcome.Message}", "Remove the cause, then run again; what was written is kept and not sent again.") { Code = outcome.Code };
        }
    }
}

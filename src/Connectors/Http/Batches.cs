using System.Runtime.CompilerServices;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Http;

/// <summary>How writes are put together into requests.</summary>
/// <param name="Count">Records in a batch at most.</param>
public sealed record Batching(int Count)
{
    /// <summary>Bytes in a batch at most, as <see cref="Size"/> counts them; null for no such limit. A record that is larger goes alone.</summary>
    public long? Bytes { get; init; }

    /// <summary>How large a write is on the wire, about; by default the characters of its values.</summary>
    public Func<Write, long> Size { get; init; } = write => write.Values.Sum(value => (value.ToText()?.Length ?? 0) + 16L);

    /// <summary>How long a batch that is not full waits for more.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(200);
}

/// <summary>Puts writes together into batches.</summary>
public static class Batches
{
    /// <summary>The writes in batches: full ones, and what there is when no more come for a while.</summary>
    /// <param name="writes">The writes.</param>
    /// <param name="batching">How.</param>
    /// <param name="clock">The time.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async IAsyncEnumerable<IReadOnlyList<Write>> Of(IAsyncEnumerable<Write> writes, Batching batching, TimeProvider clock, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(writes);
        ArgumentNullException.ThrowIfNull(batching);
        var batch = new List<Write>(batching.Count);
        var bytes = 0L;
        await using var source = writes.GetAsyncEnumerator(cancellationToken);
        Task<bool>? next = null;
        try
        {
            while (true)
            {
                next ??= source.MoveNextAsync().AsTask();
                if (batch.Count > 0 && !next.IsCompleted && !await CameInTime(next, batching.Linger, clock, cancellationToken))
                {
                    yield return batch;
                    (batch, bytes) = (new(batching.Count), 0);
                }

                if (!await next)
                    break;
                next = null;
                var size = batching.Bytes is null ? 0 : batching.Size(source.Current);
                if (batch.Count > 0 && bytes + size > batching.Bytes)
                {
                    yield return batch;
                    (batch, bytes) = (new(batching.Count), 0);
                }

                batch.Add(source.Current);
                bytes += size;
                if (batch.Count >= batching.Count)
                {
                    yield return batch;
                    (batch, bytes) = (new(batching.Count), 0);
                }
            }
        }
        finally
        {
            // Whoever stops early must not dispose the source while it is still being asked; how that ends is nobody's concern any more.
            if (next is { IsCompleted: false })
                await next.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        if (batch.Count > 0)
            yield return batch;
    }

    private static async Task<bool> CameInTime(Task<bool> next, TimeSpan linger, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var first = await Task.WhenAny(next, Task.Delay(linger, clock, stop.Token));
        await stop.CancelAsync();
        return first == next;
    }
}

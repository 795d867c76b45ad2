using System.Runtime.CompilerServices;

namespace Crm.Integration.Hub.Pipelines;

/// <summary>Uses the time in which a source lets itself be waited for.</summary>
internal static class SlowSource
{
    /// <summary>The same items; when the next one does not come within a moment, something else is done, once.</summary>
    /// <param name="source">The items.</param>
    /// <param name="meanwhile">What is done.</param>
    /// <param name="moment">How long is waited before that.</param>
    /// <param name="clock">The time.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async IAsyncEnumerable<T> WhileWaiting<T>(
        this IAsyncEnumerable<T> source, Func<ValueTask> meanwhile, TimeSpan moment, TimeProvider clock, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var items = source.GetAsyncEnumerator(stop.Token);
        while (true)
        {
            var next = items.MoveNextAsync();
            if (next.IsCompleted)
            {
                if (!await next)
                    yield break;
            }
            else if (!await SlowAsync(next.AsTask()))
            {
                yield break;
            }

            yield return items.Current;
        }

        async Task<bool> SlowAsync(Task<bool> next)
        {
            if (await Task.WhenAny(next, Task.Delay(moment, clock, stop.Token)) != next)
            {
                try
                {
                    await meanwhile();
                }
                catch
                {
                    // A source must be at rest before it is closed; what it has to say counts no more.
                    await stop.CancelAsync();
                    await Task.WhenAny(next);
                    throw;
                }
            }

            return await next;
        }
    }
}

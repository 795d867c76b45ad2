using System.Collections.Concurrent;

namespace Crm.Integration.Connectors.Contract;

/// <summary>
/// What a connection remembers from run to run, small values by name: rotated tokens, running bulk jobs, subscriptions, how much of
/// its quota is used. Shared by all runs and pipelines of the connection, and by all nodes of a hub. Safe to use from any thread.
/// </summary>
public interface IConnectionMemory
{
    /// <summary>What was last written under a name, or null.</summary>
    /// <param name="name">The name, at most 200 characters.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    ValueTask<string?> ReadAsync(string name, CancellationToken cancellationToken);

    /// <summary>Writes a value. It is durable when the task ends: only then may a rotated token be used for the first time.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The value, at most 1 MB; null forgets it.</param>
    /// <param name="secret">Whether it is kept encrypted and masked in every output.</param>
    /// <param name="cancellationToken">Gives up before the write; never in the middle of it.</param>
    ValueTask WriteAsync(string name, string? value, bool secret, CancellationToken cancellationToken);

    /// <summary>Waits for the right to do something that only one may do at a time, such as refreshing a token; held until disposed.</summary>
    /// <param name="name">What it is.</param>
    /// <param name="atMost">After so long it counts as given up, should the holder have died.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<IAsyncDisposable> LeaseAsync(string name, TimeSpan atMost, CancellationToken cancellationToken);
}

/// <summary>Remembers for as long as the process lives: for tests and tools that have no store.</summary>
public sealed class TransientMemory : IConnectionMemory
{
    private readonly ConcurrentDictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _leases = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public ValueTask<string?> ReadAsync(string name, CancellationToken cancellationToken) => ValueTask.FromResult(_values.GetValueOrDefault(name));

    /// <inheritdoc/>
    public ValueTask WriteAsync(string name, string? value, bool secret, CancellationToken cancellationToken)
    {
        if (value is null)
            _values.TryRemove(name, out _);
        else
            _values[name] = value;
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask<IAsyncDisposable> LeaseAsync(string name, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var gate = _leases.GetOrAdd(name, _ => new SemaphoreSlim(1, 1));
        await gate.WaitAsync(cancellationToken);
        return new Lease(gate);
    }

    private sealed class Lease(SemaphoreSlim gate) : IAsyncDisposable
    {
        private int _ended;

        public ValueTask DisposeAsync()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
                gate.Release();
            return ValueTask.CompletedTask;
        }
    }
}

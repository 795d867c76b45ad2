using System.Data.Common;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Accounts;

/// <summary>A connection's memory in the hub's store.</summary>
/// <param name="accounts">The store.</param>
/// <param name="connection">The connection's name.</param>
/// <param name="clock">The time.</param>
/// <param name="conceal">Makes a secret known to the logs.</param>
internal sealed class AccountMemory(AccountStore accounts, string connection, TimeProvider clock, Action<string> conceal) : IConnectionMemory
{
    private static readonly TimeSpan s_soon = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_later = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc/>
    public ValueTask<string?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Told(() => accounts.Read(connection, name)));
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(string name, string? value, bool secret, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (secret && value is not null)
            conceal(value);
        Told(() =>
        {
            accounts.Write(connection, name, value, secret);
            return true;
        });
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask<IAsyncDisposable> LeaseAsync(string name, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var holder = Guid.NewGuid().ToString("N");
        for (var wait = s_soon; !Told(() => accounts.TryTake(connection, name, holder, atMost)); wait = wait * 1.5 < s_later ? wait * 1.5 : s_later)
            await Task.Delay(wait * (0.5 + Random.Shared.NextDouble()), clock, cancellationToken);
        return new Lease(accounts, connection, name, holder);
    }

    // What is wrong here, a key most often, is this connection's failure: the run's own store is in order, and other pipelines go on.
    private T Told<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (StoreException exception)
        {
            var kind = exception.InnerException is DbException ? FailureKind.Transient : FailureKind.Configuration;
            throw new ConnectorException(kind, $"{connection}: {exception.Message}", exception.Fix, exception);
        }
    }

    private sealed class Lease(AccountStore accounts, string connection, string name, string holder) : IAsyncDisposable
    {
        private int _ended;

        public ValueTask DisposeAsync()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
                accounts.Release(connection, name, holder);
            return ValueTask.CompletedTask;
        }
    }
}

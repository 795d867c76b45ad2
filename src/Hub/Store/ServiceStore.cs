using System.Data.Common;

namespace Crm.Integration.Hub.Store;

/// <summary>
/// The place where the service keeps its own data, over one connection that stays open: for short work from many tasks, one after the
/// other. Opened when it is first needed, and anew after it was lost.
/// </summary>
/// <param name="engine">The store's engine; <see cref="StoreEngine.Service"/> of it is opened.</param>
/// <param name="clock">The time.</param>
internal sealed class ServiceStore(StoreEngine engine, TimeProvider clock) : IDisposable
{
    private const int MostAttempts = 4;

    private readonly Lock _gate = new();
    private MasterStore? _store;

    /// <summary>Reads.</summary>
    /// <exception cref="StoreException">The store cannot be used.</exception>
    public T Read<T>(Func<MasterStore, T> work)
    {
        lock (_gate)
            return Again(_ => work(Open()));
    }

    /// <summary>
    /// Works in a transaction. The work is done again where two that insert the same row at once, a deadlock or a lost connection ended it
    /// before it was committed; so it looks before it inserts, and touches nothing but the transaction.
    /// </summary>
    /// <exception cref="StoreException">The store cannot be used.</exception>
    public T Write<T>(Func<StoreTransaction, T> work)
    {
        lock (_gate)
        {
            return Again(committing =>
            {
                using var transaction = Open().Begin();
                var result = work(transaction);

                // What is lost from here on may have been made durable all the same.
                committing();
                transaction.Commit();
                return result;
            });
        }
    }

    /// <summary>Works in a transaction.</summary>
    public void Write(Action<StoreTransaction> work) => Write(transaction =>
    {
        work(transaction);
        return true;
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
            Forget();
    }

    private T Again<T>(Func<Action, T> work)
    {
        for (var attempt = 1; ; attempt++)
        {
            var committing = false;
            try
            {
                return work(() => committing = true);
            }
            catch (DbException) when (attempt < MostAttempts && !committing)
            {
                ForgetLost();
            }
            catch (Exception exception)
            {
                var known = exception as StoreException ?? _store?.Explain(exception) ?? engine.Translate(exception);
                ForgetLost();
                if (known is null || known == exception)
                    throw;
                throw known;
            }
        }
    }

    private MasterStore Open() => _store ??= MasterStore.Open(engine.Service, clock);

    private void ForgetLost()
    {
        if (_store is { Lost: true })
            Forget();
    }

    private void Forget()
    {
        _store?.Dispose();
        _store = null;
    }
}

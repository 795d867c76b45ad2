namespace Crm.Integration.Hub.Store;

/// <summary>How a store is taken.</summary>
internal enum LockMode
{
    /// <summary>Nobody else works on it meanwhile.</summary>
    Alone,

    /// <summary>Others who share it work beside; what must not be done by two at once is held by its name.</summary>
    Shared,
}

/// <summary>
/// The right to work on a store, given back when it is disposed of, or when its holder ends, however it ends. Of those who share a store
/// each holds by name what only one may do at a time. Who asked first is served first: whoever wants to be alone is not kept waiting by ever
/// new ones who share.
/// </summary>
internal abstract class StoreLock : IDisposable
{
    /// <summary>Takes a name that one session at a time may have; waits for as long as it takes.</summary>
    /// <param name="name">What is held: "entity:customer".</param>
    /// <param name="waiting">Hears, now and then, who is waited for.</param>
    /// <param name="clock">The time.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Gives the name back when it is disposed of.</returns>
    public abstract Task<IDisposable> HoldAsync(string name, Action<string> waiting, TimeProvider clock, CancellationToken cancellationToken);

    /// <summary>Takes a name if nobody has it; null when somebody does.</summary>
    public abstract IDisposable? TryHold(string name);

    /// <inheritdoc/>
    public abstract void Dispose();
}

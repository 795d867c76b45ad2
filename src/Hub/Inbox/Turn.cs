using Crm.Integration.Hub.Accounts;
using Crm.Integration.Hub.Service;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Inbox;

/// <summary>Which node takes a stream's messages now. A single process needs no such thing.</summary>
internal sealed class Turn : IDisposable
{
    private readonly Action _end;

    private Turn(Action end) => _end = end;

    /// <summary>Takes the turn; null when another node has it.</summary>
    public static Turn? Take(StoreEngine engine, string hubFolder, Node node, string connection, string stream, TimeSpan atMost, TimeProvider clock)
    {
        if (!engine.OutlivesConnections)
            return new Turn(() => { });
        var accounts = new AccountStore(engine, hubFolder, clock, Environment.GetEnvironmentVariable);
        var name = $"inbox {stream}";
        return accounts.TryTake(connection, name, node.Name, atMost) ? new Turn(() => accounts.Release(connection, name, node.Name)) : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _end();
}

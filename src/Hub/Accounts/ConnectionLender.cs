using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Store;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Hub.Accounts;

/// <summary>Opens connections: the one place where the hub lends them its folder, its clock, its memory and its log.</summary>
/// <param name="engine">The store's engine. Nothing is opened or made before a connection has something to remember.</param>
/// <param name="hubFolder">The absolute path of the hub folder.</param>
/// <param name="clock">The time.</param>
/// <param name="log">Where connections trace what they do.</param>
/// <param name="conceal">Makes a secret known, so that it is masked in all output.</param>
internal sealed class ConnectionLender(StoreEngine engine, string hubFolder, TimeProvider clock, ILogger log, Action<string> conceal)
{
    private readonly AccountStore _store = new(engine, hubFolder, clock, Environment.GetEnvironmentVariable);

    /// <summary>Opens a connection. Contacts nobody yet.</summary>
    /// <param name="connection">The connection.</param>
    public IConnection Open(ConnectionConfiguration connection) => connection.Connector.Open(connection.Settings, Lend(connection.Name));

    /// <summary>What the hub lends to a connection.</summary>
    /// <param name="name">The connection's name.</param>
    public ConnectionContext Lend(string name) => new(name, hubFolder, clock)
    {
        Memory = new AccountMemory(_store, name, clock, conceal),
        Conceal = conceal,
        Trace = line => log.LogDebug("{Line}", line),
    };
}

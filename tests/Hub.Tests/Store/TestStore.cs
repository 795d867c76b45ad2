using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Tests.Store;

/// <summary>
/// A store of a test's own on some engine, gone when the test is over. The contract of the store is written once, in abstract
/// classes with a store as their parameter; for each engine there is a class of each that only says which.
/// </summary>
public abstract class TestStore : IDisposable
{
    /// <summary>As in hub.json.</summary>
    internal abstract StoreSettings Settings { get; }

    /// <summary>hub.json for it.</summary>
    internal string HubJson => System.Text.Json.JsonSerializer.Serialize(
        new { store = new { provider = Settings.Provider.ToString().ToLowerInvariant(), connectionString = Settings.ConnectionString } });

    /// <summary>Opens it.</summary>
    /// <param name="folder">The hub folder.</param>
    internal MasterStore Open(string folder) => MasterStore.Open(MasterStore.EngineOf(Settings, folder), TimeProvider.System);

    /// <summary>The hub's tables, in order.</summary>
    internal abstract IReadOnlyList<string> Tables(MasterStore store);

    /// <summary>The columns of a table, quoted where the engine wants it, in the order in which a migration made them.</summary>
    internal abstract IReadOnlyList<string> Columns(MasterStore store, string table);

    public virtual void Dispose()
    {
    }
}

/// <summary>SQLite, in the hub folder of the test.</summary>
public sealed class SqliteStore : TestStore
{
    internal override StoreSettings Settings { get; } = new();

    internal override IReadOnlyList<string> Tables(MasterStore store) =>
        store.Query<string>("select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name");

    internal override IReadOnlyList<string> Columns(MasterStore store, string table) =>
        [.. store.Query<string>($"select name from pragma_table_info('{table}')").Select(name => $"\"{name}\"")];
}

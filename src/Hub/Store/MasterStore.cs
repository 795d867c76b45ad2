using System.Data.Common;
using System.Globalization;
using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Hub.Store.Sqlite;
using Dapper;

namespace Crm.Integration.Hub.Store;

/// <summary>
/// The master customer store: one connection to one database, used by one task at a time. Work is done in transactions, set
/// by set; nothing asks the database record by record.
/// </summary>
internal sealed class MasterStore : IDisposable
{
    private DbTransaction? _rehearsal;

    static MasterStore() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    private MasterStore(StoreEngine engine, DbConnection connection, TimeProvider clock)
    {
        Engine = engine;
        Connection = connection;
        Clock = clock;
    }

    /// <summary>The engine.</summary>
    public StoreEngine Engine { get; }

    /// <summary>The connection, for queries outside a transaction.</summary>
    public DbConnection Connection { get; }

    /// <summary>The time.</summary>
    public TimeProvider Clock { get; }

    /// <summary>Whether everything done now will be undone.</summary>
    public bool Rehearsing => _rehearsal is not null;

    /// <summary>The time as the store keeps it.</summary>
    public long Now => Clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The engine that the settings name.</summary>
    /// <param name="settings">As in hub.json.</param>
    /// <param name="hubFolder">Where a relative path starts.</param>
    public static StoreEngine EngineOf(StoreSettings settings, string hubFolder) => settings.Provider switch
    {
        StoreProvider.Sqlite => new SqliteEngine(settings.ConnectionString, hubFolder),
        _ => throw new StoreException($"this hub has no store engine '{settings.Provider}'", "set store.provider in hub.json to sqlite"),
    };

    /// <summary>Opens the store, and brings its schema up to date.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="clock">The time.</param>
    /// <exception cref="StoreException">It cannot be opened, or a newer hub made it.</exception>
    public static MasterStore Open(StoreEngine engine, TimeProvider clock)
    {
        var connection = engine.Open();
        try
        {
            Migrate(engine, connection);
            connection.Execute("create temp table if not exists batch (i integer primary key, k integer, v integer, t text)");
            return new MasterStore(engine, connection, clock);
        }
        catch (Exception exception)
        {
            connection.Dispose();
            if (engine.Translate(exception) is { } known)
                throw known;
            throw;
        }
    }

    /// <summary>Begins a transaction. In a rehearsal it is a part of the one that will be undone.</summary>
    public StoreTransaction Begin() => _rehearsal is null
        ? new StoreTransaction(this, Connection.BeginTransaction(), savepoint: null)
        : new StoreTransaction(this, _rehearsal, savepoint: "step");

    /// <summary>Lets everything up to the end of the returned object happen, and then undoes it: the way to know what a run would do.</summary>
    public IDisposable Rehearse()
    {
        if (_rehearsal is not null)
            throw new InvalidOperationException("a rehearsal is already going on");
        _rehearsal = Connection.BeginTransaction();
        return new Rehearsal(this);
    }

    /// <summary>
    /// Until the end of the returned object, commits are safe from the death of the program, but a power cut may take the last
    /// ones; the next commit after it makes them all durable. For work that the store itself asks to be done again.
    /// </summary>
    public IDisposable? Relax()
    {
        if (Rehearsing)
            return null;
        Engine.SetDurability(Connection, everyCommit: false);
        return new Relaxed(this);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rehearsal?.Dispose();
        Engine.Close(Connection);
    }

    private static void Migrate(StoreEngine engine, DbConnection connection)
    {
        var version = engine.SchemaVersion(connection);
        if (version > engine.Migrations.Count)
        {
            throw new StoreException(
                string.Create(CultureInfo.InvariantCulture, $"the store {engine.Place} has schema version {version}; this hub knows versions up to {engine.Migrations.Count}"),
                "use the newer hub that made it, or restore the backup from before the upgrade");
        }

        for (; version < engine.Migrations.Count; version++)
        {
            using var transaction = connection.BeginTransaction();
            // Another process may have been faster.
            if (engine.SchemaVersion(connection) > version)
                continue;
            connection.Execute(engine.Migrations[version], transaction: transaction);
            engine.SetSchemaVersion(connection, transaction, version + 1);
            transaction.Commit();
        }
    }

    private sealed class Relaxed(MasterStore store) : IDisposable
    {
        public void Dispose() => store.Engine.SetDurability(store.Connection, everyCommit: true);
    }

    private sealed class Rehearsal(MasterStore store) : IDisposable
    {
        public void Dispose()
        {
            store._rehearsal!.Rollback();
            store._rehearsal.Dispose();
            store._rehearsal = null;
        }
    }
}

using System.Data;
using System.Data.Common;
using System.Globalization;
using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Hub.Store.PostgreSql;
using Crm.Integration.Hub.Store.Sqlite;
using Crm.Integration.Hub.Store.SqlServer;
using Dapper;

namespace Crm.Integration.Hub.Store;

/// <summary>
/// The master customer store: one connection to one database, used by one task at a time. Work is done in transactions, set
/// by set; nothing asks the database record by record.
/// </summary>
internal sealed class MasterStore : IDisposable
{
    private readonly DbConnection _connection;
    private DbTransaction? _rehearsal;
    private IDisposable? _turn;
    private StoreTransaction? _open;
    private MasterStore? _numbers;

    static MasterStore() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    private MasterStore(StoreEngine engine, DbConnection connection, TimeProvider clock)
    {
        Engine = engine;
        _connection = connection;
        Clock = clock;
    }

    /// <summary>The engine.</summary>
    public StoreEngine Engine { get; }

    /// <summary>The time.</summary>
    public TimeProvider Clock { get; }

    /// <summary>Whether everything done now will be undone.</summary>
    public bool Rehearsing => _rehearsal is not null;

    /// <summary>The time as the store keeps it.</summary>
    public long Now => Clock.GetUtcNow().ToUnixTimeMilliseconds();

    private Statements Statements => new(Engine, _connection, _rehearsal);

    /// <summary>The engine that the settings name.</summary>
    /// <param name="settings">As in hub.json.</param>
    /// <param name="hubFolder">Where a relative path starts.</param>
    public static StoreEngine EngineOf(StoreSettings settings, string hubFolder) => settings.Provider switch
    {
        StoreProvider.Sqlite => new SqliteEngine(settings.ConnectionString, hubFolder),
        StoreProvider.Postgresql => new PostgreSqlEngine(settings.ConnectionString),
        StoreProvider.Sqlserver => new SqlServerEngine(settings.ConnectionString),
        _ => throw new StoreException($"this hub has no store engine '{settings.Provider}'", "set store.provider in hub.json to sqlite, postgresql or sqlserver"),
    };

    /// <summary>Opens the store, and brings its schema up to date.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="clock">The time.</param>
    /// <exception cref="StoreException">It cannot be opened, or a newer hub made it.</exception>
    public static MasterStore Open(StoreEngine engine, TimeProvider clock) => OpenAs(engine, clock, int.MaxValue);

    /// <summary>Opens the store with a schema of at most some version: for rehearsals of migrations.</summary>
    internal static MasterStore OpenAs(StoreEngine engine, TimeProvider clock, int upTo)
    {
        var connection = engine.Open();
        try
        {
            Migrate(engine, connection, upTo);
            engine.PrepareConnection(connection);
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

    /// <summary>Whether the connection was lost: nothing more can be done with this object.</summary>
    public bool Lost => _connection.State != ConnectionState.Open;

    /// <summary>Whether work that failed so may succeed when it is begun again, on a store that was opened anew.</summary>
    public bool MayRepeat(Exception exception) => !Rehearsing && (Engine.IsTransient(exception) || (Lost && Engine.OutlivesConnections));

    /// <summary>What failed, in words; null for what has nothing to do with the store.</summary>
    public StoreException? Explain(Exception exception) => Engine.Translate(exception) ?? (Lost
        ? new StoreException($"the connection to the store {Engine.Place} was lost", "nothing is lost: the run goes on from its last commit when it is started again; look at the server's log for why", exception)
        : null);

    /// <summary>The version of the schema.</summary>
    public int SchemaVersion => Engine.SchemaVersion(_connection);

    /// <summary>What time it is at the store's server; null where there is none.</summary>
    public DateTimeOffset? ServerTime => Engine.ServerTime(_connection);

    /// <summary>How much room it takes, in bytes.</summary>
    public long Size => Engine.Size(_connection);

    /// <summary>What works, and would work better otherwise: a sentence, and what to do.</summary>
    public IReadOnlyList<(string What, string Fix)> Advice() => Engine.Advice(_connection);

    /// <summary>Looks for damage: a line for each found, none when the store is sound.</summary>
    public IReadOnlyList<string> Check() => Engine.Check(_connection);

    /// <summary>
    /// Asked before each commit: whether who works here may still write. Throws when another hub has taken over.
    /// </summary>
    public Action<StoreTransaction>? BeforeCommit { get; set; }

    /// <summary>The rows of a query outside a transaction, read at once.</summary>
    public List<T> Query<T>(string sql, object? parameters = null) => Statements.Query<T>(sql, parameters);

    /// <summary>The rows of a query outside a transaction, one by one; ended before the next statement.</summary>
    public IEnumerable<T> Stream<T>(string sql, object? parameters = null) => Statements.Stream<T>(sql, parameters);

    /// <summary>The first row of a query outside a transaction, or default.</summary>
    public T? First<T>(string sql, object? parameters = null) => Statements.First<T>(sql, parameters);

    /// <summary>The first column of the first row of a query outside a transaction.</summary>
    public T? Scalar<T>(string sql, object? parameters = null) => Statements.Scalar<T>(sql, parameters);

    /// <summary>The rows of a query outside a transaction, one by one, read without reflection; ended before the next statement.</summary>
    public StoreRows Read(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) => Statements.Read(sql, parameters);

    /// <summary>Begins a transaction. In a rehearsal it is a part of the one that will be undone.</summary>
    public StoreTransaction Begin() => Begin(Engine.TakeTurn, Engine.Begin);

    /// <summary>Begins a transaction that only looks: it waits for nobody who writes. In a rehearsal it sees what was done so far.</summary>
    public StoreTransaction Look() => Begin(() => null, Engine.BeginReading);

    /// <summary>
    /// Lets everything up to the end of the returned object happen, and then undoes it, unless it is told to keep it: the way to know what
    /// a run would do.
    /// </summary>
    public Rehearsal Rehearse()
    {
        if (_rehearsal is not null)
            throw new InvalidOperationException("a rehearsal is already going on");
        _turn = Engine.TakeTurn();
        _rehearsal = Engine.Begin(_connection);
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
        Engine.SetDurability(_connection, everyCommit: false);
        return new Relaxed(this);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _numbers?.Dispose();

        // Left behind by whoever failed in the middle: others wait for their turn.
        if (_open is { IsOver: false } open)
            open.Dispose();
        _rehearsal?.Dispose();
        Engine.Close(_connection);
        _turn?.Dispose();
    }

    /// <summary>Brings a schema up to date.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="connection">An open connection.</param>
    /// <param name="upTo">The last migration; a rehearsal stops earlier.</param>
    internal static void Migrate(StoreEngine engine, DbConnection connection, int upTo = int.MaxValue)
    {
        var version = engine.SchemaVersion(connection);
        if (version > engine.Migrations[^1].Version)
        {
            throw new StoreException(
                string.Create(CultureInfo.InvariantCulture, $"the store {engine.Place} has schema version {version}; this hub knows versions up to {engine.Migrations[^1].Version}"),
                "use the newer hub that made it, or restore the backup from before the upgrade");
        }

        foreach (var migration in engine.Migrations.Where(migration => migration.Version > version && migration.Version <= upTo))
        {
            using var turn = engine.TakeTurn();
            using var transaction = engine.Begin(connection);
            engine.LockSchema(connection, transaction);

            // Another process may have been faster.
            if (engine.SchemaVersion(connection) >= migration.Version)
                continue;
            connection.Execute(migration.Script, transaction: transaction);
            engine.SetSchemaVersion(connection, transaction, migration.Version);
            transaction.Commit();
        }
    }

    private StoreTransaction Begin(Func<IDisposable?> takeTurn, Func<DbConnection, DbTransaction> begin)
    {
        if (_rehearsal is not null)
            return new StoreTransaction(this, _rehearsal, savepoint: "step", turn: null);

        // Its turn to write has come already: it would wait for itself.
        if (_open is { IsOver: false })
            throw new InvalidOperationException("a transaction of this store is open already");
        var turn = takeTurn();
        try
        {
            return _open = new StoreTransaction(this, begin(_connection), savepoint: null, turn);
        }
        catch
        {
            turn?.Dispose();
            throw;
        }
    }

    /// <summary>Takes numbers over a session beside this one, where the engine can; null where it cannot.</summary>
    internal long? Reserve(string sequence, long count)
    {
        if (!Engine.OutlivesConnections || Rehearsing)
            return null;
        if (_numbers is { Lost: true })
        {
            _numbers.Dispose();
            _numbers = null;
        }

        if (_numbers is null)
        {
            _numbers = Open(Engine.Service, Clock);

            // Not flushed on its own: a later commit that uses the numbers carries this one with it.
            Engine.SetDurability(_numbers._connection, everyCommit: false);
        }

        using var transaction = _numbers.Begin();
        var first = transaction.Allocate(sequence, count);
        transaction.Commit();
        return first;
    }

    private sealed class Relaxed(MasterStore store) : IDisposable
    {
        public void Dispose()
        {
            if (!store.Lost)
                store.Engine.SetDurability(store._connection, everyCommit: true);
        }
    }

    /// <summary>Work that will be undone.</summary>
    internal sealed class Rehearsal(MasterStore store) : IDisposable
    {
        /// <summary>Keeps what was done: all of it at once.</summary>
        public void Keep()
        {
            store._rehearsal!.Commit();
            End();
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            if (store._rehearsal is null)
                return;

            // Without a connection an error has undone it already, and must not be hidden by another.
            if (!store.Lost && store._rehearsal.Connection is not null)
                store._rehearsal.Rollback();
            End();
        }

        private void End()
        {
            store._rehearsal!.Dispose();
            store._rehearsal = null;
            store._turn?.Dispose();
        }
    }
}

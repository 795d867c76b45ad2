using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using Dapper;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Crm.Integration.Hub.Store.Sqlite;

/// <summary>SQLite, embedded: one file in write-ahead mode, one process at work on it, whose tasks take turns to write.</summary>
internal sealed class SqliteEngine : StoreEngine
{
    private static readonly IReadOnlyList<Migration> s_migrations = Migration.Of("Sqlite");
    private static readonly IReadOnlyList<Migration> s_accountMigrations = Migration.Of("Accounts");
    private static readonly IReadOnlyList<Migration> s_serviceMigrations = Migration.Of("Service");

    // Prepared once a connection.
    private readonly ConditionalWeakTable<SqliteConnection, Dictionary<string, sqlite3_stmt>> _statements = [];
    // Longer than any transaction; only who waits for himself waits so long.
    private static readonly TimeSpan s_mostWait = TimeSpan.FromHours(2);

    private readonly string _file;
    private readonly ProcessFile _shared;
    private readonly string _connectionString;

    // Not left to a field's initialiser, which may run after the first connection was opened.
    static SqliteEngine()
    {
        // One task at a time uses a connection, so its mutex would only cost; must be said before SQLite starts.
        Batteries_V2.Init();
        raw.sqlite3_shutdown();
        raw.sqlite3_config(raw.SQLITE_CONFIG_MULTITHREAD);

        // Counting its memory would take a lock at every allocation.
        const int MemoryStatistics = 9;
        raw.sqlite3_config(MemoryStatistics, 0);
        raw.sqlite3_initialize();
    }

    /// <summary>An engine for a file.</summary>
    /// <param name="connectionString">As in hub.json.</param>
    /// <param name="hubFolder">Where a relative path starts.</param>
    public SqliteEngine(string connectionString, string hubFolder)
        : this(connectionString, hubFolder, s_migrations)
    {
    }

    private SqliteEngine(string connectionString, string hubFolder, IReadOnlyList<Migration> migrations)
    {
        Migrations = migrations;
        var builder = new SqliteConnectionStringBuilder(connectionString);
        _file = builder.DataSource = Path.GetFullPath(Path.Combine(hubFolder, builder.DataSource));
        _shared = ProcessFile.Of(_file);
        builder.Pooling = false;
        _connectionString = builder.ToString();
    }

    public override string Name => "SQLite";

    public override string Place => _file;

    public override bool Exists() => File.Exists(_file);

    public override IReadOnlyList<Migration> Migrations { get; }

    // A file has one writer at a time, and a run writes for as long as it pulls: accounts have a file of their own beside it.
    public override StoreEngine Accounts => Beside("accounts.db", s_accountMigrations);

    public override StoreEngine Service => Beside("service.db", s_serviceMigrations);

    public override DbConnection Open()
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
            var connection = new SqliteConnection(_connectionString);
            connection.Open();

            // FULL: what a run reports as done survives the power cut. The rest keeps bulk work in memory and the log file short.
            connection.Execute("""
                pragma busy_timeout = 10000;
                pragma journal_mode = wal;
                pragma synchronous = full;
                pragma temp_store = memory;
                pragma cache_size = -49152;
                pragma wal_autocheckpoint = 32768;
                """);
            return connection;
        }
        catch (Exception exception) when (Translate(exception) is { } known)
        {
            throw known;
        }
    }

    // The few rows of the batch are looked up in the other table, never the other way round; a cross join keeps SQLite to that order. Who writes
    // is alone, and locks no rows.
    protected override string Adapt(string statement) => statement.Replace("from batch b join ", "from batch b cross join ", StringComparison.Ordinal)
        .Replace(" for update skip locked", "", StringComparison.Ordinal).Replace(" for update", "", StringComparison.Ordinal);

    public override void PrepareConnection(DbConnection connection) => connection.Execute("""
        create temp table if not exists batch (i integer primary key, k integer, v integer, t text);
        create temp table if not exists candidate (master_id integer primary key);
        """);

    public override string DeleteBatch(string table, string first, string second) => $"delete from {table} where ({first}, {second}) in (select k, v from batch)";

    public override void SetDurability(DbConnection connection, bool everyCommit) =>
        connection.Execute(everyCommit ? "pragma synchronous = full" : "pragma synchronous = normal");

    public override void Close(DbConnection connection)
    {
        // A statement left open would keep SQLite from folding its log back into the file.
        if (_statements.TryGetValue((SqliteConnection)connection, out var statements))
        {
            foreach (var statement in statements.Values)
                statement.Dispose();
            _statements.Remove((SqliteConnection)connection);
        }

        connection.Dispose();
    }

    public override int SchemaVersion(DbConnection connection) => connection.ExecuteScalar<int>("pragma user_version");

    public override void SetSchemaVersion(DbConnection connection, DbTransaction transaction, int version) =>
        connection.Execute("pragma user_version = " + version.ToString(CultureInfo.InvariantCulture), transaction: transaction);

    public override Task<StoreLock> LockAsync(string purpose, LockMode mode, TimeSpan wait, Action<string> waiting, TimeProvider clock, CancellationToken cancellationToken) =>
        SqliteLock.TakeAsync(_shared, purpose, mode, wait, waiting, clock, cancellationToken);

    public override string? Holder() => _shared.Sessions.Holder ?? FileLock.Holder(_file + ".lock");

    public override async Task<IDisposable?> LockServiceAsync(TimeProvider clock, CancellationToken cancellationToken)
    {
        var path = Path.ChangeExtension(_file, ".serve.lock");
        try
        {
            return await FileLock.TakeAsync(path, "serve", TimeSpan.Zero, _ => { }, clock, cancellationToken);
        }
        catch (StoreException exception) when (FileLock.Holder(path) is { } holder)
        {
            throw new StoreException(
                $"a service runs on this folder already: {holder}",
                "stop that one first; several services can share a store on PostgreSQL or SQL Server, not on SQLite",
                exception);
        }
    }

    // SQLite lets one connection write at a time, and a busy one is asked again and again, in no order: here they take turns.
    public override IDisposable TakeTurn()
    {
        if (_shared.Writing.Try(LockMode.Alone, "") is { } turn)
            return turn;
        using var enough = new CancellationTokenSource(s_mostWait);
        try
        {
            return _shared.Writing.TakeAsync(LockMode.Alone, "", enough.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException exception)
        {
            throw new StoreException($"another task of this hub has written to {_file} for {s_mostWait.TotalMinutes:N0} minutes", "this should not happen: the log has the details; stop the hub and start it again, nothing is lost", exception);
        }
    }

    public override DbTransaction BeginReading(DbConnection connection) => ((SqliteConnection)connection).BeginTransaction(deferred: true);

    public override IReadOnlyList<string> Check(DbConnection connection)
    {
        var found = connection.Query<string>("pragma quick_check(5)").AsList();
        return found is ["ok"] ? [] : found;
    }

    public override bool IsFile => true;

    public override void CopyTo(string file)
    {
        using var from = new SqliteConnection(_connectionString);
        from.Open();

        // All of it in one reading transaction: in write-ahead mode it keeps no writer waiting, and sees none.
        using var to = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        from.BackupDatabase(to);

        // A copy is one file: what was copied of the mode would make others of it as soon as somebody looks.
        to.Execute("pragma journal_mode = delete");
    }

    public override long Size(DbConnection connection) => new FileInfo(_file).Length;

    public override BulkInsert BulkInsert(DbTransaction transaction, string table, IReadOnlyList<string> columns, WhenExists existing)
    {
        var connection = (SqliteConnection)transaction.Connection!;
        var verb = existing switch
        {
            WhenExists.Keep => "insert or ignore",
            WhenExists.Replace => "insert or replace",
            _ => "insert",
        };
        var sql = $"{verb} into {table} ({string.Join(", ", columns.Select(Quote))}) values ({string.Join(", ", columns.Select(_ => "?"))})";
        return new SqliteBulkInsert(connection, Prepare(connection, sql), columns.Count);
    }

    public override BulkLookup BulkLookup(DbTransaction transaction, string table, string column, ReadOnlyMemory<long> values, IReadOnlyList<string> columns)
    {
        var connection = (SqliteConnection)transaction.Connection!;
        return new SqliteLookup.ByNumber(connection, Prepare(connection, $"select {string.Join(", ", columns.Select(Quote))} from {table} where {column} = ?"), values);
    }

    public override BulkLookup BulkLookup(DbTransaction transaction, string table, (string Column, long Value) prefix, string column, IReadOnlyList<string> values, IReadOnlyList<string> columns)
    {
        var connection = (SqliteConnection)transaction.Connection!;
        var statement = Prepare(connection, $"select {string.Join(", ", columns.Select(Quote))} from {table} where {prefix.Column} = ? and {column} = ?");
        return new SqliteLookup.ByText(connection, statement, prefix.Value, values);
    }

    public override byte[] Utf8(DbDataReader reader, int ordinal) => reader.GetFieldValue<byte[]>(ordinal);

    public override StoreException? Translate(Exception exception) => exception switch
    {
        SqliteException { SqliteErrorCode: raw.SQLITE_FULL } => new($"the disk that holds the store {_file} is full", "free some space and run again: nothing is lost, the run goes on from its last commit", exception),
        SqliteException { SqliteErrorCode: raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_PERM } or UnauthorizedAccessException =>
            new($"the store {_file} cannot be written", "give the account that runs hub the right to write to the file and its folder", exception),
        SqliteException { SqliteErrorCode: raw.SQLITE_BUSY or raw.SQLITE_LOCKED } => new($"another program holds the store {_file}", "close whatever else has the file open, and run again", exception),
        SqliteException { SqliteErrorCode: raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB } => new($"the store {_file} is damaged or not a SQLite database", "restore it from a backup; `hub doctor` says more", exception),
        SqliteException { SqliteErrorCode: raw.SQLITE_IOERR } => new($"the disk that holds the store {_file} cannot be read or written", "check the disk and its free space, then run again", exception),
        IOException io => new($"the folder of the store {_file} cannot be used: {io.Message}", "check the path in hub.json (store.connectionString) and the rights on it", exception),
        _ => null,
    };

    private static string Quote(string column) => $"\"{column}\"";

    private SqliteEngine Beside(string file, IReadOnlyList<Migration> migrations) =>
        new(new SqliteConnectionStringBuilder { DataSource = Path.Combine(Path.GetDirectoryName(_file)!, file) }.ToString(), "", migrations);

    private sqlite3_stmt Prepare(SqliteConnection connection, string sql)
    {
        var statements = _statements.GetOrCreateValue(connection);
        if (!statements.TryGetValue(sql, out var statement))
        {
            SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(connection.Handle, sql, out statement), connection.Handle);
            statements.Add(sql, statement);
        }

        return statement;
    }
}

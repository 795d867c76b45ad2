using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Text;
using Dapper;

namespace Crm.Integration.Hub.Store.SqlServer;

/// <summary>SQL Server 2019 and later, and Azure SQL: a database of its own or a shared one, everything in the schema <c>hub</c>.</summary>
internal sealed class SqlServerEngine : StoreEngine
{
    /// <summary>The version and kind of the server, the settings of the database.</summary>
    public const string AskServer =
        """
        select @@version as version, cast(serverproperty('ProductMajorVersion') as nvarchar(20)) as major, cast(serverproperty('EngineEdition') as nvarchar(20)) as edition
        """;

    /// <summary>Whether readers wait for the writer.</summary>
    public const string AskSnapshot = "select cast(is_read_committed_snapshot_on as bigint) from sys.databases where name = db_name()";

    /// <summary>Whether there is a store.</summary>
    public const string HasVersion = "select object_id(N'hub.schema_version')";

    /// <summary>The version of the schema.</summary>
    public const string ReadVersion = "select max(version) from hub.schema_version";

    /// <summary>Sets it.</summary>
    public const string WriteVersion = "delete from hub.schema_version; insert into hub.schema_version (version) values (@version);";

    /// <summary>The room that the database takes.</summary>
    public const string AskSize = "select sum(cast(size as bigint)) * 8192 from sys.database_files";

    /// <summary>What time it is there, in milliseconds since 1970.</summary>
    public const string AskTime = "select datediff_big(millisecond, cast('1970-01-01' as datetime2), sysutcdatetime())";

    private readonly TSql _sql = new(SqlServerTables.Own);

    // This client wants to be told of the transaction that is open, whoever asks.
    private readonly ConditionalWeakTable<DbConnection, DbTransaction> _transactions = [];
    private readonly Func<DbConnection> _open;
    private readonly BulkCopy _copy;
    private readonly bool _encrypted;
    private readonly SqlServerLocks _locks = new();
    private ServerLock? _lock;

    /// <summary>An engine for a database.</summary>
    /// <param name="connectionString">As in hub.json.</param>
    public SqlServerEngine(string connectionString)
    {
        var connections = new SqlServerConnections(connectionString);
        (_open, _copy, _encrypted, Place) = (connections.Open, SqlServerConnections.Copy, connections.Encrypted, connections.Place);
        Shared = connections.Shared;
    }

    /// <summary>An engine over connections of another make.</summary>
    internal SqlServerEngine(Func<DbConnection> open, BulkCopy copy, string place, bool encrypted = true) => (_open, _copy, Place, _encrypted) = (open, copy, place, encrypted);

    public override string Name => "SQL Server";

    public override string Place { get; }

    public override bool OutlivesConnections => true;

    public override IReadOnlyList<Migration> Migrations => SqlServerTables.Migrations;

    // The same database, over a connection of its own: this engine may have lent out the one that holds the lock.
    public override StoreEngine Accounts => new SqlServerEngine(_open, _copy, Place, _encrypted);

    public override StoreEngine Service => Accounts;

    public override SharedDatabase? Shared { get; }

    public override bool Exists()
    {
        using var connection = Connect();
        return connection.ExecuteScalar<int?>(HasVersion) is not null;
    }

    public override DbConnection Open() => _lock?.Lend() ?? Connect();

    public override void PrepareConnection(DbConnection connection) => connection.Execute(SqlServerStaging.PrepareConnection);

    public override DbTransaction Begin(DbConnection connection)
    {
        var transaction = connection.BeginTransaction();
        _transactions.AddOrUpdate(connection, transaction);
        return transaction;
    }

    public override void Release(DbTransaction transaction, string savepoint)
    {
        // There is no such statement: a savepoint is forgotten with its transaction, and a later one of the same name takes its place.
    }

    public override string DeleteBatch(string table, string first, string second) => SqlServerStaging.DeleteBatch(table, first, second);

    public override void SetDurability(DbConnection connection, bool everyCommit)
    {
        // Delayed durability is chosen at each commit, or forced for the whole database by its owner; the client's commit cannot ask for it.
    }

    public override void ClearBatch(DbTransaction transaction) => transaction.Connection!.Execute(SqlServerStaging.ClearBatch, transaction: transaction);

    public override void Close(DbConnection connection)
    {
        if (_lock?.TakeBack(connection) != true)
            connection.Dispose();
    }

    public override int SchemaVersion(DbConnection connection)
    {
        var transaction = Pending(connection);
        return connection.ExecuteScalar<int?>(HasVersion, transaction: transaction) is null ? 0 : (int)connection.ExecuteScalar<long>(ReadVersion, transaction: transaction);
    }

    public override void LockSchema(DbConnection connection, DbTransaction transaction) => connection.Execute(SqlServerLocks.LockSchema, transaction: transaction);

    public override void SetSchemaVersion(DbConnection connection, DbTransaction transaction, int version) =>
        connection.Execute(WriteVersion, new { version = (long)version }, transaction);

    public override async Task<StoreLock> LockAsync(string purpose, LockMode mode, TimeSpan wait, Action<string> waiting, TimeProvider clock, CancellationToken cancellationToken)
    {
        try
        {
            return _lock = await ServerLock.TakeAsync(_locks, Connect, purpose, mode, wait, waiting, () => _lock = null, clock, cancellationToken);
        }
        catch (Exception exception) when (Translate(exception) is { } known)
        {
            throw known;
        }
    }

    public override string? Holder()
    {
        using var connection = Connect();
        return _locks.Holder(connection, ServerLocks.Store);
    }

    // The server checks its pages as it reads them; the thorough check, DBCC CHECKDB, is its administrator's.
    public override IReadOnlyList<string> Check(DbConnection connection) => [];

    public override IReadOnlyList<(string What, string Fix)> Advice(DbConnection connection)
    {
        var advice = new List<(string, string)>();
        if (!_encrypted)
        {
            advice.Add((
                "the line to SQL Server is not encrypted: others can read along, and on Linux the client is known to fail or hang at long texts",
                "take Encrypt=false out of store.connectionString; with a certificate of the server's own making, write TrustServerCertificate=true"));
        }

        if (connection.ExecuteScalar<long?>(AskSnapshot, transaction: Pending(connection)) == 0)
        {
            advice.Add((
                "whoever looks into the store waits while a run writes: READ_COMMITTED_SNAPSHOT is off",
                "have the owner of the database run, when nobody is connected: alter database current set read_committed_snapshot on"));
        }

        return advice;
    }

    public override DateTimeOffset? ServerTime(DbConnection connection) => DateTimeOffset.FromUnixTimeMilliseconds(connection.ExecuteScalar<long>(AskTime, transaction: Pending(connection)));

    public override long Size(DbConnection connection) => connection.ExecuteScalar<long>(AskSize, transaction: Pending(connection));

    public override BulkInsert BulkInsert(DbTransaction transaction, string table, IReadOnlyList<string> columns, WhenExists existing) =>
        new SqlServerBulkInsert(_copy, SqlServerTables.Own, transaction, table, columns, existing);

    public override BulkLookup BulkLookup(DbTransaction transaction, string table, string column, ReadOnlyMemory<long> values, IReadOnlyList<string> columns) =>
        SqlServerLookup.ByNumber(_copy, transaction, SqlServerStaging.ByNumber(table, SqlServerTables.Own[table], column, columns), values);

    public override BulkLookup BulkLookup(DbTransaction transaction, string table, (string Column, long Value) prefix, string column, IReadOnlyList<string> values, IReadOnlyList<string> columns) =>
        SqlServerLookup.ByText(_copy, transaction, SqlServerStaging.ByText(table, prefix.Column, column, columns), prefix.Value, values);

    public override byte[] Utf8(DbDataReader reader, int ordinal) => Encoding.UTF8.GetBytes(reader.GetString(ordinal));

    public override bool IsTransient(Exception exception) => SqlServerErrors.IsTransient(exception);

    public override StoreException? Translate(Exception exception) => SqlServerErrors.Translate(exception, Place);

    protected override string Adapt(string statement) => _sql.Of(statement);

    private DbConnection Connect()
    {
        try
        {
            var connection = _open();
            try
            {
                var (version, major, edition) = connection.QuerySingle<(string Version, string? Major, string? Edition)>(AskServer);
                Require2019(version, major, edition);
                return connection;
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        }
        catch (Exception exception) when (Translate(exception) is { } known)
        {
            throw known;
        }
    }

    private DbTransaction? Pending(DbConnection connection) =>
        _transactions.TryGetValue(connection, out var transaction) && transaction.Connection is not null ? transaction : null;

    private void Require2019(string version, string? major, string? edition)
    {
        // Azure (editions 5, 6, 8 and above) counts its versions otherwise, and so do other makers' servers.
        const int Version2019 = 15;
        if (version.StartsWith("Microsoft SQL Server", StringComparison.Ordinal) && edition is "1" or "2" or "3" or "4" && int.TryParse(major, out var number) && number < Version2019)
            throw new StoreException($"the SQL Server is too old: {version.Split('\n')[0].Trim()} ({Place})", "the hub needs SQL Server 2019 or later");
    }
}

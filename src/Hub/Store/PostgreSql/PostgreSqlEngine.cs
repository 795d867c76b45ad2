using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using Dapper;
using Npgsql;

namespace Crm.Integration.Hub.Store.PostgreSql;

/// <summary>PostgreSQL: a schema of its own in a database on a server; several hubs work on it side by side.</summary>
internal sealed class PostgreSqlEngine : StoreEngine
{
    /// <summary>The oldest version of the server, as the server counts.</summary>
    private const int OldestVersion = 130000;

    private static readonly IReadOnlyList<Migration> s_migrations = Migration.Of("PostgreSql");

    private readonly ConcurrentDictionary<string, TableShape> _shapes = new(StringComparer.Ordinal);
    private readonly ConditionalWeakTable<DbConnection, Session> _sessions = [];
    private readonly string _connectionString;
    private readonly string _schema;
    private readonly PostgreSqlLocks _locks;
    private ServerLock? _held;

    /// <summary>An engine for a database.</summary>
    /// <param name="connectionString">As in hub.json.</param>
    public PostgreSqlEngine(string connectionString)
    {
        NpgsqlConnectionStringBuilder builder;
        try
        {
            builder = new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or KeyNotFoundException)
        {
            // The cause may quote what was written, and that holds the password.
            throw new StoreException(
                "store.connectionString in hub.json is not one that PostgreSQL's client understands",
                "write it like Host=db.example.com;Database=hub;Username=hub;Password=${env:HUB_DB_PASSWORD}");
        }

        _schema = string.IsNullOrWhiteSpace(builder.SearchPath) ? "hub" : builder.SearchPath.Split(',')[0].Trim().Trim('"');
        _locks = new PostgreSqlLocks(_schema);
        builder.SearchPath = Quote(_schema);
        builder.ApplicationName ??= "hub";

        // One connection a process, for as long as it works: a pool would only keep sessions, and the lock, alive.
        builder.Pooling = false;
        builder.CommandTimeout = 0;
        builder.Timeout = builder.ContainsKey("Timeout") && builder.Timeout != 0 ? builder.Timeout : 15;
        builder.KeepAlive = 30;
        builder.MaxAutoPrepare = 200;
        builder.AutoPrepareMinUsages = 2;
        builder.ReadBufferSize = builder.WriteBufferSize = 65_536;

        // Details of an error quote the row.
        builder.IncludeErrorDetail = false;
        builder.PersistSecurityInfo = false;
        _connectionString = builder.ToString();
        Place = $"{builder.Host ?? "localhost"}:{builder.Port.ToString(CultureInfo.InvariantCulture)}/{builder.Database ?? builder.Username} (schema {_schema})";
    }

    public override string Name => "PostgreSQL";

    public override string Place { get; }

    public override IReadOnlyList<Migration> Migrations => s_migrations;

    // The same database, over a connection of its own: this engine may have lent out the one that holds the lock.
    public override StoreEngine Accounts => new PostgreSqlEngine(_connectionString);

    public override StoreEngine Service => Accounts;

    public override SharedDatabase Shared =>
        new(NpgsqlFactory.Instance, new NpgsqlConnectionStringBuilder(_connectionString) { Pooling = true, MaxPoolSize = 4, CommandTimeout = 30 }.ToString(), "");

    public override bool WritesTextDifferently => true;

    public override string ToStored(string text) => NulText.Encode(text);

    public override string FromStored(string text) => NulText.Decode(text);

    public override bool Exists()
    {
        using var connection = Open();
        return SchemaVersion(connection) > 0;
    }

    public override DbConnection Open() => _held?.Lend() ?? Connect();

    public override void Close(DbConnection connection)
    {
        if (_held is null || !_held.TakeBack(connection))
            connection.Dispose();
    }

    public override void PrepareConnection(DbConnection connection) => connection.Execute("""
        create temporary table if not exists batch (i bigint, k bigint, v bigint, t text collate "C");
        create temporary table if not exists candidate (master_id bigint primary key);
        """);

    // As a join, the batch is guessed to be large, and the whole table read for it; as an array its rows are looked up, in order.
    protected override string Adapt(string statement) =>
        statement.Replace("in (select k from batch)", "= any (array(select k from batch))", StringComparison.Ordinal);

    public override void Refresh(DbTransaction transaction, IReadOnlyList<string> tables) =>
        transaction.Connection!.Execute("analyze " + string.Join(", ", tables), transaction: transaction);

    public override void ClearBatch(DbTransaction transaction) => _sessions.GetOrCreateValue(transaction.Connection!).Batch.Clear(transaction.Connection!);

    public override string DeleteBatch(string table, string first, string second) =>
        $"delete from {table} using batch b where {table}.{first} = b.k and {table}.{second} = b.v";

    // Without a flush a crash of the server, not of the hub, can take the last moments of what is to be done again anyway.
    // Such work looks up by keys in tables that grow under it: a plan that was best while one was small, and kept, would read the
    // whole of it again and again.
    public override void SetDurability(DbConnection connection, bool everyCommit) => connection.Execute(everyCommit
        ? "set synchronous_commit = on; set enable_seqscan = on"
        : "set synchronous_commit = off; set enable_seqscan = off");

    public override int SchemaVersion(DbConnection connection) =>
        connection.ExecuteScalar<string?>("select to_regclass(@table)::text", new { table = Quote(_schema) + ".schema_version" }) is null
            ? 0
            : connection.ExecuteScalar<int>("select version from schema_version");

    public override void LockSchema(DbConnection connection, DbTransaction transaction)
    {
        connection.Execute("select pg_advisory_xact_lock(@ours, hashtext(@schema))", new { ours = PostgreSqlLocks.Class + 1, schema = _schema }, transaction);
        if (connection.ExecuteScalar<int>("select count(*) from pg_namespace where nspname = @schema", new { schema = _schema }, transaction) == 0)
            connection.Execute($"create schema {Quote(_schema)}", transaction: transaction);
        connection.Execute("create table if not exists schema_version (version integer not null)", transaction: transaction);
    }

    public override void SetSchemaVersion(DbConnection connection, DbTransaction transaction, int version)
    {
        if (connection.Execute("update schema_version set version = @version", new { version }, transaction) == 0)
            connection.Execute("insert into schema_version (version) values (@version)", new { version }, transaction);
    }

    public override async Task<StoreLock> LockAsync(string purpose, LockMode mode, TimeSpan wait, Action<string> waiting, TimeProvider clock, CancellationToken cancellationToken)
    {
        try
        {
            return _held = await ServerLock.TakeAsync(_locks, Connect, purpose, mode, wait, waiting, () => _held = null, clock, cancellationToken);
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

    // The server looks after its own pages; what can be seen from here is whether the tables can be read at all.
    public override IReadOnlyList<string> Check(DbConnection connection) => connection.Query<string>(
        "select format('index %s is not valid', c.relname) from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace where n.nspname = @schema and not i.indisvalid limit 5",
        new { schema = _schema }).AsList();

    public override DateTimeOffset? ServerTime(DbConnection connection) =>
        DateTimeOffset.FromUnixTimeMilliseconds(connection.ExecuteScalar<long>("select (extract(epoch from clock_timestamp()) * 1000)::bigint"));

    public override long Size(DbConnection connection) => connection.ExecuteScalar<long>(
        "select coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = @schema and c.relkind = 'r'",
        new { schema = _schema });

    public override BulkInsert BulkInsert(DbTransaction transaction, string table, IReadOnlyList<string> columns, WhenExists existing)
    {
        var connection = (NpgsqlConnection)transaction.Connection!;
        var shape = existing == WhenExists.Fail ? null : _shapes.GetOrAdd(table, name => TableShape.Read(connection, transaction, _schema, name));
        return new CopyInsert(connection, _sessions.GetOrCreateValue(connection), table, columns, shape, existing);
    }

    public override BulkLookup BulkLookup(DbTransaction transaction, string table, string column, ReadOnlyMemory<long> values, IReadOnlyList<string> columns) =>
        new PostgreSqlLookup.ByNumber((NpgsqlConnection)transaction.Connection!, table, column, values, columns);

    public override BulkLookup BulkLookup(DbTransaction transaction, string table, (string Column, long Value) prefix, string column, IReadOnlyList<string> values, IReadOnlyList<string> columns) =>
        new PostgreSqlLookup.ByText((NpgsqlConnection)transaction.Connection!, table, prefix, column, values, columns);

    public override byte[] Utf8(DbDataReader reader, int ordinal) => NulText.Decode(reader.GetFieldValue<byte[]>(ordinal));

    public override bool OutlivesConnections => true;

    public override bool IsTransient(Exception exception) => PostgreSqlErrors.IsTransient(exception);

    public override StoreException? Translate(Exception exception) => PostgreSqlErrors.Translate(exception, Place, _schema);

    /// <summary>A name as an identifier.</summary>
    internal static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private NpgsqlConnection Connect()
    {
        var connection = new NpgsqlConnection(_connectionString);
        try
        {
            connection.Open();
            var (version, encoding) = connection.QuerySingle<(int, string)>("select current_setting('server_version_num')::int, current_setting('server_encoding')");
            if (version < OldestVersion)
                throw new StoreException($"the server of {Place} is PostgreSQL {connection.PostgreSqlVersion}", "hub needs PostgreSQL 13 or later: upgrade the server, or use another one");
            if (encoding != "UTF8")
                throw new StoreException($"the database of {Place} keeps its text as {encoding}", "make a database with: create database hub encoding 'UTF8' template template0");

            // A hub whose machine has gone is noticed in a minute, one that was killed at once, also while a statement runs: its lock is free then.
            connection.Execute("set tcp_keepalives_idle = 30; set tcp_keepalives_interval = 10; set tcp_keepalives_count = 3; set client_min_messages = warning; set jit = off");

            // Rows are asked for in the order of their keys, so that pages come in order, too; and a sample tells enough of such plain tables.
            connection.Execute("set random_page_cost = 1.1; set default_statistics_target = 10");
            if (version >= 140000)
                connection.Execute("set client_connection_check_interval = 1000");
            return connection;
        }
        catch (Exception exception)
        {
            connection.Dispose();
            if (exception is not StoreException && Translate(exception) is { } known)
                throw known;
            throw;
        }
    }
}

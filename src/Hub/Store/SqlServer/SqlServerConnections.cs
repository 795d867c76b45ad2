using System.Data.Common;
using Dapper;
using Microsoft.Data.SqlClient;

namespace Crm.Integration.Hub.Store.SqlServer;

/// <summary>How to reach the database: what hub.json says, and what the hub insists on.</summary>
internal sealed class SqlServerConnections
{
    /// <summary>For every connection: an error ends the transaction, and nobody waits for a lock for ever.</summary>
    public const string Settings = "set xact_abort on; set lock_timeout 60000;";

    private readonly string _connectionString;

    /// <summary>Reads a connection string.</summary>
    /// <param name="connectionString">As in hub.json.</param>
    /// <exception cref="StoreException">It cannot be understood, or lacks something.</exception>
    public SqlServerConnections(string connectionString)
    {
        SqlConnectionStringBuilder builder;
        try
        {
            builder = new SqlConnectionStringBuilder(connectionString);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or KeyNotFoundException)
        {
            // Only the name of a key is told: what stands behind it may be a password.
            throw new StoreException(
                "store.connectionString in hub.json is not a connection string of SQL Server" + (exception is ArgumentException { ParamName: null } ? $": {exception.Message}" : ""),
                Example);
        }

        if (builder.DataSource.Length == 0 || builder.InitialCatalog.Length == 0)
            throw new StoreException($"store.connectionString in hub.json names no {(builder.DataSource.Length == 0 ? "server (Server=…)" : "database (Database=…)")}", Example);

        Encrypted = builder.Encrypt != SqlConnectionEncryptOption.Optional;
        Place = $"{builder.DataSource}, database {builder.InitialCatalog}, schema {SqlServerTables.Schema}";

        // Temporary tables and locks belong to the session, so nobody may quietly put another one in its place.
        builder.Pooling = false;
        builder.ConnectRetryCount = 0;
        builder.MultipleActiveResultSets = false;
        builder.Enlist = false;
        builder.PersistSecurityInfo = false;
        if (!builder.ShouldSerialize("Application Name"))
            builder.ApplicationName = "hub";

        // The client tries again and again until this is over, even where nobody listens at all.
        if (!builder.ShouldSerialize("Connect Timeout"))
            builder.ConnectTimeout = 5;

        // An index over millions of rows takes its time; what must not last is waiting for a lock, and that has a limit of its own.
        if (!builder.ShouldSerialize("Command Timeout"))
            builder.CommandTimeout = 0;
        _connectionString = builder.ToString();
    }

    /// <summary>Where the store is, without passwords.</summary>
    public string Place { get; }

    /// <summary>Whether the line is encrypted.</summary>
    public bool Encrypted { get; }

    /// <summary>How other libraries reach the database.</summary>
    public SharedDatabase Shared => new(
        SqlClientFactory.Instance, new SqlConnectionStringBuilder(_connectionString) { Pooling = true, MaxPoolSize = 4, CommandTimeout = 30 }.ToString(), SqlServerTables.Schema + ".");

    private static string Example => "write it like \"Server=db.example;Database=hub;User ID=hub;Password=${env:HUB_DB_PASSWORD}\"";

    /// <summary>Opens a connection, and sets what the hub relies on.</summary>
    public DbConnection Open()
    {
        var connection = new SqlConnection(_connectionString);
        try
        {
            connection.Open();
            connection.Execute(Settings);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Sends rows by the bulk protocol.</summary>
    public static void Copy(DbTransaction transaction, string target, IReadOnlyList<string> columns, DbDataReader rows)
    {
        // There are no constraints to check; but a copy that passes them over wants the right to alter the table.
        using var copy = new SqlBulkCopy((SqlConnection)transaction.Connection!, SqlBulkCopyOptions.CheckConstraints, (SqlTransaction)transaction)
        {
            DestinationTableName = target,
            BulkCopyTimeout = 0,
        };
        foreach (var column in columns)
            copy.ColumnMappings.Add(column, column);
        copy.WriteToServer(rows);
    }
}

using System.Globalization;
using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Hub.Store;
using Dapper;
using Npgsql;

namespace Crm.Integration.Hub.Tests.Store;

/// <summary>PostgreSQL: a schema of its own in the database that HUB_TEST_POSTGRES names; tests/run.sh makes one.</summary>
public sealed class PostgreSqlStore : TestStore
{
    private static int s_made;

    public PostgreSqlStore()
    {
        Assert.SkipWhen(Server is null, "server: PostgreSQL (HUB_TEST_POSTGRES names none)");
        Schema = string.Create(CultureInfo.InvariantCulture, $"test_{Environment.ProcessId}_{Interlocked.Increment(ref s_made)}");
        Settings = new() { Provider = StoreProvider.Postgresql, ConnectionString = new NpgsqlConnectionStringBuilder(Server) { SearchPath = Schema }.ToString() };
    }

    /// <summary>How to reach the server, or null when there is none.</summary>
    internal static string? Server { get; } = Environment.GetEnvironmentVariable("HUB_TEST_POSTGRES") is { Length: > 0 } server ? server : null;

    /// <summary>Its schema.</summary>
    internal string Schema { get; }

    internal override StoreSettings Settings { get; }

    internal override IReadOnlyList<string> Tables(MasterStore store) =>
        store.Query<string>("select relname::text from pg_class where relnamespace = current_schema()::regnamespace and relkind = 'r' and relname <> 'schema_version' order by relname");

    internal override IReadOnlyList<string> Columns(MasterStore store, string table) => store.Query<string>(
        "select quote_ident(attname) from pg_attribute where attrelid = to_regclass(@table) and attnum > 0 and not attisdropped order by attnum", new { table });

    /// <summary>Runs a statement as the test's own session.</summary>
    internal static void Execute(string sql)
    {
        using var connection = new NpgsqlConnection(Server);
        connection.Execute(sql);
    }

    public override void Dispose()
    {
        if (Schema is not null)
            Execute($"drop schema if exists {Schema} cascade");
        base.Dispose();
    }
}

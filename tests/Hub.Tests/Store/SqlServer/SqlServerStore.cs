using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Hub.Store;
using Dapper;
using Microsoft.Data.SqlClient;

namespace Crm.Integration.Hub.Tests.Store.SqlServer;

/// <summary>
/// SQL Server: the schema <c>hub</c> of the database that HUB_TEST_SQLSERVER names, emptied before each test; a database for tests, and nothing
/// else. There is one schema, and so one test at a time: see <see cref="SqlServerTurns"/>.
/// </summary>
public sealed class SqlServerStore : TestStore
{
    public SqlServerStore()
    {
        // Not "server: …": no script can install one, so a build server may go without.
        Assert.SkipWhen(Server is null, "SQL Server: HUB_TEST_SQLSERVER holds no connection string");
        Settings = new() { Provider = StoreProvider.Sqlserver, ConnectionString = Server! };
        Empty();
    }

    internal override StoreSettings Settings { get; }

    private static string? Server { get; } = Environment.GetEnvironmentVariable("HUB_TEST_SQLSERVER") is { Length: > 0 } server ? server : null;

    internal override IReadOnlyList<string> Tables(MasterStore store) => store.Query<string>(
        "select t.name from sys.tables t where t.schema_id = schema_id(N'hub') and t.name not in (N'schema_version', N'lock_holder') order by t.name");

    internal override IReadOnlyList<string> Columns(MasterStore store, string table) =>
        [.. store.Query<string>("select c.name from sys.columns c where c.object_id = object_id(N'hub.' + @table) and c.is_computed = 0 order by c.column_id", new { table }).Select(name => $"\"{name}\"")];

    private static void Empty()
    {
        using var connection = new SqlConnection(Server);
        foreach (var table in connection.Query<string>("select name from sys.tables where schema_id = schema_id(N'hub')").ToList())
            connection.Execute($"drop table hub.[{table}]");
    }
}

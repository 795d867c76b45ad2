using Crm.Integration.Hub.Store;
using Crm.Integration.Hub.Store.Sqlite;
using Crm.Integration.Hub.Store.SqlServer;
using Crm.Integration.Hub.Tests.Cli;
using Microsoft.Data.Sqlite;

namespace Crm.Integration.Hub.Tests.Store.SqlServer;

public sealed class SqlServerTablesTests
{
    private const string Collation = "Latin1_General_100_BIN2";

    /// <summary>What bookkeeping needs here and not there.</summary>
    private static readonly string[] s_own = ["schema_version"];

    [Fact]
    public void Its_tables_columns_and_keys_are_those_of_SQLite()
    {
        var sqlite = Sqlite();

        Assert.Equal(sqlite.Keys.Order(StringComparer.Ordinal), SqlServerTables.Own.Names.Except(s_own).Order(StringComparer.Ordinal));
        Assert.All(sqlite, table =>
        {
            Assert.Equal(table.Value.Columns, SqlServerTables.Own[table.Key].Columns.Select(column => $"{table.Key}.{column.Name}{(column.IsText ? " text" : "")}"));

            // SQLite numbers rows by their primary key only; there an index is what is the key elsewhere.
            Assert.Equal(table.Key == "inbox" ? ["connection", "delivery_id"] : table.Value.Key, SqlServerTables.Own[table.Key].Key);
        });
    }

    // What is remembered of accounts and what the service writes SQLite keeps in files of their own.
    [Fact]
    public void Each_migration_of_SQLite_has_one_of_the_same_number()
    {
        var engine = new SqliteEngine("Data Source=unused.db", ".");
        StoreEngine[] files = [engine, engine.Accounts, engine.Service];
        Assert.Equal(files.SelectMany(file => file.Migrations).Select(migration => migration.Version).Distinct().Order(), SqlServerTables.Migrations.Select(migration => migration.Version));
    }

    [Fact]
    public void Every_text_compares_by_its_characters_codes() =>
        Assert.DoesNotContain(Lines(), line => line.Contains(" nvarchar(", StringComparison.Ordinal) && !line.Contains($" collate {Collation}", StringComparison.Ordinal));

    // The client does not widen a number by itself: what the program reads as 64 bits must be stored so.
    [Fact]
    public void Every_whole_number_has_64_bits() =>
        Assert.DoesNotContain(Lines(), line => line.Contains(" int ", StringComparison.Ordinal) || line.Contains(" smallint", StringComparison.Ordinal) || line.Contains(" bit ", StringComparison.Ordinal));

    [Fact]
    public void Every_index_key_is_within_the_limits_of_the_server()
    {
        var widths = Columns();
        foreach (var script in Scripts())
        {
            foreach (var (name, table, columns, clustered) in Indexes.In(script))
            {
                var bytes = columns.Sum(column => widths[(table, column)]);
                Assert.True(bytes <= (clustered ? 900 : 1700), $"{name} on {table} may take {bytes} bytes");
            }
        }
    }

    // The program sorts by the same codes where it goes through two lists side by side, and so must agree with the server.
    [Fact]
    public void The_order_of_a_binary_collation_is_the_ordinal_order_of_the_program()
    {
        string[] texts = ["Z", "a", "B", "ä", "z", "10", "9", "_", "李", "e\u0301", "é", "ﬁ"];

        Assert.Equal(texts.OrderBy(text => Convert.ToHexString(System.Text.Encoding.BigEndianUnicode.GetBytes(text)), StringComparer.Ordinal), texts.Order(StringComparer.Ordinal));
    }

    private static Dictionary<string, (List<string> Columns, List<string> Key)> Sqlite()
    {
        using var folder = new TemporaryFolder();
        var engine = new SqliteEngine("Data Source=store.db", folder.Path);
        return Tables(engine).Concat(Tables(engine.Accounts)).Concat(Tables(engine.Service)).DistinctBy(table => table.Key).ToDictionary();
    }

    private static Dictionary<string, (List<string> Columns, List<string> Key)> Tables(StoreEngine engine)
    {
        MasterStore.Open(engine, TimeProvider.System).Dispose();
        using var connection = (SqliteConnection)engine.Open();
        var tables = Read(connection, "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'").Select(row => (string)row[0]).ToList();
        return tables.ToDictionary(table => table, table =>
        {
            var columns = Read(connection, $"select name, type, pk from pragma_table_info('{table}') order by cid");
            return (
                columns.Select(column => $"{table}.{column[0]}{((string)column[1] is "TEXT" or "text" ? " text" : "")}").ToList(),
                columns.Where(column => (long)column[2] > 0).OrderBy(column => (long)column[2]).Select(column => (string)column[0]).ToList());
        });
    }

    private static List<object[]> Read(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<object[]>();
        while (reader.Read())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }

        return rows;
    }

    private static IEnumerable<string> Lines() => [.. Scripts().Append(SqlServerStaging.PrepareConnection).SelectMany(script => script.Split('\n', ','))];

    private static Dictionary<(string Table, string Column), int> Columns() => Indexes.Widths(Scripts());

    private static IEnumerable<string> Scripts() => SqlServerTables.Migrations.Select(migration => migration.Script);
}

using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Tests.Store;

/// <summary>A store of every earlier version, with rows in every table, becomes one of today, and no value is lost on the way.</summary>
public abstract class MigrationTests<TStore> : IDisposable
    where TStore : TestStore, new()
{
    private readonly TStore _test = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("hub-migrations-").FullName;

    public void Dispose()
    {
        _test.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_store_of_every_earlier_version_is_brought_up_to_date_with_all_its_rows()
    {
        foreach (var version in Engine().Migrations.SkipLast(1).Select(migration => migration.Version))
        {
            using var test = new TStore();
            var folder = Directory.CreateDirectory(Path.Combine(_folder, $"{version}")).FullName;
            var engine = MasterStore.EngineOf(test.Settings, folder);
            Fill(engine, version);
            Dictionary<string, List<string>> before;
            using (var old = MasterStore.OpenAs(engine, TimeProvider.System, version))
                before = Rows(test, old, _ => null);

            using var store = test.Open(folder);

            Assert.Equal(engine.Migrations[^1].Version, store.SchemaVersion);
            var after = Rows(test, store, table => before.GetValueOrDefault(table)?[0]);
            foreach (var (table, rows) in before.Where(pair => after.ContainsKey(pair.Key)))
                Assert.True(rows.SequenceEqual(after[table]), $"from version {version}, {table}: {string.Join(" / ", rows)} became {string.Join(" / ", after[table])}");
        }
    }

    [Fact]
    public void A_store_of_a_newer_version_is_refused()
    {
        var engine = Engine();
        using (var connection = engine.Open())
        {
            MasterStore.Migrate(engine, connection);
            using var transaction = engine.Begin(connection);
            engine.SetSchemaVersion(connection, transaction, 99);
            transaction.Commit();
            engine.Close(connection);
        }

        var refused = Assert.Throws<StoreException>(() => _test.Open(_folder));
        Assert.Contains("schema version 99", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_that_open_a_new_store_at_once_make_it_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => _test.Open(_folder).Dispose(), TestContext.Current.CancellationToken)));
        using var store = _test.Open(_folder);
        Assert.Equal(store.Engine.Migrations[^1].Version, store.SchemaVersion);
    }

    private StoreEngine Engine() => MasterStore.EngineOf(_test.Settings, _folder);

    private void Fill(StoreEngine engine, int version)
    {
        using var store = MasterStore.OpenAs(engine, TimeProvider.System, version);
        using var transaction = store.Begin();
        foreach (var table in _test.Tables(store))
        {
            var columns = store.Engine is { Name: "SQLite" }
                ? transaction.Query<(string, string)>($"select name, type from pragma_table_info('{table}')")
                : transaction.Query<(string, string)>("select attname::text, format_type(atttypid, atttypmod) from pg_attribute where attrelid = to_regclass(@table) and attnum > 0 and not attisdropped order by attnum", new { table });
            for (var row = 1; row <= 3; row++)
                transaction.Execute($"insert into {table} ({string.Join(", ", columns.Select(column => $"\"{column.Item1}\""))}) values ({string.Join(", ", columns.Select((column, i) => Value(column.Item2, (row * 100) + i, store.Engine.Name)))})");
        }

        transaction.Commit();
    }

    private static string Value(string type, int number, string engine) => type.ToUpperInvariant() switch
    {
        "INTEGER" or "BIGINT" => FormattableString.Invariant($"{number}"),
        "REAL" or "DOUBLE PRECISION" => FormattableString.Invariant($"{number}.5"),
        "BLOB" or "BYTEA" => engine == "SQLite" ? FormattableString.Invariant($"x'{number:x4}'") : FormattableString.Invariant($"'\\x{number:x4}'"),
        _ => FormattableString.Invariant($"'text {number} é'"),
    };

    /// <summary>By table the columns, and then the rows; only some columns where those are given.</summary>
    private static Dictionary<string, List<string>> Rows(TStore test, MasterStore store, Func<string, string?> columnsOf)
    {
        var rows = new Dictionary<string, List<string>>();
        foreach (var table in test.Tables(store))
        {
            var columns = columnsOf(table) ?? string.Join(", ", test.Columns(store, table));
            rows[table] = [columns, .. store.Query<dynamic>($"select {columns} from {table} order by 1, 2").Select(row => string.Join('|', ((IDictionary<string, object>)row).Values.Select(value => value is byte[] bytes ? Convert.ToHexString(bytes) : value)))];
        }

        return rows;
    }
}

public sealed class MigrationOnSqliteTests : MigrationTests<SqliteStore>;

public sealed class MigrationOnPostgreSqlTests : MigrationTests<PostgreSqlStore>
{
    [Fact]
    public void The_schema_is_the_same_as_on_SQLite()
    {
        using var sqlite = new SqliteStore();
        using var postgres = new PostgreSqlStore();
        var folder = Directory.CreateTempSubdirectory("hub-schema-").FullName;
        using (var left = sqlite.Open(folder))
        using (var right = postgres.Open(folder))
        {
            // On SQLite the accounts and the service have files of their own.
            using var accounts = MasterStore.Open(left.Engine.Accounts, TimeProvider.System);
            using var service = MasterStore.Open(left.Engine.Service, TimeProvider.System);
            MasterStore[] files = [left, accounts, service];
            Assert.Equal(
                files.SelectMany(file => file.Engine.Migrations).Select(migration => migration.Version).Distinct().Order(),
                right.Engine.Migrations.Select(migration => migration.Version));
            Assert.Equal(files.SelectMany(file => Columns(sqlite, file)).Distinct().Order(StringComparer.Ordinal), Columns(postgres, right));
        }

        Directory.Delete(folder, recursive: true);
    }

    private static IEnumerable<string> Columns(TestStore test, MasterStore store) =>
        test.Tables(store).SelectMany(table => test.Columns(store, table).Select(column => $"{table}.{column.Trim('"')}")).Order(StringComparer.Ordinal);
}

using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Tests.Store;

/// <summary>What the rest of the program relies on, whatever the engine.</summary>
public abstract class StoreTests<TStore> : IDisposable
    where TStore : TestStore, new()
{
    // A NUL, the character that stands for one on PostgreSQL, and what looks like its escape.
    private const string Odd = "a\0b\uFDD0c\uFDD00\U0001F600é";

    private readonly TStore _test = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("hub-store-").FullName;
    private readonly MasterStore _store;

    protected StoreTests() => _store = _test.Open(_folder);

    public void Dispose()
    {
        _store.Dispose();
        _test.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Any_text_comes_back_as_it_was()
    {
        using var transaction = _store.Begin();
        using (var insert = transaction.Insert("receipt", ["connection", "stream", "id", "run_id", "at"]))
        {
            foreach (var text in (string[])[Odd, "", "plain", new string('é', 5000)])
            {
                insert.Text("c");
                insert.Text(text);
                insert.Text("1");
                insert.Int64(1);
                insert.Int64(2);
                insert.EndRow();
            }
        }

        transaction.Execute("insert into setting (name, value) values (@name, @value)", new { name = Odd, value = Odd });
        Assert.Equal(["", Odd, "plain", new string('é', 5000)], transaction.Query<string>("select stream from receipt").Order(StringComparer.Ordinal));
        Assert.Equal(Odd, transaction.Scalar<string>("select value from setting where name = @Odd", new { Odd }));
        Assert.Equal((Odd, Odd), transaction.First<(string, string)>("select name, value from setting"));
        Assert.Equal(Odd, transaction.First<Setting>("select name, value from setting")!.Value);
        using var rows = transaction.Read("select name, value from setting where name = @name", ("name", Odd));
        Assert.True(rows.Next());
        Assert.Equal(Odd, rows.Text(0));
        Assert.Equal(Odd, System.Text.Encoding.UTF8.GetString(rows.Utf8(1)));
    }

    [Fact]
    public void A_record_is_found_by_any_text()
    {
        using var transaction = _store.Begin();
        PutKeys(transaction, (Odd, 1), ("x", 2), ("y", 3));
        using var found = transaction.Lookup("source_key", ("inbound_id", 7), "source_id", ["y", "nobody", Odd], "record_id", "source_id");
        var rows = new List<(int, long, string)>();
        while (found.Next())
            rows.Add((found.Index, found.Int64(0), System.Text.Encoding.UTF8.GetString(found.Utf8(1))));
        Assert.Equal([(0, 3, "y"), (2, 1, Odd)], rows);
    }

    [Fact]
    public void Half_a_character_does_not_stop_a_page()
    {
        using var transaction = _store.Begin();
        transaction.Execute("insert into setting (name, value) values ('half', @value)", new { value = "x\uD83D" });
        Assert.Equal("x\uFFFD", transaction.Scalar<string>("select value from setting"));
    }

    [Fact]
    public void Rows_are_found_in_the_order_asked_and_those_of_one_value_in_the_order_of_the_index()
    {
        using var transaction = _store.Begin();
        PutEdges(transaction, WhenExists.Fail, (5, 9, 1), (5, 2, 1), (3, 1, 1), (5, 4, 1), (8, 8, 1));
        using var found = transaction.Lookup("edge", "a", new long[] { 5, 4, 3, 5 }, "b");
        var rows = new List<(int, long)>();
        while (found.Next())
            rows.Add((found.Index, found.Int64(0)));
        Assert.Equal([(0, 2), (0, 4), (0, 9), (2, 1), (3, 2), (3, 4), (3, 9)], rows);
    }

    [Fact]
    public void Many_values_are_looked_up_while_another_look_up_is_open()
    {
        using var transaction = _store.Begin();
        PutEdges(transaction, WhenExists.Fail, [.. Enumerable.Range(1, 20_000).Select(n => (n, n + 1, 1))]);
        long[] all = [.. Enumerable.Range(1, 20_000)];
        using var one = transaction.Lookup("edge", "a", all, "b");
        using var other = transaction.Lookup("edge", "a", all, "b", "bits");
        for (var n = 0; n < 20_000; n++)
        {
            Assert.True(one.Next() && other.Next());
            Assert.Equal((n, n + 2L, n, 1.0), (one.Index, one.Int64(0), other.Index, other.Double(1)));
        }

        Assert.False(one.Next());
        Assert.False(other.Next());
    }

    [Fact]
    public void A_row_whose_key_exists_is_kept_replaced_or_refused()
    {
        using (var transaction = _store.Begin())
        {
            PutEdges(transaction, WhenExists.Fail, (1, 1, 10), (2, 2, 20));
            PutEdges(transaction, WhenExists.Keep, (1, 1, 11), (3, 3, 30), (3, 3, 31));
            PutEdges(transaction, WhenExists.Replace, (2, 2, 21), (4, 4, 40), (4, 4, 41));
            Assert.Equal([10, 21, 30, 41], transaction.Query<double>("select bits from edge order by a"));
            transaction.Commit();
        }

        using var again = _store.Begin();
        Assert.ThrowsAny<Exception>(() => PutEdges(again, WhenExists.Fail, (1, 1, 12)));
    }

    [Fact]
    public void A_replaced_row_keeps_nothing_of_the_one_before()
    {
        using var transaction = _store.Begin();
        transaction.Execute("insert into master (id, entity, data, data_hash, version, changed_at, changed_run, merged_into, ended_run) values (1, 'x', '{}', 1, 1, 1, 1, 5, 6)");
        using (var insert = transaction.Insert("master", ["id", "entity", "data", "data_hash", "version", "changed_at", "changed_run"], WhenExists.Replace))
        {
            insert.Int64(1);
            insert.Text("y");
            insert.Utf8("{}"u8);
            for (var n = 0; n < 4; n++)
                insert.Int64(2);
            insert.EndRow();
        }

        Assert.Equal(("y", null, null), transaction.First<(string, long?, long?)>("select entity, merged_into, ended_run from master"));
    }

    [Fact]
    public void Two_inserts_may_be_open_at_once()
    {
        using var transaction = _store.Begin();
        using (var one = transaction.Insert("term", ["hash", "records"]))
        using (var other = transaction.Insert("xref", ["record_id", "master_id"], WhenExists.Replace))
        {
            for (var n = 0; n < 100; n++)
            {
                foreach (var insert in (BulkInsert[])[one, other])
                {
                    insert.Int64(n);
                    insert.Int64(n);
                    insert.EndRow();
                }
            }
        }

        Assert.Equal((100, 100), transaction.First<(long, long)>("select (select count(*) from term), (select count(*) from xref)"));
    }

    [Fact]
    public void A_batch_holds_what_was_put_last_however_often()
    {
        using var transaction = _store.Begin();
        long[] numbers = [.. Enumerable.Range(0, 9000)];
        for (var round = 0; round < 20; round++)
            transaction.Batch(numbers);
        Assert.Equal(9000, transaction.Scalar<long>("select count(*) from batch"));
        transaction.Batch([(3L, 30L), (4L, 40L)]);
        PutEdges(transaction, WhenExists.Fail, (3, 30, 1), (3, 40, 1), (4, 40, 1));
        Assert.Equal(2, transaction.DeleteBatch("edge", "a", "b"));
        transaction.Batch(["x", "y"]);
        Assert.Equal(["x", "y"], transaction.Query<string>("select t from batch order by i"));
    }

    [Fact]
    public void What_is_not_committed_leaves_no_trace_and_numbers_are_given_back()
    {
        using (var transaction = _store.Begin())
        {
            Assert.Equal(1, transaction.Allocate("n", 5));
            transaction.Commit();
        }

        using (var transaction = _store.Begin())
        {
            Assert.Equal(6, transaction.Allocate("n", 5));
            PutEdges(transaction, WhenExists.Replace, (1, 1, 1));
            transaction.Batch([1L]);
        }

        using (var transaction = _store.Begin())
        {
            Assert.Equal(6, transaction.Allocate("n", 1));
            Assert.Equal(0, transaction.Scalar<long>("select count(*) from edge"));
            PutEdges(transaction, WhenExists.Replace, (1, 1, 1));
            Assert.Equal(1, transaction.Scalar<long>("select count(*) from edge"));
        }
    }

    [Fact]
    public void A_rehearsal_is_undone_and_its_steps_are_undone_one_by_one()
    {
        using (_store.Rehearse())
        {
            using (var transaction = _store.Begin())
            {
                PutEdges(transaction, WhenExists.Fail, (1, 1, 1));
                transaction.Commit();
            }

            using (var transaction = _store.Begin())
                PutEdges(transaction, WhenExists.Replace, (2, 2, 1), (1, 1, 2));
            using (var transaction = _store.Begin())
                PutEdges(transaction, WhenExists.Replace, (3, 3, 1));
            Assert.Equal([1.0], _store.Query<double>("select bits from edge"));
        }

        Assert.Equal(0, _store.Scalar<long>("select count(*) from edge"));
    }

    [Fact]
    public async Task Who_writes_keeps_others_out_and_is_named()
    {
        var (mine, theirs) = (MasterStore.EngineOf(_test.Settings, _folder), MasterStore.EngineOf(_test.Settings, _folder));
        Assert.Null(theirs.Holder());
        using (await mine.LockAsync("run", LockMode.Alone, TimeSpan.Zero, _ => { }, TimeProvider.System, TestContext.Current.CancellationToken))
        {
            Assert.Contains($"hub run, process {Environment.ProcessId} on ", theirs.Holder(), StringComparison.Ordinal);
            var refused = await Assert.ThrowsAsync<StoreException>(() => theirs.LockAsync("run", LockMode.Alone, TimeSpan.FromMilliseconds(300), _ => { }, TimeProvider.System, TestContext.Current.CancellationToken));
            Assert.Contains("another hub is at work", refused.Message, StringComparison.Ordinal);
            Assert.Contains($"process {Environment.ProcessId}", refused.Message, StringComparison.Ordinal);
        }

        using var now = await theirs.LockAsync("run", LockMode.Alone, TimeSpan.FromSeconds(5), _ => { }, TimeProvider.System, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Relaxed_commits_are_there_for_everybody()
    {
        using (_store.Relax())
        {
            using var transaction = _store.Begin();
            PutEdges(transaction, WhenExists.Fail, (1, 1, 1));
            transaction.Commit();
        }

        using var other = _test.Open(_folder);
        Assert.Equal(1, other.Scalar<long>("select count(*) from edge"));
    }

    [Fact]
    public void The_store_tells_of_itself()
    {
        Assert.Equal(_store.Engine.Migrations[^1].Version, _store.SchemaVersion);
        Assert.True(_store.Engine.Exists());
        Assert.Empty(_store.Check());
        Assert.True(_store.Size > 0);
    }

    private static void PutEdges(StoreTransaction transaction, WhenExists existing, params (int A, int B, double Bits)[] edges)
    {
        using var insert = transaction.Insert("edge", ["a", "b", "bits", "guard"], existing);
        foreach (var (a, b, bits) in edges)
        {
            insert.Int64(a);
            insert.Int64(b);
            insert.Double(bits);
            insert.Int64(0);
            insert.EndRow();
        }
    }

    private static void PutKeys(StoreTransaction transaction, params (string Id, long Record)[] keys)
    {
        using var insert = transaction.Insert("source_key", ["inbound_id", "source_id", "record_id", "row_hash"], WhenExists.Replace);
        foreach (var (id, record) in keys)
        {
            insert.Int64(7);
            insert.Text(id);
            insert.Int64(record);
            insert.Null();
            insert.EndRow();
        }
    }

    private sealed record Setting
    {
        public string Name { get; init; } = "";

        public string Value { get; init; } = "";
    }
}

public sealed class StoreOnSqliteTests : StoreTests<SqliteStore>;

public sealed class StoreOnPostgreSqlTests : StoreTests<PostgreSqlStore>;

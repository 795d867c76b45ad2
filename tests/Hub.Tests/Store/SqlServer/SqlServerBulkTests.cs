using System.Data.Common;
using Crm.Integration.Hub.Store;
using Crm.Integration.Hub.Store.SqlServer;

namespace Crm.Integration.Hub.Tests.Store.SqlServer;

public sealed class SqlServerBulkTests : IDisposable
{
    private readonly FakeServer _server = new();
    private readonly DbConnection _connection;
    private readonly DbTransaction _transaction;

    public SqlServerBulkTests()
    {
        _connection = _server.Engine.Open();
        _transaction = _server.Engine.Begin(_connection);
        _server.Log.Clear();
    }

    public void Dispose()
    {
        _transaction.Dispose();
        _connection.Dispose();
    }

    [Fact]
    public void New_rows_are_copied_straight_into_the_table()
    {
        using (var insert = Insert("pending", ["record_id", "entity"], WhenExists.Fail))
        {
            Row(insert, 1, "customer");
            Row(insert, 2, null);
        }

        Assert.Equal(["copy to hub.pending"], _server.Log);
        Assert.Equal(["hub.pending: record_id, entity", "1|customer", "2|null"], _server.Copied);
    }

    [Fact]
    public void Rows_that_replace_others_go_by_a_staging_table()
    {
        string[] columns = ["record_id", "master_id"];
        using (var insert = Insert("xref", columns, WhenExists.Replace))
        {
            insert.Int64(7);
            insert.Int64(17);
            insert.EndRow();
        }

        var table = SqlServerTables.Own["xref"];
        var update = SqlServerStaging.Update("xref", table, columns)!;
        Assert.Equal(
            [SqlServerStaging.Create("xref", columns), "copy to #staged_xref", update, SqlServerStaging.Insert("xref", table, columns, last: true), SqlServerStaging.Drop("xref")],
            _server.Log);
        Assert.Equal(["#staged_xref: staged_order, record_id, master_id", "0|7|17"], _server.Copied);
    }

    [Fact]
    public void Where_existing_rows_stay_nothing_is_updated()
    {
        string[] columns = ["hash", "record_id"];
        using (var insert = Insert("match_key_recent", columns, WhenExists.Keep))
        {
            insert.Int64(7);
            insert.Int64(17);
            insert.EndRow();
        }

        Assert.DoesNotContain(_server.Log, sql => sql.StartsWith("update", StringComparison.Ordinal));
        Assert.Contains(SqlServerStaging.Insert("match_key_recent", SqlServerTables.Own["match_key_recent"], columns, last: false), _server.Log);
    }

    [Fact]
    public void An_insert_of_no_rows_sends_nothing()
    {
        Insert("xref", ["record_id", "master_id"], WhenExists.Replace).Dispose();

        Assert.Empty(_server.Log);
    }

    [Fact]
    public void Two_inserts_can_be_filled_side_by_side()
    {
        using (var fresh = Insert("pending", ["record_id", "entity"], WhenExists.Fail))
        using (var changed = Insert("pending", ["record_id", "entity"], WhenExists.Replace))
        {
            Row(fresh, 1, "a");
            Row(changed, 2, "b");
            Row(fresh, 3, "c");
        }

        Assert.Equal(["#staged_pending: staged_order, record_id, entity", "0|2|b", "hub.pending: record_id, entity", "1|a", "3|c"], _server.Copied);
    }

    [Fact]
    public void Many_rows_are_sent_in_sets()
    {
        using (var insert = Insert("pending", ["record_id", "entity"], WhenExists.Replace))
        {
            for (var i = 0; i < 50_000; i++)
                Row(insert, i, "customer");
        }

        Assert.Equal(3, _server.Log.Count(line => line == "copy to #staged_pending"));
        Assert.Equal(50_000 + 3, _server.Copied.Count);
        Assert.Equal("49999|49999|customer", _server.Copied[^1]);
    }

    [Fact]
    public void What_is_too_long_for_any_key_is_nothing_in_the_batch()
    {
        using (var insert = Insert("batch", ["i", "t"], WhenExists.Fail))
        {
            Row(insert, 0, new string('x', SqlServerStaging.LongestKey));
            Row(insert, 1, new string('x', SqlServerStaging.LongestKey + 1));
        }

        Assert.Equal(["copy to #batch"], _server.Log);
        Assert.Equal("1|null", _server.Copied[^1]);
    }

    [Fact]
    public void Numbers_are_looked_up_by_a_join_with_their_order()
    {
        var sql = SqlServerStaging.ByNumber("edge", SqlServerTables.Own["edge"], "a", ["b", "bits"]);
        _server.Answer(sql, FakeServer.Rows(["i", "b", "bits"], [0L, 21L, 1.5], [2L, 22L, 2.5]));

        using var rows = _server.Engine.BulkLookup(_transaction, "edge", "a", new long[] { 11, 12, 13 }, ["b", "bits"]);

        Assert.Equal(["truncate table #number", "copy to #number", sql], _server.Log);
        Assert.Equal(["#number: i, v", "0|11", "1|12", "2|13"], _server.Copied);
        Assert.True(rows.Next());
        Assert.True(rows.Next());
        Assert.Equal((2, 22L, 2.5), (rows.Index, rows.Int64(0), rows.Double(1)));
        Assert.False(rows.Next());
    }

    [Fact]
    public void A_text_too_long_for_the_column_is_not_even_asked_for()
    {
        var sql = SqlServerStaging.ByText("source_key", "inbound_id", "source_id", ["record_id"]);
        _server.Answer(sql, FakeServer.Rows(["i", "record_id"], [[1L, 5L]]));

        using var rows = _server.Engine.BulkLookup(_transaction, "source_key", ("inbound_id", 1), "source_id", [new string('x', 5000), "A1"], ["record_id"]);

        Assert.Equal(["#text: i, v", "1|A1"], _server.Copied);
        Assert.True(rows.Next());
        Assert.Equal((1, 5L), (rows.Index, rows.Int64(0)));
    }

    [Fact]
    public void Text_comes_back_as_UTF_8()
    {
        var sql = SqlServerStaging.ByNumber("source_record", SqlServerTables.Own["source_record"], "id", ["data", "gone_run"]);
        _server.Answer(sql, FakeServer.Rows(["i", "data", "gone_run"], [[0L, "{\"name\":\"王 Größe 𠮷\"}", null]]));

        using var rows = _server.Engine.BulkLookup(_transaction, "source_record", "id", new long[] { 1 }, ["data", "gone_run"]);

        Assert.True(rows.Next());
        Assert.Equal("{\"name\":\"王 Größe 𠮷\"}"u8.ToArray(), rows.Utf8(0).ToArray());
        Assert.True(rows.IsNull(1));
    }

    private BulkInsert Insert(string table, string[] columns, WhenExists existing) => _server.Engine.BulkInsert(_transaction, table, columns, existing);

    private static void Row(BulkInsert insert, long number, string? text)
    {
        insert.Int64(number);
        insert.Text(text);
        insert.EndRow();
    }
}

using Crm.Integration.Hub.Store.SqlServer;

namespace Crm.Integration.Hub.Tests.Store.SqlServer;

public sealed class TSqlTests
{
    private readonly TSql _sql = new(SqlServerTables.Own);

    [Theory]
    [InlineData("select id from master where id = @id", "select id from hub.master where id = @id")]
    [InlineData("select a.id from run a, master b where a.id = b.id", "select a.id from hub.run a, hub.master b where a.id = b.id")]
    [InlineData("insert into run (id, state) values (@id, 'from run')", "insert into hub.run (id, state) values (@id, 'from run')")]
    [InlineData("delete from pending where record_id in (select k from batch)", "delete from hub.pending where record_id in (select k from #batch)")]
    [InlineData("update run set state = 'done' where id = @id", "update hub.run set state = 'done' where id = @id")]
    [InlineData("select run, master from edge", "select run, master from hub.edge")]
    public void Tables_are_named_with_their_schema_and_nothing_else_is(string written, string sent) => Assert.Equal(sent, _sql.Of(written));

    [Fact]
    public void An_update_from_other_tables_names_its_own_among_them() => Assert.Equal(
        "update source_key set row_hash = null from hub.source_key as source_key, #batch b join hub.source_record r on r.id = b.k where source_key.source_id = r.source_id",
        _sql.Of("update source_key set row_hash = null from batch b join source_record r on r.id = b.k where source_key.source_id = r.source_id"));

    [Fact]
    public void An_update_with_a_question_inside_is_no_update_from_other_tables() => Assert.Equal(
        "update hub.outbound set delivered = (select count_big(*) from hub.delivery d where d.outbound_id = @Id) where id = @Id",
        _sql.Of("update outbound set delivered = (select count(*) from delivery d where d.outbound_id = @Id) where id = @Id"));

    [Fact]
    public void The_limit_at_the_end_becomes_an_offset_and_a_fetch() => Assert.Equal(
        "select id from hub.master order by id offset 0 rows fetch next @limit rows only",
        _sql.Of("select id from master order by id limit @limit"));

    [Theory]
    [InlineData("select id from run where id = @id order by id for update", "select id from hub.run with (updlock, rowlock) where id = @id order by id ")]
    [InlineData("select id from run order by id limit @n for update skip locked", "select id from hub.run with (updlock, rowlock, readpast) order by id offset 0 rows fetch next @n rows only ")]
    public void Rows_that_are_locked_are_locked_where_the_table_is_named(string written, string sent) => Assert.Equal(sent, _sql.Of(written));

    [Fact]
    public void Counting_is_in_64_bits_as_everywhere_else() => Assert.Equal(
        "select count_big(*) as count, count_big(distinct a) from hub.edge order by count_big(*)",
        _sql.Of("select count(*) as count, count(distinct a) from edge order by count(*)"));

    [Fact]
    public void Names_in_quotes_comments_and_texts_stay_as_they_are() => Assert.Equal(
        "select \"rule\" -- from master\nfrom hub.quarantine where message = 'it''s from master limit 1'",
        _sql.Of("select \"rule\" -- from master\nfrom quarantine where message = 'it''s from master limit 1'"));

    [Theory]
    [InlineData("select a||b, [c]]d], \"e\"\"f\", N'g', @h, 1.5e3 from x -- end")]
    [InlineData("where a <> 'b' and c<=@d/2")]
    public void Pieces_put_together_are_the_text(string sql) => Assert.Equal(sql, string.Concat(SqlTokens.Of(sql).Select(token => token.Text)));
}

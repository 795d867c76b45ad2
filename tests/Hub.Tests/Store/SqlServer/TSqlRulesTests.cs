using Crm.Integration.Hub.Store.SqlServer;

namespace Crm.Integration.Hub.Tests.Store.SqlServer;

public sealed class TSqlRulesTests
{
    [Theory]
    [InlineData("select id from hub.master order by id limit 1", "limit")]
    [InlineData("insert into hub.run (id) values (1) on conflict do nothing", "on conflict")]
    [InlineData("delete from hub.edge where (a, b) in (select k, v from #batch)", "a row value")]
    [InlineData("select i.connection || '/' from hub.inbound i", "||")]
    [InlineData("select 1 from hub.master where merged_into = true", "true")]
    [InlineData("select q.rule from hub.quarantine q", "rule is reserved")]
    [InlineData("select k from #batch b cross join hub.master m", "cross join")]
    [InlineData("merge hub.xref as t using #batch as b on t.a = b.k when matched then delete;", "merge")]
    [InlineData("create or alter view x as select 1", "create or alter")]
    [InlineData("waitfor delay '0:00:01'", "waitfor")]
    [InlineData("select id from hub.run with (updlock, readpast)", "a hint")]
    [InlineData("with x as (select 1 as a) update x set a = 2", "with … as")]
    [InlineData("select min(a, b) from hub.edge", "min(…) as SQLite has it")]
    [InlineData("select count(*) from hub.edge", "count(…) as SQLite has it")]
    [InlineData("select greatest(a, b) from hub.edge", "greatest (2022)")]
    [InlineData("select id from hub.run offset 0 rows fetch next 1 rows only", "offset without order by")]
    [InlineData("select id from hub.run where a is distinct from b", "is distinct from")]
    public void What_SQL_Server_2019_does_not_know_or_we_do_not_trust_is_found(string sql, string what) =>
        Assert.Contains(TSqlRules.Violations(sql), violation => violation.StartsWith(what, StringComparison.Ordinal));

    [Theory]
    [InlineData("select count_big(*) as count from hub.quarantine where \"rule\" = @rule and [key] = 'on conflict || limit 1' -- merge")]
    [InlineData("select id from hub.master where id in (1, 2) and coalesce(a, b) = 1 order by id offset 0 rows fetch next @n rows only")]
    [InlineData("insert into hub.run (id, state) values (@id, 'x')")]
    public void A_good_statement_is_not_held_up(string sql) => Assert.Empty(TSqlRules.Violations(sql));

    [Fact]
    public void What_no_test_makes_the_program_ask_keeps_to_the_rules_too()
    {
        var sql = new TSql(SqlServerTables.Own);
        var violations = PortableSqlTests.Statements().SelectMany(statement => TSqlRules.Violations(sql.Of(statement.Sql)).Select(violation => $"{statement.Path}: {violation}: {statement.Sql}")).ToList();

        Assert.True(violations.Count == 0, string.Join(Environment.NewLine, violations));
    }

    [Fact]
    public void The_migrations_keep_to_the_rules() =>
        Assert.Empty(SqlServerTables.Migrations.SelectMany(migration => TSqlRules.Violations(migration.Script)));
}

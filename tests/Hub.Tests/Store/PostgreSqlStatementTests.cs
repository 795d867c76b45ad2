using Crm.Integration.Hub.Store.PostgreSql;

namespace Crm.Integration.Hub.Tests.Store;

public sealed class PostgreSqlStatementTests
{
    [Theory]
    [InlineData("delete from pending where record_id in (select k from batch)", "delete from pending where record_id = any (array(select k from batch))")]
    [InlineData("select x.record_id from batch b join xref x on x.record_id = b.k", "select x.record_id from batch b join xref x on x.record_id = b.k")]
    public void Rows_of_the_batch_are_looked_up_as_an_array_and_joins_stay(string written, string sent) =>
        Assert.Equal(sent, new PostgreSqlEngine("Host=localhost;Database=hub").Sql(written));
}

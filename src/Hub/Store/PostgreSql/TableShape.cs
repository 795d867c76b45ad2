using System.Data.Common;
using Dapper;

namespace Crm.Integration.Hub.Store.PostgreSql;

/// <summary>A table's columns, as far as replacing rows needs them.</summary>
/// <param name="Key">The primary key.</param>
/// <param name="Columns">All columns.</param>
internal sealed record TableShape(IReadOnlyList<string> Key, IReadOnlyList<string> Columns)
{
    /// <summary>Reads it from the catalogue.</summary>
    public static TableShape Read(DbConnection connection, DbTransaction transaction, string schema, string table)
    {
        var columns = connection.Query<(string Name, int KeyPosition)>(
            """
            select a.attname, coalesce(array_position(i.indkey::int2[], a.attnum), -1)
            from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            left join pg_index i on i.indrelid = c.oid and i.indisprimary
            where n.nspname = @schema and c.relname = @table order by a.attnum
            """,
            new { schema, table },
            transaction).AsList();
        return new TableShape(
            [.. columns.Where(column => column.KeyPosition >= 0).OrderBy(column => column.KeyPosition).Select(column => PostgreSqlEngine.Quote(column.Name))],
            [.. columns.Select(column => PostgreSqlEngine.Quote(column.Name))]);
    }

    /// <summary>The statement that takes rows over from where they gathered.</summary>
    /// <param name="table">The table.</param>
    /// <param name="staging">Where the rows are, in the order of their column <c>staged</c>.</param>
    /// <param name="columns">The columns that they have.</param>
    /// <param name="existing">What happens to a row whose key exists.</param>
    public string Insert(string table, string staging, string columns, WhenExists existing)
    {
        var key = string.Join(", ", Key);
        if (existing == WhenExists.Keep)
            return $"insert into {table} ({columns}) select {columns} from {staging} order by staged on conflict ({key}) do nothing";

        // The new row takes the place of the old one: what it does not say is as if it had never been said.
        var given = columns.Split(", ");
        string[] set = [.. Columns.Except(Key).Select(column => given.Contains(column) ? $"{column} = excluded.{column}" : $"{column} = default")];
        var action = set.Length == 0 ? "nothing" : "update set " + string.Join(", ", set);
        return $"insert into {table} ({columns}) select distinct on ({key}) {columns} from {staging} order by {key}, staged desc on conflict ({key}) do {action}";
    }
}

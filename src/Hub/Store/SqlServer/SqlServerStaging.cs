namespace Crm.Integration.Hub.Store.SqlServer;

/// <summary>
/// The statements around a bulk copy. Rows that may exist already go to a temporary table first and over from there, by an update and an
/// insert: MERGE does the same in one statement, with a long list of known faults.
/// </summary>
internal static class SqlServerStaging
{
    /// <summary>Numbers to look up, in order.</summary>
    public const string NumberTable = "#number";

    /// <summary>Texts to look up, in order.</summary>
    public const string TextTable = "#text";

    /// <summary>The longest text that any index of ours can hold: a longer one need not be looked up.</summary>
    public const int LongestKey = 800;

    /// <summary>What a connection needs: to be sent without parameters, or the tables end with the statement that made them.</summary>
    public const string PrepareConnection =
        """
        drop table if exists #batch, #candidate, #number, #text;
        create table #batch (i bigint not null primary key, k bigint, v bigint, t nvarchar(800) collate Latin1_General_100_BIN2);
        create table #candidate (master_id bigint not null primary key);
        create table #number (i bigint not null primary key, v bigint not null);
        create table #text (i bigint not null primary key, v nvarchar(800) collate Latin1_General_100_BIN2 not null);
        """;

    /// <summary>Empties the batch.</summary>
    public const string ClearBatch = "truncate table #batch";

    /// <summary>The name of a staging table.</summary>
    public static string Name(string table) => "#staged_" + table;

    /// <summary>Makes a staging table with the columns of a table as they are there, and their order of arrival.</summary>
    public static string Create(string table, IReadOnlyList<string> columns) =>
        $"select top (0) cast(0 as bigint) as staged_order, {List(columns, "s")} into {Name(table)} from {SqlServerTables.Schema}.{table} s";

    /// <summary>Updates the rows that exist: columns that are not given fall back to what a new row would have.</summary>
    /// <returns>Null when there is nothing to update.</returns>
    public static string? Update(string table, SqlServerTable shape, IReadOnlyList<string> columns)
    {
        var values = shape.Columns.Select(column => column.Name).Except(shape.Key)
            .Select(column => columns.Contains(column) ? $"[{column}] = s.[{column}]" : $"[{column}] = default").ToList();
        return values.Count == 0 ? null :
            $"""
            update t set {string.Join(", ", values)}
            from {SqlServerTables.Schema}.{table} as t join {Distinct(table, shape, columns, last: true)} as s on {Same(shape, "t", "s")}
            """;
    }

    /// <summary>Inserts the rows that do not exist, in the order in which they came.</summary>
    /// <param name="table">The table.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="columns">The columns given.</param>
    /// <param name="last">Whether of several rows with one key the last counts, or the first.</param>
    public static string Insert(string table, SqlServerTable shape, IReadOnlyList<string> columns, bool last) =>
        $"""
        insert into {SqlServerTables.Schema}.{table} ({List(columns)})
        select {List(columns, "s")} from {Distinct(table, shape, columns, last)} as s
        where not exists (select 1 from {SqlServerTables.Schema}.{table} as t where {Same(shape, "t", "s")})
        order by s.staged_order
        """;

    /// <summary>Ends a staging table.</summary>
    public static string Drop(string table) => $"drop table {Name(table)}";

    /// <summary>Rows by a number, in the order of the numbers; several rows of one number in the order of the first column, if that is one, too.</summary>
    public static string ByNumber(string table, SqlServerTable shape, string column, IReadOnlyList<string> columns)
    {
        var several = shape.Key is not [var only] || only != column;
        return $"""
            select n.i, {List(columns, "t")} from {NumberTable} as n join {SqlServerTables.Schema}.{table} as t on t.[{column}] = n.v
            order by n.i{(several && !shape.IsText(columns[0]) ? $", t.[{columns[0]}]" : "")}
            """;
    }

    /// <summary>Rows by a number that all have, and a text. Texts that differ by blanks at the end compare as equal; their lengths differ.</summary>
    public static string ByText(string table, string prefix, string column, IReadOnlyList<string> columns) =>
        $"""
        select n.i, {List(columns, "t")} from {TextTable} as n
        join {SqlServerTables.Schema}.{table} as t on t.[{prefix}] = @prefix and t.[{column}] = n.v and datalength(t.[{column}]) = datalength(n.v)
        order by n.i
        """;

    /// <summary>Deletes the rows whose columns are in k and v of the batch.</summary>
    public static string DeleteBatch(string table, string first, string second) =>
        $"delete t from {SqlServerTables.Schema}.{table} as t join #batch as b on t.[{first}] = b.k and t.[{second}] = b.v";

    private static string Distinct(string table, SqlServerTable shape, IReadOnlyList<string> columns, bool last) =>
        $"""
        (select d.* from (
            select a.staged_order, {List(columns, "a")}, row_number() over (partition by {string.Join(", ", shape.Key.Select(key => Whole(shape, "a", key)))} order by a.staged_order{(last ? " desc" : "")}) as staged_turn
            from {Name(table)} as a) as d where d.staged_turn = 1)
        """;

    private static string Same(SqlServerTable shape, string left, string right) => string.Join(" and ", shape.Key.Select(key =>
        $"{left}.[{key}] = {right}.[{key}]" + (shape.IsText(key) ? $" and datalength({left}.[{key}]) = datalength({right}.[{key}])" : "")));

    private static string Whole(SqlServerTable shape, string alias, string key) => $"{alias}.[{key}]" + (shape.IsText(key) ? $", datalength({alias}.[{key}])" : "");

    private static string List(IReadOnlyList<string> columns, string? alias = null) =>
        string.Join(", ", columns.Select(column => alias is null ? $"[{column}]" : $"{alias}.[{column}]"));
}

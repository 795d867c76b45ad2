using System.Data.Common;
using Dapper;

namespace Crm.Integration.Hub.Store;

/// <summary>Runs statements as an engine wants them, on a connection and in its transaction, if there is one.</summary>
/// <param name="engine">The engine.</param>
/// <param name="connection">The connection.</param>
/// <param name="transaction">The transaction, or null.</param>
internal readonly struct Statements(StoreEngine engine, DbConnection connection, DbTransaction? transaction)
{
    /// <summary>Runs a statement.</summary>
    /// <returns>The number of rows it touched.</returns>
    public int Execute(string sql, object? parameters) => connection.Execute(engine.Sql(sql), Given(parameters), transaction);

    /// <summary>Deletes what <see cref="StoreEngine.DeleteBatch"/> says.</summary>
    public int DeleteBatch(string table, string first, string second) => connection.Execute(engine.DeleteBatch(table, first, second), transaction: transaction);

    /// <summary>The rows of a query, read at once.</summary>
    public List<T> Query<T>(string sql, object? parameters)
    {
        var rows = connection.Query<T>(engine.Sql(sql), Given(parameters), transaction).AsList();
        for (var i = 0; engine.WritesTextDifferently && i < rows.Count; i++)
            rows[i] = StoredText.Read(engine, rows[i])!;
        return rows;
    }

    /// <summary>The rows of a query, one by one.</summary>
    public IEnumerable<T> Stream<T>(string sql, object? parameters)
    {
        var by = engine;
        var rows = connection.Query<T>(engine.Sql(sql), Given(parameters), transaction, buffered: false);
        return by.WritesTextDifferently ? rows.Select(row => StoredText.Read(by, row)!) : rows;
    }

    /// <summary>The first row of a query, or default.</summary>
    public T? First<T>(string sql, object? parameters) => Restored(connection.QueryFirstOrDefault<T>(engine.Sql(sql), Given(parameters), transaction));

    /// <summary>The first column of the first row.</summary>
    public T? Scalar<T>(string sql, object? parameters) => Restored(connection.ExecuteScalar<T>(engine.Sql(sql), Given(parameters), transaction));

    /// <summary>The rows of a query, one by one, without reflection.</summary>
    public StoreRows Read(string sql, ReadOnlySpan<(string Name, object? Value)> parameters) => StoreRows.Of(engine, connection, transaction, sql, parameters);

    private T? Restored<T>(T? row) => engine.WritesTextDifferently ? StoredText.Read(engine, row) : row;

    private object? Given(object? parameters) => parameters is not null && engine.WritesTextDifferently ? new StoredText.Parameters(engine, parameters) : parameters;
}

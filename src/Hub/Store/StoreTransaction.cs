using System.Data.Common;

namespace Crm.Integration.Hub.Store;

/// <summary>A transaction: all of it or nothing. Ended without <see cref="Commit"/>, it leaves no trace.</summary>
internal sealed class StoreTransaction : IDisposable
{
    private readonly DbTransaction _transaction;
    private readonly string? _savepoint;
    private readonly Statements _statements;
    private bool _ended;

    private readonly IDisposable? _turn;

    internal StoreTransaction(MasterStore store, DbTransaction transaction, string? savepoint, IDisposable? turn)
    {
        Store = store;
        _turn = turn;
        _transaction = transaction;
        _statements = new Statements(store.Engine, transaction.Connection!, transaction);
        _savepoint = savepoint;
        if (savepoint is not null)
            transaction.Save(savepoint);
    }

    /// <summary>The store.</summary>
    public MasterStore Store { get; }

    /// <summary>Whether it has ended, one way or the other.</summary>
    internal bool IsOver { get; private set; }

    /// <summary>Runs a statement.</summary>
    /// <returns>The number of rows it touched.</returns>
    public int Execute(string sql, object? parameters = null) => _statements.Execute(sql, parameters);

    /// <summary>The rows of a query, read at once.</summary>
    public List<T> Query<T>(string sql, object? parameters = null) => _statements.Query<T>(sql, parameters);

    /// <summary>The first row of a query, or default.</summary>
    public T? First<T>(string sql, object? parameters = null) => _statements.First<T>(sql, parameters);

    /// <summary>The first column of the first row.</summary>
    public T? Scalar<T>(string sql, object? parameters = null) => _statements.Scalar<T>(sql, parameters);

    /// <summary>The rows of a query, one by one: for many rows, read without reflection. Ended before the next statement.</summary>
    public StoreRows Read(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) => _statements.Read(sql, parameters);

    /// <summary>Very many rows of these tables are new or have changed, and are about to be asked for.</summary>
    public void Refresh(params IReadOnlyList<string> tables) => Store.Engine.Refresh(_transaction, tables);

    /// <summary>A fast way to put many rows into a table; end it before the next statement.</summary>
    public BulkInsert Insert(string table, IReadOnlyList<string> columns, WhenExists existing = WhenExists.Fail)
    {
        StoreTrace.Insert(table, columns, existing);
        return Store.Engine.BulkInsert(_transaction, table, columns, existing);
    }

    /// <summary>The rows that have some value in an integer column, for many values; end it before the next statement.</summary>
    public BulkLookup Lookup(string table, string column, ReadOnlyMemory<long> values, params IReadOnlyList<string> columns)
    {
        StoreTrace.Lookup(table, prefix: null, column, columns);
        return Store.Engine.BulkLookup(_transaction, table, column, values, columns);
    }

    /// <summary>The rows that have some number in one column and some text in another, for many texts; end it before the next statement.</summary>
    public BulkLookup Lookup(string table, (string Column, long Value) prefix, string column, IReadOnlyList<string> values, params IReadOnlyList<string> columns)
    {
        StoreTrace.Lookup(table, prefix.Column, column, columns);
        return Store.Engine.BulkLookup(_transaction, table, prefix, column, values, columns);
    }

    /// <summary>Makes the table <c>batch</c> hold these numbers in column <c>k</c>, their positions in column <c>i</c>: statements join with it in place of asking one by one.</summary>
    public void Batch(ReadOnlySpan<long> numbers)
    {
        Store.Engine.ClearBatch(_transaction);
        using var insert = Insert("batch", ["i", "k"]);
        for (var i = 0; i < numbers.Length; i++)
        {
            insert.Int64(i);
            insert.Int64(numbers[i]);
            insert.EndRow();
        }
    }

    /// <summary>Makes the table <c>batch</c> hold these pairs in columns <c>k</c> and <c>v</c>, their positions in column <c>i</c>.</summary>
    public void Batch(ReadOnlySpan<(long K, long V)> pairs)
    {
        Store.Engine.ClearBatch(_transaction);
        using var insert = Insert("batch", ["i", "k", "v"]);
        for (var i = 0; i < pairs.Length; i++)
        {
            insert.Int64(i);
            insert.Int64(pairs[i].K);
            insert.Int64(pairs[i].V);
            insert.EndRow();
        }
    }

    /// <summary>Makes the table <c>batch</c> hold these texts in column <c>t</c>, their positions in column <c>i</c>.</summary>
    public void Batch(IReadOnlyList<string> texts)
    {
        Store.Engine.ClearBatch(_transaction);
        using var insert = Insert("batch", ["i", "t"]);
        for (var i = 0; i < texts.Count; i++)
        {
            insert.Int64(i);
            insert.Text(texts[i]);
            insert.EndRow();
        }
    }

    /// <summary>Deletes the rows of a table whose two columns are the pairs in <c>k</c> and <c>v</c> of the table <c>batch</c>.</summary>
    public int DeleteBatch(string table, string first, string second)
    {
        StoreTrace.DeleteBatch(table, first, second);
        return _statements.DeleteBatch(table, first, second);
    }

    /// <summary>Takes numbers from a sequence. They are given back if the transaction fails, and never given twice.</summary>
    /// <param name="sequence">Its name.</param>
    /// <param name="count">How many.</param>
    /// <returns>The first of them.</returns>
    public long Allocate(string sequence, long count)
    {
        const string Take = "update sequence set next = next + @count where name = @sequence";
        if (Execute(Take, new { sequence, count }) == 0)
        {
            // Two may be the first.
            using (var insert = Insert("sequence", ["name", "next"], WhenExists.Keep))
            {
                insert.Text(sequence);
                insert.Int64(1);
                insert.EndRow();
            }

            Execute(Take, new { sequence, count });
        }

        return Scalar<long>("select next from sequence where name = @sequence", new { sequence }) - count;
    }

    /// <summary>
    /// Takes numbers that are lost if the transaction fails, and never given twice: nobody waits for this transaction to end before
    /// he gets others.
    /// </summary>
    /// <param name="sequence">Its name.</param>
    /// <param name="count">How many.</param>
    /// <returns>The first of them.</returns>
    public long Reserve(string sequence, long count) => Store.Reserve(sequence, count) ?? Allocate(sequence, count);

    /// <summary>Makes everything durable.</summary>
    public void Commit()
    {
        if (_savepoint is null)
        {
            Store.BeforeCommit?.Invoke(this);
            _transaction.Commit();
            _turn?.Dispose();
        }
        else
        {
            Store.Engine.Release(_transaction, _savepoint);
        }

        _ended = IsOver = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_savepoint is null)
        {
            try
            {
                _transaction.Dispose();
            }
            finally
            {
                IsOver = true;
                _turn?.Dispose();
            }
        }
        else if (!_ended && !Store.Lost && _transaction.Connection is not null)
        {
            // Without a connection an error has undone it already, and must not be hidden by another.
            _transaction.Rollback(_savepoint);
            Store.Engine.Release(_transaction, _savepoint);
        }
    }
}

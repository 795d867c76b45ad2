using System.Data.Common;
using System.Text;
using Dapper;

namespace Crm.Integration.Hub.Store.SqlServer;

/// <summary>Copies rows into a table.</summary>
/// <param name="transaction">The open transaction.</param>
/// <param name="target">A table of the schema, or a temporary one.</param>
/// <param name="columns">The columns given.</param>
/// <param name="rows">Gathers them.</param>
internal delegate void BulkCopy(DbTransaction transaction, string target, IReadOnlyList<string> columns, DbDataReader rows);

/// <summary>
/// Gathers rows and sends them in large sets; what may exist already by way of a staging table. Nothing is open on the server between
/// two sets, so that several inserts can be filled side by side.
/// </summary>
internal sealed class SqlServerBulkInsert : BulkInsert
{
    private readonly BulkCopy _copy;
    private readonly DbTransaction _transaction;
    private readonly DbConnection _connection;
    private readonly string _table;
    private readonly IReadOnlyList<string> _columns;
    private readonly WhenExists _existing;
    private readonly SqlServerTable? _shape;
    private readonly StagedRows _rows;
    private long _order;
    private bool _staged;
    private bool _failed;

    /// <summary>An insert.</summary>
    public SqlServerBulkInsert(BulkCopy copy, SqlServerTables tables, DbTransaction transaction, string table, IReadOnlyList<string> columns, WhenExists existing)
    {
        _copy = copy;
        _transaction = transaction;
        _connection = transaction.Connection!;
        _table = table;
        _existing = existing;
        _shape = tables.Has(table) ? tables[table] : null;
        if (_shape is null && existing != WhenExists.Fail)
            throw new ArgumentException($"{table} is temporary: its rows cannot exist already", nameof(existing));
        _columns = columns;
        _rows = new StagedRows(IsStaged ? ["staged_order", .. columns] : columns);
        BeginRow();
    }

    private bool IsStaged => _existing != WhenExists.Fail;

    public override void Int64(long value) => _rows.Add(value);

    public override void Double(double value) => _rows.Add(value);

    // What is too long for any key matches none: in a table of what is looked for it may as well be nothing.
    public override void Text(string? value) => _rows.Add(value is null || (_shape is null && value.Length > SqlServerStaging.LongestKey) ? DBNull.Value : value);

    public override void Utf8(ReadOnlySpan<byte> value) => _rows.Add(Encoding.UTF8.GetString(value));

    public override void Bytes(ReadOnlySpan<byte> value) => _rows.Add(value.ToArray());

    public override void Null() => _rows.Add(DBNull.Value);

    public override void EndRow()
    {
        if (_rows.IsFull)
            Send();
        BeginRow();
    }

    public override void Dispose()
    {
        // After a failure there is no transaction to send to, and what it was must not be hidden by another one.
        if (_failed || _transaction.Connection is null)
            return;
        Send();
        if (!_staged)
            return;
        if (_existing == WhenExists.Replace && SqlServerStaging.Update(_table, _shape!, _columns) is { } update)
            _connection.Execute(update, transaction: _transaction);
        Added += _connection.Execute(SqlServerStaging.Insert(_table, _shape!, _columns, last: _existing == WhenExists.Replace), transaction: _transaction);
        _connection.Execute(SqlServerStaging.Drop(_table), transaction: _transaction);
    }

    private void BeginRow()
    {
        if (IsStaged)
            _rows.Add(_order++);
    }

    private void Send()
    {
        if (_rows.Count == 0)
            return;
        _failed = true;
        if (IsStaged && !_staged)
        {
            _connection.Execute(SqlServerStaging.Create(_table, _columns), transaction: _transaction);
            _staged = true;
        }

        var target = IsStaged ? SqlServerStaging.Name(_table) : _shape is null ? "#" + _table : $"{SqlServerTables.Schema}.{_table}";
        _copy(_transaction, target, IsStaged ? ["staged_order", .. _columns] : _columns, _rows);
        _rows.Clear();
        _failed = false;
    }
}

using System.Buffers;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Crm.Integration.Hub.Store.Sqlite;

/// <summary>
/// One prepared insert, bound and stepped through SQLite's own interface: ADO.NET's parameters cost more than the insert
/// itself.
/// </summary>
internal sealed class SqliteBulkInsert(SqliteConnection connection, sqlite3_stmt statement, int columns) : BulkInsert
{
    private int _column;

    public override void Int64(long value) => Check(raw.sqlite3_bind_int64(statement, ++_column, value));

    public override void Double(double value) => Check(raw.sqlite3_bind_double(statement, ++_column, value));

    public override void Null() => Check(raw.sqlite3_bind_null(statement, ++_column));

    public override void Utf8(ReadOnlySpan<byte> value) => Check(raw.sqlite3_bind_text(statement, ++_column, value));

    public override void Text(string? value)
    {
        if (value is null)
        {
            Null();
            return;
        }

        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        var rented = most > 512 ? ArrayPool<byte>.Shared.Rent(most) : null;
        var buffer = rented ?? stackalloc byte[512];
        Utf8(buffer[..Encoding.UTF8.GetBytes(value, buffer)]);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
    }

    public override void EndRow()
    {
        if (_column != columns)
            throw new InvalidOperationException($"{_column} columns given, {columns} expected");
        _column = 0;
        var step = raw.sqlite3_step(statement);
        var reset = raw.sqlite3_reset(statement);
        if (step != raw.SQLITE_DONE)
            SqliteException.ThrowExceptionForRC(reset, connection.Handle);
    }

    public override void Dispose() => raw.sqlite3_clear_bindings(statement);

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
            SqliteException.ThrowExceptionForRC(result, connection.Handle);
    }
}

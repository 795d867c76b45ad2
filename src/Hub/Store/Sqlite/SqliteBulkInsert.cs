using System.Buffers;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Crm.Integration.Hub.Store.Sqlite;

/// <summary>
/// One prepared insert, bound and stepped through SQLite's own interface: ADO.NET's parameters, and the reference counting
/// of a safe handle at each value, cost more than the insert itself. The statement is kept alive by the engine.
/// </summary>
internal sealed unsafe class SqliteBulkInsert(SqliteConnection connection, sqlite3_stmt statement, int columns) : BulkInsert
{
    private readonly nint _statement = statement.DangerousGetHandle();
    private readonly nint _connection = connection.Handle!.DangerousGetHandle();
    private int _column;

    public override void Int64(long value) => Check(SqliteNative.BindInt64(_statement, ++_column, value));

    public override void Double(double value) => Check(SqliteNative.BindDouble(_statement, ++_column, value));

    public override void Null() => Check(SqliteNative.BindNull(_statement, ++_column));

    public override void Utf8(ReadOnlySpan<byte> value)
    {
        // An empty span may have no address, and no address means null to SQLite.
        byte none = 0;
        fixed (byte* start = value)
            Check(SqliteNative.BindText(_statement, ++_column, start is null ? &none : start, value.Length, SqliteNative.Transient));
    }

    public override void Bytes(ReadOnlySpan<byte> value)
    {
        byte none = 0;
        fixed (byte* start = value)
            Check(SqliteNative.BindBlob(_statement, ++_column, start is null ? &none : start, value.Length, SqliteNative.Transient));
    }

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
        var step = SqliteNative.Step(_statement);
        var reset = SqliteNative.Reset(_statement);
        if (step != raw.SQLITE_DONE)
            SqliteException.ThrowExceptionForRC(reset, connection.Handle);
        Added += SqliteNative.Changes(_connection);
    }

    public override void Dispose() => raw.sqlite3_clear_bindings(statement);

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
            SqliteException.ThrowExceptionForRC(result, connection.Handle);
    }
}

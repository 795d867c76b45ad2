using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Crm.Integration.Hub.Store.Sqlite;

/// <summary>One prepared query, bound and stepped for each value; see <see cref="SqliteBulkInsert"/>.</summary>
internal sealed unsafe class SqliteLookup(SqliteConnection connection, sqlite3_stmt statement, ReadOnlyMemory<long> values) : BulkLookup
{
    private readonly nint _statement = statement.DangerousGetHandle();
    private int _index = -1;
    private bool _inside;

    public override int Index => _index;

    public override bool Next()
    {
        while (true)
        {
            if (!_inside)
            {
                if (++_index >= values.Length)
                    return false;
                SqliteException.ThrowExceptionForRC(SqliteNative.BindInt64(_statement, 1, values.Span[_index]), connection.Handle);
                _inside = true;
            }

            var step = SqliteNative.Step(_statement);
            if (step == raw.SQLITE_ROW)
                return true;
            var reset = SqliteNative.Reset(_statement);
            _inside = false;
            if (step != raw.SQLITE_DONE)
                SqliteException.ThrowExceptionForRC(reset, connection.Handle);
        }
    }

    public override bool IsNull(int column) => SqliteNative.ColumnType(_statement, column) == raw.SQLITE_NULL;

    public override long Int64(int column) => SqliteNative.ColumnInt64(_statement, column);

    public override double Double(int column) => SqliteNative.ColumnDouble(_statement, column);

    public override ReadOnlySpan<byte> Utf8(int column)
    {
        var start = SqliteNative.ColumnBlob(_statement, column);
        return new ReadOnlySpan<byte>(start, SqliteNative.ColumnBytes(_statement, column));
    }

    public override void Dispose()
    {
        // What a reset answers is the error of the last step, which was thrown then.
        _ = SqliteNative.Reset(_statement);
        _inside = false;
    }
}

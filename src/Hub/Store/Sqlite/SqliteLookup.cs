using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Crm.Integration.Hub.Store.Sqlite;

/// <summary>One prepared query, bound and stepped for each value; see <see cref="SqliteBulkInsert"/>.</summary>
internal abstract unsafe class SqliteLookup(SqliteConnection connection, sqlite3_stmt statement, int count) : BulkLookup
{
    private int _index = -1;
    private bool _inside;

    public override int Index => _index;

    protected nint Statement { get; } = statement.DangerousGetHandle();

    public override bool Next()
    {
        while (true)
        {
            if (!_inside)
            {
                if (++_index >= count)
                    return false;
                SqliteException.ThrowExceptionForRC(Bind(_index), connection.Handle);
                _inside = true;
            }

            var step = SqliteNative.Step(Statement);
            if (step == raw.SQLITE_ROW)
                return true;
            var reset = SqliteNative.Reset(Statement);
            _inside = false;
            if (step != raw.SQLITE_DONE)
                SqliteException.ThrowExceptionForRC(reset, connection.Handle);
        }
    }

    public override bool IsNull(int column) => SqliteNative.ColumnType(Statement, column) == raw.SQLITE_NULL;

    public override long Int64(int column) => SqliteNative.ColumnInt64(Statement, column);

    public override double Double(int column) => SqliteNative.ColumnDouble(Statement, column);

    public override ReadOnlySpan<byte> Utf8(int column)
    {
        var start = SqliteNative.ColumnBlob(Statement, column);
        return new ReadOnlySpan<byte>(start, SqliteNative.ColumnBytes(Statement, column));
    }

    public override ReadOnlySpan<byte> Bytes(int column) => Utf8(column);

    public override void Dispose()
    {
        // What a reset answers is the error of the last step, which was thrown then.
        _ = SqliteNative.Reset(Statement);
        _inside = false;
    }

    /// <summary>Binds the value at a position.</summary>
    protected abstract int Bind(int index);

    /// <summary>Looks numbers up.</summary>
    internal sealed class ByNumber(SqliteConnection connection, sqlite3_stmt statement, ReadOnlyMemory<long> values) : SqliteLookup(connection, statement, values.Length)
    {
        protected override int Bind(int index) => SqliteNative.BindInt64(Statement, 1, values.Span[index]);
    }

    /// <summary>Looks texts up, below a number.</summary>
    internal sealed class ByText(SqliteConnection connection, sqlite3_stmt statement, long prefix, IReadOnlyList<string> values) : SqliteLookup(connection, statement, values.Count)
    {
        private byte[] _buffer = new byte[256];

        protected override int Bind(int index)
        {
            var text = values[index];
            if (_buffer.Length < Encoding.UTF8.GetMaxByteCount(text.Length))
                _buffer = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
            var length = Encoding.UTF8.GetBytes(text, _buffer);
            if (index == 0)
                SqliteException.ThrowExceptionForRC(SqliteNative.BindInt64(Statement, 1, prefix), null);
            fixed (byte* start = _buffer)
                return SqliteNative.BindText(Statement, 2, start, length, SqliteNative.Transient);
        }
    }
}

using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Dapper;
using Npgsql;

namespace Crm.Integration.Hub.Store.PostgreSql;

/// <summary>
/// Rows in the format of binary COPY, gathered in memory and sent at the end, so that two inserts may be open at once. Where rows
/// may exist already they go to a temporary table first, and from there where they belong with one statement.
/// </summary>
internal sealed class CopyInsert : BulkInsert
{
    // Rows gathered beyond this go to the server at once.
    private const int MostBytes = 16 << 20;

    private readonly NpgsqlConnection _connection;
    private readonly Session _session;
    private readonly string _table;
    private readonly string _columns;
    private readonly int _count;
    private readonly TableShape? _shape;
    private readonly WhenExists _existing;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
    private int _length;
    private int _column;
    private long _rows;

    /// <summary>An insert.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="session">What belongs to it.</param>
    /// <param name="table">The table.</param>
    /// <param name="columns">The columns, in the order in which they will be given.</param>
    /// <param name="shape">The table's shape, where rows may exist.</param>
    /// <param name="existing">What happens to those.</param>
    public CopyInsert(NpgsqlConnection connection, Session session, string table, IReadOnlyList<string> columns, TableShape? shape, WhenExists existing)
    {
        (_connection, _session, _table, _shape, _existing) = (connection, session, table, shape, existing);
        _count = columns.Count;
        _columns = string.Join(", ", columns.Select(PostgreSqlEngine.Quote));
        Begin();
    }

    private static ReadOnlySpan<byte> Header => [0x50, 0x47, 0x43, 0x4F, 0x50, 0x59, 0x0A, 0xFF, 0x0D, 0x0A, 0x00, 0, 0, 0, 0, 0, 0, 0, 0];

    public override void Int64(long value) => BinaryPrimitives.WriteInt64BigEndian(Field(8), value);

    public override void Double(double value) => BinaryPrimitives.WriteDoubleBigEndian(Field(8), value);

    public override void Null()
    {
        BeginField(0);
        PutLength(-1);
    }

    public override void Utf8(ReadOnlySpan<byte> value)
    {
        if (NulText.Needs(value))
            Text(Encoding.UTF8.GetString(value));
        else
            value.CopyTo(Field(value.Length));
    }

    public override void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Field(value.Length));

    public override void Text(string? value)
    {
        if (value is null)
        {
            Null();
            return;
        }

        value = NulText.Encode(value);
        BeginField(Encoding.UTF8.GetMaxByteCount(value.Length));
        var length = Encoding.UTF8.GetBytes(value, _buffer.AsSpan(_length + 4));
        PutLength(length);
        _length += length;
    }

    public override void EndRow()
    {
        if (_column != _count)
            throw new InvalidOperationException($"{_column} columns given, {_count} expected");
        _column = 0;
        _rows++;
        if (_length > MostBytes)
        {
            Send();
            Begin();
        }
    }

    public override void Dispose()
    {
        if (_buffer.Length == 0)
            return;
        try
        {
            if (_rows > 0)
                Send();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }

    private void Begin()
    {
        Header.CopyTo(_buffer);
        _length = Header.Length;
        _rows = 0;
    }

    private void Send()
    {
        BinaryPrimitives.WriteInt16BigEndian(_buffer.AsSpan(_length), -1);
        _length += 2;
        var staging = _shape is null ? null : _session.Staging(_connection, _table, _columns);
        using (var copy = _connection.BeginRawBinaryCopy($"copy {staging?.Name ?? _table} ({(staging is null ? "" : "staged, ")}{_columns}) from stdin (format binary)"))
            copy.Write(_buffer, 0, _length);
        if (staging is not null)
        {
            staging.Add(_rows);
            Added += _connection.Execute(_shape!.Insert(_table, staging.Name, _columns, _existing));
        }
        else if (_table == _session.Batch.Name)
        {
            _session.Batch.Add(_rows);
        }
    }

    private Span<byte> Field(int length)
    {
        BeginField(length);
        PutLength(length);
        _length += length;
        return _buffer.AsSpan(_length - length, length);
    }

    private void BeginField(int most)
    {
        // The head of a row, the number of a staged row, the length, and the end of all rows.
        const int Overhead = 2 + 12 + 4 + 2;
        if (_buffer.Length - _length < most + Overhead)
            Grow(most + Overhead);
        if (_column++ > 0)
            return;
        BinaryPrimitives.WriteInt16BigEndian(_buffer.AsSpan(_length), (short)(_shape is null ? _count : _count + 1));
        _length += 2;
        if (_shape is null)
            return;
        PutLength(8);
        BinaryPrimitives.WriteInt64BigEndian(_buffer.AsSpan(_length), _rows);
        _length += 8;
    }

    private void PutLength(int length)
    {
        BinaryPrimitives.WriteInt32BigEndian(_buffer.AsSpan(_length), length);
        _length += 4;
    }

    private void Grow(int more)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _length + more));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}

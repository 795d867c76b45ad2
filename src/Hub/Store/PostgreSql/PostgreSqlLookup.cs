using System.Data.Common;
using Npgsql;
using NpgsqlTypes;

namespace Crm.Integration.Hub.Store.PostgreSql;

/// <summary>
/// Looks values up many at a time, a query for each slice of them. A slice is read whole before its first row is given: a connection
/// answers one query at a time, and two look-ups may be open at once.
/// </summary>
internal abstract class PostgreSqlLookup : BulkLookup
{
    private const int SliceValues = 4096;

    private readonly int _values;
    private readonly int _columns;

    // Row r's column c is _cells[r * columns + c]: a number, the bits of one, or where in _text its text begins.
    private readonly List<long> _cells = [];
    private readonly List<(bool IsNull, int Length)> _kinds = [];
    private byte[] _text = [];
    private int _textLength;
    private int[] _found = [];
    private int[] _order = [];
    private int _rows;
    private int _at = -1;
    private int _begun;

    private PostgreSqlLookup(int values, int columns) => (_values, _columns) = (values, columns);

    public override int Index => _found[_at];

    private int Cell(int column) => (_order[_at] * _columns) + column;

    public override bool Next()
    {
        while (++_at >= _rows)
        {
            if (_begun >= _values)
                return false;
            var count = Math.Min(SliceValues, _values - _begun);
            ReadSlice(_begun, count);
            _begun += count;
            _at = -1;
        }

        return true;
    }

    public override bool IsNull(int column) => _kinds[Cell(column)].IsNull;

    public override long Int64(int column) => _cells[Cell(column)];

    public override double Double(int column) => BitConverter.Int64BitsToDouble(_cells[Cell(column)]);

    public override ReadOnlySpan<byte> Utf8(int column) => _text.AsSpan((int)_cells[Cell(column)], _kinds[Cell(column)].Length);

    public override ReadOnlySpan<byte> Bytes(int column) => Utf8(column);

    public override void Dispose()
    {
        _rows = 0;
        _begun = _values;
    }

    /// <summary>The query for some of the values; its first column says which one a row was found by.</summary>
    protected abstract NpgsqlCommand Ask(int start, int count);

    /// <summary>The positions of the values that a row was found by, from what the query's first column said.</summary>
    /// <param name="said">The first column of each row.</param>
    /// <param name="start">The first value of the slice.</param>
    /// <param name="count">How many.</param>
    /// <param name="found">Takes position and row, in the order of positions.</param>
    protected abstract void Arrange(long[] said, int start, int count, List<(int Position, int Row)> found);

    private void ReadSlice(int start, int count)
    {
        _cells.Clear();
        _kinds.Clear();
        _textLength = 0;
        var said = new List<long>(count);
        using (var command = Ask(start, count))
        using (var reader = command.ExecuteReader())
        {
            var types = new Type[_columns];
            for (var column = 0; column < _columns; column++)
                types[column] = reader.GetFieldType(column + 1);
            while (reader.Read())
            {
                said.Add(reader.GetInt64(0));
                for (var column = 0; column < _columns; column++)
                    Take(reader, column + 1, types[column]);
            }
        }

        var found = new List<(int Position, int Row)>(said.Count);
        Arrange([.. said], start, count, found);
        _rows = found.Count;
        _found = found.ConvertAll(one => one.Position).ToArray();
        _order = found.ConvertAll(one => one.Row).ToArray();
    }

    private void Take(DbDataReader reader, int column, Type type)
    {
        if (reader.IsDBNull(column))
        {
            _cells.Add(0);
            _kinds.Add((true, 0));
        }
        else if (type == typeof(string) || type == typeof(byte[]))
        {
            var text = reader.GetFieldValue<byte[]>(column);
            if (type == typeof(string))
                text = NulText.Decode(text);
            if (_text.Length - _textLength < text.Length)
                Array.Resize(ref _text, Math.Max(_text.Length * 2, _textLength + text.Length + 4096));
            text.CopyTo(_text, _textLength);
            _cells.Add(_textLength);
            _kinds.Add((false, text.Length));
            _textLength += text.Length;
        }
        else
        {
            _cells.Add(type == typeof(double) ? BitConverter.DoubleToInt64Bits(reader.GetDouble(column)) : reader.GetInt64(column));
            _kinds.Add((false, 0));
        }
    }

    private long FirstCell(int row) => _cells[row * _columns];

    private static string Columns(IReadOnlyList<string> columns) => string.Join(", ", columns.Select(column => "t." + PostgreSqlEngine.Quote(column)));

    /// <summary>Looks numbers up. The server may give the rows in the order that suits it.</summary>
    internal sealed class ByNumber(NpgsqlConnection connection, string table, string column, ReadOnlyMemory<long> values, IReadOnlyList<string> columns)
        : PostgreSqlLookup(values.Length, columns.Count)
    {
        private readonly string _sql = $"select t.{PostgreSqlEngine.Quote(column)}, {Columns(columns)} from {table} t where t.{PostgreSqlEngine.Quote(column)} = any($1)";

        protected override NpgsqlCommand Ask(int start, int count) => new(_sql, connection)
        {
            Parameters = { new NpgsqlParameter<long[]> { TypedValue = values.Slice(start, count).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint } },
        };

        protected override void Arrange(long[] said, int start, int count, List<(int Position, int Row)> found)
        {
            // Rows of one value in the order of the first column, as an index on both would give them.
            var keys = new (long Value, long First, int Row)[said.Length];
            for (var row = 0; row < keys.Length; row++)
                keys[row] = (said[row], FirstCell(row), row);
            Array.Sort(keys);
            for (var position = start; position < start + count; position++)
            {
                var value = values.Span[position];
                for (var at = LowerBound(keys, value); at < keys.Length && keys[at].Value == value; at++)
                    found.Add((position, keys[at].Row));
            }
        }

        private static int LowerBound((long Value, long First, int Row)[] keys, long value)
        {
            var at = Array.BinarySearch(keys, (value, long.MinValue, -1));
            return at < 0 ? ~at : at;
        }
    }

    /// <summary>Looks texts up, below a number.</summary>
    internal sealed class ByText(NpgsqlConnection connection, string table, (string Column, long Value) prefix, string column, IReadOnlyList<string> values, IReadOnlyList<string> columns)
        : PostgreSqlLookup(values.Count, columns.Count)
    {
        private readonly string _sql =
            $"""
            select b.i, {Columns(columns)} from unnest($1) with ordinality b (v, i)
            join {table} t on t.{PostgreSqlEngine.Quote(prefix.Column)} = $2 and t.{PostgreSqlEngine.Quote(column)} = b.v order by b.i
            """;

        protected override NpgsqlCommand Ask(int start, int count)
        {
            var slice = new string[count];
            for (var i = 0; i < count; i++)
                slice[i] = NulText.Encode(values[start + i]);
            return new(_sql, connection)
            {
                Parameters =
                {
                    new NpgsqlParameter<string[]> { TypedValue = slice, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
                    new NpgsqlParameter<long> { TypedValue = prefix.Value },
                },
            };
        }

        protected override void Arrange(long[] said, int start, int count, List<(int Position, int Row)> found)
        {
            for (var row = 0; row < said.Length; row++)
                found.Add((start + (int)said[row] - 1, row));
        }
    }
}

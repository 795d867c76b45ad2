using System.Collections;
using System.Data.Common;

namespace Crm.Integration.Hub.Store.SqlServer;

/// <summary>Rows gathered in memory, and read from there by a bulk copy.</summary>
/// <param name="columns">Their columns.</param>
internal sealed class StagedRows(IReadOnlyList<string> columns) : DbDataReader
{
    private readonly List<object> _values = [];
    private int _row = -1;
    private long _characters;

    /// <summary>How many complete rows there are.</summary>
    public int Count => _values.Count / columns.Count;

    /// <summary>Whether it is time to send them: bounds the memory, whatever the length of the texts.</summary>
    public bool IsFull => Count >= 20_000 || _characters >= 8_000_000;

    public override int FieldCount => columns.Count;

    public override bool HasRows => Count > 0;

    public override bool IsClosed => false;

    public override int RecordsAffected => -1;

    public override int Depth => 0;

    public override object this[int ordinal] => GetValue(ordinal);

    public override object this[string name] => GetValue(GetOrdinal(name));

    /// <summary>Gives the next value; null is <see cref="DBNull"/>.</summary>
    public void Add(object value)
    {
        _values.Add(value);
        _characters += value is string text ? text.Length : 0;
    }

    /// <summary>Forgets all rows.</summary>
    public void Clear()
    {
        _values.Clear();
        _characters = 0;
        _row = -1;
    }

    public override bool Read() => ++_row < Count;

    public override bool NextResult() => false;

    public override object GetValue(int ordinal) => _values[(_row * columns.Count) + ordinal];

    public override bool IsDBNull(int ordinal) => GetValue(ordinal) is DBNull;

    public override string GetName(int ordinal) => columns[ordinal];

    public override int GetOrdinal(string name)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            if (columns[i] == name)
                return i;
        }

        throw new ArgumentOutOfRangeException(nameof(name), name, "no such column");
    }

    public override Type GetFieldType(int ordinal) => _row < 0 ? typeof(object) : GetValue(ordinal).GetType();

    public override string GetDataTypeName(int ordinal) => GetFieldType(ordinal).Name;

    public override int GetValues(object[] values)
    {
        for (var i = 0; i < columns.Count; i++)
            values[i] = GetValue(i);
        return columns.Count;
    }

    public override long GetInt64(int ordinal) => (long)GetValue(ordinal);

    public override double GetDouble(int ordinal) => (double)GetValue(ordinal);

    public override string GetString(int ordinal) => (string)GetValue(ordinal);

    public override bool GetBoolean(int ordinal) => throw new NotSupportedException();

    public override byte GetByte(int ordinal) => throw new NotSupportedException();

    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length) => throw new NotSupportedException();

    public override char GetChar(int ordinal) => throw new NotSupportedException();

    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) => throw new NotSupportedException();

    public override DateTime GetDateTime(int ordinal) => throw new NotSupportedException();

    public override decimal GetDecimal(int ordinal) => throw new NotSupportedException();

    public override float GetFloat(int ordinal) => throw new NotSupportedException();

    public override Guid GetGuid(int ordinal) => throw new NotSupportedException();

    public override short GetInt16(int ordinal) => throw new NotSupportedException();

    public override int GetInt32(int ordinal) => throw new NotSupportedException();

    public override IEnumerator GetEnumerator() => new DbEnumerator(this);
}

using System.Data.Common;
using System.Text;
using Dapper;

namespace Crm.Integration.Hub.Store.SqlServer;

/// <summary>The rows of many look-ups: what is looked for goes to a temporary table, and one query joins with it.</summary>
internal sealed class SqlServerLookup : BulkLookup
{
    private readonly DbDataReader _reader;
    private byte[] _buffer = new byte[1024];

    private SqlServerLookup(DbDataReader reader) => _reader = reader;

    public override int Index => (int)_reader.GetInt64(0);

    /// <summary>Looks numbers up.</summary>
    public static SqlServerLookup ByNumber(BulkCopy copy, DbTransaction transaction, string sql, ReadOnlyMemory<long> values)
    {
        var rows = new StagedRows(["i", "v"]);
        Fill(copy, transaction, SqlServerStaging.NumberTable, rows, values.Length, i => rows.Add(values.Span[i]), _ => true);
        return new SqlServerLookup(Run(transaction, sql, prefix: null));
    }

    /// <summary>Looks texts up, below a number.</summary>
    public static SqlServerLookup ByText(BulkCopy copy, DbTransaction transaction, string sql, long prefix, IReadOnlyList<string> values)
    {
        var rows = new StagedRows(["i", "v"]);
        Fill(copy, transaction, SqlServerStaging.TextTable, rows, values.Count, i => rows.Add(values[i]), i => values[i].Length <= SqlServerStaging.LongestKey);
        return new SqlServerLookup(Run(transaction, sql, prefix));
    }

    public override bool Next() => _reader.Read();

    public override bool IsNull(int column) => _reader.IsDBNull(column + 1);

    public override long Int64(int column) => _reader.GetInt64(column + 1);

    public override double Double(int column) => _reader.GetDouble(column + 1);

    public override ReadOnlySpan<byte> Utf8(int column)
    {
        var text = _reader.GetString(column + 1);
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (_buffer.Length < most)
            _buffer = new byte[most];
        return _buffer.AsSpan(0, Encoding.UTF8.GetBytes(text, _buffer));
    }

    public override ReadOnlySpan<byte> Bytes(int column) => _reader.GetFieldValue<byte[]>(column + 1);

    public override void Dispose() => _reader.Dispose();

    private static void Fill(BulkCopy copy, DbTransaction transaction, string table, StagedRows rows, int count, Action<int> add, Func<int, bool> wanted)
    {
        transaction.Connection!.Execute("truncate table " + table, transaction: transaction);
        for (var i = 0; i < count; i++)
        {
            if (!wanted(i))
                continue;
            rows.Add((long)i);
            add(i);
            if (rows.IsFull)
                Send();
        }

        Send();

        void Send()
        {
            if (rows.Count > 0)
                copy(transaction, table, ["i", "v"], rows);
            rows.Clear();
        }
    }

    private static DbDataReader Run(DbTransaction transaction, string sql, long? prefix)
    {
        // The command holds nothing of its own; the reader is what must be ended.
        var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        if (prefix is { } value)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = "@prefix";
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }

        return command.ExecuteReader();
    }
}

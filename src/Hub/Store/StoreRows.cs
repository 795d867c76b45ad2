using System.Data;
using System.Data.Common;

namespace Crm.Integration.Hub.Store;

/// <summary>The rows of a query, one by one, their columns by position.</summary>
internal sealed class StoreRows : IDisposable
{
    private readonly StoreEngine _engine;
    private readonly DbCommand _command;
    private readonly DbDataReader _reader;

    private StoreRows(StoreEngine engine, DbCommand command)
    {
        _engine = engine;
        _command = command;
        _reader = command.ExecuteReader();
    }

    /// <summary>Asks for the rows.</summary>
    internal static StoreRows Of(StoreEngine engine, DbConnection connection, DbTransaction? transaction, string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = engine.Sql(sql);
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = "@" + name;
            parameter.Value = value is string text ? engine.ToStored(text) : value ?? DBNull.Value;

            // A null says nothing of its type, and numbers are never null here.
            if (value is null)
                parameter.DbType = DbType.String;
            command.Parameters.Add(parameter);
        }

        return new StoreRows(engine, command);
    }

    /// <summary>Goes to the next row.</summary>
    public bool Next() => _reader.Read();

    /// <summary>Whether a column is null.</summary>
    public bool IsNull(int column) => _reader.IsDBNull(column);

    /// <summary>A whole number.</summary>
    public long Int64(int column) => _reader.GetInt64(column);

    /// <summary>A whole number, or null.</summary>
    public long? NullableInt64(int column) => _reader.IsDBNull(column) ? null : _reader.GetInt64(column);

    /// <summary>A floating-point number.</summary>
    public double Double(int column) => _reader.GetDouble(column);

    /// <summary>Text.</summary>
    public string Text(int column) => _engine.FromStored(_reader.GetString(column));

    /// <summary>Text, or null.</summary>
    public string? NullableText(int column) => _reader.IsDBNull(column) ? null : Text(column);

    /// <summary>Text as UTF-8.</summary>
    public byte[] Utf8(int column) => _engine.Utf8(_reader, column);

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader.Dispose();
        _command.Dispose();
    }
}

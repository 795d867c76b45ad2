using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace Crm.Integration.Hub.Tests.Store.SqlServer;

/// <summary>A connection to nothing: it writes down what it is sent, answers as it is told, and insists on transactions as SqlClient does.</summary>
internal sealed class FakeConnection(List<string> log, Func<string, object?> answer) : DbConnection
{
    private ConnectionState _state = ConnectionState.Open;

    [AllowNull]
    public override string ConnectionString { get; set; } = "";

    public override string Database => "hub";

    public override string DataSource => "fake";

    public override string ServerVersion => "16.0";

    public override ConnectionState State => _state;

    internal FakeTransaction? Pending { get; set; }

    public override void ChangeDatabase(string databaseName) => throw new NotSupportedException();

    public override void Close() => _state = ConnectionState.Closed;

    public override void Open() => _state = ConnectionState.Open;

    internal void Note(string what) => log.Add(what);

    internal object? Ask(string sql, DbTransaction? transaction)
    {
        Assert.Same(Pending, transaction);
        Assert.Equal(ConnectionState.Open, _state);
        log.Add(sql);
        var given = answer(sql);
        return given is Exception failure ? throw failure : given;
    }

    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel)
    {
        Assert.Null(Pending);
        Note("begin");
        return Pending = new FakeTransaction(this);
    }

    protected override DbCommand CreateDbCommand() => new FakeCommand(this);

    protected override void Dispose(bool disposing)
    {
        if (_state == ConnectionState.Open)
            Note("close");
        Close();
        base.Dispose(disposing);
    }
}

internal sealed class FakeTransaction(FakeConnection connection) : DbTransaction
{
    private FakeConnection? _connection = connection;

    public override IsolationLevel IsolationLevel => IsolationLevel.ReadCommitted;

    protected override DbConnection? DbConnection => _connection;

    public override void Commit() => End("commit");

    public override void Rollback() => End("rollback");

    public override void Save(string savepointName) => _connection!.Note("save " + savepointName);

    public override void Rollback(string savepointName) => _connection!.Note("rollback to " + savepointName);

    /// <summary>The server gave it up, as it does with the victim of a deadlock.</summary>
    public void Doom() => End("doomed");

    protected override void Dispose(bool disposing)
    {
        if (_connection is not null)
            End("rollback");
        base.Dispose(disposing);
    }

    private void End(string how)
    {
        _connection!.Note(how);
        _connection.Pending = null;
        _connection = null;
    }
}

internal sealed class FakeCommand(FakeConnection connection) : DbCommand
{
    private readonly DbParameterCollection _parameters = new Microsoft.Data.SqlClient.SqlCommand().Parameters;

    [AllowNull]
    public override string CommandText { get; set; } = "";

    public override int CommandTimeout { get; set; }

    public override CommandType CommandType { get; set; }

    public override bool DesignTimeVisible { get; set; }

    public override UpdateRowSource UpdatedRowSource { get; set; }

    protected override DbConnection? DbConnection { get; set; } = connection;

    protected override DbParameterCollection DbParameterCollection => _parameters;

    protected override DbTransaction? DbTransaction { get; set; }

    public override void Cancel()
    {
    }

    public override int ExecuteNonQuery() => Ask() is int count ? count : 0;

    public override object? ExecuteScalar() => Ask();

    public override void Prepare()
    {
    }

    protected override DbParameter CreateDbParameter() => new Microsoft.Data.SqlClient.SqlParameter();

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => (Ask() as DataTable ?? new DataTable()).CreateDataReader();

    private object? Ask() => connection.Ask(CommandText, DbTransaction);
}

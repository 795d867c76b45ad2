using System.Collections.Concurrent;
using System.Data.Common;
using Dapper;

namespace Crm.Integration.Hub.Store;

/// <summary>
/// A database engine: the one place where engines differ. All other SQL is written once, in the part of the language that
/// SQLite, PostgreSQL and SQL Server share.
/// </summary>
internal abstract class StoreEngine
{
    private readonly ConcurrentDictionary<string, string> _statements = new(StringComparer.Ordinal);

    /// <summary>What people call the engine: "SQLite".</summary>
    public abstract string Name { get; }

    /// <summary>Where the store is, for messages: without passwords.</summary>
    public abstract string Place { get; }

    /// <summary>Whether there is a store already; makes none.</summary>
    public abstract bool Exists();

    /// <summary>Opens a connection that may write.</summary>
    public abstract DbConnection Open();

    /// <summary>
    /// The engine of the place where what is remembered of accounts is kept. It is written beside any transaction of this one: a token
    /// that was rotated must not be lost with a run that is undone.
    /// </summary>
    public abstract StoreEngine Accounts { get; }

    /// <summary>
    /// The engine of the place where the service keeps what it must write while runs write: inbox, run requests, tokens, alerts. A file beside
    /// the store where that has one writer at a time; else the store itself.
    /// </summary>
    public abstract StoreEngine Service { get; }

    /// <summary>How other libraries reach the database that several nodes share; null where a store has one node.</summary>
    public virtual SharedDatabase? Shared => null;

    /// <summary>
    /// A statement as this engine wants it. All SQL of the hub goes through here, but for what the engines themselves write. It is
    /// written for SQLite and PostgreSQL, and an engine adapts by plain rules: <c>limit @n</c> stands at the end, behind an
    /// <c>order by</c>; <c>for update</c> behind it, with or without <c>skip locked</c>, keeps the rows of the first table from others; the tables <c>batch</c> and <c>candidate</c> are temporary ones; <c>batch b join</c> begins with the batch.
    /// </summary>
    public string Sql(string statement) => _statements.GetOrAdd(statement, First);

    /// <summary>Adapts a statement; asked once for each.</summary>
    protected virtual string Adapt(string statement) => statement;

    /// <summary>
    /// Makes what a connection needs for itself: the table <c>batch</c> (<c>i</c> primary key, <c>k</c> and <c>v</c> numbers, <c>t</c> text) and the table
    /// <c>candidate</c> (<c>master_id</c> primary key).
    /// </summary>
    public abstract void PrepareConnection(DbConnection connection);

    /// <summary>Whether some texts are kept in another form: see <see cref="ToStored"/>.</summary>
    public virtual bool WritesTextDifferently => false;

    /// <summary>A text in the form in which this engine can keep it; the same object where that is as it is.</summary>
    public virtual string ToStored(string text) => text;

    /// <summary>The text that was stored; the same object where that was as it is.</summary>
    public virtual string FromStored(string text) => text;

    /// <summary>Empties the table <c>batch</c>.</summary>
    public virtual void ClearBatch(DbTransaction transaction) => transaction.Connection!.Execute("delete from batch", transaction: transaction);

    /// <summary>
    /// Tells the engine that very many rows of some tables are new or have changed: one that plans its statements by what it knows of its
    /// tables looks at them now, and not some time later.
    /// </summary>
    public virtual void Refresh(DbTransaction transaction, IReadOnlyList<string> tables)
    {
    }

    /// <summary>
    /// Waits until it is this connection's turn to write, where a process must not write to a store over two connections at once; null where
    /// the database sees to that. Given back when the transaction has ended.
    /// </summary>
    public virtual IDisposable? TakeTurn() => null;

    /// <summary>
    /// Keeps others from running a service on the store beside this one, where there may be one only; null where there may be many. Throws a
    /// <see cref="StoreException"/> that names who does.
    /// </summary>
    public virtual Task<IDisposable?> LockServiceAsync(TimeProvider clock, CancellationToken cancellationToken) => Task.FromResult<IDisposable?>(null);

    /// <summary>Begins a transaction that reads only, beside whoever writes; what it puts into temporary tables is no writing.</summary>
    public virtual DbTransaction BeginReading(DbConnection connection) => Begin(connection);

    /// <summary>Begins a transaction.</summary>
    public virtual DbTransaction Begin(DbConnection connection) => connection.BeginTransaction();

    /// <summary>Forgets a savepoint whose work is to stay.</summary>
    public virtual void Release(DbTransaction transaction, string savepoint) => transaction.Release(savepoint);

    /// <summary>The statement that deletes the rows of a table whose two columns are in <c>k</c> and <c>v</c> of the table <c>batch</c>.</summary>
    public abstract string DeleteBatch(string table, string first, string second);

    /// <summary>Whether each commit is flushed to the disk, or the flush is left to a later one; between transactions.</summary>
    public abstract void SetDurability(DbConnection connection, bool everyCommit);

    /// <summary>Closes a connection and whatever the engine prepared on it.</summary>
    public abstract void Close(DbConnection connection);

    /// <summary>The version of the schema in the database; 0 for an empty one.</summary>
    public abstract int SchemaVersion(DbConnection connection);

    /// <summary>The migrations, in order.</summary>
    public abstract IReadOnlyList<Migration> Migrations { get; }

    /// <summary>In a migration's transaction, before it looks: keeps others from migrating meanwhile.</summary>
    public virtual void LockSchema(DbConnection connection, DbTransaction transaction)
    {
    }

    /// <summary>Records that the schema has a version now; part of the migration's transaction.</summary>
    public abstract void SetSchemaVersion(DbConnection connection, DbTransaction transaction, int version);

    /// <summary>
    /// Takes the right to work on this store, or throws a <see cref="StoreException"/> that names who keeps it back. One engine has it once at
    /// a time: what it opens meanwhile works on the session of the lock, where the store is on a server.
    /// </summary>
    /// <param name="purpose">What for, shown to whoever waits: "run".</param>
    /// <param name="mode">Alone, or beside others who share it.</param>
    /// <param name="wait">How long to wait for it.</param>
    /// <param name="waiting">Hears, now and then, who is waited for.</param>
    /// <param name="clock">The time.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public abstract Task<StoreLock> LockAsync(string purpose, LockMode mode, TimeSpan wait, Action<string> waiting, TimeProvider clock, CancellationToken cancellationToken);

    /// <summary>Who keeps others from writing, or null when nobody does.</summary>
    public abstract string? Holder();

    /// <summary>Looks for damage: a line for each found, none when the store is sound.</summary>
    public abstract IReadOnlyList<string> Check(DbConnection connection);

    /// <summary>The same of a store that is not to be touched, not even to bring its schema up to date.</summary>
    public IReadOnlyList<string> CheckFile()
    {
        using var connection = Open();
        return Check(connection);
    }

    /// <summary>What works, and would work better otherwise: a sentence, and what to do.</summary>
    public virtual IReadOnlyList<(string What, string Fix)> Advice(DbConnection connection) => [];

    /// <summary>Whether the store is files, so that a backup of the hub holds it; a server has means of its own.</summary>
    public virtual bool IsFile => false;

    /// <summary>Copies the store as it is at this moment into a file, while others go on writing.</summary>
    /// <param name="file">A file that does not exist yet.</param>
    /// <exception cref="NotSupportedException">It is no file.</exception>
    public virtual void CopyTo(string file) => throw new NotSupportedException($"{Name} is backed up by its own means");

    /// <summary>What time it is at the server; null for an engine without one.</summary>
    public virtual DateTimeOffset? ServerTime(DbConnection connection) => null;

    /// <summary>How much room the store takes, in bytes.</summary>
    public abstract long Size(DbConnection connection);

    /// <summary>A fast way to put many rows into a table.</summary>
    /// <param name="transaction">The open transaction.</param>
    /// <param name="table">The table.</param>
    /// <param name="columns">The columns, in the order in which they will be given.</param>
    /// <param name="existing">What happens to a row whose primary key exists.</param>
    public abstract BulkInsert BulkInsert(DbTransaction transaction, string table, IReadOnlyList<string> columns, WhenExists existing);

    /// <summary>
    /// A fast way to read the rows that have some value in an integer column, for many values: in their order, and the rows of one
    /// value in the order of the first column that is read, where that is a number and follows in an index.
    /// </summary>
    /// <param name="transaction">The open transaction.</param>
    /// <param name="table">The table.</param>
    /// <param name="column">The column; the first of an index.</param>
    /// <param name="values">The values; ascending ones are found fastest.</param>
    /// <param name="columns">The columns to read.</param>
    public abstract BulkLookup BulkLookup(DbTransaction transaction, string table, string column, ReadOnlyMemory<long> values, IReadOnlyList<string> columns);

    /// <summary>A fast way to read the rows that have some number in one column and some text in another, for many texts.</summary>
    /// <param name="transaction">The open transaction.</param>
    /// <param name="table">The table.</param>
    /// <param name="prefix">The first column of the index, and its value.</param>
    /// <param name="column">The second column of the index.</param>
    /// <param name="values">The texts.</param>
    /// <param name="columns">The columns to read.</param>
    public abstract BulkLookup BulkLookup(DbTransaction transaction, string table, (string Column, long Value) prefix, string column, IReadOnlyList<string> values, IReadOnlyList<string> columns);

    /// <summary>The UTF-8 of a text column.</summary>
    /// <param name="reader">Stands on a row.</param>
    /// <param name="ordinal">The column.</param>
    public abstract byte[] Utf8(DbDataReader reader, int ordinal);

    /// <summary>
    /// Whether the same work may succeed when it is done again from its begin: a deadlock, a conflict of transactions, a lost
    /// connection. Never one that may have come after a commit was made durable and told nobody, unless doing it twice is harmless.
    /// </summary>
    public virtual bool IsTransient(Exception exception) => false;

    /// <summary>Whether the store is on a server, and is there again after its connection was lost.</summary>
    public virtual bool OutlivesConnections => false;

    /// <summary>Turns an engine's exception into one that says what to do, or returns null for one it does not know.</summary>
    /// <param name="exception">What was thrown.</param>
    public abstract StoreException? Translate(Exception exception);

    private string First(string statement)
    {
        StoreTrace.Statement(statement);
        return Adapt(statement);
    }
}

/// <summary>A database that several nodes share, for libraries with tables of their own in it.</summary>
/// <param name="Factory">Makes connections, pooled.</param>
/// <param name="ConnectionString">How; holds the password.</param>
/// <param name="Prefix">In front of a table's name, so that it lies in the hub's schema: empty or "hub.".</param>
internal sealed record SharedDatabase(DbProviderFactory Factory, string ConnectionString, string Prefix);

/// <summary>What a bulk insert does with a row whose primary key exists.</summary>
internal enum WhenExists
{
    /// <summary>Fails: it must not.</summary>
    Fail,

    /// <summary>Leaves the existing row.</summary>
    Keep,

    /// <summary>Puts the new row in its place.</summary>
    Replace,
}

/// <summary>Takes rows, column by column.</summary>
internal abstract class BulkInsert : IDisposable
{
    /// <summary>With <see cref="WhenExists.Keep"/>: how many rows were put in, those that existed not counted. Known once the insert has ended.</summary>
    public long Added { get; protected set; }

    /// <summary>Gives the next column.</summary>
    public abstract void Int64(long value);

    /// <summary>Gives the next column.</summary>
    public abstract void Double(double value);

    /// <summary>Gives the next column.</summary>
    public abstract void Text(string? value);

    /// <summary>Gives the next column: text as UTF-8.</summary>
    public abstract void Utf8(ReadOnlySpan<byte> value);

    /// <summary>Gives the next column: bytes as they are.</summary>
    public virtual void Bytes(ReadOnlySpan<byte> value) => throw new NotSupportedException("this engine takes no bytes yet");

    /// <summary>Gives the next column.</summary>
    public abstract void Null();

    /// <summary>Gives the next column.</summary>
    public void Int64(long? value)
    {
        if (value is { } number)
            Int64(number);
        else
            Null();
    }

    /// <summary>Ends the row.</summary>
    public abstract void EndRow();

    /// <summary>Ends the insert; all rows are in the table.</summary>
    public abstract void Dispose();
}

/// <summary>A failure of the store, in words for an IT person.</summary>
/// <param name="message">What happened and where.</param>
/// <param name="fix">What to do.</param>
/// <param name="inner">The cause.</param>
internal sealed class StoreException(string message, string fix, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What to do.</summary>
    public string Fix { get; } = fix;
}

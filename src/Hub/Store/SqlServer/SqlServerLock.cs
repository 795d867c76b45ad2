using System.Data;
using System.Data.Common;
using System.Globalization;
using Dapper;

namespace Crm.Integration.Hub.Store.SqlServer;

/// <summary>
/// The right to write, as an application lock of a session: the server gives it back when the session ends, however it ends. The
/// work is done on the same session, so that who loses the lock can write nothing more. Who holds it stands in a table, since the
/// server tells that only to administrators.
/// </summary>
internal sealed class SqlServerLock : IDisposable
{
    /// <summary>Takes the lock if it is free; 0 or 1 says that it was.</summary>
    public const string Take =
        """
        declare @result int;
        exec @result = sp_getapplock @Resource = N'hub.writer', @LockMode = N'Exclusive', @LockOwner = N'Session', @LockTimeout = 0;
        select @result;
        """;

    /// <summary>Whether it could be taken.</summary>
    public const string IsFree = "select applock_test(N'public', N'hub.writer', N'Exclusive', N'Session')";

    /// <summary>Keeps others from changing the schema until the end of the transaction.</summary>
    public const string LockSchema = "exec sp_getapplock @Resource = N'hub.schema', @LockMode = N'Exclusive', @LockOwner = N'Transaction', @LockTimeout = 60000";

    /// <summary>Makes the place for the holder's name: the very first run takes the lock before it makes the tables.</summary>
    public const string MakePlace =
        """
        if schema_id(N'hub') is null exec(N'create schema hub');
        if object_id(N'hub.lock_holder') is null create table hub.lock_holder (holder nvarchar(400) not null);
        """;

    /// <summary>Whether there is such a place.</summary>
    public const string HasPlace = "select object_id(N'hub.lock_holder')";

    /// <summary>Writes the holder down.</summary>
    public const string Sign = "delete from hub.lock_holder; insert into hub.lock_holder (holder) values (@holder);";

    /// <summary>Who wrote himself down last.</summary>
    public const string Who = "select max(holder) from hub.lock_holder";

    /// <summary>Clears the name.</summary>
    public const string Clear = "delete from hub.lock_holder";

    private static readonly TimeSpan s_sayEvery = TimeSpan.FromSeconds(5);

    private readonly DbConnection _connection;
    private readonly Action _released;
    private bool _lent;

    private SqlServerLock(DbConnection connection, Action released)
    {
        _connection = connection;
        _released = released;
    }

    /// <summary>Takes the lock, or throws a <see cref="StoreException"/> that says who holds it.</summary>
    public static async Task<SqlServerLock> TakeAsync(
        Func<DbConnection> open, string purpose, TimeSpan wait, Action<string> waiting, Action released, TimeProvider clock, CancellationToken cancellationToken)
    {
        var connection = open();
        try
        {
            var started = clock.GetTimestamp();
            var said = TimeSpan.Zero;
            while (connection.ExecuteScalar<int>(Take) < 0)
            {
                var waited = clock.GetElapsedTime(started);
                if (waited >= wait)
                {
                    throw new StoreException(
                        $"another hub is at work on this store: {HolderIn(connection) ?? "unknown holder"}",
                        "wait for it to end, or stop it; `--wait SECONDS` waits longer");
                }

                if (waited - said >= s_sayEvery)
                {
                    said = waited;
                    waiting(HolderIn(connection) ?? "unknown holder");
                }

                await Task.Delay(TimeSpan.FromMilliseconds(200), clock, cancellationToken);
            }

            SignIn(connection, purpose, clock);
            return new SqlServerLock(connection, released);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Who holds the lock, or null when nobody does.</summary>
    public static string? Holder(DbConnection connection) =>
        connection.ExecuteScalar<int>(IsFree) == 1 ? null : HolderIn(connection) ?? "unknown holder";

    /// <summary>The session, if nobody works on it.</summary>
    public DbConnection? Lend()
    {
        if (_lent)
            return null;
        _lent = true;
        return _connection;
    }

    /// <summary>Takes the session back from who worked on it; false when it is another one.</summary>
    public bool TakeBack(DbConnection connection)
    {
        if (!ReferenceEquals(connection, _connection))
            return false;
        _lent = false;
        return true;
    }

    public void Dispose()
    {
        _released();
        try
        {
            if (_connection.State == ConnectionState.Open)
                _connection.Execute(Clear);
        }
        catch (DbException)
        {
            // The session is gone, and the lock with it. The name that stays behind means nothing without the lock.
        }

        _connection.Dispose();
    }

    private static void SignIn(DbConnection connection, string purpose, TimeProvider clock)
    {
        if (connection.ExecuteScalar<int?>(HasPlace) is null)
        {
            using var transaction = connection.BeginTransaction();
            connection.Execute(LockSchema, transaction: transaction);
            connection.Execute(MakePlace, transaction: transaction);
            transaction.Commit();
        }

        var now = clock.GetLocalNow().ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);
        connection.Execute(Sign, new { holder = $"hub {purpose}, process {Environment.ProcessId} on {Environment.MachineName}, since {now}" });
    }

    private static string? HolderIn(DbConnection connection) =>
        connection.ExecuteScalar<int?>(HasPlace) is null ? null : connection.ExecuteScalar<string?>(Who);
}

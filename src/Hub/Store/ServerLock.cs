using System.Data;
using System.Data.Common;
using System.Globalization;

namespace Crm.Integration.Hub.Store;

/// <summary>How a server keeps locks of sessions, which it gives back when the session ends, however it ends.</summary>
internal abstract class ServerLocks
{
    /// <summary>The name of the store as a whole.</summary>
    public const string Store = "";

    /// <summary>Takes a lock if it is free, and nobody who came before waits for it.</summary>
    public abstract bool Try(DbConnection connection, string name, LockMode mode);

    /// <summary>Waits for a lock in the server's own queue.</summary>
    public abstract Task WaitAsync(DbConnection connection, string name, LockMode mode, CancellationToken cancellationToken);

    /// <summary>Gives a lock back.</summary>
    public abstract void Release(DbConnection connection, string name, LockMode mode);

    /// <summary>Writes down who has a lock now, for whoever waits and for the one who looks after the server.</summary>
    public abstract void Sign(DbConnection connection, string name, LockMode mode, string holder);

    /// <summary>Who has a lock; null when nobody has.</summary>
    public abstract string? Holder(DbConnection connection, string name);

    /// <summary>The number of a name that is held among those who share the store.</summary>
    protected static long Number(string name) => unchecked((long)Mapping.Records.ContentHash.Of(name));
}

/// <summary>
/// The right to work on a server's store. The work is done on the session that has the lock, so that who loses the one can write nothing
/// more with the other.
/// </summary>
internal sealed class ServerLock : StoreLock
{
    private readonly ServerLocks _server;
    private readonly Func<DbConnection> _open;
    private readonly DbConnection _connection;
    private readonly Action _released;
    private readonly LockMode _mode;
    private readonly string _holder;
    private bool _lent;

    private ServerLock(ServerLocks server, Func<DbConnection> open, DbConnection connection, string purpose, LockMode mode, Action released, TimeProvider clock)
    {
        (_server, _open, _connection, _mode, _released) = (server, open, connection, mode, released);
        var now = clock.GetLocalNow().ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);
        _holder = $"hub {purpose}, process {Environment.ProcessId} on {Environment.MachineName}, since {now}";
    }

    private bool IsOpen => _connection.State == ConnectionState.Open;

    /// <summary>Takes the lock, or throws a <see cref="StoreException"/> that says who holds it.</summary>
    public static async Task<ServerLock> TakeAsync(
        ServerLocks server, Func<DbConnection> open, string purpose, LockMode mode, TimeSpan wait, Action<string> waiting, Action released, TimeProvider clock, CancellationToken cancellationToken)
    {
        var held = new ServerLock(server, open, open(), purpose, mode, released, clock);
        try
        {
            await held.QueueAsync(ServerLocks.Store, mode, new LockWait(wait, waiting, clock), cancellationToken);
            return held;
        }
        catch
        {
            await held._connection.DisposeAsync();
            throw;
        }
    }

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

    public override async Task<IDisposable> HoldAsync(string name, Action<string> waiting, TimeProvider clock, CancellationToken cancellationToken)
    {
        await QueueAsync(name, LockMode.Alone, new LockWait(null, waiting, clock), cancellationToken);
        return new Held(this, name);
    }

    public override IDisposable? TryHold(string name)
    {
        if (!_server.Try(_connection, name, LockMode.Alone))
            return null;
        _server.Sign(_connection, name, LockMode.Alone, _holder);
        return new Held(this, name);
    }

    public override void Dispose()
    {
        _released();
        Release(ServerLocks.Store, _mode);
        _connection.Dispose();
    }

    private async Task QueueAsync(string name, LockMode mode, LockWait wait, CancellationToken cancellationToken)
    {
        if (!_server.Try(_connection, name, mode))
        {
            if (wait.Left == TimeSpan.Zero)
                throw LockWait.Refusal(_server.Holder(_connection, name));
            await wait.ForAsync(
                async token =>
                {
                    await _server.WaitAsync(_connection, name, mode, token);
                    return true;
                },
                () => Holder(name),
                cancellationToken);
        }

        _server.Sign(_connection, name, mode, _holder);
    }

    // The session itself is waiting.
    private string? Holder(string name)
    {
        try
        {
            using var other = _open();
            return _server.Holder(other, name);
        }
        catch (Exception exception) when (exception is DbException or StoreException)
        {
            return null;
        }
    }

    private void Release(string name, LockMode mode)
    {
        try
        {
            if (IsOpen)
                _server.Release(_connection, name, mode);
        }
        catch (DbException)
        {
            // The session is lost, or about to be, and the lock with it.
        }
    }

    private sealed class Held(ServerLock owner, string name) : IDisposable
    {
        private bool _over;

        public void Dispose()
        {
            if (_over)
                return;
            _over = true;
            owner.Release(name, LockMode.Alone);
        }
    }
}

using System.Globalization;

namespace Crm.Integration.Hub.Store.Sqlite;

/// <summary>The right to work on a file's store: against other processes by a lock file, among the tasks of this one in memory.</summary>
internal sealed class SqliteLock : StoreLock
{
    private readonly ProcessFile _file;
    private readonly IDisposable _turn;
    private readonly string _who;
    private bool _over;

    private SqliteLock(ProcessFile file, IDisposable turn, string who) => (_file, _turn, _who) = (file, turn, who);

    /// <summary>Takes it, or throws a <see cref="StoreException"/> that says who holds it.</summary>
    public static async Task<StoreLock> TakeAsync(
        ProcessFile file, string purpose, LockMode mode, TimeSpan wait, Action<string> waiting, TimeProvider clock, CancellationToken cancellationToken)
    {
        var now = clock.GetLocalNow().ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);
        var who = $"hub {purpose}, process {Environment.ProcessId} on {Environment.MachineName}, since {now}";
        var patience = new LockWait(wait, waiting, clock);
        await file.GiveWayAsync(patience, clock, cancellationToken);
        var turn = file.Sessions.Try(mode, who)
            ?? (wait == TimeSpan.Zero ? throw LockWait.Refusal(file.Sessions.Holder) : await patience.ForAsync(token => file.Sessions.TakeAsync(mode, who, token), () => file.Sessions.Holder, cancellationToken));
        try
        {
            await file.EnterAsync(purpose, patience, waiting, clock, cancellationToken);
            return new SqliteLock(file, turn, who);
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }

    public override async Task<IDisposable> HoldAsync(string name, Action<string> waiting, TimeProvider clock, CancellationToken cancellationToken)
    {
        var named = _file.Named(name);
        try
        {
            var turn = await new LockWait(null, waiting, clock).ForAsync(token => named.TakeAsync(LockMode.Alone, _who, token), () => named.Holder, cancellationToken);
            return new Held(_file, name, turn);
        }
        catch
        {
            _file.Forget(name);
            throw;
        }
    }

    public override IDisposable? TryHold(string name)
    {
        if (_file.Named(name).Try(LockMode.Alone, _who) is { } turn)
            return new Held(_file, name, turn);
        _file.Forget(name);
        return null;
    }

    public override void Dispose()
    {
        if (_over)
            return;
        _over = true;

        // First the file: who comes next in this process takes it again, and another process had its chance.
        _file.Leave();
        _turn.Dispose();
    }

    private sealed class Held(ProcessFile file, string name, IDisposable turn) : IDisposable
    {
        private bool _over;

        public void Dispose()
        {
            if (_over)
                return;
            _over = true;
            turn.Dispose();
            file.Forget(name);
        }
    }
}

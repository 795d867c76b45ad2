using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Crm.Integration.Hub.Store.Sqlite;

/// <summary>
/// What the sessions of one process on one SQLite file share: the lock file that keeps other processes out, held as long as one of them
/// lives; who is alone; the names they hold; and whose turn it is to write.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Lives as long as the process, and its semaphore has no handle.")]
internal sealed class ProcessFile
{
    private static readonly ConcurrentDictionary<string, ProcessFile> s_files = new(StringComparer.Ordinal);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    private readonly string _lockFile;
    private readonly FairLock _entering = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (FairLock Lock, int Users)> _names = new(StringComparer.Ordinal);
    private IDisposable? _held;
    private int _users;

    private ProcessFile(string lockFile) => _lockFile = lockFile;

    /// <summary>Who works on the store, alone or shared.</summary>
    public FairLock Sessions { get; } = new();

    /// <summary>Whose turn it is to write.</summary>
    public FairLock Writing { get; } = new();

    /// <summary>The one for a file.</summary>
    public static ProcessFile Of(string file) => s_files.GetOrAdd(file, path => new ProcessFile(path + ".lock"));

    /// <summary>Keeps other processes out, until as many have left as came.</summary>
    public async Task EnterAsync(string purpose, LockWait wait, Action<string> waiting, TimeProvider clock, CancellationToken cancellationToken)
    {
        using (await _entering.TakeAsync(LockMode.Alone, purpose, cancellationToken))
        {
            lock (_lock)
            {
                if (_users > 0)
                {
                    _users++;
                    return;
                }
            }

            _held = await FileLock.TakeAsync(_lockFile, purpose, wait.Left ?? TimeSpan.MaxValue, waiting, clock, cancellationToken);
            lock (_lock)
                _users = 1;
        }
    }

    /// <summary>The last one lets other processes in.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            if (--_users > 0)
                return;
            _held!.Dispose();
            _held = null;
        }
    }

    /// <summary>Where another process wants the file, waits until it has had the chance to take it: a service that is never idle must not keep the command line out for ever.</summary>
    public async Task GiveWayAsync(LockWait wait, TimeProvider clock, CancellationToken cancellationToken)
    {
        while (IsBusy() && FileLock.IsWanted(_lockFile) && wait.Left != TimeSpan.Zero)
        {
            await Task.Delay(s_look, clock, cancellationToken);
            if (!IsBusy() && FileLock.IsWanted(_lockFile))
                await Task.Delay(FileLock.LookEvery * 2, clock, cancellationToken);
        }
    }

    /// <summary>The lock of a name; given back with <see cref="Forget"/>.</summary>
    public FairLock Named(string name)
    {
        lock (_lock)
        {
            var (named, users) = _names.GetValueOrDefault(name, (new FairLock(), 0));
            _names[name] = (named, users + 1);
            return named;
        }
    }

    /// <summary>A name that nobody has or wants takes no room.</summary>
    public void Forget(string name)
    {
        lock (_lock)
        {
            var (named, users) = _names[name];
            if (users == 1)
                _names.Remove(name);
            else
                _names[name] = (named, users - 1);
        }
    }

    private bool IsBusy()
    {
        lock (_lock)
            return _users > 0;
    }
}

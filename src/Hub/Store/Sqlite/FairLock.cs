namespace Crm.Integration.Hub.Store.Sqlite;

/// <summary>A lock among the tasks of one process: to be had alone or shared, in the order in which it was asked for.</summary>
internal sealed class FairLock
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _waiting = [];
    private readonly LinkedList<Turn> _turns = [];

    /// <summary>Who has had it longest; null when nobody has it.</summary>
    public string? Holder
    {
        get
        {
            lock (_lock)
                return _turns.First?.Value.Who;
        }
    }

    /// <summary>Takes it if it is free and nobody waits for it.</summary>
    public IDisposable? Try(LockMode mode, string who)
    {
        lock (_lock)
            return _waiting.Count == 0 && Fits(mode) ? Give(mode, who) : null;
    }

    /// <summary>Takes it when its turn has come.</summary>
    public async Task<IDisposable> TakeAsync(LockMode mode, string who, CancellationToken cancellationToken)
    {
        Waiter waiter;
        lock (_lock)
        {
            if (_waiting.Count == 0 && Fits(mode))
                return Give(mode, who);
            _waiting.AddLast(waiter = new Waiter(mode, who));
        }

        await using (cancellationToken.Register(() => GiveUp(waiter, cancellationToken)))
            return await waiter.Turn.Task;
    }

    private bool Fits(LockMode mode) => _turns.Count == 0 || (mode == LockMode.Shared && _turns.First!.Value.Mode == LockMode.Shared);

    private Turn Give(LockMode mode, string who)
    {
        var turn = new Turn(this, mode, who);
        _turns.AddLast(turn);
        return turn;
    }

    private void Next()
    {
        while (_waiting.First is { } first && Fits(first.Value.Mode))
        {
            _waiting.RemoveFirst();
            first.Value.Turn.SetResult(Give(first.Value.Mode, first.Value.Who));
        }
    }

    private void GiveUp(Waiter waiter, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_waiting.Remove(waiter))
                return;
            waiter.Turn.SetCanceled(cancellationToken);
            Next();
        }
    }

    private sealed class Waiter(LockMode mode, string who)
    {
        public LockMode Mode { get; } = mode;

        public string Who { get; } = who;

        public TaskCompletionSource<IDisposable> Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Turn(FairLock owner, LockMode mode, string who) : IDisposable
    {
        public LockMode Mode { get; } = mode;

        public string Who { get; } = who;

        public void Dispose()
        {
            lock (owner._lock)
            {
                if (owner._turns.Remove(this))
                    owner.Next();
            }
        }
    }
}

using Crm.Integration.Hub.Service;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Triggers;

/// <summary>Looks whether customers have changed, for pipelines that run on changes.</summary>
/// <param name="requests">Takes the requests.</param>
/// <param name="live">The configuration.</param>
/// <param name="engine">The store's engine.</param>
/// <param name="clock">The time.</param>
internal sealed class ChangeWatch(RunRequests requests, LiveConfiguration live, StoreEngine engine, TimeProvider clock) : IDisposable
{
    private MasterStore? _store;
    private long _seen = -1;

    /// <summary>Requests runs of the pipelines whose entities have changed since they last ran, or were last requested to.</summary>
    public void Look()
    {
        var schedules = ScheduleBook.Of(live.Current).Values.Where(schedule => schedule.OnChange.Count > 0).ToList();
        if (schedules.Count == 0 || (_store is null && !engine.Exists()))
            return;
        try
        {
            // Its own engine object: the other's connection may be the one that holds the lock.
            _store ??= MasterStore.Open(MasterStore.EngineOf(live.Current.Settings.Store, live.Current.Folder), clock);
            var newest = _store.Scalar<long?>("select max(seq) from change_feed") ?? 0;
            if (newest == _seen)
                return;
            foreach (var schedule in schedules)
                Request(schedule);
            _seen = newest;
        }
        catch (Exception exception)
        {
            var known = _store?.Explain(exception);
            Dispose();
            if (known is null)
                throw;
            throw known;
        }
    }

    /// <summary>Looks at all changes again: the configuration is another one.</summary>
    public void Forget() => _seen = -1;

    /// <inheritdoc/>
    public void Dispose()
    {
        _store?.Dispose();
        _store = null;
        _seen = -1;
    }

    private void Request(Schedule schedule)
    {
        var sent = _store!.Scalar<long?>("select feed_seq from outbound where pipeline = @Pipeline", new { schedule.Pipeline }) ?? 0;
        var asked = requests.Read(store => store.Scalar<long?>("select last_change from schedule where pipeline = @Pipeline", new { schedule.Pipeline }) ?? 0);
        var after = Math.Max(sent, asked);
        if (_store.Scalar<long?>("select max(seq) from change_feed where seq > @after and entity = @Entity", new { after, schedule.Entity }) is not { } newest)
            return;
        var (gather, blackouts) = schedule.OnChange.MinBy(change => change.Gather);
        var due = Schedule.Free(clock.GetUtcNow() + gather, blackouts);
        requests.Write(transaction =>
        {
            // Of several nodes that see it, one writes it down.
            var row = new { schedule.Pipeline, schedule.Key, newest, transaction.Store.Now };
            if (transaction.Execute("update schedule set last_change = @newest where pipeline = @Pipeline and last_change < @newest", row) == 0)
                return false;
            RunRequests.Add(transaction, new NewRunRequest { Pipelines = [schedule.Pipeline], Cause = RunCause.Change, By = schedule.Entity, DueAt = due });
            return true;
        });
    }
}

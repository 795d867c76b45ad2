using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Hub.Store;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Hub.Inbox;

/// <summary>
/// Stores webhook requests in groups: while one transaction is made durable the next gathers. There is no timer; alone, a request is
/// committed at once. One thread of its own writes, since a flush of the disk must not hold up those that answer.
/// </summary>
/// <param name="engine">The store's engine.</param>
/// <param name="settings">How much may wait.</param>
/// <param name="clock">The time.</param>
/// <param name="loggers">Makes loggers.</param>
internal sealed class InboxWriter(StoreEngine engine, HookSettings settings, TimeProvider clock, ILoggerFactory loggers) : IDisposable
{
    private static readonly TimeSpan s_pauseAfterFailure = TimeSpan.FromSeconds(1);

    private static readonly string[] s_columns = ["connection", "stream", "delivery_id", "received_at", "method", "headers", "query", "body"];

    private readonly object _gate = new();
    private readonly ILogger _log = loggers.CreateLogger("hub.inbox");
    private readonly StoreEngine _engine = engine.Service;
    private readonly long _mostWaiting = settings.WaitingMegabytes * 1024L * 1024;
    private List<InboxMessage> _waiting = [];
    private long _waitingBytes;
    private long? _failedAt;
    private Thread? _writer;
    private MasterStore? _store;
    private bool _stopped;

    /// <summary>Is raised after each commit that brought something new, on the writer's thread: takes little time and throws nothing.</summary>
    public event Action? Stored;

    /// <summary>Stores a request; the outcome comes once it is durable. The message is the writer's from now on.</summary>
    public Task<InboxOutcome> WriteAsync(InboxMessage message)
    {
        InboxOutcome refused;
        lock (_gate)
        {
            if (!_stopped && !IsPausing() && _waitingBytes + message.Size <= _mostWaiting)
            {
                StartWriter();
                _waiting.Add(message);
                _waitingBytes += message.Size;
                if (_waiting.Count == 1)
                    Monitor.Pulse(_gate);
                return message.Outcome;
            }

            refused = _failedAt is null ? InboxOutcome.Busy : InboxOutcome.Failed;
        }

        message.End(refused);
        return message.Outcome;
    }

    /// <summary>Stores what waits, and ends.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.PulseAll(_gate);
        }

        _writer?.Join();
    }

    // A store that fails takes long to say so; who comes meanwhile is not kept waiting.
    private bool IsPausing() => _failedAt is { } since && clock.GetElapsedTime(since) < s_pauseAfterFailure;

    private void StartWriter()
    {
        if (_writer is not null)
            return;
        _writer = new Thread(Work) { IsBackground = true, Name = "inbox" };
        _writer.Start();
    }

    private void Work()
    {
        var batch = new List<InboxMessage>();
        while (Next(ref batch))
        {
            var outcome = Write(batch);
            foreach (var message in batch)
                message.End(outcome);
            batch.Clear();
        }

        _store?.Dispose();
    }

    private bool Next(ref List<InboxMessage> batch)
    {
        lock (_gate)
        {
            while (_waiting.Count == 0)
            {
                if (_stopped)
                    return false;
                Monitor.Wait(_gate);
            }

            (batch, _waiting) = (_waiting, batch);
            _waitingBytes = 0;
            return true;
        }
    }

    private InboxOutcome Write(List<InboxMessage> batch)
    {
        var began = clock.GetTimestamp();
        try
        {
            var added = WriteTwiceIfNeedBe(batch);
            HookMeters.Committed(batch.Count, added, clock.GetElapsedTime(began));
            if (SetFailed(null))
                _log.LogWarning("Webhooks are stored again in {Place}", _engine.Place);
            if (added > 0)
                Stored?.Invoke();
            return InboxOutcome.Stored;
        }
        catch (Exception exception)
        {
            // Whatever it is, the senders must hear that nothing was stored, and the thread must live.
            if (!SetFailed(clock.GetTimestamp()))
            {
                var known = exception as StoreException ?? _engine.Translate(exception);
                _log.LogError(exception, "Webhooks cannot be stored in {Place} and are answered 503 until they can: {Message}; {Fix}", _engine.Place, known?.Message ?? exception.Message, known?.Fix ?? "look at the disk or the server of the store");
            }

            CloseStore();
            return InboxOutcome.Failed;
        }
    }

    // Delivery ids make a second time harmless, also when only the answer to the first commit was lost.
    private long WriteTwiceIfNeedBe(List<InboxMessage> batch)
    {
        try
        {
            return Insert(batch);
        }
        catch (Exception exception) when (_store?.MayRepeat(exception) == true)
        {
            CloseStore();
            return Insert(batch);
        }
    }

    private long Insert(List<InboxMessage> batch)
    {
        _store ??= MasterStore.Open(_engine, clock);
        using var transaction = _store.Begin();
        var insert = transaction.Insert("inbox", s_columns, WhenExists.Keep);
        using (insert)
        {
            foreach (var message in batch)
            {
                insert.Text(message.Connection);
                insert.Text(message.Stream);
                insert.Text(message.DeliveryId);
                insert.Int64(message.ReceivedAt);
                insert.Text(message.Method);
                insert.Text(message.Headers);
                insert.Text(message.Query);
                insert.Bytes(message.Body);
                insert.EndRow();
            }
        }

        transaction.Commit();
        return insert.Added;
    }

    /// <returns>Whether it had failed before.</returns>
    private bool SetFailed(long? at)
    {
        lock (_gate)
        {
            var before = _failedAt is not null;
            _failedAt = at;
            return before;
        }
    }

    private void CloseStore()
    {
        _store?.Dispose();
        _store = null;
    }
}

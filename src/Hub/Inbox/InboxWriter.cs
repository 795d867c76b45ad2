using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Hub.Store;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Hub.Inbox;

/// <summary>
/// Stores webhook requests in groups: while one transaction is made durable the next gathers. There is no timer; alone, a request is
/// committed at once. Threads of its own write, since a flush of the disk must not hold up those that answer: one for a file, and two for a
/// server, which takes the rows of one group while it flushes the other.
/// </summary>
/// <param name="engine">The store's engine.</param>
/// <param name="settings">How much may wait.</param>
/// <param name="clock">The time.</param>
/// <param name="loggers">Makes loggers.</param>
internal sealed class InboxWriter(StoreEngine engine, HookSettings settings, TimeProvider clock, ILoggerFactory loggers) : IDisposable
{
    private static readonly TimeSpan s_pauseAfterFailure = TimeSpan.FromSeconds(1);

    private readonly object _gate = new();
    private readonly ILogger _log = loggers.CreateLogger("hub.inbox");
    private readonly StoreEngine _engine = engine.Service;
    private readonly long _mostWaiting = settings.WaitingMegabytes * 1024L * 1024;
    private readonly List<Thread> _writers = [];
    private List<InboxMessage> _waiting = [];
    private long _waitingBytes;
    private long _stored;
    private long? _failedAt;
    private bool _stopped;

    /// <summary>Is raised after each commit that brought something new, on the writer's thread: takes little time and throws nothing.</summary>
    public event Action? Stored;

    /// <summary>How many requests this process has stored.</summary>
    public long Count => Volatile.Read(ref _stored);

    /// <summary>Stores a request; the outcome comes once it is durable. The message is the writer's from now on.</summary>
    public Task<InboxOutcome> WriteAsync(InboxMessage message)
    {
        InboxOutcome refused;
        lock (_gate)
        {
            if (!_stopped && !IsPausing() && _waitingBytes + message.Size <= _mostWaiting)
            {
                StartWriters();
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

        _writers.ForEach(writer => writer.Join());
    }

    // A store that fails takes long to say so; who comes meanwhile is not kept waiting.
    private bool IsPausing() => _failedAt is { } since && clock.GetElapsedTime(since) < s_pauseAfterFailure;

    private void StartWriters()
    {
        while (_writers.Count < (_engine.OutlivesConnections ? 2 : 1))
        {
            var writer = new Thread(Work) { IsBackground = true, Name = "inbox" };
            _writers.Add(writer);
            writer.Start();
        }
    }

    private void Work()
    {
        using var session = new InboxSession(_engine, clock);
        var batch = new List<InboxMessage>();
        while (Next(ref batch))
        {
            var outcome = Write(session, batch);
            foreach (var message in batch)
                message.End(outcome);
            batch.Clear();
        }
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

    private InboxOutcome Write(InboxSession session, List<InboxMessage> batch)
    {
        var began = clock.GetTimestamp();
        try
        {
            var added = session.Write(batch);
            HookMeters.Committed(batch.Count, added, clock.GetElapsedTime(began));
            Interlocked.Add(ref _stored, batch.Count);
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

            session.Dispose();
            return InboxOutcome.Failed;
        }
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
}

using System.Collections.Concurrent;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Http;

/// <summary>How much of its daily quota an account has used.</summary>
/// <param name="Limit">How many calls or credits it may use in 24 hours; null when there is no such limit or nobody knows.</param>
/// <param name="Used">How many are used, as far as is known.</param>
/// <param name="Reserve">How many are kept for people and other programs.</param>
/// <param name="Unit">What they are.</param>
public sealed record AccountQuota(long? Limit, long Used, long Reserve, string Unit)
{
    /// <summary>How many are left; null when there is no limit.</summary>
    public long? Left => Limit - Used;
}

/// <summary>
/// What an account may use of its system, shared by all connections, pipelines and tasks of this process: so many requests in a window, so
/// many at the same time, so many a day, and none at all before a time that the system named.
/// </summary>
// Budgets live as long as the process: what an account has used is true for whoever opens it next.
#pragma warning disable CA1001
internal sealed class AccountBudget
#pragma warning restore CA1001
{
    private static readonly ConcurrentDictionary<string, AccountBudget> s_accounts = new(StringComparer.Ordinal);

    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, Gate> _gates = new(StringComparer.Ordinal);
    private readonly Dictionary<string, QuickestAnswer> _quickest = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _till = new(1, 1);
    private readonly TimeProvider _clock;
    private readonly QuotaLedger _quota;
    private readonly string _connection;
    private AccountLimits _limits;
    private SemaphoreSlim? _slots;
    private DateTimeOffset _notBefore;
    private int _throttles;
    private (ConnectorException Failure, DateTimeOffset Until)? _exhausted;

    private AccountBudget(ApiProfile profile, ConnectionContext context)
    {
        _clock = context.Clock;
        _connection = context.Name;
        _limits = profile.Limits;
        _slots = _limits.Concurrency is { } atOnce ? new SemaphoreSlim(atOnce, atOnce) : null;
        _quota = new QuotaLedger(profile.Account ?? context.Name, _clock);
    }

    /// <summary>The budget of the account that a profile names.</summary>
    public static AccountBudget Of(ApiProfile profile, ConnectionContext context)
    {
        var budget = s_accounts.GetOrAdd(profile.Account is { } account ? account : $"{context.HubFolder}\n{context.Name}", _ => new AccountBudget(profile, context));
        budget.Set(profile, context);
        return budget;
    }

    /// <summary>Waits until a request may go out, and counts it.</summary>
    /// <param name="cost">What it costs of the daily quota.</param>
    /// <param name="kind">The kind of request whose window it counts towards; empty where the system counts all of them together.</param>
    /// <param name="method">Its method: a system needs longer to write than to read.</param>
    /// <param name="atMost">How long it makes sense to wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ConnectorException">The wait would be too long, or the day's quota is used up: the run is to pause.</exception>
    public async ValueTask<Turn> EnterAsync(int cost, string kind, string method, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var slots = _slots;
        if (slots is not null)
            await slots.WaitAsync(cancellationToken);
        try
        {
            var gate = _gates.GetOrAdd(kind, _ => new Gate());
            await gate.Turnstile.WaitAsync(cancellationToken);
            try
            {
                while (Wait(gate) is { } wait && wait > TimeSpan.Zero)
                {
                    if (wait > atMost)
                        throw TooLong(_clock.GetUtcNow() + wait);
                    await Task.Delay(wait, _clock, cancellationToken);
                }

                if (cost > 0)
                    await PayAsync(cost, cancellationToken);
                var turn = new Turn(this, slots, Quickest($"{method} {kind}"));
                if (_limits.RequestsPerWindow is not null)
                {
                    lock (_lock)
                        gate.Window.Enqueue(turn);
                }

                return turn;
            }
            finally
            {
                gate.Turnstile.Release();
            }
        }
        catch
        {
            slots?.Release();
            throw;
        }
    }

    private QuickestAnswer Quickest(string request)
    {
        lock (_lock)
            return _quickest.TryGetValue(request, out var known) ? known : _quickest[request] = new();
    }

    /// <summary>The system said how much is used.</summary>
    public void Report(long used, long limit) => _quota.Report(used, limit);

    /// <summary>The system refused a request because there were too many: nobody calls for a while.</summary>
    /// <param name="wait">How long it asks for; null when it does not say.</param>
    /// <returns>How long that is.</returns>
    public TimeSpan Throttle(TimeSpan? wait)
    {
        lock (_lock)
        {
            // Requests that were refused together are one event, and make the wait longer but once.
            var now = _clock.GetUtcNow();
            if (wait is null && _notBefore > now)
                return _notBefore - now;
            var pause = wait ?? TimeSpan.FromSeconds(Math.Min(60, Math.Pow(2, Math.Min(6, _throttles++))) * (1 + (Random.Shared.NextDouble() / 2)));
            if (now + pause > _notBefore)
                _notBefore = now + pause;
            return pause;
        }
    }

    /// <summary>The system takes requests again.</summary>
    public void Calm()
    {
        lock (_lock)
            _throttles = 0;
    }

    /// <summary>The system says that the day's quota is used up: nobody calls before it is there again.</summary>
    public ConnectorException Exhaust(ConnectorException? failure, TimeSpan? wait, string connection)
    {
        var until = failure?.PausedUntil ?? _clock.GetUtcNow() + (wait ?? TimeSpan.FromHours(1));
        var paused = new ConnectorException(
            FailureKind.Transient,
            failure?.Message ?? $"{connection}: the system says that the account's quota is used up.",
            failure?.Fix ?? "Everything done so far is saved; run again when the quota is there again, or raise it with the vendor.",
            failure) { PausedUntil = until, RetryAfter = until - _clock.GetUtcNow(), Code = failure?.Code };
        lock (_lock)
            _exhausted = (paused, until);
        return paused;
    }

    /// <summary>What is left to each account with a quota, under the name of the connection that used it first: an account's own name may be a person's.</summary>
    public static IEnumerable<(string Connection, long Left)> Left()
    {
        foreach (var budget in s_accounts.Values)
        {
            if (budget._quota.Left is { } left)
                yield return (budget._connection, left);
        }
    }

    /// <summary>How much is used.</summary>
    public ValueTask<AccountQuota> QuotaAsync(CancellationToken cancellationToken) => _quota.ReadAsync(cancellationToken);

    private void Set(ApiProfile profile, ConnectionContext context)
    {
        lock (_lock)
        {
            if (profile.Limits.Concurrency != _limits.Concurrency)
                _slots = profile.Limits.Concurrency is { } atOnce ? new SemaphoreSlim(atOnce, atOnce) : null;
            _limits = profile.Limits;
            _quota.Set(context.Memory, profile.Limits.PerDay, profile.Reserve, profile.Limits.Unit);
        }
    }

    private async ValueTask PayAsync(int cost, CancellationToken cancellationToken)
    {
        await _till.WaitAsync(cancellationToken);
        try
        {
            await _quota.TakeAsync(cost, cancellationToken);
        }
        finally
        {
            _till.Release();
        }
    }

    private TimeSpan? Wait(Gate gate)
    {
        lock (_lock)
        {
            var now = _clock.GetUtcNow();
            if (_exhausted is { } exhausted)
            {
                if (exhausted.Until > now)
                    throw exhausted.Failure;
                _exhausted = null;
            }

            if (_notBefore > now)
                return _notBefore - now;
            if (_limits.RequestsPerWindow is not { } atMost)
                return null;
            var window = _limits.Window;
            while (gate.Window.TryPeek(out var oldest) && oldest.Counts(window) + window <= now)
                gate.Window.Dequeue();
            if (gate.Window.Count < atMost)
                return null;
            // The answer that is still to come may tell that the wait is over sooner: look again at the earliest time.
            var first = gate.Window.Peek();
            var wait = (first.MayCount > now - window ? first.MayCount : first.Counts(window)) + window - now;
            // A clock that was set back must not make anybody wait for ever.
            return wait > window * 2 ? window : wait;
        }
    }

    private ConnectorException TooLong(DateTimeOffset until) => new(
        FailureKind.Transient,
        $"{_quota.Account}: the system takes no requests of this account before {until:u}.",
        "Everything done so far is saved; run again after that.") { PausedUntil = until, RetryAfter = until - _clock.GetUtcNow() };

    /// <summary>Where requests of one kind wait for their turn.</summary>
    private sealed class Gate
    {
        public SemaphoreSlim Turnstile { get; } = new(1, 1);

        public Queue<Turn> Window { get; } = new();
    }

    /// <summary>One request's place in the budget; ends with its answer's body.</summary>
    internal sealed class Turn(AccountBudget budget, SemaphoreSlim? slots, QuickestAnswer quickest) : IDisposable
    {
        private readonly DateTimeOffset _sent = budget._clock.GetUtcNow();
        private DateTimeOffset? _answered;
        private int _ended;

        /// <summary>When it may have reached the system, at the earliest, as long as there is no answer that tells more.</summary>
        public DateTimeOffset MayCount => _answered is null ? _sent : DateTimeOffset.MinValue;

        /// <summary>The request has reached the system: its answer is here.</summary>
        public void Answered()
        {
            var now = budget._clock.GetUtcNow();
            lock (budget._lock)
            {
                quickest.Note(now - _sent);
                _answered = now;
            }
        }

        /// <summary>
        /// When it may have reached the system, at the latest: what its answer took longer than the quickest of its kind may have been its way there.
        /// Counted so, no window of the system's own clock holds too many, whatever the line does; a slow answer costs at most a quarter of a window.
        /// </summary>
        public DateTimeOffset Counts(TimeSpan window)
        {
            var latest = _sent + (window * 0.25);
            var arrived = _answered is { } answered ? answered - quickest.Took : latest;
            return arrived > latest ? latest : arrived < _sent ? _sent : arrived;
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
                slots?.Release();
        }
    }
}

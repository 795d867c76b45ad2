using System.Globalization;
using System.Text.Json;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Http;

/// <summary>
/// What an account has used of its quota in the last 24 hours: by our own count, hour by hour, kept in the connection's memory so that
/// other processes go on counting; or by the system's, where it tells.
/// </summary>
internal sealed class QuotaLedger(string account, TimeProvider clock)
{
    private const string MemoryName = "quota";
    private static readonly TimeSpan s_saveEvery = TimeSpan.FromSeconds(15);

    private readonly Lock _lock = new();
    private readonly SortedDictionary<long, long> _hours = [];
    private readonly Dictionary<long, long> _unsaved = [];
    private IConnectionMemory _memory = new TransientMemory();
    private bool _loaded;
    private DateTimeOffset _savedAt;
    private long? _perDay;
    private double _reserve;
    private string _unit = "calls";
    private (long Used, long Limit, DateTimeOffset At)? _reported;
    private long _sinceReport;

    /// <summary>The account's name, for messages.</summary>
    public string Account { get; } = account;

    public void Set(IConnectionMemory memory, long? perDay, double reserve, string unit)
    {
        lock (_lock)
        {
            _loaded &= ReferenceEquals(_memory, memory);
            _memory = memory;
            _perDay = perDay;
            _reserve = Math.Clamp(reserve, 0, 1);
            _unit = unit;
        }
    }

    public void Report(long used, long limit)
    {
        lock (_lock)
        {
            _reported = (used, limit, clock.GetUtcNow());
            _sinceReport = 0;
        }
    }

    /// <summary>Takes what a request costs; called by one task at a time.</summary>
    /// <exception cref="ConnectorException">Only the reserve is left.</exception>
    public async ValueTask TakeAsync(long cost, CancellationToken cancellationToken)
    {
        if (Limit is not { } limit)
            return;
        await LoadAsync(cancellationToken);
        lock (_lock)
        {
            var used = Used();
            if (used + cost > limit - Reserve(limit) && !IsDoubtful())
                throw Paused(used, limit);
            var hour = Hour(clock.GetUtcNow());
            _hours[hour] = _hours.GetValueOrDefault(hour) + cost;
            _unsaved[hour] = _unsaved.GetValueOrDefault(hour) + cost;
            _sinceReport += cost;
        }

        // A crash forgets at most a thousandth of the quota.
        if (_unsaved.Values.Sum() >= Math.Max(1, limit / 1000) || clock.GetUtcNow() - _savedAt > s_saveEvery)
            await SaveAsync(cancellationToken);
    }

    public async ValueTask<AccountQuota> ReadAsync(CancellationToken cancellationToken)
    {
        if (Limit is null)
            return new(null, 0, 0, _unit);
        await LoadAsync(cancellationToken);
        lock (_lock)
            return new(Limit, Used(), Reserve(Limit.Value), _unit);
    }

    /// <summary>What is left, as far as is known without looking it up; null where nobody counts or nothing is known yet.</summary>
    public long? Left
    {
        get
        {
            lock (_lock)
                return Limit is { } limit && (_loaded || _reported is not null) ? Math.Max(0, limit - Used()) : null;
        }
    }

    private long? Limit => _reported?.Limit ?? _perDay;

    private long Reserve(long limit) => (long)(limit * _reserve);

    private long Used()
    {
        if (_reported is { } reported)
            return reported.Used + _sinceReport;
        var first = Hour(clock.GetUtcNow()) - 24;
        return _hours.Where(hour => hour.Key > first).Sum(hour => hour.Value);
    }

    // What the system said an hour ago may be true no longer: one request finds out.
    private bool IsDoubtful() => _reported is { } reported && clock.GetUtcNow() - reported.At > TimeSpan.FromHours(1);

    private ConnectorException Paused(long used, long limit)
    {
        var now = clock.GetUtcNow();
        var first = Hour(now) - 24;
        var until = _reported is null && _hours.Keys.FirstOrDefault(hour => hour > first) is > 0 and var oldest
            ? DateTimeOffset.UnixEpoch.AddHours(oldest + 25)
            : now.AddHours(1);
        return new(
            FailureKind.Transient,
            $"{Account}: {used:N0} of {limit:N0} {_unit} of these 24 hours are used; the {Reserve(limit):N0} that are left are kept for people and other programs.",
            "Everything done so far is saved; run again later, or lower `reservePercent` in the connection.") { PausedUntil = until, RetryAfter = until - now };
    }

    private async ValueTask LoadAsync(CancellationToken cancellationToken)
    {
        if (_loaded)
            return;
        Adopt(await _memory.ReadAsync(MemoryName, cancellationToken));
        _loaded = true;
    }

    private async ValueTask SaveAsync(CancellationToken cancellationToken)
    {
        // Under a lease: what another process counted meanwhile stays counted.
        await using var lease = await _memory.LeaseAsync(MemoryName, TimeSpan.FromSeconds(10), cancellationToken);
        Adopt(await _memory.ReadAsync(MemoryName, cancellationToken));
        string text;
        lock (_lock)
            text = JsonSerializer.Serialize(_hours.ToDictionary(hour => hour.Key.ToString(CultureInfo.InvariantCulture), hour => hour.Value));
        await _memory.WriteAsync(MemoryName, text, secret: false, cancellationToken);
        lock (_lock)
            _unsaved.Clear();
        _savedAt = clock.GetUtcNow();
    }

    private void Adopt(string? stored)
    {
        lock (_lock)
        {
            _hours.Clear();
            var first = Hour(clock.GetUtcNow()) - 24;
            foreach (var (hour, used) in stored is null ? [] : JsonSerializer.Deserialize<Dictionary<string, long>>(stored) ?? [])
            {
                if (long.TryParse(hour, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > first)
                    _hours[number] = used;
            }

            foreach (var (hour, used) in _unsaved)
                _hours[hour] = _hours.GetValueOrDefault(hour) + used;
        }
    }

    private static long Hour(DateTimeOffset time) => time.ToUnixTimeSeconds() / 3600;
}

namespace Crm.Integration.Sandbox.Traffic;

/// <summary>Holds the calls of one account to its limits, and knows which calls broke a rule that the caller could know.</summary>
internal sealed class TrafficRules(TimeProvider clock)
{
    /// <summary>A caller has not read our Retry-After the moment we wrote it: calls already on their way are not held against it.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<DateTimeOffset>> _windows = new(StringComparer.Ordinal);
    private DateTimeOffset _toldFrom;
    private DateTimeOffset _toldUntil;
    private DateTimeOffset _refuseUntil;
    private DateTime _day;
    private int _active;

    /// <summary>The limits in force.</summary>
    public Limits Limits { get; set; } = new(null, null, null, null);

    /// <summary>Where the vendor's day is: it begins so much before that of UTC.</summary>
    public TimeSpan DayOffset { get; set; }

    /// <summary>Calls, or credits where the vendor charges more for some, used since its midnight.</summary>
    public int UsedToday { get; private set; }

    /// <summary>Charges more than the one call that is always charged.</summary>
    public void Charge(int more)
    {
        lock (_gate)
            UsedToday += more;
    }

    /// <summary>The caller was told to come back after so many seconds.</summary>
    public void Told(int seconds)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            // Who asks again inside the window is told again; that does not open the grace anew.
            if (now >= _toldUntil)
                _toldFrom = now + s_grace;
            // Seconds are whole: who waits exactly as told may arrive a rounding error early.
            _toldUntil = now.AddSeconds(seconds).AddMilliseconds(-50);
        }
    }

    /// <summary>Refuses all calls for so long, as after a burst of somebody else's on the same account.</summary>
    public Refusal Close(int seconds)
    {
        lock (_gate)
            _refuseUntil = clock.GetUtcNow().AddSeconds(seconds);
        return new Refusal(RefusalReason.Rate, seconds);
    }

    /// <summary>A call comes in; who entered must <see cref="Leave"/>.</summary>
    /// <param name="windowName">Which window it counts in: a vendor may count each of its interfaces apart.</param>
    /// <param name="violations">How many rules it broke.</param>
    public Refusal? Enter(string windowName, out int violations)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            violations = now > _toldFrom && now < _toldUntil ? 1 : 0;
            _active++;

            var today = (now + DayOffset).UtcDateTime.Date;
            if (today != _day)
            {
                _day = today;
                UsedToday = 0;
            }

            if (now < _refuseUntil)
                return new Refusal(RefusalReason.Rate, Math.Max(1, (int)Math.Ceiling((_refuseUntil - now).TotalSeconds)));

            var refusal = Over(windowName, now);
            violations += refusal is null ? 0 : 1;
            if (refusal is null)
                UsedToday++;
            return refusal;
        }
    }

    public void Leave()
    {
        lock (_gate)
            _active--;
    }

    public void Forget()
    {
        lock (_gate)
        {
            _windows.Clear();
            _toldFrom = _toldUntil = _refuseUntil = default;
            UsedToday = 0;
        }
    }

    private Refusal? Over(string windowName, DateTimeOffset now)
    {
        if (Limits.PerDay is { } day && UsedToday >= day)
            return new Refusal(RefusalReason.Day, (int)Math.Ceiling((_day.AddDays(1) - (now + DayOffset).UtcDateTime).TotalSeconds));
        if (Limits.Concurrency is { } most && _active > most)
            return new Refusal(RefusalReason.Concurrency, 1);
        if (Limits.RequestsPerWindow is not { } allowed)
            return null;

        // A call may travel a little faster than the one a window before it; a window one twentieth shorter forgives that and nothing else.
        var window = TimeSpan.FromSeconds(Limits.WindowSeconds ?? 1);
        if (!_windows.TryGetValue(windowName, out var calls))
            _windows[windowName] = calls = new();
        var slack = TimeSpan.FromMilliseconds(Math.Min(window.TotalMilliseconds / 20, 250));
        while (calls.TryPeek(out var oldest) && now - oldest >= window - slack)
            calls.Dequeue();
        if (calls.Count >= allowed)
            return new Refusal(RefusalReason.Rate, Math.Max(1, (int)Math.Ceiling((calls.Peek() + window - now).TotalSeconds)));

        calls.Enqueue(now);
        return null;
    }
}

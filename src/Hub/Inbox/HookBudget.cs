namespace Crm.Integration.Hub.Inbox;

/// <summary>How much a sender may send: so much a second on average, and what it saved up in ten seconds at once.</summary>
/// <param name="perSecond">Requests a second.</param>
/// <param name="clock">The time.</param>
internal sealed class HookBudget(int perSecond, TimeProvider clock)
{
    private const double SavedSeconds = 10;

    private readonly Lock _gate = new();
    private double _left = perSecond * SavedSeconds;
    private long _filledAt = clock.GetTimestamp();

    /// <summary>Takes one.</summary>
    /// <returns>False when there is none left.</returns>
    public bool TryTake()
    {
        lock (_gate)
        {
            var now = clock.GetTimestamp();
            _left = Math.Min(perSecond * SavedSeconds, _left + (clock.GetElapsedTime(_filledAt, now).TotalSeconds * perSecond));
            _filledAt = now;
            if (_left < 1)
                return false;
            _left--;
            return true;
        }
    }
}

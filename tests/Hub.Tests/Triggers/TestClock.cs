namespace Crm.Integration.Hub.Tests.Triggers;

/// <summary>A clock that is moved by hand.</summary>
internal sealed class TestClock(DateTimeOffset now) : TimeProvider
{
    private readonly Lock _gate = new();
    private DateTimeOffset _now = now;

    /// <summary>The time.</summary>
    public DateTimeOffset Now
    {
        get
        {
            lock (_gate)
                return _now;
        }

        set
        {
            lock (_gate)
                _now = value;
        }
    }

    public override DateTimeOffset GetUtcNow() => Now;
}

using Crm.Integration.Hub.Cli;

namespace Crm.Integration.Hub.Runs;

/// <summary>How fast something goes, and how long it still takes.</summary>
/// <param name="clock">The time.</param>
internal sealed class Pace(TimeProvider clock)
{
    private readonly long _began = clock.GetTimestamp();
    private long _done;
    private double? _share;
    private TimeSpan? _took;

    /// <summary>"12,000 rows, 2,400 rows/s, 8 s left".</summary>
    public string Text
    {
        get
        {
            // What came in one piece was never counted on its way.
            if (_took is not null && _done == 0)
                return "done";
            var elapsed = _took ?? clock.GetElapsedTime(_began);
            var parts = new List<string> { Words.Count(_done, "row") };
            if (Words.Rate(_done, elapsed) is { Length: > 0 } rate)
                parts.Add(rate);
            // The first moments say nothing about the whole.
            if (_took is null && _share is > 0.01 and < 1 and var share && elapsed.TotalSeconds > 1)
                parts.Add(Words.Duration(TimeSpan.FromSeconds(Math.Ceiling(elapsed.TotalSeconds * (1 - share) / share))) + " left");
            return string.Join(", ", parts);
        }
    }

    /// <summary>It is over: its rate stays what it was.</summary>
    public void End() => _took ??= clock.GetElapsedTime(_began);

    /// <summary>Notes how far it has come.</summary>
    public void Update(long done, double? share) => (_done, _share) = (done, share);
}

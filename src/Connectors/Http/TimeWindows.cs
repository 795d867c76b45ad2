using System.Runtime.CompilerServices;

namespace Crm.Integration.Connectors.Http;

/// <summary>A span of time, its end not included.</summary>
/// <param name="From">Its beginning.</param>
/// <param name="To">Its end.</param>
public readonly record struct TimeWindow(DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>How long it is.</summary>
    public TimeSpan Length => To - From;
}

/// <summary>Cuts a span of time into windows, each with no more records than a system gives for one query.</summary>
public static class TimeWindows
{
    /// <summary>The windows in their order. A window that does not fit is cut in half, and so on down to the smallest.</summary>
    /// <param name="whole">The span.</param>
    /// <param name="smallest">The system's resolution: a window is not cut below it, though it may hold too much.</param>
    /// <param name="fits">Whether a window holds few enough records: mostly one query that counts.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Each window, and whether it fits; one that does not is of the smallest size, and has to be read by another key.</returns>
    public static async IAsyncEnumerable<(TimeWindow Window, bool Fits)> CutAsync(
        TimeWindow whole,
        TimeSpan smallest,
        Func<TimeWindow, CancellationToken, ValueTask<bool>> fits,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(fits);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(smallest, TimeSpan.Zero);
        var ahead = new Stack<TimeWindow>();
        if (whole.Length > TimeSpan.Zero)
            ahead.Push(whole);
        while (ahead.TryPop(out var window))
        {
            if (await fits(window, cancellationToken))
            {
                yield return (window, true);
                continue;
            }

            // The cut falls on the resolution, counted from the beginning: no record may lie between two windows.
            var half = smallest * Math.Floor(window.Length / smallest / 2);
            if (half <= TimeSpan.Zero)
            {
                yield return (window, false);
                continue;
            }

            ahead.Push(window with { From = window.From + half });
            ahead.Push(window with { To = window.From + half });
        }
    }
}

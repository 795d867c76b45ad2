using System.Collections.Concurrent;

namespace Crm.Integration.Hub.Inbox;

/// <summary>Which streams' webhooks cannot be taken just now, and why: for health, alerts and the API.</summary>
internal sealed class DrainState
{
    private readonly ConcurrentDictionary<(string Connection, string Stream), DrainPause> _pauses = new();

    /// <summary>The streams that pause, in order.</summary>
    public IReadOnlyList<DrainPause> Pauses => [.. _pauses.Values.OrderBy(pause => pause.Connection, StringComparer.Ordinal).ThenBy(pause => pause.Stream, StringComparer.Ordinal)];

    /// <summary>A stream pauses.</summary>
    public void Set(DrainPause pause) => _pauses[(pause.Connection, pause.Stream)] = pause;

    /// <summary>A stream goes on.</summary>
    public void Clear(string connection, string stream) => _pauses.TryRemove((connection, stream), out _);
}

/// <summary>Why a stream's webhooks wait.</summary>
/// <param name="Connection">The connection's name.</param>
/// <param name="Stream">The stream.</param>
/// <param name="Since">Since when.</param>
/// <param name="Until">When it is tried again.</param>
/// <param name="Problem">What is wrong.</param>
/// <param name="Fix">What to do about it.</param>
internal sealed record DrainPause(string Connection, string Stream, DateTimeOffset Since, DateTimeOffset Until, string Problem, string Fix);

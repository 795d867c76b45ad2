namespace Crm.Integration.Sandbox;

/// <summary>Changes that a user has made but that nobody can see yet, as in a long transaction: they appear later with their earlier time.</summary>
internal sealed class LateCommits
{
    private readonly PriorityQueue<(DateTimeOffset Made, Action Change), DateTimeOffset> _waiting = new();

    public void Add(DateTimeOffset visible, DateTimeOffset made, Action change) => _waiting.Enqueue((made, change), visible);

    public (DateTimeOffset Made, Action? Change) Next(DateTimeOffset now) =>
        _waiting.TryPeek(out _, out var visible) && visible <= now ? _waiting.Dequeue() : default;

    public void Clear() => _waiting.Clear();
}

using System.Collections.Concurrent;

namespace Crm.Integration.Hub.Inbox;

/// <summary>How the subscriptions to webhooks stand: for health, alerts and the API.</summary>
internal sealed class SubscriptionState
{
    private readonly ConcurrentDictionary<string, Subscription> _all = new(StringComparer.Ordinal);

    /// <summary>By connection, in order.</summary>
    public IReadOnlyList<Subscription> All => [.. _all.Values.OrderBy(one => one.Connection, StringComparer.Ordinal)];

    /// <summary>What was found out about a connection.</summary>
    public void Set(Subscription subscription) => _all[subscription.Connection] = subscription;

    /// <summary>Only these connections are subscribed to any more.</summary>
    public void Keep(IReadOnlySet<string> connections)
    {
        foreach (var gone in _all.Keys.Where(name => !connections.Contains(name)))
            _all.TryRemove(gone, out _);
    }
}

/// <summary>How the subscription of a connection stands.</summary>
/// <param name="Connection">The connection's name.</param>
/// <param name="At">When it was last looked after.</param>
/// <param name="NextAt">When it is next; null when a person has set it up.</param>
/// <param name="Problem">Why it could not be made or renewed; null when all is well.</param>
/// <param name="Fix">What to do about the problem.</param>
internal sealed record Subscription(string Connection, DateTimeOffset At, DateTimeOffset? NextAt, string? Problem = null, string? Fix = null);

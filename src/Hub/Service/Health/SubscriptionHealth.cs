using Crm.Integration.Hub.Inbox;

namespace Crm.Integration.Hub.Service.Health;

/// <summary>Whether systems outside are asked to send webhooks. What they do not send, the sweep of each stream finds, only later.</summary>
/// <param name="subscriptions">How the subscriptions stand.</param>
internal sealed class SubscriptionHealth(SubscriptionState subscriptions) : IHealthPart
{
    /// <inheritdoc/>
    public string Name => "subscriptions";

    /// <inheritdoc/>
    public Task<HealthFinding> LookAsync(CancellationToken cancellationToken)
    {
        var all = subscriptions.All;
        var bad = all.Where(one => one.Problem is not null).ToList();
        return Task.FromResult(
            bad is [var first, ..] ? HealthFinding.Warn($"{string.Join(", ", bad.Select(one => one.Connection))}: the subscription could not be made or renewed: {first.Problem}", first.Fix ?? "the log says more")
            : HealthFinding.Ok(all.Count == 0 ? "none are wanted" : $"{all.Count} made"));
    }
}

using Crm.Integration.Hub.Service.Health;

namespace Crm.Integration.Hub.Inbox;

/// <summary>
/// Says which webhooks wait and which subscriptions could not be made. Neither is a reason to send nothing more to this node: what comes is
/// stored, and the sweeps bring the rest.
/// </summary>
/// <param name="drains">What waits.</param>
/// <param name="subscriptions">How subscriptions stand.</param>
internal sealed class HookHealth(DrainState drains, SubscriptionState subscriptions) : IHealthPart
{
    /// <inheritdoc/>
    public string Name => "webhooks";

    /// <inheritdoc/>
    public Task<HealthFinding> LookAsync(CancellationToken cancellationToken)
    {
        var troubles = drains.Pauses.Select(pause => $"{pause.Connection}/{pause.Stream} waits since {pause.Since:u}: {pause.Problem}")
            .Concat(subscriptions.All.Where(one => one.Problem is not null).Select(one => $"{one.Connection} is not subscribed to: {one.Problem}"))
            .ToList();
        return Task.FromResult(HealthFinding.Ok(troubles.Count == 0 ? "webhooks are taken" : string.Join("; ", troubles)));
    }
}

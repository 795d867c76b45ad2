using Crm.Integration.Hub.Service.Health;
using Crm.Integration.Hub.Store;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Crm.Integration.Hub.Inbox;

/// <summary>What becomes of webhooks in the service, once they are stored.</summary>
internal static class Drains
{
    /// <summary>Adds what takes stored webhooks through the pipelines, and what keeps systems sending them.</summary>
    public static IServiceCollection AddDrains(this IServiceCollection services)
    {
        services.TryAddSingleton<ServiceStore>();
        services.AddSingleton<DrainState>();
        services.AddSingleton<SubscriptionState>();
        services.AddSingleton<DrainEnd>();
        services.AddSingleton<IHealthPart, HookHealth>();
        services.AddHostedService<InboxDrain>();
        services.AddHostedService<Subscriber>();
        return services;
    }
}

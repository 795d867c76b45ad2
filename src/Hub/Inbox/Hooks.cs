using Crm.Integration.Hub.Service;
using Crm.Integration.Hub.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Hub.Inbox;

/// <summary>Webhooks in the service.</summary>
internal static class Hooks
{
    /// <summary>Adds what takes webhooks.</summary>
    public static IServiceCollection AddHooks(this IServiceCollection services)
    {
        services.AddSingleton<HookRoutes>();
        services.AddSingleton<HookRefusals>();
        services.AddSingleton<HookEndpoint>();
        services.AddSingleton(provider => new InboxWriter(
            provider.GetRequiredService<StoreEngine>(),
            provider.GetRequiredService<LiveConfiguration>().Current.Settings.Service.Hooks,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>()));
        return services;
    }

    /// <summary>
    /// Answers everything under /hooks/. Not an endpoint like others: thousands come in a second, and nothing of what stands behind this is
    /// for them.
    /// </summary>
    public static WebApplication MapHooks(this WebApplication app)
    {
        var hooks = app.Services.GetRequiredService<HookEndpoint>();
        app.Use(next => context => context.Request.Path.Value is { } path && path.StartsWith(HookEndpoint.Prefix, StringComparison.Ordinal) ? hooks.HandleAsync(context) : next(context));
        return app;
    }
}

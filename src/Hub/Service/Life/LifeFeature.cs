using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.WindowsServices;

namespace Crm.Integration.Hub.Service.Life;

/// <summary>Begin, end and idle hours of the service: what it tells systemd or Windows, and what it gives back when there is nothing to do.</summary>
internal static class LifeFeature
{
    /// <summary>What it needs.</summary>
    public static IServiceCollection AddLife(this IServiceCollection services)
    {
        if (WindowsServiceHelpers.IsWindowsService())
            services.AddWindowsService();
        else
            services.AddSingleton<IHostLifetime, QuietLifetime>();
        services.AddHostedService<Notices>();
        services.AddHostedService<IdleMemory>();
        return services;
    }
}

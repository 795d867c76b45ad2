using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;

namespace Crm.Integration.Hub.Service.Life;

/// <summary>Tells systemd when the service is ready, and when it stops. Without systemd it does nothing.</summary>
/// <param name="life">Hears of the start and the stop.</param>
internal sealed class Notices(IHostApplicationLifetime life) : IHostedService
{
    private readonly SystemdNotifier _systemd = new();

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Not before all has started: whoever is told that it is ready sends requests.
        if (_systemd.IsEnabled)
        {
            life.ApplicationStarted.Register(() => _systemd.Notify(ServiceState.Ready));
            life.ApplicationStopping.Register(() => _systemd.Notify(ServiceState.Stopping));
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>
/// The service listens to signals by itself: Ctrl-C and SIGTERM come by way of the command. Two listeners would be told in no certain order.
/// </summary>
internal sealed class QuietLifetime : IHostLifetime
{
    /// <inheritdoc/>
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

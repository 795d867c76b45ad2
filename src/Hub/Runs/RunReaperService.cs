using Crm.Integration.Hub.Store;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Hub.Runs;

/// <summary>Looks, for as long as the service lives, for runs whose process died.</summary>
/// <param name="engine">Makes an engine of its own for each look: what has the lock lends its session.</param>
/// <param name="clock">The time.</param>
/// <param name="loggers">Makes loggers.</param>
internal sealed class RunReaperService(Func<StoreEngine> engine, TimeProvider clock, ILoggerFactory loggers) : BackgroundService
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(10);

    private readonly ILogger _log = loggers.CreateLogger("hub.runs");

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(s_every, clock);
        try
        {
            do
            {
                await LookAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            _log.LogDebug("nobody looks for dead runs any more");
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RunReaper.ReapAsync(engine(), clock, _log, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The next look comes in seconds; whoever works on the store says what is wrong with it.
            _log.LogDebug(exception, "dead runs were not looked for");
        }
    }
}

/// <summary>What the service needs for its runs.</summary>
internal static class RunServices
{
    /// <summary>Adds it.</summary>
    /// <param name="services">The services.</param>
    /// <param name="engine">Makes an engine for the store.</param>
    public static IServiceCollection AddRuns(this IServiceCollection services, Func<StoreEngine> engine) =>
        services.AddHostedService(provider => new RunReaperService(engine, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>()));
}

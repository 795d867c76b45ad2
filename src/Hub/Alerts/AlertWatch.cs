using Crm.Integration.Hub.Accounts;
using Crm.Integration.Hub.Service;
using Crm.Integration.Hub.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Hub.Alerts;

/// <summary>Looks, twice a minute and on one node, at what is not as it should be, and tells people.</summary>
/// <param name="live">The configuration.</param>
/// <param name="engine">The store's engine.</param>
/// <param name="node">This node.</param>
/// <param name="services">Gives what the service says of itself.</param>
/// <param name="clock">The time.</param>
/// <param name="log">The log.</param>
internal sealed class AlertWatch(LiveConfiguration live, StoreEngine engine, Node node, ServiceConditions services, TimeProvider clock, ILogger<AlertWatch> log) : BackgroundService
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(30);

    // Longer than a look takes, so that the next node takes over soon after a death.
    private static readonly TimeSpan s_lease = TimeSpan.FromSeconds(90);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var service = new ServiceStore(engine, clock);
        using var channel = new AlertChannel(clock);
        var messenger = new Messenger(service, channel, log);
        var ledger = new AlertLedger(service, clock);
        var runs = new RunConditions();
        var began = clock.GetUtcNow();
        var mine = false;
        while (true)
        {
            await Task.Delay(s_every, clock, stoppingToken);
            var configuration = live.Current;
            if (configuration.Settings.Service.Alerts.Channels.Count == 0)
                continue;
            try
            {
                var leases = new AccountStore(engine, configuration.Folder, clock, Environment.GetEnvironmentVariable);
                if (mine)
                    leases.Release("", "alerts", node.Name);
                mine = leases.TryTake("", "alerts", node.Name, s_lease);
                if (!mine)
                    continue;
                using (var store = MasterStore.Open(engine, clock))
                {
                    ledger.Settle([.. runs.Look(store, configuration), .. new StoreConditions(clock).Look(store, service, configuration), .. services.Look(store, service)], configuration);
                    if (configuration.Settings.Service.Alerts.Digest is { } at)
                    {
                        var due = DayTime.Next(ledger.LastDigest ?? began, at, AlertLedger.Zone(configuration));
                        if (due <= clock.GetUtcNow())
                            ledger.Digest(clock.GetUtcNow(), configuration, () => Digest.Write(store, service, configuration, clock));
                    }
                }

                await messenger.SendAsync(configuration, stoppingToken);
            }
            catch (StoreException exception)
            {
                // With the store away nobody can be told by way of it; the log, and the health check, say so.
                log.LogError(exception, "alerts could not be looked after: {Problem}", exception.Message);
            }
        }
    }
}

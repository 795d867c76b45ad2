using Crm.Integration.Hub.Accounts;
using Crm.Integration.Hub.Service;
using Crm.Integration.Hub.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Hub.Retention;

/// <summary>Clears away once a day, at the time that the settings name, on one node.</summary>
/// <param name="live">The configuration.</param>
/// <param name="engine">The store's engine.</param>
/// <param name="node">This node.</param>
/// <param name="clock">The time.</param>
/// <param name="log">The log.</param>
internal sealed class NightlyClearance(LiveConfiguration live, StoreEngine engine, Node node, TimeProvider clock, ILogger<NightlyClearance> log) : BackgroundService
{
    private static readonly TimeSpan s_longestSleep = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var last = clock.GetUtcNow();
        while (true)
        {
            // Asked anew each time: the settings may have changed meanwhile.
            var settings = live.Current.Settings;
            var left = DayTime.Next(last, settings.Service.Retention.At, TimeZoneInfo.FindSystemTimeZoneById(settings.Defaults.TimeZone)) - clock.GetUtcNow();
            if (left > TimeSpan.Zero)
            {
                await Task.Delay(left < s_longestSleep ? left : s_longestSleep, clock, stoppingToken);
                continue;
            }

            last = clock.GetUtcNow();
            await ClearAsync(stoppingToken);
        }
    }

    private async Task ClearAsync(CancellationToken cancellationToken)
    {
        var leases = new AccountStore(engine, live.Current.Folder, clock, Environment.GetEnvironmentVariable);
        try
        {
            // Kept to its end and not given back: whoever comes a moment later has nothing to do tonight.
            if (!leases.TryTake("", "retention", node.Name, TimeSpan.FromHours(1)))
                return;
            var cleared = await new Clearance(engine, live.Current.Settings.Service.Retention, clock).RunAsync(cancellationToken);
            var parts = cleared.Where(one => one.Rows > 0).Select(one => FormattableString.Invariant($"{one.Rows:N0} {one.What}")).ToList();
            log.LogInformation("retention: {Cleared}", parts.Count == 0 ? "nothing is old enough" : string.Join(", ", parts));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A night without it does no harm; the next one has more to do.
            log.LogError(exception, "retention stopped: {Problem}; it goes on tomorrow, `hub retention run` does it now", exception.Message);
        }
    }
}

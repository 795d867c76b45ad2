using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Service;
using Crm.Integration.Hub.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Hub.Triggers;

/// <summary>Keeps the triggers going: sets alarms, at the start, after each change of the configuration and when one is overdue, and looks for changes.</summary>
/// <param name="alarms">The alarms.</param>
/// <param name="changes">Looks for changes.</param>
/// <param name="requests">The requests.</param>
/// <param name="live">The configuration.</param>
/// <param name="clock">The time.</param>
/// <param name="loggers">Makes loggers.</param>
internal sealed class TriggerService(AlarmClock alarms, ChangeWatch changes, RunRequests requests, LiveConfiguration live, TimeProvider clock, ILoggerFactory loggers) : BackgroundService
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_check = TimeSpan.FromSeconds(30);

    private readonly ILogger _log = loggers.CreateLogger("hub.triggers");
    private volatile bool _changed;
    private bool _troubled;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        live.Changed += Note;
        try
        {
            var started = await TryAsync(() => alarms.StartAsync(stoppingToken), stoppingToken);
            var next = clock.GetUtcNow() + s_check;
            while (!stoppingToken.IsCancellationRequested)
            {
                await Task.Delay(s_look, clock, stoppingToken);
                if (!started)
                    started = await TryAsync(() => alarms.StartAsync(stoppingToken), stoppingToken);
                if (started && (_changed || clock.GetUtcNow() >= next))
                {
                    next = clock.GetUtcNow() + s_check;
                    if (_changed)
                        changes.Forget();
                    _changed = false;
                    await TryAsync(() => alarms.SetAsync(stoppingToken), stoppingToken);
                    requests.News();
                }

                await TryAsync(
                    () =>
                    {
                        changes.Look();
                        return Task.CompletedTask;
                    },
                    stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            _log.LogDebug("no more triggers fire");
        }
        finally
        {
            live.Changed -= Note;
            await TryAsync(() => alarms.StopAsync(CancellationToken.None), CancellationToken.None);
        }
    }

    private void Note(HubConfiguration configuration) => _changed = true;

    // What fails here is tried again at the next turn, and said once.
    private async Task<bool> TryAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work();
            if (_troubled)
                _log.LogInformation("triggers are seen to again");
            _troubled = false;
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            if (!_troubled)
                _log.LogError(exception, "triggers cannot be seen to: {Problem}{Fix}", exception.Message, exception is StoreException { Fix: var fix } ? $"; {fix}" : "");
            _troubled = true;
            return false;
        }
    }
}

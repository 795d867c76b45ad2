using Crm.Integration.Hub.Service;
using Crm.Integration.Hub.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Hub.Triggers;

/// <summary>Carries out what is requested: as many runs side by side as the settings allow.</summary>
/// <param name="requests">The requests.</param>
/// <param name="running">What runs now.</param>
/// <param name="carrier">Carries out one.</param>
/// <param name="live">The configuration.</param>
/// <param name="node">This node.</param>
/// <param name="engine">The store's engine.</param>
/// <param name="clock">The time.</param>
/// <param name="loggers">Makes loggers.</param>
internal sealed class RunWorker(
    RunRequests requests, RunningRuns running, RunCarrier carrier, LiveConfiguration live, Node node, StoreEngine engine, TimeProvider clock, ILoggerFactory loggers) : BackgroundService
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_renew = RunClaims.Lease / 6;

    private readonly RunClaims _claims = new(requests, node.Name, clock);
    private readonly ILogger _log = loggers.CreateLogger("hub.runs");
    private readonly List<Task> _tasks = [];
    private DateTimeOffset _renewed;
    private bool _troubled;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        _renewed = clock.GetUtcNow();
        try
        {
            for (var first = true; !stoppingToken.IsCancellationRequested; first = false)
            {
                Look(first, stoppingToken);
                await requests.WaitAsync(s_look, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            _log.LogDebug("no more runs are begun");
        }

        // Each of them ends at its next checkpoint, and is given back.
        await Task.WhenAll(_tasks);
    }

    private void Look(bool first, CancellationToken stopping)
    {
        try
        {
            _tasks.RemoveAll(task => task.IsCompleted);
            Renew();
            foreach (var left in _claims.TakeOver(alone: first && !engine.OutlivesConnections))
            {
                TriggerMeters.TakenOver.Add(1);
                _log.LogWarning("request {RequestId} ({Pipelines}) was left behind by {Node}", left.Id, RunCarrier.Names(left), left.Node);
            }

            var configuration = live.Current;
            while (running.Count < configuration.Settings.Service.ParallelRuns && _claims.Claim([.. configuration.Pipelines.Select(pipeline => pipeline.Name)]) is { } request)
            {
                var run = new RunningRun(request, stopping);
                running.Add(run);
                _tasks.Add(Task.Run(() => CarryOutAsync(run), CancellationToken.None));
            }

            if (_troubled)
                _log.LogInformation("the store is back");
            _troubled = false;
        }
        catch (StoreException exception)
        {
            // Said once, and looked for again at the next turn.
            if (!_troubled)
                _log.LogError(exception, "requests cannot be read: {Problem}; {Fix}", exception.Message, exception.Fix);
            _troubled = true;
            LoseWhatIsOverdue();
        }
        catch (Exception exception)
        {
            // The worker goes on whatever happens: nobody else does its work.
            _log.LogError(exception, "requests were not seen to: {Problem}", exception.Message);
        }
    }

    private void Renew()
    {
        if (running.Count == 0)
        {
            _renewed = clock.GetUtcNow();
            return;
        }

        var own = _claims.Renew(clock.GetUtcNow() - _renewed >= s_renew);
        if (own.Renewed)
            _renewed = clock.GetUtcNow();
        foreach (var run in running.All)
        {
            if (!own.Requests.TryGetValue(run.Request.Id, out var state) || state.Fence != run.Request.Fence)
                run.Lose();
            else if (state.CancelledBy is { } by && run.CancelledBy is null)
                run.Cancel(by);
        }
    }

    /// <summary>Who cannot say that it works must take it that others do its work by now.</summary>
    private void LoseWhatIsOverdue()
    {
        if (!engine.OutlivesConnections || clock.GetUtcNow() - _renewed < RunClaims.Lease)
            return;
        foreach (var run in running.All)
            run.Lose();
    }

    private async Task CarryOutAsync(RunningRun run)
    {
        try
        {
            await carrier.CarryOutAsync(run, _claims);
        }
        catch (Exception exception)
        {
            // Its claim runs out, and it is begun again, here or elsewhere.
            _log.LogError(exception, "the end of request {RequestId} could not be written: {Problem}", run.Request.Id, exception.Message);
        }
        finally
        {
            running.Remove(run);
            run.Dispose();
            requests.News();
        }
    }
}

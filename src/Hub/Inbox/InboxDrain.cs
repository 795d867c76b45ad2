using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Logging;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Service;
using Crm.Integration.Hub.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Hub.Inbox;

/// <summary>
/// Takes what waits in the inbox through the pipelines that read it, stream by stream, each in its order: gathered for a moment, as a run of its own.
/// Where a system does not answer its stream waits, longer each time, and the others go on.
/// </summary>
internal sealed class InboxDrain(
    LiveConfiguration live, StoreEngine engine, ServiceStore service, InboxWriter writer, DrainEnd end, Node node, DrainState state, SecretRedactor secrets, TimeProvider clock, ILoggerFactory loggers) : BackgroundService
{
    private const int MostMessages = 5000;

    // More than that a second is a flood: what senders wait for goes first, and a little is taken meanwhile.
    private const int Flood = 4000;
    private const int MostInFlood = 500;
    private static readonly TimeSpan s_sample = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_longestWay = TimeSpan.FromSeconds(3);

    // Whoever works on the store by hand is waited for.
    private static readonly TimeSpan s_patience = TimeSpan.FromHours(12);

    // Among nodes: who has it takes the stream's messages. It only keeps the others from trying, and ends soon where a node dies; what decides is the
    // stream's lock.
    private static readonly TimeSpan s_turn = TimeSpan.FromSeconds(15);

    // So long messages gather before a run takes them.
    private static readonly TimeSpan s_gathering = TimeSpan.FromMilliseconds(800);

    // Other nodes' webhooks, and those that somebody replays, are found by looking.
    private static readonly TimeSpan s_glance = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_breath = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_afterCancel = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMinutes(5);

    private readonly ILogger _log = loggers.CreateLogger("hub.inbox");
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly Dictionary<(string Connection, string Stream), StreamDrain> _streams = [];
    private bool _troubled;

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _wake.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        writer.Stored += Wake;
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                Look(stoppingToken);

                // Hundreds of commits come in a second.
                await Task.Delay(s_breath, clock, stoppingToken);
                await WaitAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service ends.
        }
        finally
        {
            writer.Stored -= Wake;
            await Task.WhenAll(_streams.Values.Select(stream => stream.Work));
        }
    }

    private void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (Exception exception) when (exception is SemaphoreFullException or ObjectDisposedException)
        {
            // It is awake, or at its end.
        }
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        using var glance = new CancellationTokenSource(s_glance, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(glance.Token, cancellationToken);
        try
        {
            await _wake.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Time to look.
        }
    }

    private void Look(CancellationToken cancellationToken)
    {
        try
        {
            Begin(cancellationToken);
            if (_troubled)
                _log.LogInformation("the inbox can be read again");
            _troubled = false;
        }
        catch (Exception exception)
        {
            // Said once, and tried again at the next look: nobody else does this work.
            if (!_troubled)
                _log.LogError(exception, "the inbox cannot be read: {Problem}; {Fix}", exception.Message, (exception as StoreException)?.Fix ?? "it is tried again by itself");
            _troubled = true;
        }
    }

    /// <summary>Begins with each stream that is free and has something waiting.</summary>
    private void Begin(CancellationToken cancellationToken)
    {
        var configuration = live.Current;
        var atWork = _streams.Values.Count(stream => !stream.Work.IsCompleted);
        foreach (var pipelines in configuration.Pipelines.OfType<InboundPipeline>().Where(TakesWebhooks).GroupBy(pipeline => (Connection: pipeline.Connection.Name, pipeline.Stream)))
        {
            if (!_streams.TryGetValue(pipelines.Key, out var stream))
                _streams.Add(pipelines.Key, stream = new StreamDrain());
            if (atWork >= configuration.Settings.Service.ParallelRuns || !stream.Work.IsCompleted || stream.NotBefore > clock.GetUtcNow() || new WaitingMessages(service, node, pipelines.Key.Connection, pipelines.Key.Stream).Last(1) is null)
                continue;
            stream.Work = WorkAsync(stream, configuration, [.. pipelines], cancellationToken);
            atWork++;
        }
    }

    private static bool TakesWebhooks(InboundPipeline pipeline) => pipeline.Connection.Connector.Declaration.Capabilities.HasFlag(ConnectorCapabilities.Webhook);

    private async Task WorkAsync(StreamDrain stream, HubConfiguration configuration, IReadOnlyList<InboundPipeline> pipelines, CancellationToken cancellationToken)
    {
        var (connection, name) = (pipelines[0].Connection.Name, pipelines[0].Stream);
        try
        {
            Advise(stream, configuration, pipelines);
            await Task.Delay(s_gathering, clock, cancellationToken);
            using var turn = Turn.Take(engine, configuration.Folder, node, connection, name, s_turn, clock);

            // After a change of the configuration it is begun anew, with the new one.
            while (turn is not null && ReferenceEquals(live.Current, configuration)
                && new WaitingMessages(service, node, connection, name).Last(await GiveWayAsync(cancellationToken) ? MostInFlood : MostMessages) is { } upTo)
            {
                var inbox = new InboxBatch(service, node, pipelines, upTo) { Again = stream.Failures > 0 };
                var options = new RunOptions { Inbox = inbox, IgnoreLimits = true, Wait = s_patience, Node = node.Name, Conceal = secrets.Add, Redact = secrets.Redact };
                var report = await new Runner(configuration, clock, _log).RunAsync([.. pipelines.Select(pipeline => pipeline.Name)], options, new Progress<RunProgress>(), cancellationToken);
                DrainMeters.Taken(connection, name, report);
                if (!inbox.LeavesNoTrace(report.State))
                    await end.TellAsync(connection, report, cancellationToken);
                if (report.State != RunState.Done)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    if (report.Pipelines.FirstOrDefault(pipeline => pipeline.Problem is not null) is { } troubled)
                        Pause(stream, connection, name, troubled.PausedUntil, troubled.Problem!, troubled.Fix ?? "");
                    else
                        Pause(stream, connection, name, clock.GetUtcNow() + s_afterCancel, "somebody cancelled the run that took them", "they are taken again by themselves; to keep them waiting, stop the service");
                    return;
                }

                GoOn(stream, connection, name);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The service ends; what was not taken waits.
        }
        catch (StoreException exception)
        {
            Pause(stream, connection, name, until: null, exception.Message, exception.Fix);
        }
        catch (Exception exception)
        {
            // One stream's trouble, whatever it is, must not end the others.
            _log.LogError(exception, "webhooks to {Connection}/{Stream} could not be taken", connection, name);
            Pause(stream, connection, name, until: null, $"{exception.GetType().Name}; the log file has the details", "nothing is lost: it is tried again by itself");
        }
        finally
        {
            Wake();
        }
    }

    /// <summary>Waits for a flood to pass, but not for long. True when it has not.</summary>
    private async Task<bool> GiveWayAsync(CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        do
        {
            var before = writer.Count;
            await Task.Delay(s_sample, clock, cancellationToken);
            if (writer.Count - before < Flood * s_sample.TotalSeconds)
                return false;
        }
        while (clock.GetElapsedTime(began) < s_longestWay);
        return true;
    }

    // Once a stream and process: nobody else would ever notice that webhooks are dropped.
    private void Advise(StreamDrain stream, HubConfiguration configuration, IReadOnlyList<InboundPipeline> pipelines)
    {
        if (stream.Advised)
            return;
        stream.Advised = true;
        foreach (var pipeline in pipelines.Where(pipeline => Sweeps.TriggersOf(pipeline, configuration.Settings).Count == 0 && pipeline.Connection.Connector.Declaration.Capabilities.HasFlag(ConnectorCapabilities.Pull)))
            _log.LogWarning("{Pipeline} takes webhooks and is never pulled: systems drop webhooks, and what they drop does not arrive. Give it a trigger, or set service.publicAddress in hub.json for a sweep", pipeline.Name);
    }

    private void Pause(StreamDrain stream, string connection, string name, DateTimeOffset? until, string problem, string fix)
    {
        var now = clock.GetUtcNow();
        stream.Since ??= now;
        var pause = TimeSpan.FromSeconds(Math.Min(Math.Pow(2, ++stream.Failures), s_longestPause.TotalSeconds)) * (0.75 + (Random.Shared.NextDouble() / 2));
        stream.NotBefore = until > now ? until.Value : now + pause;
        DrainMeters.Paused(connection, name);
        if (stream.Failures == 1)
            _log.LogWarning("webhooks to {Connection}/{Stream} wait: {Problem}; {Fix}", connection, name, problem, fix);
        state.Set(new DrainPause(connection, name, stream.Since.Value, stream.NotBefore, problem, fix));
    }

    private void GoOn(StreamDrain stream, string connection, string name)
    {
        if (stream.Failures > 0)
            _log.LogInformation("webhooks to {Connection}/{Stream} are taken again", connection, name);
        (stream.Failures, stream.Since) = (0, null);
        state.Clear(connection, name);
    }

    private sealed class StreamDrain
    {
        public Task Work { get; set; } = Task.CompletedTask;

        public DateTimeOffset NotBefore { get; set; }

        public DateTimeOffset? Since { get; set; }

        public int Failures { get; set; }

        public bool Advised { get; set; }
    }
}

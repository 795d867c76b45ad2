using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Accounts;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Logging;
using Crm.Integration.Hub.Service;
using Crm.Integration.Hub.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Hub.Inbox;

/// <summary>
/// Sees to it that systems send webhooks to the public address: at the start, when the configuration changes, and whenever a subscription is to be
/// renewed. One node at a time looks after a connection.
/// </summary>
internal sealed class Subscriber(
    LiveConfiguration live, StoreEngine engine, SubscriptionState state, SecretRedactor secrets, TimeProvider clock, ILoggerFactory loggers) : BackgroundService
{
    private static readonly TimeSpan s_atMost = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_longestSleep = TimeSpan.FromHours(12);

    private readonly ILogger _log = loggers.CreateLogger("hub.inbox");
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly Dictionary<string, (HubConfiguration Of, DateTimeOffset? Next, int Failures)> _looked = new(StringComparer.Ordinal);

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
        live.Changed += Wake;
        try
        {
            while (true)
            {
                var next = await LookAsync(live.Current, stoppingToken);
                var sleep = next - clock.GetUtcNow() is { } wait && wait < s_longestSleep ? wait : s_longestSleep;
                await SleepAsync(sleep > TimeSpan.Zero ? sleep : TimeSpan.Zero, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service ends.
        }
        finally
        {
            live.Changed -= Wake;
        }
    }

    /// <summary>Looks after all connections whose time has come.</summary>
    /// <returns>When to look again; null for when the configuration changes.</returns>
    private async Task<DateTimeOffset?> LookAsync(HubConfiguration configuration, CancellationToken cancellationToken)
    {
        var wanted = configuration.Settings.Service.PublicAddress is null ? [] : configuration.Pipelines.OfType<InboundPipeline>()
            .Where(pipeline => pipeline.Connection.Connector.Declaration.Capabilities.HasFlag(ConnectorCapabilities.Webhook))
            .GroupBy(pipeline => pipeline.Connection.Name, StringComparer.Ordinal).ToList();
        state.Keep(wanted.Select(each => each.Key).ToHashSet(StringComparer.Ordinal));
        DateTimeOffset? next = null;
        foreach (var pipelines in wanted)
        {
            var known = _looked.GetValueOrDefault(pipelines.Key);
            if (known.Of != configuration || known.Next <= clock.GetUtcNow())
                _looked[pipelines.Key] = known = await LookAsync(configuration, pipelines.First().Connection, [.. pipelines.Select(pipeline => pipeline.Stream).Distinct(StringComparer.Ordinal)], known.Failures, cancellationToken);
            next = next < known.Next ? next : known.Next ?? next;
        }

        return next;
    }

    private async Task<(HubConfiguration Of, DateTimeOffset? Next, int Failures)> LookAsync(
        HubConfiguration configuration, ConnectionConfiguration connection, IReadOnlyList<string> streams, int failures, CancellationToken cancellationToken)
    {
        var address = new Uri($"{configuration.Settings.Service.PublicAddress!.TrimEnd('/')}/hooks/{Uri.EscapeDataString(connection.Name)}");
        try
        {
            var lender = new ConnectionLender(engine, configuration.Folder, clock, _log, secrets.Add);
            await using var lease = await lender.Lend(connection.Name).Memory.LeaseAsync("webhook subscription", s_atMost, cancellationToken);
            await using var opened = lender.Open(connection);
            var next = await ((IWebhookConnection)opened).SubscribeAsync(streams, address, cancellationToken);
            if (next is not null)
                _log.LogInformation("{Connection} sends webhooks to {PublicAddress}; looked after again at {Next:u}", connection.Name, address, next);
            state.Set(new Subscription(connection.Name, clock.GetUtcNow(), next));
            return (configuration, next, 0);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it is: the sweeps go on, and so do the other connections.
            var pause = TimeSpan.FromTicks(Math.Min(s_firstPause.Ticks << Math.Min(failures, 10), s_longestPause.Ticks));
            var next = clock.GetUtcNow() + pause;
            var problem = exception is ConnectorException or StoreException ? exception.Message : $"{exception.GetType().Name}; the log has the details";
            var fix = exception is ConnectorException known ? known.Fix : (exception as StoreException)?.Fix ?? "";
            _log.LogWarning(exception, "{Connection} could not be asked to send webhooks: {Problem} {Fix} It is tried again at {Next:u}; until then the sweep brings what changes", connection.Name, problem, fix, next);
            state.Set(new Subscription(connection.Name, clock.GetUtcNow(), next, problem, fix));
            return (configuration, next, failures + 1);
        }
    }

    private void Wake(HubConfiguration changed)
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

    private async Task SleepAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        using var alarm = new CancellationTokenSource(time, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(alarm.Token, cancellationToken);
        try
        {
            await _wake.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Time to look.
        }
    }
}

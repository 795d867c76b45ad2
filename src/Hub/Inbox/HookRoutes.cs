using System.Collections.Frozen;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Accounts;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Logging;
using Crm.Integration.Hub.Service;
using Crm.Integration.Hub.Store;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Hub.Inbox;

/// <summary>The addresses that take webhooks by the configuration of the moment: connections that can verify, streams that a pipeline takes.</summary>
internal sealed class HookRoutes : IAsyncDisposable
{
    // Whoever still verifies with a connection that was replaced has long finished by then.
    private static readonly TimeSpan s_untilClosed = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly LiveConfiguration _configuration;
    private readonly ConnectionLender _lender;
    private readonly TimeProvider _clock;
    private Dictionary<string, (ConnectionConfiguration Configuration, Lazy<IWebhookConnection> Opened)> _open = [];
    private volatile FrozenDictionary<string, Hook> _hooks = FrozenDictionary<string, Hook>.Empty;

    /// <summary>Goes by a configuration, and by each that comes after it.</summary>
    public HookRoutes(LiveConfiguration configuration, StoreEngine engine, SecretRedactor secrets, ILoggerFactory loggers, TimeProvider clock)
    {
        _configuration = configuration;
        _lender = new ConnectionLender(engine, configuration.Current.Folder, clock, loggers.CreateLogger("hub"), secrets.Add);
        _clock = clock;
        configuration.Changed += Take;
        Take(configuration.Current);
    }

    /// <summary>The address behind <c>/hooks/</c>, or null.</summary>
    /// <param name="path">CONNECTION/STREAM; a stream's own slashes plain or escaped.</param>
    public Hook? Find(ReadOnlySpan<char> path)
    {
        if (path.Contains('%'))
            path = path.ToString().Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        return _hooks.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(path, out var hook) ? hook : null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _configuration.Changed -= Take;
        foreach (var (_, opened) in _open.Values.Where(each => each.Opened.IsValueCreated))
            await opened.Value.DisposeAsync();
    }

    private void Take(HubConfiguration configuration)
    {
        lock (_gate)
        {
            var open = new Dictionary<string, (ConnectionConfiguration, Lazy<IWebhookConnection>)>(StringComparer.Ordinal);
            var hooks = new Dictionary<string, Hook>(StringComparer.Ordinal);
            foreach (var streams in configuration.Pipelines.OfType<InboundPipeline>().Where(TakesWebhooks).GroupBy(pipeline => pipeline.Connection.Name, StringComparer.Ordinal))
            {
                var connection = streams.First().Connection;
                var opened = _open.TryGetValue(connection.Name, out var known) && known.Configuration == connection
                    ? known.Opened
                    : new Lazy<IWebhookConnection>(() => (IWebhookConnection)_lender.Open(connection));
                open.Add(connection.Name, (connection, opened));
                var budget = new HookBudget(configuration.Settings.Service.Hooks.PerSecond, _clock);
                foreach (var stream in streams.Select(pipeline => pipeline.Stream).Distinct(StringComparer.Ordinal))
                    hooks.Add($"{connection.Name}/{stream}", new Hook(connection.Name, stream, opened, budget));
            }

            var replaced = _open.Values.Select(each => each.Opened).Except(open.Values.Select(each => each.Item2)).Where(opened => opened.IsValueCreated).ToList();
            (_open, _hooks) = (open, hooks.ToFrozenDictionary(StringComparer.Ordinal));
            if (replaced.Count > 0)
                _ = CloseLaterAsync(replaced);
        }
    }

    private static bool TakesWebhooks(InboundPipeline pipeline) => pipeline.Connection.Connector.Declaration.Capabilities.HasFlag(ConnectorCapabilities.Webhook);

    private async Task CloseLaterAsync(List<Lazy<IWebhookConnection>> replaced)
    {
        await Task.Delay(s_untilClosed, _clock);
        foreach (var opened in replaced)
            await opened.Value.DisposeAsync();
    }
}

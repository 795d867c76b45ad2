using System.Diagnostics.Metrics;
using Crm.Integration.Hub.Store;
using Crm.Integration.Hub.Telemetry;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Hub.Service;

/// <summary>
/// What waits in the store: for people, for matching, for destinations. Looked up when somebody reads the metrics, every ten seconds at most; a store
/// that does not answer leaves them as they were for a while, and then out.
/// </summary>
internal sealed class StoreGauges : IDisposable
{
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_stale = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private static readonly (string Name, string Unit, string Help, string Sql, string? Label)[] s_main =
    [
        ("hub.quarantine.size", "{row}", "Rejected rows that wait for somebody, by pipeline.",
            "select i.pipeline as label, count(*) as value from quarantine q join inbound i on i.id = q.inbound_id where q.state = 'open' group by i.pipeline", "pipeline"),
        ("hub.review.size", "{pair}", "Pairs that wait for a person, by entity.", "select entity as label, count(*) as value from review where state = 'open' group by entity", "entity"),
        ("hub.pending.size", "{record}", "Records that were landed and wait to be matched, by entity.", "select entity as label, count(*) as value from pending group by entity", "entity"),
        ("hub.outbound.lag", "{change}", "Changes of customers that an outbound pipeline has not looked at yet.",
            "select o.pipeline as label, max(f.newest - o.feed_seq) as value from outbound o join (select max(seq) as newest from change_feed) f on f.newest > 0 group by o.pipeline", "pipeline"),
    ];

    private static readonly (string Name, string Unit, string Help, string Sql, string? Label)[] s_service =
    [
        ("hub.inbox.size", "{message}", "Webhooks that were taken and whose records are not landed yet, by connection.", "select connection as label, count(*) as value from inbox where state = 0 group by connection", "connection"),
        ("hub.inbox.oldest", "s", "How long the oldest of them waits.", "select connection as label, (@Now - min(received_at)) / 1000.0 as value from inbox where state = 0 group by connection", "connection"),
        ("hub.run.heartbeat.age", "s", "How long ago a run that is at work gave its last sign of life, by node; the oldest.", "select node as label, (@Now - min(heartbeat_at)) / 1000.0 as value from run_lease group by node", "node"),
        ("hub.run.progress.age", "s", "How long ago a run that is at work last came further, by node; the oldest.", "select node as label, (@Now - min(progress_at)) / 1000.0 as value from run_lease group by node", "node"),
        ("hub.run.requested", "{run}", "Runs that were asked for and have not ended, by state.", "select state as label, count(*) as value from run_request where state in ('waiting', 'running') group by state", "state"),
    ];

    private readonly StoreEngine _engine;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly Meter _meter = new(HubTelemetry.Own + "Store");
    private readonly Lock _lock = new();
    private Dictionary<string, List<(string Label, double Value)>> _values = [];
    private Task _look = Task.CompletedTask;
    private long? _lookedAt;
    private bool _troubled;

    /// <summary>Makes the instruments; nothing is looked up before somebody reads them.</summary>
    public StoreGauges(StoreEngine engine, TimeProvider clock, ILoggerFactory loggers)
    {
        _engine = engine;
        _clock = clock;
        _log = loggers.CreateLogger("hub.metrics");
        foreach (var (name, unit, help, _, label) in (IEnumerable<(string, string, string, string, string?)>)[.. s_main, .. s_service])
            _meter.CreateObservableGauge(name, () => Read(name, label), unit, help);
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<double>> Read(string name, string? label)
    {
        Refresh();
        lock (_lock)
        {
            return _lookedAt is not { } at || _clock.GetElapsedTime(at) > s_stale
                ? []
                : [.. _values.GetValueOrDefault(name, []).Select(one => label is null ? new Measurement<double>(one.Value) : new Measurement<double>(one.Value, new KeyValuePair<string, object?>(label, one.Label)))];
        }
    }

    private void Refresh()
    {
        Task look;
        lock (_lock)
        {
            if (_lookedAt is { } at && _clock.GetElapsedTime(at) < s_fresh)
                return;
            if (_look.IsCompleted)
                _look = Task.Run(Look);
            look = _look;
        }

        // Whoever reads the metrics is not to wait for a store that hangs.
        look.Wait(s_patience);
    }

    private void Look()
    {
        try
        {
            if (!_engine.Exists())
                return;
            var values = new Dictionary<string, List<(string, double)>>(StringComparer.Ordinal);
            Read(_engine, s_main);
            if (_engine.Service.Exists())
                Read(_engine.Service, s_service);

            lock (_lock)
            {
                _values = values;
                _lookedAt = _clock.GetTimestamp();
            }

            _troubled = false;

            void Read(StoreEngine engine, IReadOnlyList<(string Name, string Unit, string Help, string Sql, string? Label)> gauges)
            {
                using var store = MasterStore.Open(engine, _clock);
                foreach (var (name, _, _, sql, _) in gauges)
                    values[name] = [.. store.Query<(string Label, double Value)>(sql, new { store.Now })];
            }
        }
        catch (StoreException exception)
        {
            if (!_troubled)
                _log.LogWarning(exception, "the metrics of the store cannot be read: {Problem}; {Fix}", exception.Message, exception.Fix);
            _troubled = true;
        }
    }
}

using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Crm.Integration.Hub.Logging;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Hub.Telemetry;

/// <summary>Listens to the instruments of the hub, its connectors, the web server and the runtime, and adds their measurements up for whoever reads.</summary>
internal sealed class MetricCollector : IDisposable
{
    private readonly ConcurrentDictionary<(string Meter, string Instrument), MetricFamily> _families = [];
    private readonly MeterListener _listener = new();
    private readonly Lock _reading = new();
    private readonly SecretRedactor _secrets;
    private readonly ILogger _log;
    private long _round;
    private long _failed;

    /// <summary>Listens from now on.</summary>
    /// <param name="secrets">Takes secrets out of labels, should one get there.</param>
    /// <param name="log">The log.</param>
    public MetricCollector(SecretRedactor secrets, ILogger log)
    {
        _secrets = secrets;
        _log = log;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (HubTelemetry.IsCollected(instrument.Meter.Name))
                listener.EnableMeasurementEvents(instrument, FamilyOf(instrument));
        };
        _listener.SetMeasurementEventCallback<byte>((_, value, tags, family) => Measure(family, value, tags));
        _listener.SetMeasurementEventCallback<short>((_, value, tags, family) => Measure(family, value, tags));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, family) => Measure(family, value, tags));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, family) => Measure(family, value, tags));
        _listener.SetMeasurementEventCallback<float>((_, value, tags, family) => Measure(family, value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, family) => Measure(family, value, tags));
        _listener.SetMeasurementEventCallback<decimal>((_, value, tags, family) => Measure(family, (double)value, tags));
        _listener.Start();
    }

    /// <summary>All measurements as Prometheus reads them.</summary>
    public string Text()
    {
        lock (_reading)
        {
            _round++;
            try
            {
                _listener.RecordObservableInstruments();
            }
            catch (AggregateException exception)
            {
                // The others were asked all the same; what cannot be told now is missing from this reading.
                _failed++;
                _log.LogWarning(exception, "{Count} of the metrics could not be read: {Problem}", exception.InnerExceptions.Count, exception.InnerExceptions[0].Message);
            }

            // Of two instruments that would have one name the first is shown: twice the same name would spoil the whole reading.
            var families = _families.OrderBy(pair => pair.Key.Instrument, StringComparer.Ordinal).Select(pair => pair.Value).DistinctBy(family => family.Shape.Name).ToList();
            var text = new PrometheusText();
            foreach (var family in families)
                text.Add(family, _round);
            text.Add("hub_metrics_overflow_total", "Measurements beyond the bound of series an instrument.", families.Sum(family => family.Overflowed));
            text.Add("hub_metrics_unread_total", "Readings in which some instrument failed.", _failed);
            return text.ToString();
        }
    }

    public void Dispose() => _listener.Dispose();

    private MetricFamily FamilyOf(Instrument instrument) =>
        _families.GetOrAdd((instrument.Meter.Name, instrument.Name), _ => new MetricFamily(MetricShape.Of(instrument), value => PersonalText.Mask(_secrets.Redact(value))));

    private void Measure(object? family, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => ((MetricFamily)family!).Measure(value, tags, _round);
}

using System.Globalization;
using System.Text;

namespace Crm.Integration.Hub.Telemetry;

/// <summary>Writes measurements in Prometheus's text format, version 0.0.4.</summary>
internal sealed class PrometheusText
{
    /// <summary>The type of the content.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder _text = new(16 * 1024);

    /// <summary>An instrument with its series; nothing where it has none.</summary>
    public void Add(MetricFamily family, long round)
    {
        var shape = family.Shape;
        var begun = false;
        family.Read(round, series =>
        {
            if (!begun)
                Head(shape.Name, shape.Help, shape.Kind);
            begun = true;
            if (shape.Kind == MetricKind.Histogram)
                Histogram(shape, series);
            else
                Line(shape.Name, series.Labels, null, series.Value);
        });
    }

    /// <summary>A counter without labels.</summary>
    public void Add(string name, string help, long value)
    {
        Head(name, help, MetricKind.Counter);
        Line(name, [], null, value);
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    private void Head(string name, string help, MetricKind kind)
    {
        _text.Append("# HELP ").Append(name).Append(' ').Append(help.Replace("\\", "\\\\", StringComparison.Ordinal).ReplaceLineEndings("\\n")).Append('\n');
        _text.Append("# TYPE ").Append(name).Append(' ').Append(kind switch { MetricKind.Counter => "counter", MetricKind.Gauge => "gauge", _ => "histogram" }).Append('\n');
    }

    private void Histogram(MetricShape shape, MetricSeries series)
    {
        var count = 0L;
        for (var i = 0; i < series.Buckets.Length; i++)
        {
            count += series.Buckets[i];
            Line(shape.Name + "_bucket", series.Labels, i < shape.Bounds.Count ? Number(shape.Bounds[i]) : "+Inf", count);
        }

        Line(shape.Name + "_sum", series.Labels, null, series.Value);
        Line(shape.Name + "_count", series.Labels, null, count);
    }

    private void Line(string name, IReadOnlyList<(string Name, string Value)> labels, string? upTo, double value)
    {
        _text.Append(name);
        if (labels.Count > 0 || upTo is not null)
        {
            _text.Append('{');
            foreach (var (label, text) in labels)
                _text.Append(label).Append("=\"").Append(Escape(text)).Append("\",");
            if (upTo is not null)
                _text.Append("le=\"").Append(upTo).Append('"');
            else
                _text.Length--;
            _text.Append('}');
        }

        _text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);
}

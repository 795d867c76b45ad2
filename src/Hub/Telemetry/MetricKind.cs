using System.Diagnostics.Metrics;

namespace Crm.Integration.Hub.Telemetry;

/// <summary>What an instrument's measurements are added up to.</summary>
internal enum MetricKind
{
    /// <summary>A sum that only grows.</summary>
    Counter,

    /// <summary>A value of now.</summary>
    Gauge,

    /// <summary>How many measurements fell below each of some bounds.</summary>
    Histogram,
}

/// <summary>What is known of an instrument without looking at its measurements.</summary>
/// <param name="Name">As Prometheus wants it: words with underscores, with the unit, and for counters "total" at the end.</param>
/// <param name="Help">What it measures.</param>
/// <param name="Kind">What its measurements are added up to.</param>
/// <param name="Adds">Whether a measurement is added to those before; else it takes their place.</param>
/// <param name="Observed">Whether it is asked when somebody reads.</param>
/// <param name="Bounds">Of a histogram: the upper bounds of its buckets.</param>
internal sealed record MetricShape(string Name, string Help, MetricKind Kind, bool Adds, bool Observed, IReadOnlyList<double> Bounds)
{
    private static readonly double[] s_seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 14400];
    private static readonly double[] s_bytes = [256, 1024, 4096, 16384, 65536, 262144, 1048576, 16777216, 268435456];
    private static readonly double[] s_counts = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10000, 100000];

    /// <summary>The shape of an instrument.</summary>
    public static MetricShape Of(Instrument instrument)
    {
        var type = instrument.GetType();
        var open = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        var kind = open == typeof(Counter<>) || open == typeof(ObservableCounter<>) ? MetricKind.Counter
            : open == typeof(Histogram<>) ? MetricKind.Histogram
            : MetricKind.Gauge;
        var bounds = kind == MetricKind.Histogram ? Advised(instrument) ?? (instrument.Unit switch { "s" => s_seconds, "By" => s_bytes, _ => s_counts }) : [];
        return new MetricShape(
            NameOf(instrument.Name, instrument.Unit, kind),
            instrument.Description is { Length: > 0 } help ? help : instrument.Name,
            kind,
            Adds: open == typeof(Counter<>) || open == typeof(UpDownCounter<>),
            instrument.IsObservable,
            bounds);
    }

    /// <summary>A name as Prometheus wants it.</summary>
    internal static string NameOf(string name, string? unit, MetricKind kind)
    {
        var text = Word(name);
        var suffix = unit switch
        {
            "s" => "_seconds",
            "ms" => "_milliseconds",
            "By" => "_bytes",
            "%" => "_percent",
            "Cel" => "_celsius",
            _ => "",
        };

        // Endings that have a meaning of their own there.
        if (kind != MetricKind.Histogram && text.EndsWith("_count", StringComparison.Ordinal))
            text = text[..^"_count".Length];
        if (text.EndsWith("_total", StringComparison.Ordinal))
            text = text[..^"_total".Length];
        if (!text.EndsWith(suffix, StringComparison.Ordinal))
            text += suffix;
        return kind == MetricKind.Counter ? text + "_total" : text;
    }

    /// <summary>A text of letters, digits and underscores, not beginning with a digit.</summary>
    internal static string Word(string name)
    {
        var text = string.Create(name.Length, name, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = char.IsAsciiLetterOrDigit(source[i]) ? source[i] : '_';
        });
        return text.Length == 0 || char.IsAsciiDigit(text[0]) ? "_" + text : text;
    }

    private static IReadOnlyList<double>? Advised(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => bounds,
        Histogram<long> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
        Histogram<int> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
        _ => null,
    };
}

using System.Globalization;

namespace Crm.Integration.Hub.Telemetry;

/// <summary>
/// An instrument's series, one for each set of labels. There is a bound: what somebody outside can make grow must not fill the memory. Beyond it all
/// measurements go to one series that says so.
/// </summary>
/// <param name="shape">The instrument.</param>
/// <param name="clean">Takes out of a label's value what nobody may read.</param>
internal sealed class MetricFamily(MetricShape shape, Func<string, string> clean)
{
    /// <summary>So many series an instrument.</summary>
    public const int MostSeries = 500;

    private static readonly (string Name, string Value)[] s_overflow = [("overflow", "true")];

    private readonly Lock _lock = new();
    private readonly MetricSeries _plain = new([], shape.Bounds.Count);
    private readonly Dictionary<int, List<(KeyValuePair<string, object?>[] Tags, MetricSeries Series)>> _known = [];
    private readonly Dictionary<string, MetricSeries> _series = new(StringComparer.Ordinal);
    private MetricSeries? _rest;
    private int _remembered;

    /// <summary>The instrument.</summary>
    public MetricShape Shape { get; } = shape;

    /// <summary>How many measurements found no series of their own.</summary>
    public long Overflowed { get; private set; }

    /// <summary>Takes a measurement.</summary>
    public void Measure(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, long round)
    {
        lock (_lock)
            (tags.IsEmpty ? _plain : Find(tags)).Take(Shape, value, round);
    }

    /// <summary>The series as they are now; of what is observed, those that the last round brought.</summary>
    public void Read(long round, Action<MetricSeries> each)
    {
        lock (_lock)
        {
            foreach (var series in _series.Values.Prepend(_plain).Append(_rest))
            {
                if (series is { Touched: true } && (!Shape.Observed || series.Round == round))
                    each(series);
            }
        }
    }

    private MetricSeries Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = new HashCode();
        foreach (var (name, value) in tags)
        {
            hash.Add(name);
            hash.Add(value);
        }

        var code = hash.ToHashCode();
        if (_known.TryGetValue(code, out var candidates))
        {
            foreach (var (known, series) in candidates)
            {
                if (Same(known, tags))
                    return series;
            }
        }

        return Add(tags, code);
    }

    private MetricSeries Add(ReadOnlySpan<KeyValuePair<string, object?>> tags, int code)
    {
        var labels = new List<(string Name, string Value)>(tags.Length);
        foreach (var (name, value) in tags)
            labels.Add((MetricShape.Word(name), clean(value is bool truth ? (truth ? "true" : "false") : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")));

        // The same labels in another order, or with values that look the same, are the same series.
        labels.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        var key = string.Join('\u0001', labels.Select(label => $"{label.Name}\u0002{label.Value}"));
        if (!_series.TryGetValue(key, out var series))
        {
            if (_series.Count >= MostSeries)
            {
                Overflowed++;
                return _rest ??= new MetricSeries(s_overflow, Shape.Bounds.Count);
            }

            _series.Add(key, series = new MetricSeries([.. labels.DistinctBy(label => label.Name)], Shape.Bounds.Count));
        }

        // A shortcut for the next time; there are hardly more of them than series.
        if (_remembered < 2 * MostSeries)
        {
            _remembered++;
            (_known.TryGetValue(code, out var list) ? list : _known[code] = []).Add((tags.ToArray(), series));
        }

        return series;
    }

    private static bool Same(KeyValuePair<string, object?>[] known, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (known.Length != tags.Length)
            return false;
        for (var i = 0; i < known.Length; i++)
        {
            if (known[i].Key != tags[i].Key || !Equals(known[i].Value, tags[i].Value))
                return false;
        }

        return true;
    }
}

/// <summary>The measurements of an instrument under one set of labels.</summary>
/// <param name="labels">The labels, by name.</param>
/// <param name="bounds">How many bounds its buckets have; 0 for what is no histogram.</param>
internal sealed class MetricSeries((string Name, string Value)[] labels, int bounds)
{
    /// <summary>The labels, by name.</summary>
    public IReadOnlyList<(string Name, string Value)> Labels { get; } = labels;

    /// <summary>How many measurements fell into each bucket; the last has no upper bound.</summary>
    public long[] Buckets { get; } = bounds == 0 ? [] : new long[bounds + 1];

    /// <summary>The value, or a histogram's sum.</summary>
    public double Value { get; private set; }

    /// <summary>Whether there was a measurement.</summary>
    public bool Touched { get; private set; }

    /// <summary>The reading that brought the last measurement.</summary>
    public long Round { get; private set; }

    /// <summary>Takes a measurement.</summary>
    public void Take(MetricShape shape, double value, long round)
    {
        // Several observations of one round under one set of labels belong together.
        var first = !Touched || Round != round;
        Touched = true;
        Round = round;
        if (shape.Kind == MetricKind.Histogram)
        {
            var i = 0;
            while (i < shape.Bounds.Count && value > shape.Bounds[i])
                i++;
            Buckets[i]++;
            Value += value;
        }
        else
        {
            Value = shape.Adds || (shape.Observed && !first) ? Value + value : value;
        }
    }
}

using System.Diagnostics.Metrics;
using Crm.Integration.Hub.Logging;
using Crm.Integration.Hub.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;

namespace Crm.Integration.Hub.Tests.Telemetry;

public sealed class MetricsTests : IDisposable
{
    private readonly Meter _meter = new(HubTelemetry.Own + "Tests." + Guid.NewGuid().ToString("N"));
    private readonly SecretRedactor _secrets = new();
    private readonly MetricCollector _collector;

    public MetricsTests() => _collector = new MetricCollector(_secrets, NullLogger.Instance);

    public void Dispose()
    {
        _collector.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void A_counter_has_its_labels_sorted_and_escaped_and_total_at_its_end()
    {
        var counter = _meter.CreateCounter<long>("hub.test.calls", "{call}", "Calls\nof \\tests.");
        counter.Add(1, new("b", "say \"hi\"\\\n"), new("a.b", true));
        counter.Add(2, new("a.b", true), new("b", "say \"hi\"\\\n"));

        Assert.Contains("# HELP hub_test_calls_total Calls\\nof \\\\tests.\n# TYPE hub_test_calls_total counter\nhub_test_calls_total{a_b=\"true\",b=\"say \\\"hi\\\"\\\\\\n\"} 3\n", _collector.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_histogram_counts_into_buckets_by_its_unit_or_as_its_instrument_advises()
    {
        _meter.CreateHistogram<double>("hub.test.took", "s", "How long.").Record(0.3);
        _meter.CreateHistogram("hub.test.size", "By", "How much.", advice: new InstrumentAdvice<long> { HistogramBucketBoundaries = [10, 20] }).Record(15);

        var text = _collector.Text();
        Assert.Contains("hub_test_took_seconds_bucket{le=\"0.25\"} 0\nhub_test_took_seconds_bucket{le=\"0.5\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("hub_test_size_bytes_bucket{le=\"10\"} 0\nhub_test_size_bytes_bucket{le=\"20\"} 1\nhub_test_size_bytes_bucket{le=\"+Inf\"} 1\nhub_test_size_bytes_sum 15\nhub_test_size_bytes_count 1\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_observed_shows_what_was_observed_last_and_nothing_that_is_gone()
    {
        var seen = new List<Measurement<long>> { new(3, new KeyValuePair<string, object?>("pipeline", "a")), new(4, new KeyValuePair<string, object?>("pipeline", "b")) };
        _meter.CreateObservableGauge("hub.test.waiting", () => seen, "{row}", "Rows.");

        Assert.Contains("hub_test_waiting{pipeline=\"a\"} 3\nhub_test_waiting{pipeline=\"b\"} 4\n", _collector.Text(), StringComparison.Ordinal);
        seen.RemoveAt(0);
        var text = _collector.Text();
        Assert.DoesNotContain("pipeline=\"a\"", text, StringComparison.Ordinal);
        Assert.Contains("hub_test_waiting{pipeline=\"b\"} 4\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_up_down_counter_is_a_gauge_and_a_gauge_shows_its_last_value()
    {
        var waiting = _meter.CreateUpDownCounter<int>("hub.test.open", "{socket}", "Open.");
        waiting.Add(5);
        waiting.Add(-2);
        var last = _meter.CreateGauge<double>("hub.test.last", "s", "Last.");
        last.Record(1);
        last.Record(2.5);

        var text = _collector.Text();
        Assert.Contains("# TYPE hub_test_open gauge\nhub_test_open 3\n", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE hub_test_last_seconds gauge\nhub_test_last_seconds 2.5\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_beyond_the_bound_go_to_one_series_and_are_counted()
    {
        var counter = _meter.CreateCounter<long>("hub.test.many");
        for (var i = 0; i < 5 * MetricFamily.MostSeries; i++)
            counter.Add(1, new KeyValuePair<string, object?>("path", i));

        var lines = _collector.Text().Split('\n');
        Assert.Equal(MetricFamily.MostSeries + 1, lines.Count(line => line.StartsWith("hub_test_many_total{", StringComparison.Ordinal)));
        Assert.Contains($"hub_test_many_total{{overflow=\"true\"}} {4 * MetricFamily.MostSeries}", lines);
        Assert.Contains(lines, line => line.StartsWith("hub_metrics_overflow_total ", StringComparison.Ordinal) && line != "hub_metrics_overflow_total 0");
    }

    [Fact]
    public void A_secret_or_a_mailbox_in_a_label_is_masked()
    {
        _secrets.Add("hunter2hunter2");
        _meter.CreateCounter<long>("hub.test.leak").Add(1, new("a", "key hunter2hunter2"), new("b", "anna@mail.example"));

        Assert.Contains("hub_test_leak_total{a=\"key ***\",b=\"***@***\"} 1", _collector.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_instrument_that_fails_keeps_nobody_from_reading_the_others()
    {
        _meter.CreateObservableGauge<int>("hub.test.broken", new Func<int>(() => throw new InvalidOperationException("no")));
        _meter.CreateObservableGauge("hub.test.sound", () => 7);

        Assert.Contains("hub_test_sound 7\n", _collector.Text(), StringComparison.Ordinal);
        Assert.Contains("hub_metrics_unread_total 2\n", _collector.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Measurements_from_many_threads_are_all_counted()
    {
        var counter = _meter.CreateCounter<long>("hub.test.threads");
        Parallel.For(0, 8, thread =>
        {
            for (var i = 0; i < 10_000; i++)
                counter.Add(1, new KeyValuePair<string, object?>("kind", i % 3));
        });

        var sum = _collector.Text().Split('\n').Where(line => line.StartsWith("hub_test_threads_total{", StringComparison.Ordinal)).Sum(line => long.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(80_000, sum);
    }

    [Theory]
    [InlineData("dotnet.timer.count", "{timer}", "Gauge", "dotnet_timer")]
    [InlineData("process.cpu", "s", "Counter", "process_cpu_seconds_total")]
    [InlineData("hub.disk.free", "By", "Gauge", "hub_disk_free_bytes")]
    [InlineData("9lives", null, "Gauge", "_9lives")]
    public void Names_are_what_prometheus_wants(string name, string? unit, string kind, string expected) =>
        Assert.Equal(expected, MetricShape.NameOf(name, unit, Enum.Parse<MetricKind>(kind)));
}

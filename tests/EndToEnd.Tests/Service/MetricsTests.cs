using System.Diagnostics;
using System.Text.Json;
using Crm.Integration.EndToEnd.Tests.Program;

namespace Crm.Integration.EndToEnd.Tests.Service;

public sealed class MetricsTests
{
    private const string EverySecond = """ "trigger": { "every": "1s" }, "entity" """;

    [Fact]
    public async Task Prometheus_reads_what_the_service_does()
    {
        using var folder = Working();
        using var hub = await ServingHub.StartAsync(folder);
        using var prometheus = await Prometheus.StartAsync(hub.Address.Authority);

        await hub.Eventually(async () => await prometheus.AskAsync("hub_pipeline_rows_total{pipeline=\"shop\",fate=\"created\"}") == 50, "Prometheus to see the first run");
        await hub.Eventually(async () => await prometheus.AskAsync("hub_pipeline_ended_total{pipeline=\"shop\",state=\"done\",cause=\"schedule\"}") >= 2, "Prometheus to see the second run");
        Assert.Equal(1, await prometheus.AskAsync("up{job=\"hub\"}"));
        Assert.Equal(0, await prometheus.AskAsync("hub_metrics_unread_total"));
        Assert.True(await prometheus.AskAsync("dotnet_process_memory_working_set_bytes") > 10_000_000);
        Assert.True(await prometheus.AskAsync("histogram_quantile(0.5, hub_pipeline_duration_seconds_bucket{pipeline=\"shop\"})") > 0);

        // The destination's first run waits for somebody to start it: all customers are ahead of it.
        await folder.HubAsync("run", "to-files");
        await folder.HubAsync("runs");
        await hub.Eventually(async () => await prometheus.AskAsync("hub_outbound_lag{pipeline=\"to-files\"}") is 0, "the change feed to be read");
    }

    [Fact]
    public async Task Promtool_has_nothing_to_say_against_the_metrics()
    {
        using var folder = Working();
        using var hub = await ServingHub.StartAsync(folder);
        await hub.Eventually(async () => await hub.MetricAsync("hub_pipeline_ended_total") > 0, "a run");

        var (status, text) = await hub.GetAsync("/metrics");

        Assert.Equal(200, status);
        Assert.Equal("", await Prometheus.CheckAsync(text));
    }

    [Fact]
    public async Task From_outside_and_through_a_proxy_the_metrics_are_not_open()
    {
        using var folder = Working();
        using var hub = await ServingHub.StartAsync(folder);

        Assert.Equal(200, (await hub.GetAsync("/metrics")).Status);
        Assert.NotEqual(200, (await hub.GetAsync("/metrics", ("X-Forwarded-For", "198.51.100.7"))).Status);
    }

    [Fact]
    public async Task Traces_and_metrics_go_to_a_collector_when_one_is_named()
    {
        using var collector = new OtlpReceiver();
        using var folder = Working();
        folder.Write("hub.json", $$"""{ "service": { "otlp": { "endpoint": "{{collector.Address}}", "headers": { "x-api-key": "${env:OTLP_KEY}" }, "everySeconds": 1 } } }""");
        using var hub = await ServingHub.StartAsync(folder, environment: new() { ["OTLP_KEY"] = "key-of,the=collector" });

        await hub.Eventually(() => Task.FromResult(collector.Lines().Contains("hub.page < hub.pipeline < hub.run")), "traces");
        await hub.Eventually(() => Task.FromResult(collector.Metrics.ContainsKey("hub.pipeline.ended")), "metrics");
        Assert.Contains("hub.match < hub.pipeline < hub.run", collector.Lines());
        Assert.Equal("key-of,the=collector", collector.Headers["x-api-key"]);
    }

    [Fact]
    public async Task A_collector_that_is_down_is_told_of_once_and_holds_nothing_up()
    {
        using var folder = Working();
        folder.Write("hub.json", """{ "service": { "otlp": { "endpoint": "http://127.0.0.1:9", "everySeconds": 1 } } }""");
        using var hub = await ServingHub.StartAsync(folder);

        await hub.HearsAsync("takes no v1/metrics");
        await hub.Eventually(async () => await hub.MetricAsync("hub_pipeline_ended_total") >= 2, "runs");
        var (code, took) = await hub.StopAsync();

        Assert.Equal(0, code);
        Assert.InRange(took.TotalSeconds, 0, 20);
        Assert.Equal(2, hub.Said.Split("takes no v1/metrics").Length);
    }

    private static HubFolder Working()
    {
        var folder = HubFolder.OfPeople(HubFolder.People(50));
        folder.Edit("pipelines/shop.json", "\"entity\"", EverySecond);
        return folder;
    }

    /// <summary>A Prometheus that reads a service every second.</summary>
    private sealed class Prometheus : IDisposable
    {
        private static readonly string s_script = Path.Combine(HubFolder.Samples, "..", "tests", "prometheus.sh");
        private readonly string _folder = Path.Combine(Path.GetTempPath(), "hub-prometheus-" + Guid.NewGuid().ToString("N"));
        private readonly HttpClient _client = new();

        public static async Task<Prometheus> StartAsync(string target)
        {
            var prometheus = new Prometheus();
            var (code, output) = await CallAsync("", "start", prometheus._folder, target);
            Assert.SkipWhen(code == 3, "server: Prometheus (neither installed nor to be had from apt)");
            Assert.True(code == 0, output);
            prometheus._client.BaseAddress = new Uri(output.Trim());
            return prometheus;
        }

        /// <summary>What promtool has against metrics; empty for nothing.</summary>
        public static async Task<string> CheckAsync(string metrics)
        {
            var (code, output) = await CallAsync(metrics, "check", "-");
            Assert.SkipWhen(code == 3 && output.Contains("not installed", StringComparison.Ordinal), "server: Prometheus (neither installed nor to be had from apt)");
            return code == 0 ? output.Trim() : output;
        }

        public async Task<double?> AskAsync(string query)
        {
            using var response = await _client.GetAsync(new Uri("/api/v1/query?query=" + Uri.EscapeDataString(query), UriKind.Relative));
            if (!response.IsSuccessStatusCode)
                return null;
            var result = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("data").GetProperty("result");
            return result.GetArrayLength() == 0 ? null : double.Parse(result[0].GetProperty("value")[1].GetString()!, System.Globalization.CultureInfo.InvariantCulture);
        }

        public void Dispose()
        {
            _client.Dispose();
            CallAsync("", "stop", _folder).Wait();
        }

        private static async Task<(int Code, string Output)> CallAsync(string input, params string[] arguments)
        {
            Assert.SkipWhen(OperatingSystem.IsWindows(), "server: Prometheus (its script needs a shell)");
            var start = new ProcessStartInfo("bash") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (var argument in arguments.Prepend(s_script))
                start.ArgumentList.Add(argument);
            using var process = Process.Start(start)!;
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (process.ExitCode, await output + await errors);
        }
    }
}

using System.Reflection;
using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Hub.Logging;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Crm.Integration.Hub.Telemetry;

/// <summary>Sends traces and metrics to an OpenTelemetry collector. Without an endpoint there is none of this, and nobody listens to traces.</summary>
/// <param name="settings">As in hub.json.</param>
/// <param name="node">The node's name.</param>
/// <param name="secrets">Masks secrets.</param>
/// <param name="log">Hears when the collector cannot be reached, and when it is back.</param>
internal sealed class OtlpExport(OtlpSettings settings, string node, SecretRedactor secrets, ILogger log) : IHostedService, IDisposable
{
    // A stop waits for what is under way, and must be over in good time: the collector may be the one that is down.
    private const int MostMillisecondsAtEnd = 3000;

    private TracerProvider? _traces;
    private MeterProvider? _meters;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var resource = ResourceBuilder.CreateEmpty().AddService("hub", serviceVersion: typeof(OtlpExport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion, serviceInstanceId: node);
        _traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource(HubTelemetry.Own + "*")
            .AddProcessor(new TraceRedaction(secrets))
            .AddOtlpExporter(options => Set(options, "v1/traces"))
            .Build();
        _meters = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(HubTelemetry.Own + "*")
            .AddMeter([.. HubTelemetry.OtherMeters])
            .AddOtlpExporter((options, reader) =>
            {
                Set(options, "v1/metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = settings.EverySeconds * 1000;
            })
            .Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            _traces?.Shutdown(MostMillisecondsAtEnd);
            _meters?.Shutdown(MostMillisecondsAtEnd);
        },
        CancellationToken.None);

    public void Dispose()
    {
        _traces?.Dispose();
        _meters?.Dispose();
    }

    private void Set(OtlpExporterOptions options, string path)
    {
        var http = settings.Protocol == OtlpProtocol.HttpProtobuf;
        var address = new Uri(settings.Endpoint!);
        options.Protocol = http ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        options.Endpoint = http ? new Uri(settings.Endpoint!.TrimEnd('/') + "/" + path) : address;
        options.TimeoutMilliseconds = 10_000;
        options.HttpClientFactory = () =>
        {
            var client = new HttpClient(new OtlpWatch(log, address.Authority, path)) { Timeout = TimeSpan.FromSeconds(10) };

            // Not by way of the library's own option, which parts them at commas.
            foreach (var (name, value) in settings.Headers)
                client.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
            return client;
        };
    }
}

/// <summary>Tells once that the collector takes nothing, and once that it does again: the library itself keeps silent.</summary>
/// <param name="log">The log.</param>
/// <param name="collector">Where it is.</param>
/// <param name="what">What is sent there.</param>
internal sealed class OtlpWatch(ILogger log, string collector, string what) : DelegatingHandler(new SocketsHttpHandler { ActivityHeadersPropagator = null })
{
    private int _failing;

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return Judge(base.Send(request, cancellationToken));
        }
        catch (Exception exception)
        {
            Fails(exception.Message);
            throw;
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return Judge(await base.SendAsync(request, cancellationToken));
        }
        catch (Exception exception)
        {
            Fails(exception.Message);
            throw;
        }
    }

    private HttpResponseMessage Judge(HttpResponseMessage response)
    {
        if (!response.IsSuccessStatusCode)
            Fails($"it answered with status {(int)response.StatusCode}");
        else if (Interlocked.Exchange(ref _failing, 0) == 1)
            log.LogInformation("the collector at {Collector} takes {What} again", collector, what);
        return response;
    }

    private void Fails(string problem)
    {
        if (Interlocked.Exchange(ref _failing, 1) == 0)
            log.LogWarning("the collector at {Collector} takes no {What}: {Problem}; what cannot be sent is dropped, and nothing else waits for it. See service.otlp in hub.json, and whether the collector is up", collector, what, problem);
    }
}

using Crm.Integration.Hub.Access;
using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Hub.Logging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Hub.Telemetry;

/// <summary>Measuring and tracing: <c>/metrics</c>, and the export to a collector.</summary>
internal static class MetricsFeature
{
    private const string Path = "/metrics";

    /// <summary>What it needs.</summary>
    /// <param name="services">The services.</param>
    /// <param name="settings">As in hub.json.</param>
    /// <param name="node">The node's name.</param>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, ServiceSettings settings, string node)
    {
        services.AddSingleton(provider => new MetricCollector(provider.GetRequiredService<SecretRedactor>(), provider.GetRequiredService<ILoggerFactory>().CreateLogger("metrics")));
        services.AddSingleton<MetricsPage>();
        if (settings.Otlp.Endpoint is not null)
        {
            services.AddHostedService(provider => new OtlpExport(
                settings.Otlp, node, provider.GetRequiredService<SecretRedactor>(), provider.GetRequiredService<ILoggerFactory>().CreateLogger("otlp")));
        }

        return services;
    }

    /// <summary>Answers <c>GET /metrics</c> to programs on this machine, without a token; stands in front of what asks for one.</summary>
    public static void UseLocalMetrics(this WebApplication app)
    {
        var page = app.Services.GetRequiredService<MetricsPage>();
        app.Use((context, next) => context.Request.Path == Path && HttpMethods.IsGet(context.Request.Method) && LocalCaller.IsLocal(context) ? page.WriteAsync(context) : next(context));
    }

    /// <summary>Answers <c>GET /metrics</c> to viewers.</summary>
    public static void MapMetrics(this WebApplication app)
    {
        // From now on, so that nothing is missed between the start and the first reading.
        var page = app.Services.GetRequiredService<MetricsPage>();
        app.MapGet(Path, page.WriteAsync).Needs(Role.Viewer).ExcludeFromDescription();
    }
}

/// <summary>The text that <c>/metrics</c> answers. However often it is asked for, it is made once a second at most.</summary>
/// <param name="collector">The measurements.</param>
/// <param name="clock">The time.</param>
internal sealed class MetricsPage(MetricCollector collector, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private (string Text, long At)? _last;

    /// <summary>Answers a request.</summary>
    public Task WriteAsync(HttpContext context)
    {
        context.Response.ContentType = PrometheusText.ContentType;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(Text(), context.RequestAborted);
    }

    private string Text()
    {
        lock (_lock)
        {
            if (_last is not { } last || clock.GetElapsedTime(last.At) >= TimeSpan.FromSeconds(1))
                _last = last = (collector.Text(), clock.GetTimestamp());
            return last.Text;
        }
    }
}

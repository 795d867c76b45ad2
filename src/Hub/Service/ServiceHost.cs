using Crm.Integration.Hub.Access;
using Crm.Integration.Hub.Api;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Inbox;
using Crm.Integration.Hub.Logging;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Service.Health;
using Crm.Integration.Hub.Service.Life;
using Crm.Integration.Hub.Store;
using Crm.Integration.Hub.Telemetry;
using Crm.Integration.Hub.Triggers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Hub.Service;

/// <summary>
/// The service: a web server and what works in the background, on one hub folder. Reads as a table of contents: each part adds what it needs
/// and what it answers.
/// </summary>
internal static class ServiceHost
{
    // What is not at a checkpoint by then is cut off; it goes on from its last commit.
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(30);

    /// <summary>Builds the service. Nothing runs and nothing listens yet.</summary>
    /// <param name="configuration">The hub folder.</param>
    /// <param name="node">This node.</param>
    /// <param name="loggers">Makes loggers.</param>
    /// <param name="secrets">Masks secrets in all output.</param>
    /// <param name="clock">The time.</param>
    /// <param name="listen">Where to listen, in place of what hub.json says; null for that.</param>
    public static WebApplication Build(HubConfiguration configuration, Node node, ILoggerFactory loggers, SecretRedactor secrets, TimeProvider clock, string? listen = null)
    {
        var source = new ConfigurationSource(configuration, listen, secrets, clock);
        configuration = source.Listening(configuration);
        var settings = configuration.Settings.Service;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton(secrets);
        builder.Services.AddSingleton(clock);
        builder.Services.AddSingleton(node);
        builder.Services.AddSingleton(source);
        builder.Services.AddSingleton<ReloadState>();
        builder.Services.AddSingleton<ConfigurationWatch>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ConfigurationWatch>());
        builder.Services.AddSingleton(new LiveConfiguration(configuration));
        var engine = MasterStore.EngineOf(configuration.Settings.Store, configuration.Folder);
        builder.Services.AddSingleton(engine);
        builder.Services.AddTriggers(engine, node);
        builder.Services.AddHostedService<Retention.NightlyClearance>();
        builder.Services.AddSingleton(services => new Alerts.ServiceConditions(services.GetRequiredService<SubscriptionState>(), services.GetService<CertificateFile>(), clock));
        builder.Services.AddHostedService<Alerts.AlertWatch>();
        builder.Services.AddHooks();
        builder.Services.AddDrains();
        builder.Services.AddRuns(() => MasterStore.EngineOf(configuration.Settings.Store, configuration.Folder));
        builder.AddAccess(configuration, clock, loggers);
        builder.Services.AddApi();
        builder.Services.AddTelemetry(settings, node.Name);
        builder.Services.AddSingleton<StoreGauges>();
        builder.Services.AddSingleton<IRunObserver, RunMeters>();
        builder.Services.AddHealth();
        builder.Services.AddLife();
        builder.WebHost.UseUrls(settings.Listen);
        builder.WebHost.ConfigureKestrel(kestrel => LimitSenders(kestrel, new OpenConnections(settings.Connections, loggers.CreateLogger("hub.service"), clock)));
        builder.WebHost.UseShutdownTimeout(s_grace);
        var service = builder.Build();
        if (settings.Metrics.OpenOnLoopback)
            service.UseLocalMetrics();
        service.UseAccess(configuration);
        service.MapHooks();
        service.MapApi();
        service.MapMetrics();
        service.Services.GetRequiredService<StoreGauges>();
        service.MapHealth(settings.Metrics.OpenOnLoopback);
        return service;
    }

    // Who sends headers or a body byte by byte is cut off, and who sends nothing gives way to others.
    private static void LimitSenders(KestrelServerOptions kestrel, OpenConnections connections)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.ConfigureEndpointDefaults(listen => listen.Use(next => connection => connections.AccompanyAsync(connection, next)));
    }
}

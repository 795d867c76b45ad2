using Crm.Integration.Hub.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Crm.Integration.Hub.Service.Health;

/// <summary>
/// <c>/health/live</c>: the process answers. <c>/health/ready</c>: it does its work; 503 when not. Everybody learns which part is not well, and only who
/// asks on this machine learns why: that names hosts and folders.
/// </summary>
internal static class HealthFeature
{
    /// <summary>What it needs.</summary>
    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.AddSingleton<IHealthPart, StoreHealth>();
        services.AddSingleton<IHealthPart, DiskHealth>();
        services.AddSingleton<IHealthPart, ScheduleHealth>();
        services.AddSingleton<IHealthPart, ConfigurationHealth>();
        services.AddSingleton<IHealthPart, SubscriptionHealth>();
        services.AddSingleton<HealthCheck>();
        return services;
    }

    /// <summary>Answers <c>/health/live</c> and <c>/health/ready</c>.</summary>
    /// <param name="app">The service.</param>
    /// <param name="openOnLoopback">Whether programs on this machine learn details.</param>
    public static void MapHealth(this WebApplication app, bool openOnLoopback)
    {
        var (node, check, life) = (app.Services.GetRequiredService<Node>(), app.Services.GetRequiredService<HealthCheck>(), app.Services.GetRequiredService<IHostApplicationLifetime>());
        app.MapGet("/health/live", context => Write(context, StatusCodes.Status200OK, new LiveAnswer("live"))).ExcludeFromDescription();
        app.MapGet("/health/ready", async context =>
        {
            var details = openOnLoopback && LocalCaller.IsLocal(context);
            IEnumerable<(string Part, HealthFinding Finding)> findings = await check.LookAsync(context.RequestAborted);

            // Whoever deals out requests is to send no more of them here.
            if (life.ApplicationStopping.IsCancellationRequested)
                findings = findings.Append(("service", HealthFinding.Bad("the service is stopping", "start it again when it is wanted")));
            findings = [.. findings];
            var ready = findings.All(one => one.Finding.Good);
            var parts = findings.Select(one => new PartAnswer(one.Part, one.Finding.Word, details ? one.Finding.Message : null, details ? one.Finding.Fix : null)).ToList();
            await Write(
                context, ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, new ReadyAnswer(ready ? "ready" : "not ready", details ? node.Name : null, parts));
        }).ExcludeFromDescription();
    }

    private static Task Write<T>(HttpContext context, int status, T answer)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(answer, HealthJson.Options, context.RequestAborted);
    }
}

/// <summary>What <c>/health/live</c> answers.</summary>
/// <param name="Status">"live".</param>
internal sealed record LiveAnswer(string Status);

/// <summary>What <c>/health/ready</c> answers.</summary>
/// <param name="Status">"ready", "not ready".</param>
/// <param name="Node">The node.</param>
/// <param name="Checks">Its parts.</param>
internal sealed record ReadyAnswer(string Status, string? Node, IReadOnlyList<PartAnswer> Checks);

/// <summary>A part of what <c>/health/ready</c> answers.</summary>
/// <param name="Name">The part.</param>
/// <param name="Status">"ok"; "warning": it does its work, and somebody should look; "failed".</param>
/// <param name="Message">What was found.</param>
/// <param name="Fix">What to do.</param>
internal sealed record PartAnswer(string Name, string Status, string? Message, string? Fix);

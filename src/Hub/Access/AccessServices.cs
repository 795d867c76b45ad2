using Crm.Integration.Hub.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Hub.Access;

/// <summary>Who may use the service.</summary>
internal static class AccessServices
{
    /// <summary>Adds tokens, the audit log and the certificate.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="configuration">The hub folder.</param>
    /// <param name="clock">The time.</param>
    /// <param name="loggers">Makes loggers.</param>
    /// <exception cref="RefusedException">The certificate cannot be used.</exception>
    public static void AddAccess(this WebApplicationBuilder builder, HubConfiguration configuration, TimeProvider clock, ILoggerFactory loggers)
    {
        builder.Services.AddSingleton<ApiTokens>();
        builder.Services.AddSingleton<AuditLog>();
        var settings = configuration.Settings.Service;
        var certificate = settings.Tls is { } tls ? new CertificateFile(tls, configuration.Folder, clock, loggers.CreateLogger("hub.access")) : null;
        if (certificate is not null)
            builder.Services.AddSingleton(certificate);
        builder.WebHost.UseKestrelHttpsConfiguration();
        if (certificate is not null)
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureHttpsDefaults(https => https.ServerCertificateSelector = (_, _) => certificate.Current()));
    }

    /// <summary>Puts the gate in front of all endpoints.</summary>
    /// <exception cref="RefusedException">The service may not listen where it is told to.</exception>
    public static void UseAccess(this WebApplication app, HubConfiguration configuration)
    {
        var tokens = app.Services.GetRequiredService<ApiTokens>();
        ListenRules.Check(configuration.Settings.Service, tokens.HasAdmin);
        if (tokens.List().Count == 0)
            app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("hub.access").LogWarning("the API answers nobody: there is no token yet; `hub token create NAME --role admin` makes one");

        // Once for what fails in the gate, and once behind it, so that the gate knows how a request ended.
        app.UseMiddleware<ProblemAnswers>();
        app.UseMiddleware<AccessGate>();
        app.UseMiddleware<ProblemAnswers>();
    }
}

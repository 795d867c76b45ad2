using Crm.Integration.Hub.Cli;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Logging;

namespace Crm.Integration.Hub.Service;

/// <summary>Reads the hub folder, as often as it is asked to.</summary>
/// <param name="folder">The hub folder.</param>
/// <param name="listen">Where the service listens, in place of what hub.json says; null for that.</param>
/// <param name="secrets">Masks secrets in all output.</param>
/// <param name="clock">The time.</param>
internal sealed class ConfigurationSource(string folder, string? listen, SecretRedactor secrets, TimeProvider clock)
{
    /// <summary>The hub folder.</summary>
    public string Folder { get; } = folder;

    /// <summary>The configuration, with its mistakes. Its secrets are masked from here on.</summary>
    public LoadedConfiguration Read()
    {
        var loaded = ConfigurationLoader.Load(Folder, HubSecrets.Of(Folder, clock));
        foreach (var secret in loaded.Secrets)
            secrets.Add(secret);
        return loaded.Configuration is { } configuration ? loaded with { Configuration = Listening(configuration) } : loaded;
    }

    /// <summary>The configuration with the address at which the service listens.</summary>
    public HubConfiguration Listening(HubConfiguration configuration) => listen is null
        ? configuration
        : configuration with { Settings = configuration.Settings with { Service = configuration.Settings.Service with { Listen = listen } } };
}

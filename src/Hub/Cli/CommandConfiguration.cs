using Crm.Integration.Connectors;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Review;

namespace Crm.Integration.Hub.Cli;

/// <summary>Reads the configuration for a command.</summary>
internal static class CommandConfiguration
{
    /// <summary>The configuration of the hub folder. Its secrets are masked from here on, and the log files that it asks for are begun.</summary>
    /// <exception cref="ConfigurationException">There are mistakes in it; it carries them all.</exception>
    public static HubConfiguration LoadConfiguration(this CommandContext context)
    {
        var configuration = context.ReadConfiguration().OrThrow();
        context.StartLog(configuration.Settings.Log);
        return configuration;
    }

    /// <summary>Carries out what the person at the terminal decides.</summary>
    /// <exception cref="ConfigurationException">There are mistakes in the configuration.</exception>
    public static StewardRun Steward(this CommandContext context) =>
        new(context.LoadConfiguration(), Environment.UserName, context.OpenView, context.Clock, context.Loggers.CreateLogger("hub"));

    /// <summary>The configuration for commands that contact no system: secrets and environment variables need not be there, as on a build server.</summary>
    /// <exception cref="ConfigurationException">There are mistakes in it; it carries them all.</exception>
    public static HubConfiguration LoadWithoutSecrets(this CommandContext context)
    {
        // Stands for secrets and for addresses; nobody is ever at a name that ends like this.
        const string unset = "https://unset.invalid";
        var loaded = ConfigurationLoader.Load(context.HubFolder, BuiltInConnectors.All, name => Environment.GetEnvironmentVariable(name) ?? unset, (_, _) => (unset, "", ""));
        foreach (var secret in loaded.Secrets.Where(secret => secret != unset))
            context.Secrets.Add(secret);
        var configuration = loaded.OrThrow();
        context.StartLog(configuration.Settings.Log);
        return configuration;
    }

    /// <summary>The configuration with its mistakes, for commands that show them in their own way. Its secrets are masked from here on.</summary>
    public static LoadedConfiguration ReadConfiguration(this CommandContext context)
    {
        var loaded = ConfigurationLoader.Load(context.HubFolder, HubSecrets.Of(context.HubFolder, context.Clock));
        foreach (var secret in loaded.Secrets)
            context.Secrets.Add(secret);
        return loaded;
    }
}

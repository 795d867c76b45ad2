using Crm.Integration.Hub.Configuration;

namespace Crm.Integration.Hub.Cli;

/// <summary>Reads the configuration for a command.</summary>
internal static class CommandConfiguration
{
    /// <summary>The configuration of the hub folder. Its secrets are masked from here on, and the log files that it asks for are begun.</summary>
    /// <exception cref="CommandException">There are mistakes in it; it carries them all.</exception>
    public static HubConfiguration LoadConfiguration(this CommandContext context)
    {
        var loaded = context.ReadConfiguration();
        if (loaded.Configuration is not { } configuration)
        {
            var count = loaded.Problems.Count;
            throw new CommandException(ExitCode.Usage, count == 1 ? "there is a mistake in the configuration" : $"there are {count} mistakes in the configuration", "correct the above, then run `hub validate`")
            {
                Problems = loaded.Problems,
            };
        }

        context.StartLog(configuration.Settings.Log);
        return configuration;
    }

    /// <summary>The configuration with its mistakes, for commands that show them in their own way. Its secrets are masked from here on.</summary>
    public static LoadedConfiguration ReadConfiguration(this CommandContext context)
    {
        var loaded = ConfigurationLoader.Load(context.HubFolder);
        foreach (var secret in loaded.Secrets)
            context.Secrets.Add(secret);
        return loaded;
    }
}

using Crm.Integration.Hub.Cli;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Logging;

namespace Crm.Integration.Hub.Service;

/// <summary>Reads the hub folder, as often as it is asked to.</summary>
/// <param name="first">The configuration at the start.</param>
/// <param name="listen">Where the service listens, in place of what hub.json says; null for that.</param>
/// <param name="secrets">Masks secrets in all output.</param>
/// <param name="clock">The time.</param>
internal sealed class ConfigurationSource(HubConfiguration first, string? listen, SecretRedactor secrets, TimeProvider clock)
{
    private static readonly string[] s_folders = ["connections", "pipelines", "model"];

    /// <summary>The hub folder.</summary>
    public string Folder => first.Folder;

    /// <summary>The marks at the start: what is changed from then on is seen, also while the service is still starting.</summary>
    public string FirstMarks { get; } = MarksOf(first.Folder, first);

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

    /// <summary>Names, sizes and times of all files that a configuration is made of.</summary>
    public string Marks(HubConfiguration configuration) => MarksOf(Folder, configuration);

    private static string MarksOf(string folder, HubConfiguration configuration)
    {
        try
        {
            var lookups = configuration.Pipelines.SelectMany(pipeline => pipeline.Settings.Lookups.Values).Select(lookup => lookup.File).OfType<string>();
            var files = s_folders.Select(name => Path.Combine(folder, name)).Where(Directory.Exists)
                .SelectMany(place => Directory.EnumerateFiles(place, "*.json"))
                .Concat(lookups.Append(ConfigurationLoader.HubFile).Select(file => Path.Combine(folder, file)));
            return string.Join('\n', files.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(Mark));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Between two steps of somebody's work, or on a share that is away: looked at again at the next turn.
            return exception.Message;
        }
    }

    private static string Mark(string file)
    {
        var info = new FileInfo(file);
        return info.Exists ? FormattableString.Invariant($"{file} {info.Length} {info.LastWriteTimeUtc.Ticks}") : file;
    }
}

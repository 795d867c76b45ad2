using Crm.Integration.Connectors;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Configuration.Binding;
using Crm.Integration.Hub.Configuration.Json;
using Crm.Integration.Hub.Configuration.Loading;
using Crm.Integration.Hub.Configuration.Settings;

namespace Crm.Integration.Hub.Configuration;

/// <summary>Reads, checks and compiles a hub folder. Contacts no system and writes nothing.</summary>
internal static class ConfigurationLoader
{
    /// <summary>The name of the file that makes a folder a hub folder.</summary>
    public const string HubFile = "hub.json";

    /// <summary>Reads a hub folder with the connectors that come with the hub.</summary>
    /// <param name="folder">The hub folder.</param>
    /// <param name="secrets">Looks up the hub's own secrets by what hub.json says and their name: the value, or why there is none and what to do.</param>
    public static LoadedConfiguration Load(string folder, Func<HubSettings, string, (string? Value, string Problem, string Fix)>? secrets = null) =>
        Load(folder, BuiltInConnectors.All, Environment.GetEnvironmentVariable, secrets);

    /// <summary>Reads a hub folder.</summary>
    /// <param name="folder">The hub folder.</param>
    /// <param name="connectors">The connectors there are besides those in the folder's own <c>connectors/</c>.</param>
    /// <param name="environment">Environment variables by name.</param>
    /// <param name="lookup">Looks up the hub's own secrets.</param>
    public static LoadedConfiguration Load(
        string folder,
        IReadOnlyList<IConnector> connectors,
        Func<string, string?> environment,
        Func<HubSettings, string, (string? Value, string Problem, string Fix)>? lookup = null)
    {
        folder = Path.GetFullPath(folder);
        var problems = new ConfigProblems();
        if (!File.Exists(Path.Combine(folder, HubFile)))
        {
            var message = Directory.Exists(folder) ? $"{folder} has no hub.json, so it is not a hub folder" : $"the folder {folder} does not exist";
            problems.Add(HubFile, message, "name the hub folder with --hub DIR, or make one with `hub init`");
            return new(null, problems.All, [], []) { Connections = new Dictionary<string, ConnectionConfiguration>() };
        }

        var references = new ReferenceResolver(folder, environment, problems);
        var binder = new SettingsBinder(problems);
        var files = new FolderReader(folder, problems);

        var triggers = new TriggerChecks(problems);
        var settings = new HubSettings();
        if (files.Read(HubFile) is { } hub)
        {
            var resolved = references.Resolve(hub);
            settings = binder.Bind<HubSettings>(resolved);
            DefaultChecks.Check(resolved, settings.Defaults, problems);
            triggers.CheckCalendars(resolved);
        }

        references.Secrets = name => lookup?.Invoke(settings, name) ?? (null, $"the secret {name} cannot be looked up here", "use ${env:NAME} or ${file:PATH}");
        var added = ConnectorFolder.Load(folder, connectors);
        foreach (var problem in added.Problems)
            problems.Add(problem.File, problem.Message, problem.Fix);
        var connections = new ConnectionLoader(added.All, references, binder, problems).Load(files);
        var models = new ModelLoader(binder, connections, problems).Load(files);
        var drafts = new PipelineReader(binder, problems).Load(files);
        triggers.Check(drafts, [.. settings.Service.Calendars.Keys]);
        var entities = new EntityBuilder(models, problems).Build(drafts);
        var pipelines = new PipelineCompiler(folder, settings, entities, connections, problems).Compile(drafts);

        string[] secrets = [.. references.Values.Concat(binder.Secrets).Distinct(StringComparer.Ordinal)];
        ConfigurationProblem[] clear =
        [
            .. binder.ClearSecrets.Select(node => node.Document.At(node.Offset) is var (line, column)
                ? new ConfigurationProblem(node.Document.File, line, column, "a secret stands in clear text", "write ${secret:NAME} and give it with `hub secret set NAME`, or ${env:NAME} or ${file:PATH}")
                : null!),
        ];
        if (problems.Count > 0)
            return new(null, problems.All, secrets, clear) { Connections = connections.Usable };
        return new(new(folder, settings, entities, connections.Usable, PipelineOrder.Sort(pipelines)), [], secrets, clear) { Connections = connections.Usable };
    }
}

/// <summary>What reading a hub folder gave.</summary>
/// <param name="Configuration">The configuration, or null when there are problems.</param>
/// <param name="Problems">Everything that is wrong, by file and place.</param>
/// <param name="Secrets">Values that no log, message or page may show: secret settings, and all that came by reference.</param>
/// <param name="ClearSecrets">Secrets written into a file; allowed, but `hub doctor` warns.</param>
internal sealed record LoadedConfiguration(
    HubConfiguration? Configuration,
    IReadOnlyList<ConfigurationProblem> Problems,
    IReadOnlyList<string> Secrets,
    IReadOnlyList<ConfigurationProblem> ClearSecrets)
{
    /// <summary>The connections that could be read, also when there are problems elsewhere: they can be checked and looked into alone.</summary>
    public required IReadOnlyDictionary<string, ConnectionConfiguration> Connections { get; init; }

    /// <summary>The configuration.</summary>
    /// <exception cref="ConfigurationException">There are problems.</exception>
    public HubConfiguration OrThrow() => Configuration ?? throw new ConfigurationException(Problems);
}

/// <summary>The configuration has mistakes.</summary>
/// <param name="problems">All of them.</param>
internal sealed class ConfigurationException(IReadOnlyList<ConfigurationProblem> problems)
    : Exception(string.Join(Environment.NewLine, problems))
{
    /// <summary>All of them.</summary>
    public IReadOnlyList<ConfigurationProblem> Problems { get; } = problems;
}

using Crm.Integration.Hub.Cli;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Configuration.Binding;
using Crm.Integration.Hub.Configuration.Json;
using Crm.Integration.Hub.Configuration.Loading;
using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Hub.Logging;
using Crm.Integration.Hub.Store;
using Crm.Integration.Mapping.Model;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub;

/// <summary>A hub's store, open for looking, with the names of its entities.</summary>
internal sealed class HubView : IDisposable
{
    private static readonly TimeSpan s_wait = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, string> _prefixes;

    private HubView(HubSettings settings, MasterStore store, Dictionary<string, string> prefixes)
    {
        Settings = settings;
        Store = store;
        _prefixes = prefixes;
    }

    /// <summary>hub.json.</summary>
    public HubSettings Settings { get; }

    /// <summary>The store.</summary>
    public MasterStore Store { get; }

    /// <summary>Opens the store that hub.json names.</summary>
    /// <exception cref="ConfigurationException">hub.json has mistakes.</exception>
    public static HubView Open(string hubFolder, SecretRedactor secrets, TimeProvider clock)
    {
        var settings = ReadSettings(hubFolder, secrets);
        return new HubView(settings, MasterStore.Open(MasterStore.EngineOf(settings.Store, hubFolder), clock), Prefixes(hubFolder, secrets, clock));
    }

    /// <summary>Opens the store of a configuration that was read already.</summary>
    /// <param name="configuration">The hub folder.</param>
    /// <param name="engine">The engine of its store.</param>
    /// <param name="clock">The time.</param>
    public static HubView Open(HubConfiguration configuration, StoreEngine engine, TimeProvider clock) =>
        new(configuration.Settings, MasterStore.Open(engine, clock), configuration.Entities.Values.ToDictionary(entity => entity.Type.Name, entity => entity.Type.IdPrefix, StringComparer.Ordinal));

    /// <summary>hub.json alone.</summary>
    /// <exception cref="ConfigurationException">It has mistakes.</exception>
    public static HubSettings ReadSettings(string hubFolder, SecretRedactor secrets)
    {
        if (!File.Exists(Path.Combine(hubFolder, ConfigurationLoader.HubFile)))
            ConfigurationLoader.Load(hubFolder).OrThrow();
        var problems = new ConfigProblems();
        var references = new ReferenceResolver(hubFolder, Environment.GetEnvironmentVariable, problems);
        var node = new FolderReader(hubFolder, problems).Read(ConfigurationLoader.HubFile);
        var settings = node is null ? new HubSettings() : new SettingsBinder(problems).Bind<HubSettings>(references.Resolve(node));
        foreach (var secret in references.Values)
            secrets.Add(secret);
        return problems.Count == 0 ? settings : throw new ConfigurationException(problems.All);
    }

    /// <summary>The id of a master as people write it.</summary>
    public string Id(string entity, long master) => FormattableString.Invariant($"{_prefixes.GetValueOrDefault(entity, "")}{master}");

    /// <summary>The number in an id that a person wrote.</summary>
    /// <exception cref="RefusedException">It is none.</exception>
    public static long Number(string id) => MasterId.Number(id)
        ?? throw RefusedException.Unknown($"'{id}' is not the id of a master", "ids look like C1042; `hub search NAME` finds them");

    /// <summary>Keeps other hubs from writing meanwhile, or says who is at work.</summary>
    public Task<StoreLock> LockAsync(string purpose, Action<string> waiting, CancellationToken cancellationToken) =>
        Store.Engine.LockAsync(purpose, LockMode.Alone, s_wait, waiting, Store.Clock, cancellationToken);

    public void Dispose() => Store.Dispose();

    // The prefixes of entities of one's own stand in the model folder; where it cannot be read, numbers without prefix do.
    private static Dictionary<string, string> Prefixes(string hubFolder, SecretRedactor secrets, TimeProvider clock)
    {
        IEnumerable<EntityType> types = BuiltInModel.All;
        if (Directory.Exists(Path.Combine(hubFolder, "model")) && ConfigurationLoader.Load(hubFolder, HubSecrets.Of(hubFolder, clock)) is { Configuration: { } configuration } loaded)
        {
            foreach (var secret in loaded.Secrets)
                secrets.Add(secret);
            types = configuration.Entities.Values.Select(entity => entity.Type);
        }

        return types.ToDictionary(type => type.Name, type => type.IdPrefix, StringComparer.Ordinal);
    }
}

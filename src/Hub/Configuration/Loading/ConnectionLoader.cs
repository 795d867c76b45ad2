using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Configuration.Binding;
using Crm.Integration.Hub.Configuration.Json;

namespace Crm.Integration.Hub.Configuration.Loading;

/// <summary>Reads <c>connections/*.json</c>.</summary>
internal sealed class ConnectionLoader(IReadOnlyList<IConnector> connectors, ReferenceResolver references, SettingsBinder binder, ConfigProblems problems)
{
    /// <summary>The key that chooses the connector, and with it all other keys.</summary>
    public const string ConnectorKey = "connector";

    /// <summary>The connection of corrections by hand; nobody else may have its name.</summary>
    public const string Steward = "steward";

    public ConnectionSet Load(FolderReader files)
    {
        Dictionary<string, ConnectionConfiguration> usable = new(StringComparer.Ordinal);
        List<string> names = [];
        foreach (var file in files.ReadAll("connections"))
        {
            names.Add(file.Name);
            if (file.Name == Steward)
                problems.Add(file.File, "the name 'steward' is taken by corrections made by hand", "rename the file");
            if (file.Root is not null && Bind(file.Name, references.Resolve(file.Root)) is { } connection)
                usable.Add(file.Name, connection);
        }

        return new(names, usable);
    }

    private ConnectionConfiguration? Bind(string name, ConfigNode root)
    {
        var known = connectors.Select(connector => connector.Declaration.Name).Order(StringComparer.Ordinal).ToList();
        if (root.Kind != ConfigKind.Object)
        {
            problems.Add(root, $"the file must hold an object, but holds {root.Describe()}", "begin with { and end with }");
            return null;
        }

        if (root[ConnectorKey] is not { Kind: ConfigKind.Text } chosen)
        {
            problems.Add(root[ConnectorKey] ?? root, "'connector' is missing: which kind of system this is", $"add \"connector\": one of {string.Join(", ", known)}");
            return null;
        }

        if (connectors.FirstOrDefault(connector => connector.Declaration.Name == chosen.Text) is not { } connector)
        {
            problems.Add(chosen, $"unknown connector '{chosen.Shown}'", SettingsBinder.Nearest(chosen.Text, known) ?? $"there are {string.Join(", ", known)}");
            return null;
        }

        return new(name, connector, binder.Bind(connector.Declaration.SettingsType, root, ConnectorKey));
    }
}

/// <summary>The connections of a hub folder.</summary>
/// <param name="Names">All, also those with mistakes: a pipeline that names one of these has not made a mistake of its own.</param>
/// <param name="Usable">Those that could be read.</param>
internal sealed record ConnectionSet(IReadOnlyList<string> Names, IReadOnlyDictionary<string, ConnectionConfiguration> Usable);

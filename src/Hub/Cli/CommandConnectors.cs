using Crm.Integration.Connectors;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Configuration.Loading;

namespace Crm.Integration.Hub.Cli;

/// <summary>The connectors for a command: those of the hub, and those in the hub folder.</summary>
internal static class CommandConnectors
{
    /// <summary>All of them.</summary>
    public static ConnectorSet Connectors(this CommandContext context) => ConnectorFolder.Load(context.HubFolder, BuiltInConnectors.All);

    /// <summary>The one of a name.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public static IConnector FindConnector(this CommandContext context, string name)
    {
        var connectors = context.Connectors();
        if (connectors.All.FirstOrDefault(connector => connector.Declaration.Name == name) is { } found)
            return found;
        var names = connectors.All.Select(connector => connector.Declaration.Name).ToList();
        throw new CommandException(ExitCode.Usage, $"there is no connector '{name}'", Suggestion.Of(name, names)) { Problems = connectors.Problems };
    }
}

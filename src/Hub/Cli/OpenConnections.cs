using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Accounts;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Cli;

/// <summary>Connections for commands that look at one system and should work while pipelines are still being written.</summary>
internal static class OpenConnections
{
    /// <summary>The connections asked for: one by name, or all.</summary>
    /// <exception cref="CommandException">There is none of the name, or it has mistakes in its settings.</exception>
    public static IReadOnlyList<ConnectionConfiguration> FindConnections(this CommandContext context, string? name)
    {
        var loaded = context.ReadConfiguration();
        if (!File.Exists(Path.Combine(context.HubFolder, ConfigurationLoader.HubFile)))
            loaded.OrThrow();
        var relevant = loaded.Problems.Where(problem => problem.File == ConfigurationLoader.HubFile
            || (name is null ? problem.File.StartsWith("connections/", StringComparison.Ordinal) : problem.File == $"connections/{name}.json")).ToList();
        if (relevant.Count > 0)
            throw new CommandException(ExitCode.Usage, "the connections cannot be used as they are configured", "correct the above") { Problems = relevant };
        if (name is null)
            return [.. loaded.Connections.Values.OrderBy(connection => connection.Name, StringComparer.Ordinal)];
        if (loaded.Connections.TryGetValue(name, out var found))
            return [found];

        var names = loaded.Connections.Keys.ToList();
        var fix = names.Count > 0 ? Suggestion.Of(name, names) : "make one under connections/, or with `hub init --connector csv --from FILE`";
        throw CommandException.Usage($"there is no connection '{name}'", fix);
    }

    /// <summary>Opens a connection.</summary>
    public static IConnection Open(this CommandContext context, ConnectionConfiguration connection)
    {
        var store = HubView.ReadSettings(context.HubFolder, context.Secrets).Store;
        return new ConnectionLender(MasterStore.EngineOf(store, context.HubFolder), context.HubFolder, context.Clock, context.Loggers.CreateLogger("hub"), context.Secrets.Add).Open(connection);
    }
}

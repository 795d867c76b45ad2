using Crm.Integration.Hub.Configuration;

namespace Crm.Integration.Hub.Cli;

/// <summary>The entity of a `hub match` verb: one whose records are matched.</summary>
internal static class MatchedEntity
{
    /// <summary>The entity of that name.</summary>
    /// <exception cref="CommandException">There is none, or its records are not matched.</exception>
    public static EntityConfiguration Of(CommandContext context, string name)
    {
        var entities = context.LoadConfiguration().Entities;
        var matched = entities.Values.Where(entity => entity.Matcher is not null).Select(entity => entity.Type.Name);
        if (!entities.TryGetValue(name, out var found))
            throw CommandException.Usage($"the configuration has no entity '{name}'", Suggestion.Of(name, matched));
        return found.Matcher is null ? throw CommandException.Usage($"records of {name} are not matched", $"matched are {string.Join(", ", matched)}") : found;
    }
}

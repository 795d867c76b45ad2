using Crm.Integration.Hub.Configuration;

namespace Crm.Integration.Hub.Cli;

/// <summary>The entity of what a command line means, and its fields.</summary>
internal static class EntityChoice
{
    /// <summary>An entity that the configuration must have.</summary>
    /// <exception cref="CommandException">It has none of that name.</exception>
    public static EntityConfiguration Of(HubConfiguration configuration, string entity) => configuration.Entities.GetValueOrDefault(entity)
        ?? throw CommandException.Usage($"the configuration has no entity '{entity}' any more", "put its file back into model/");

    /// <summary>Says that an entity has no such field.</summary>
    public static CommandException NoField(EntityConfiguration entity, string field)
    {
        var name = entity.Type.Name;
        var article = name[0] is 'a' or 'e' or 'i' or 'o' or 'u' ? "an" : "a";
        var groups = entity.Type.Fields.Select(each => each.Group).OfType<string>().Distinct();
        return CommandException.Usage($"{article} {name} has no field '{field}'", Suggestion.Of(field, entity.Type.Fields.Select(each => each.Path).Concat(groups)));
    }
}

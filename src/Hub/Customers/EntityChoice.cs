using Crm.Integration.Hub.Configuration;

namespace Crm.Integration.Hub.Customers;

/// <summary>The entity of what are meant, and its fields.</summary>
internal static class EntityChoice
{
    /// <summary>An entity that the configuration must have.</summary>
    /// <exception cref="RefusedException">It has none of that name.</exception>
    public static EntityConfiguration Of(HubConfiguration configuration, string entity) => configuration.Entities.GetValueOrDefault(entity)
        ?? throw RefusedException.Unknown($"the configuration has no entity '{entity}' any more", "put its file back into model/");

    /// <summary>Says that an entity has no such field.</summary>
    public static RefusedException NoField(EntityConfiguration entity, string field)
    {
        var name = entity.Type.Name;
        var article = name[0] is 'a' or 'e' or 'i' or 'o' or 'u' ? "an" : "a";
        var groups = entity.Type.Fields.Select(each => each.Group).OfType<string>().Distinct();
        return RefusedException.Invalid(field, $"{article} {name} has no field '{field}'", Suggestion.Of(field, entity.Type.Fields.Select(each => each.Path).Concat(groups)));
    }
}

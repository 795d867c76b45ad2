using Crm.Integration.Hub.Configuration.Binding;
using Crm.Integration.Hub.Configuration.Json;
using Crm.Integration.Mapping.Matching;
using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Survivorship;

namespace Crm.Integration.Hub.Configuration.Loading;

/// <summary>Completes the entities with the custom fields that pipelines map, and gives each its matcher and survivorship.</summary>
internal sealed class EntityBuilder(IReadOnlyList<EntityModel> models, ConfigProblems problems)
{
    public IReadOnlyDictionary<string, EntityConfiguration> Build(IReadOnlyList<PipelineDraft> drafts)
    {
        Dictionary<string, EntityConfiguration> entities = new(StringComparer.Ordinal);
        foreach (var model in models)
        {
            var custom = drafts.Where(draft => draft.Inbound && draft.Settings.Entity == model.Type.Name)
                .SelectMany(draft => draft.Settings.Map.Keys)
                .Where(EntityType.IsCustom);
            var type = model.Type.WithCustomFields(custom);
            CheckSurvivorship(model, type);
            if (Make(model, type) is { } entity)
                entities.Add(type.Name, entity);
        }

        return entities;
    }

    // Matcher and survivor may rely on settings that have been found right.
    private EntityConfiguration Make(EntityModel model, EntityType type)
    {
        var settings = problems.Count == 0 ? model.Settings : new();
        var matcher = type.Kind == EntityKind.Keyed ? null : new Matcher(type, settings.Matching);
        return new(type, matcher, new Survivor(type, settings.Survivorship));
    }

    private void CheckSurvivorship(EntityModel model, EntityType type)
    {
        var names = type.Fields.Select(field => field.Path)
            .Concat(type.Fields.Select(field => field.Group).OfType<string>())
            .Distinct(StringComparer.Ordinal)
            .ToList();
        foreach (var member in model.Root?["survivorship"]?["fields"]?.Members ?? [])
        {
            if (names.Contains(member.Name))
                continue;
            problems.Add(
                member.Value.Document,
                member.Offset,
                $"'{type.Name}' has no field or group '{member.Name}'",
                SettingsBinder.Nearest(member.Name, names) ?? "see docs/reference/configuration.md for its fields");
        }
    }
}

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
        if (model.Root?["survivorship"] is not { Kind: ConfigKind.Object } settings)
            return;
        const string Fields = "fields.";
        foreach (var problem in Survivor.Problems(type, model.Settings.Survivorship))
        {
            var (owner, name) = problem.Property.StartsWith(Fields, StringComparison.Ordinal) ? (settings["fields"], problem.Property[Fields.Length..]) : (settings, problem.Property);
            var member = owner?.Members.FirstOrDefault(member => member.Name == name);

            // A misspelt rule has been reported, and what stands in its place is not the user's.
            if (member is { Value: { Kind: ConfigKind.Object } value } && value["rule"] is not null && model.Settings.Survivorship.Fields.GetValueOrDefault(name)?.Rule is null)
                continue;
            problems.Add(settings.Document, member?.Offset ?? settings.Offset, problem.Message, problem.Fix);
        }
    }
}

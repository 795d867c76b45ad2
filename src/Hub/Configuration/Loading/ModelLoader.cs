using Crm.Integration.Hub.Configuration.Binding;
using Crm.Integration.Hub.Configuration.Json;
using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Mapping.Model;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.Configuration.Loading;

/// <summary>Reads <c>model/*.json</c>: what a hub adds to the built-in entities, and entities of its own.</summary>
internal sealed class ModelLoader(SettingsBinder binder, ConnectionSet connections, ConfigProblems problems)
{
    /// <summary>Every entity, the built-in ones first.</summary>
    public IReadOnlyList<EntityModel> Load(FolderReader files)
    {
        List<EntityModel> models = [.. BuiltInModel.All.Select(type => new EntityModel(type, new ModelSettings(), null))];
        foreach (var file in files.ReadAll("model"))
        {
            if (file.Root is null)
                continue;
            var settings = binder.Bind<ModelSettings>(file.Root);
            CheckMatching(file.Root, settings);
            var index = models.FindIndex(model => model.Type.Name == file.Name);
            var type = index >= 0 ? Extend(models[index].Type, file.Root, settings) : Make(file, settings, models);
            var model = new EntityModel(type, settings, file.Root);
            if (index >= 0)
                models[index] = model;
            else
                models.Add(model);
        }

        foreach (var model in models)
            CheckReferences(model, [.. models.Select(other => other.Type.Name)]);
        return models;
    }

    private EntityType Extend(EntityType builtIn, ConfigNode root, ModelSettings settings)
    {
        foreach (var key in (string[])["idPrefix", "kind"])
        {
            if (root[key] is { } node)
                problems.Add(node, $"'{key}' is for new entities; '{builtIn.Name}' is built in", "remove it");
        }

        return new(builtIn.Name, builtIn.IdPrefix, builtIn.Kind, builtIn.Fields.Concat(Fields(root, settings, builtIn)));
    }

    private EntityType Make(NamedFile file, ModelSettings settings, List<EntityModel> models)
    {
        var root = file.Root!;
        if (!IsSegment(file.Name))
            problems.Add(file.File, $"'{file.Name}' cannot be the name of an entity", "use letters and digits, beginning with a small letter");
        if (settings.Kind is null && root["kind"] is null)
            problems.Add(root, $"'kind' is missing: '{file.Name}' is a new entity", $"add \"kind\": \"keyed\", \"person\" or \"organisation\"{Meant(file.Name, models)}");
        if (settings.Fields.Count == 0 && root["fields"] is null)
            problems.Add(root, $"'fields' is missing: '{file.Name}' is a new entity", "add its fields");

        var prefix = settings.IdPrefix ?? "";
        if (prefix.Length is not (1 or 2) || !prefix.All(char.IsAsciiLetterUpper))
        {
            problems.Add(root["idPrefix"] ?? root, $"a new entity needs an 'idPrefix' of one or two capital letters{(prefix.Length == 0 ? "" : $", not '{prefix}'")}", "add \"idPrefix\": \"X\"");
            prefix = "X";
        }
        else if (models.Find(model => model.Type.IdPrefix == prefix) is { } other)
        {
            problems.Add(root["idPrefix"] ?? root, $"the idPrefix '{prefix}' belongs to '{other.Type.Name}'", "choose another one");
        }

        return new(file.Name, prefix, settings.Kind ?? EntityKind.Keyed, Fields(root, settings, null));
    }

    private List<EntityField> Fields(ConfigNode root, ModelSettings settings, EntityType? builtIn)
    {
        List<EntityField> fields = [];
        foreach (var member in root["fields"]?.Members ?? [])
        {
            var path = member.Name;
            if (!settings.Fields.TryGetValue(path, out var field))
                continue;
            var isList = path.EndsWith("[]", StringComparison.Ordinal);
            if (!(isList ? path[..^2] : path).Split('.').All(IsSegment))
                problems.Add(root.Document, member.Offset, $"'{path}' cannot be the path of a field", "use letters and digits, with dots between the parts, each beginning with a small letter: custom.loyaltyTier");
            else if (builtIn?.Find(path) is not null)
                problems.Add(root.Document, member.Offset, $"'{builtIn.Name}' has the field '{path}' already", "remove it, or choose another path");
            else if (isList && field.Type != FieldType.TextList && member.Value["type"] is { } type)
                problems.Add(type, $"'{path}' is a list by its [], so its type is textList", "write \"textList\", or drop the [] of the path");
            else if (!isList && field.Type == FieldType.TextList)
                problems.Add(root.Document, member.Offset, $"the path of a list ends in []: '{path}[]'", "add []");
            else
                fields.Add(Field(path, isList, field));
        }

        return fields;
    }

    private static EntityField Field(string path, bool isList, FieldSettings field) =>
        new(path, isList ? FieldType.TextList : field.Type, field.Description)
        {
            Role = field.Role,
            Personal = field.Personal,
            Group = field.Group,
            References = field.References,
            Primary = isList ? field.Primary : null,
        };

    private void CheckReferences(EntityModel model, IReadOnlyList<string> names)
    {
        foreach (var member in model.Root?["fields"]?.Members ?? [])
        {
            if (member.Value["primary"] is { Kind: ConfigKind.Text } primary && model.Type.Find(primary.Text) is null)
                problems.Add(primary, $"'{model.Type.Name}' has no field '{primary.Text}'", SettingsBinder.Nearest(primary.Text, model.Type.Fields.Select(field => field.Path)));
            if (member.Value["references"] is { Kind: ConfigKind.Text } node && !names.Contains(node.Text))
                problems.Add(node, $"unknown entity '{node.Text}'", SettingsBinder.Nearest(node.Text, names) ?? $"there are {string.Join(", ", names)}");
        }
    }

    private void CheckMatching(ConfigNode root, ModelSettings settings)
    {
        if (settings.Matching.Review > settings.Matching.Link)
            problems.Add(root["matching"]?["review"] ?? root["matching"]?["link"] ?? root, FormattableString.Invariant($"'review' ({settings.Matching.Review}) is above 'link' ({settings.Matching.Link})"), "a pair is reviewed below the probability at which it is linked: make 'review' the smaller one");

        CheckConnections(root["matching"]?["duplicateFree"]);
        CheckConnections(root["survivorship"]?["priority"]);
        foreach (var field in root["survivorship"]?["fields"]?.Members ?? [])
        {
            CheckConnections(field.Value["priority"]);
            CheckConnections(field.Value["verifiedBy"]);
        }
    }

    private void CheckConnections(ConfigNode? list)
    {
        foreach (var node in list?.Items ?? [])
        {
            if (node.Kind == ConfigKind.Text && node.Text != ConnectionLoader.Steward && !connections.Names.Contains(node.Text))
                problems.Add(node, $"unknown connection '{node.Text}'", SettingsBinder.Nearest(node.Text, connections.Names) ?? "its name is that of a file under connections/, without .json");
        }
    }

    private static string Meant(string name, List<EntityModel> models) =>
        SettingsBinder.Nearest(name, models.Select(model => model.Type.Name)) is { } meant ? $" ({meant})" : "";

    private static bool IsSegment(string text) => text.Length > 0 && char.IsAsciiLetterLower(text[0]) && text.All(char.IsAsciiLetterOrDigit);
}

/// <summary>An entity before the pipelines have added their custom fields.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Settings">Its model file, or the defaults.</param>
/// <param name="Root">Its model file as read, or null.</param>
internal sealed record EntityModel(EntityType Type, ModelSettings Settings, ConfigNode? Root);

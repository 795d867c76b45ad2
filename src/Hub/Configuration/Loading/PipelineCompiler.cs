using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Configuration.Binding;
using Crm.Integration.Hub.Configuration.Json;
using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Mapping.Maps;
using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Validation;

namespace Crm.Integration.Hub.Configuration.Loading;

/// <summary>Checks pipelines against the rest of the hub, and compiles their expressions and rules.</summary>
internal sealed class PipelineCompiler(
    string folder,
    HubSettings hub,
    IReadOnlyDictionary<string, EntityConfiguration> entities,
    ConnectionSet connections,
    ConfigProblems problems)
{
    private readonly LookupLoader _lookups = new(folder, problems);

    public IReadOnlyList<Pipeline> Compile(IReadOnlyList<PipelineDraft> drafts) => TwoWayPairs.Of([.. drafts.Select(Compile).OfType<Pipeline>()]);

    private Pipeline? Compile(PipelineDraft draft)
    {
        var entity = Entity(draft);
        var end = draft.Root["from"] is { Kind: ConfigKind.Object } from ? from : draft.Root["to"];
        var connection = end is null ? null : Connection(end, draft.Inbound);
        if (end?["stream"] is { Kind: ConfigKind.Text, Text: "" } stream)
            problems.Add(stream, "the stream has no name", "see `hub discover CONNECTION` for the streams there are");

        if (end is null)
            return null;
        var environment = new MapEnvironment
        {
            Lookups = _lookups.Load(draft),
            Country = hub.Defaults.Country,
            TimeZone = TimeZoneInfo.TryFindSystemTimeZoneById(hub.Defaults.TimeZone, out var zone) ? zone : TimeZoneInfo.Utc,
        };
        var expressions = new ExpressionCompiler(environment, problems);
        return draft.Inbound
            ? Inbound(draft, entity, connection, expressions)
            : Outbound(draft, entity, connection, expressions);
    }

    private InboundPipeline? Inbound(PipelineDraft draft, EntityConfiguration? entity, ConnectionConfiguration? connection, ExpressionCompiler expressions)
    {
        var (root, settings) = (draft.Root, draft.Settings);
        var key = expressions.Compile(root["from"]?["key"], name: true);
        var modified = expressions.Compile(root["from"]?["modified"]);
        var where = expressions.Compile(root["where"]);
        OrderedDictionary<string, Expression> fields = new(StringComparer.Ordinal);
        foreach (var member in root["map"]?.Members ?? [])
        {
            if (entity is not null)
                CheckTarget(member, root.Document, entity.Type);
            if (expressions.Compile(member.Value) is { } expression)
                fields.Add(member.Name, expression);
        }

        var rules = entity is null ? null : Rules(draft, entity.Type, expressions.Environment);
        if (problems.Count > 0 || entity is null || connection is null || key is null || rules is null)
            return null;

        return new(draft.Name, entity, connection, settings.From!.Stream, settings, settings.Limits ?? hub.Limits, Fingerprint.Of(draft, entity.Type, expressions.Environment))
        {
            Key = key,
            Where = where,
            Modified = modified,
            Map = new FieldMap(entity.Type, fields),
            Rules = rules,
            RulePlace = RulePlaces(root),
        };
    }

    private OutboundPipeline? Outbound(PipelineDraft draft, EntityConfiguration? entity, ConnectionConfiguration? connection, ExpressionCompiler expressions)
    {
        var (root, settings) = (draft.Root, draft.Settings);
        var where = expressions.Compile(root["where"], entity?.Type);
        List<(string Field, Expression? Expression)> map = [];
        foreach (var member in root["map"]?.Members ?? [])
        {
            if (expressions.Compile(member.Value, entity?.Type) is { } expression)
                map.Add((member.Name, expression));
        }

        var targets = settings.Map.Keys.ToList();
        foreach (var member in root["conflict"]?.Members ?? [])
        {
            if (member.Name != "default" && !targets.Contains(member.Name))
                problems.Add(root.Document, member.Offset, $"the map has no field '{member.Name}'", SettingsBinder.Nearest(member.Name, targets.Append("default")) ?? "a conflict is decided for fields that the map fills");
        }

        if (problems.Count > 0 || entity is null || connection is null || settings.To is not { } to)
            return null;

        var keyIndex = map.FindIndex(field => field.Field == to.Key);
        var keyField = keyIndex < 0 ? (to.Key, null) : map[keyIndex];
        if (keyIndex >= 0)
            map.RemoveAt(keyIndex);
        map.Insert(0, keyField);
        return new(draft.Name, entity, connection, to.Stream, settings, settings.Limits ?? hub.Limits, Fingerprint.Of(draft, entity.Type, expressions.Environment))
        {
            Where = where,
            Map = map,
        };
    }

    private EntityConfiguration? Entity(PipelineDraft draft)
    {
        if (draft.Root["entity"] is not { Kind: ConfigKind.Text } node)
            return null;
        if (entities.TryGetValue(node.Text, out var entity))
            return entity;
        problems.Add(node, $"unknown entity '{node.Text}'", SettingsBinder.Nearest(node.Text, entities.Keys) ?? $"there are {string.Join(", ", entities.Keys)}; make a new one in model/{node.Text}.json");
        return null;
    }

    private ConnectionConfiguration? Connection(ConfigNode end, bool inbound)
    {
        if (end["connection"] is not { Kind: ConfigKind.Text } node)
            return null;
        if (!connections.Names.Contains(node.Text))
        {
            var fix = connections.Names.Count == 0 ? $"make connections/{node.Text}.json" : $"there are {string.Join(", ", connections.Names)}";
            problems.Add(node, $"unknown connection '{node.Text}'", SettingsBinder.Nearest(node.Text, connections.Names) ?? fix);
            return null;
        }

        if (!connections.Usable.TryGetValue(node.Text, out var connection))
            return null;
        var declaration = connection.Connector.Declaration;
        if (inbound && (declaration.Capabilities & (ConnectorCapabilities.Pull | ConnectorCapabilities.Webhook)) == 0)
            problems.Add(node, $"the connector '{declaration.Name}' gives no records", "use it in 'to', or choose another connection");
        if (!inbound && !declaration.Capabilities.HasFlag(ConnectorCapabilities.Push))
            problems.Add(node, $"the connector '{declaration.Name}' cannot be pushed to", "use it in 'from', or choose another connection");
        if (inbound && end["cursor"] is { Kind: ConfigKind.Text } cursor && !declaration.Capabilities.HasFlag(ConnectorCapabilities.IncrementalPull))
            problems.Add(cursor, $"the connector '{declaration.Name}' cannot read from a cursor on", "write null");
        return connection;
    }

    private void CheckTarget(ConfigMember member, ConfigDocument document, EntityType type)
    {
        var path = member.Name;
        if (EntityType.IsCustom(path))
        {
            var bare = path.EndsWith("[]", StringComparison.Ordinal) ? path[..^2] : path;
            if (bare.Split('.').Any(part => part.Length == 0 || !part.All(character => char.IsLetterOrDigit(character) || character == '_')))
                problems.Add(document, member.Offset, $"'{path}' cannot be the path of a field", "use letters, digits and _: custom.loyaltyTier");
        }
        else if (type.Find(path) is null)
        {
            problems.Add(document, member.Offset, $"'{type.Name}' has no field '{path}'", ExpressionCompiler.SuggestField(path, type) ?? $"a field of your own is written custom.{path.Split('.')[^1]}");
        }
    }

    private RuleSet? Rules(PipelineDraft draft, EntityType type, MapEnvironment environment)
    {
        List<RuleProblem> found = [];
        var list = draft.Root["validate"];

        // A rule that could not be read has been reported, and would shift the numbers of those after it.
        if (list is not null && list.Items.Count != draft.Settings.Validate.Count)
            return null;
        var before = problems.Count;
        var rules = RuleSet.Compile(type, draft.Settings.Validate, environment, found);
        foreach (var problem in found)
        {
            var rule = list is not null && problem.Index >= 0 && problem.Index < list.Items.Count ? list.Items[problem.Index] : draft.Root;

            // What follows from a kind that is spelt wrong would only hide the one mistake.
            if (rule == draft.Root || (rule["rule"] is { Kind: ConfigKind.Text } kind && Enum.TryParse<RuleKind>(kind.Text, ignoreCase: true, out _)))
                problems.Add(rule[problem.Property] ?? rule, problem.Message, problem.Fix);
        }

        return problems.Count == before ? rules : null;
    }

    private static Func<int, string> RulePlaces(ConfigNode root)
    {
        var document = root.Document;
        var map = $"{document.File}:{document.At((root["map"] ?? root).Offset).Line}";
        string[] rules = [.. (root["validate"]?.Items ?? []).Select(rule => $"{document.File}:{document.At(rule.Offset).Line}")];
        return index => index >= 0 && index < rules.Length ? rules[index] : map;
    }
}

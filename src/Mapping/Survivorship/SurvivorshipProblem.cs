using Crm.Integration.Mapping.Maps;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Survivorship;

/// <summary>A mistake in the survivorship rules of an entity.</summary>
/// <param name="Property">Where: <c>default</c>, or <c>fields</c> and the name in it: <c>fields.address</c>.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Fix">What to do, or null.</param>
public sealed record SurvivorshipProblem(string Property, string Message, string? Fix)
{
    internal static IReadOnlyList<SurvivorshipProblem> Find(EntityType type, SurvivorshipSettings settings)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(settings);
        var problems = new List<SurvivorshipProblem>();
        if (settings.Default is SurvivorshipRule.Union or SurvivorshipRule.Restrictive)
            problems.Add(new("default", $"'{Name(settings.Default)}' suits only some fields and cannot be the default", "use recent, priority, frequent, complete or longest"));
        if (settings.Default == SurvivorshipRule.Priority && settings.Priority.Count == 0)
            problems.Add(new("default", "rule 'priority' without a list of connections decides nothing", "list them: \"priority\": [\"erp\", \"crm\"]"));

        var groups = type.Fields.Select(field => field.Group).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var (name, rule) in settings.Fields)
        {
            var field = type.Find(name);
            if (field is null && !groups.Contains(name))
            {
                var nearest = Spelling.Nearest(name, type.Fields.Select(known => known.Path).Concat(groups));
                problems.Add(new($"fields.{name}", $"entity '{type.Name}' has no field or group '{name}'", nearest is null ? null : $"did you mean '{nearest}'?"));
                continue;
            }

            if (rule.Rule == SurvivorshipRule.Union && field?.Type != FieldType.TextList)
                problems.Add(new($"fields.{name}", $"'union' is for lists; '{name}' holds one value", "use recent, priority, frequent, complete or longest"));
            if (rule.Rule == SurvivorshipRule.Restrictive && field?.Type != FieldType.Boolean)
                problems.Add(new($"fields.{name}", $"'restrictive' is for yes and no; '{name}' is neither", "use recent, priority, frequent, complete or longest"));
            if (rule.Rule == SurvivorshipRule.Priority && (rule.Priority ?? settings.Priority).Count == 0)
                problems.Add(new($"fields.{name}", "rule 'priority' without a list of connections decides nothing", "list them: \"priority\": [\"erp\", \"crm\"]"));
            if (rule.Rule != SurvivorshipRule.Priority && rule.Priority is not null)
                problems.Add(new($"fields.{name}", $"rule '{Name(rule.Rule)}' does not read 'priority'", "use \"rule\": \"priority\", or take the list out"));
        }

        return problems;
    }

    private static string Name(SurvivorshipRule rule) => rule.ToString().ToLowerInvariant();
}

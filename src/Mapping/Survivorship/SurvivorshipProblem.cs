using Crm.Integration.Mapping.Maps;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Survivorship;

/// <summary>A mistake in the survivorship rules of an entity.</summary>
/// <param name="Property">Where: <c>default</c>, or <c>fields</c> and the name in it: <c>fields.address</c>.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Fix">What to do, or null.</param>
public sealed record SurvivorshipProblem(string Property, string Message, string? Fix)
{
    private const string Usual = "use recent, priority, frequent, complete or longest";
    private const string ListThem = "list them: \"priority\": [\"erp\", \"crm\"]";

    internal static IReadOnlyList<SurvivorshipProblem> Find(EntityType type, SurvivorshipSettings settings)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(settings);
        var problems = new List<SurvivorshipProblem>();
        if (settings.Default is SurvivorshipRule.Union or SurvivorshipRule.Restrictive or SurvivorshipRule.Min or SurvivorshipRule.Max or SurvivorshipRule.Verified)
            problems.Add(new("default", $"'{Name(settings.Default)}' suits only some fields and cannot be the default", Usual));
        if (settings.Default == SurvivorshipRule.Priority && settings.Priority.Count == 0)
            problems.Add(new("default", "rule 'priority' without a list of connections decides nothing", ListThem));

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

            foreach (var problem in OfField(type, settings, name, field, rule))
                problems.Add(problem with { Property = $"fields.{name}" });
        }

        return problems;
    }

    private static IEnumerable<SurvivorshipProblem> OfField(EntityType type, SurvivorshipSettings settings, string name, EntityField? field, FieldSurvivorship rule)
    {
        if (rule is { Rule: null, Then.Count: 0, Priority: null, VerifiedBy.Count: 0, VerifiedWhen: null })
            yield return new("", "'rule' is missing", $"add one: {string.Join(", ", Enum.GetValues<SurvivorshipRule>().Where(each => Suits(each, field)).Select(Name))}");
        SurvivorshipRule[] rules = rule.Rule is { } first ? [first, .. rule.Then] : [.. rule.Then];
        foreach (var each in rules.Distinct().Where(each => !Suits(each, field)))
        {
            yield return each switch
            {
                SurvivorshipRule.Union => new("", $"'union' is for lists; '{name}' holds one value", Usual),
                SurvivorshipRule.Restrictive => new("", $"'restrictive' is for yes and no; '{name}' is neither", Usual),
                _ => new("", $"'{Name(each)}' is for numbers, dates and instants; '{name}' is none of them", $"{Usual}; a field of your own may be given the type date or number under \"fields\""),
            };
        }

        if (rule.Then.Contains(SurvivorshipRule.Union))
            yield return new("", "'union' takes all values and leaves no tie; it cannot stand in 'then'", "make it the rule, or take it out");
        if (rules.Contains(SurvivorshipRule.Priority) && (rule.Priority ?? settings.Priority).Count == 0)
            yield return new("", "rule 'priority' without a list of connections decides nothing", ListThem);

        // Ties go on to priority anyway; but whoever lists connections means them to decide.
        if (!rules.Contains(SurvivorshipRule.Priority) && rule.Priority is not null)
            yield return new("", $"rule '{Name(rule.Rule ?? SurvivorPlan.RuleOf(field, settings))}' does not read 'priority'", "use \"rule\": \"priority\", or take the list out");
        if (rule.VerifiedWhen is { } path && type.Find(path) is null)
        {
            var nearest = Spelling.Nearest(path, type.Fields.Select(known => known.Path));
            yield return new("", $"'verifiedWhen' names '{path}', which entity '{type.Name}' does not have", nearest is null ? "map it in a pipeline, or add it under \"fields\"" : $"did you mean '{nearest}'?");
        }
    }

    private static bool Suits(SurvivorshipRule rule, EntityField? field) => rule switch
    {
        SurvivorshipRule.Union => field?.Type == FieldType.TextList,
        SurvivorshipRule.Restrictive => field?.Type == FieldType.Boolean,
        SurvivorshipRule.Min or SurvivorshipRule.Max => field?.Type is FieldType.Number or FieldType.Date or FieldType.Instant,
        _ => true,
    };

    private static string Name(SurvivorshipRule rule) => rule.ToString().ToLowerInvariant();
}

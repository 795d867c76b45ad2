using System.Globalization;
using System.Text;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Survivorship;

/// <summary>From the settings to the decisions that are to be taken for every golden record.</summary>
internal static class SurvivorPlan
{
    // To be raised whenever the same members and rules give another golden record than before.
    private const int Version = 2;

    /// <summary>The hash of all that decides what is made of members.</summary>
    public static ulong Fingerprint(EntityType type, SurvivorshipSettings settings)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Version}|{settings.Default}|{string.Join(',', settings.Priority)}");
        foreach (var field in type.Fields)
            text.Append(CultureInfo.InvariantCulture, $"|{field.Path}:{field.Type}:{field.Role}:{field.Group}:{field.Primary}");
        foreach (var (name, own) in settings.Fields.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"|{name}={own.Rule}:{string.Join(',', own.Then)}:{string.Join(',', own.Priority ?? [])}");
            text.Append(CultureInfo.InvariantCulture, $":{string.Join(',', own.VerifiedBy.Order(StringComparer.Ordinal))}:{own.VerifiedWhen}");
        }

        return ContentHash.Of(text.ToString());
    }

    /// <summary>The choices, and the lists, which are made after the choices because their first element is one.</summary>
    public static (Choice[] Choices, ListChoice[] Lists) For(EntityType type, SurvivorshipSettings settings)
    {
        var choices = new List<Choice>();
        var lists = new List<ListChoice>();
        var groups = new HashSet<string>(StringComparer.Ordinal);
        foreach (var field in type.Fields)
        {
            if (field.Type == FieldType.TextList)
                lists.Add(List(type, field, settings));
            else if (MovesWithGroup(field, settings))
            {
                if (groups.Add(field.Group!))
                    choices.Add(Group(type, field.Group!, settings));
            }
            else
            {
                choices.Add(new Choice([field], RulesFor(type, field.Path, RuleOf(field, settings), settings), type.Fields.FirstOrDefault(other => other.Primary == field.Path), name: null));
            }
        }

        return ([.. choices], [.. lists]);
    }

    /// <summary>The rule of a field that stands alone, or, without a field, of a group.</summary>
    public static SurvivorshipRule RuleOf(EntityField? field, SurvivorshipSettings settings)
    {
        if (field is not null && settings.Fields.TryGetValue(field.Path, out var own) && own.Rule is { } rule)
            return rule;
        if (field?.Type == FieldType.TextList)
            return SurvivorshipRule.Union;

        // Whoever said no once must not get mail because another system has not heard of it.
        if (field?.Type == FieldType.Boolean && field.Path.StartsWith("consent.", StringComparison.Ordinal))
            return SurvivorshipRule.Restrictive;

        // The latest note is often "see CRM"; the longest one is what somebody would miss.
        return field?.Path == "notes" ? SurvivorshipRule.Longest : settings.Default;
    }

    // Who gives one field of a group a rule of its own takes it out of the group knowingly.
    private static bool MovesWithGroup(EntityField field, SurvivorshipSettings settings) =>
        field.Group is not null && !settings.Fields.ContainsKey(field.Path);

    private static Choice Group(EntityType type, string group, SurvivorshipSettings settings)
    {
        EntityField[] fields = [.. type.Fields.Where(field => field.Group == group && field.Type != FieldType.TextList && MovesWithGroup(field, settings))];
        var rule = settings.Fields.TryGetValue(group, out var own) && own.Rule is { } chosen ? chosen : settings.Default;
        return new Choice(fields, RulesFor(type, group, rule, settings), list: null, NameFields.IsName(fields) ? new NameFields(fields) : null);
    }

    private static ListChoice List(EntityType type, EntityField field, SurvivorshipSettings settings)
    {
        var rule = RuleOf(field, settings);
        var primary = field.Primary is null ? null : type.Find(field.Primary);
        var single = rule == SurvivorshipRule.Union ? null : new Choice([field], RulesFor(type, field.Path, rule, settings), list: null, name: null);
        return new ListChoice(field, primary?.Ordinal ?? -1, single, settings.Priority);
    }

    private static ChoiceRules RulesFor(EntityType type, string name, SurvivorshipRule rule, SurvivorshipSettings settings)
    {
        var own = settings.Fields.GetValueOrDefault(name);
        return new ChoiceRules(
            rule,
            own?.Then ?? [],
            own?.Priority is { Count: > 0 } priority ? priority : settings.Priority,
            [.. own?.VerifiedBy ?? []],
            own?.VerifiedWhen is { } path ? type.Find(path)?.Ordinal ?? -1 : -1);
    }
}

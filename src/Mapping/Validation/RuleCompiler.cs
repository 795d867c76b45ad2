using Crm.Integration.Mapping.Maps;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Validation;

/// <summary>Compiles one rule, and finds every mistake in it rather than the first.</summary>
internal sealed class RuleCompiler(EntityType type, RuleDefinition rule, int index, MapEnvironment environment, ICollection<RuleProblem> problems)
{
    private readonly string _name = ViolationText.NameOf(rule.Rule);

    public void Compile(List<CompiledRule> rules, List<StoreRule> storeRules)
    {
        RefuseForeignProperties();
        switch (rule.Rule)
        {
            case RuleKind.Required:
                if (Required() is { } required)
                    rules.Add(required);
                break;
            case RuleKind.Expression:
                if (Expression() is { } expression)
                    rules.Add(expression);
                break;
            case RuleKind.Unique or RuleKind.Exists:
                if (Stored() is { } stored)
                    storeRules.Add(stored);
                break;
            default:
                if (Field() is { } field && ValueChecks.Compile(rule, field, Problem) is var (passes, words))
                    rules.Add(new FieldRule(index, rule.Rule, rule.Otherwise, field, passes, words, rule.Message));
                break;
        }
    }

    /// <summary>The rule that every field with a type has without being asked.</summary>
    public static CompiledRule ImpliedType(EntityType type, EntityField field)
    {
        var definition = new RuleDefinition { Field = field.Path, Rule = RuleKind.Type, Otherwise = Otherwise.Blank };
        var mistakes = new List<RuleProblem>();
        var rules = new List<CompiledRule>();
        new RuleCompiler(type, definition, -1, MapEnvironment.Empty, mistakes).Compile(rules, []);
        return rules.Count == 1 ? rules[0] : throw new InvalidOperationException($"the type rule of '{field.Path}' does not compile: {string.Join("; ", mistakes)}");
    }

    private RequiredRule? Required()
    {
        if (rule.Otherwise == Otherwise.Blank)
            Problem("otherwise", "'required' cannot blank: what it finds is empty already", "write \"reject\" or \"warn\"");
        if (rule.Any is null)
            return Field() is { } field ? new RequiredRule(index, rule.Otherwise, [field], rule.Message) : null;

        if (rule.Field is not null)
            Problem("any", "'required' takes either 'field' or 'any', not both", "put all fields into 'any'");
        if (rule.Any.Count == 0)
            Problem("any", "'any' names no field", "list the fields of which one must be filled");
        var fields = rule.Any.Select(path => Find(path, "any")).OfType<EntityField>().ToArray();
        return fields.Length == rule.Any.Count && fields.Length > 0 ? new RequiredRule(index, rule.Otherwise, fields, rule.Message) : null;
    }

    private ExpressionRule? Expression()
    {
        var field = rule.Field is null ? null : Find(rule.Field, "field");
        if (rule.Field is null && rule.Otherwise == Otherwise.Blank)
            Problem("otherwise", "without 'field' the rule has nothing to blank", "name the field to be emptied: \"field\": \"…\"");
        if (string.IsNullOrWhiteSpace(rule.Expression))
        {
            Problem("expression", "rule 'expression' needs 'expression': a condition over the entity's fields", "for example \"expression\": \"email != null or phone != null\"");
            return null;
        }

        var mistakes = new List<MapProblem>();
        var expression = Maps.Expression.Compile(rule.Expression, environment, mistakes);
        foreach (var mistake in mistakes)
            problems.Add(new RuleProblem(index, "expression", mistake.Message, mistake.Fix) { Offset = mistake.Offset, Length = mistake.Length });
        if (expression is null)
            return null;

        var unknown = expression.Paths.Where(path => type.Find(path) is null && !LeadsInto(path)).ToList();
        foreach (var path in unknown)
            UnknownField(path, "expression");
        return unknown.Count > 0
            ? null
            : new ExpressionRule(index, rule.Otherwise, field, expression, expression.Bind(path => type.Find(path)?.Ordinal ?? -1), rule.Message);
    }

    private StoreRule? Stored()
    {
        if (Field() is not { } field)
            return null;
        if (field.Type == FieldType.TextList)
        {
            Problem("field", $"'{_name}' cannot check a list", field.Primary is { } primary ? $"check '{primary}'" : "check a field with one value");
            return null;
        }

        if (rule.Rule == RuleKind.Unique)
            return new StoreRule(index, rule, field);

        var entity = rule.Entity ?? field.References;
        if (entity is not null)
            return new StoreRule(index, rule with { Entity = entity }, field);
        Problem("entity", $"'{field.Path}' does not say which entity it refers to", "name it: \"entity\": \"customer\"");
        return null;
    }

    private EntityField? Field()
    {
        if (rule.Field is not null)
            return Find(rule.Field, "field");
        Problem("field", rule.Rule == RuleKind.Required ? "'required' needs 'field' or 'any'" : $"rule '{_name}' needs 'field'", "name the field that is checked: \"field\": \"email\"");
        return null;
    }

    private EntityField? Find(string path, string property)
    {
        var field = type.Find(path);
        if (field is null)
            UnknownField(path, property);
        return field;
    }

    private void UnknownField(string path, string property) =>
        Problem(property, $"entity '{type.Name}' has no field '{path}'",
            Spelling.Nearest(path, type.Fields.Select(field => field.Path)) is { } nearest ? $"did you mean '{nearest}'?" : $"its fields are {string.Join(", ", type.Fields.Select(field => field.Path))}");

    // A path may walk on into the elements of a list: emails[0].
    private bool LeadsInto(string path) =>
        path.IndexOf('[', StringComparison.Ordinal) is > 0 and var bracket && type.Find(path[..bracket] + "[]") is not null;

    private void RefuseForeignProperties()
    {
        Refuse("any", rule.Any is not null, RuleKind.Required);
        Refuse("pattern", rule.Pattern is not null, RuleKind.Pattern);
        Refuse("min", rule.Min is not null, RuleKind.Range, RuleKind.Length, RuleKind.DateRange);
        Refuse("max", rule.Max is not null, RuleKind.Range, RuleKind.Length, RuleKind.DateRange);
        Refuse("values", rule.Values is not null, RuleKind.OneOf);
        Refuse("entity", rule.Entity is not null, RuleKind.Exists);
        Refuse("expression", rule.Expression is not null, RuleKind.Expression);
    }

    // A setting that nothing reads is a rule that somebody believes in and nobody keeps.
    private void Refuse(string property, bool present, params ReadOnlySpan<RuleKind> readers)
    {
        if (!present || readers.Contains(rule.Rule))
            return;
        var names = new List<string>();
        foreach (var reader in readers)
            names.Add($"'{ViolationText.NameOf(reader)}'");
        Problem(property, $"rule '{_name}' does not read '{property}'; only {string.Join(", ", names)} {(names.Count == 1 ? "does" : "do")}", "take it out, or choose the rule that reads it");
    }

    private void Problem(string property, string message, string? fix) => problems.Add(new RuleProblem(index, property, message, fix));
}

using Crm.Integration.Mapping.Maps;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Validation;

/// <summary>
/// The validation rules of a pipeline, compiled. Safe to share between threads. An empty field breaks only
/// <see cref="RuleKind.Required"/>, and an expression without a field of its own. Of a list every element is checked.
/// </summary>
public sealed class RuleSet
{
    private readonly CompiledRule[] _rules;

    private RuleSet(CompiledRule[] rules, IReadOnlyList<StoreRule> storeRules)
    {
        _rules = rules;
        StoreRules = storeRules;
    }

    /// <summary>Compiles rules.</summary>
    /// <param name="type">The entity they check.</param>
    /// <param name="definitions">The rules in order.</param>
    /// <param name="environment">What custom expressions may refer to.</param>
    /// <param name="problems">Every error found is added here, with the index of the rule and the name of the property at fault.</param>
    /// <returns>The rules, or null when there were errors.</returns>
    public static RuleSet? Compile(EntityType type, IReadOnlyList<RuleDefinition> definitions, MapEnvironment environment, ICollection<RuleProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(definitions);
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(problems);

        var before = problems.Count;
        var rules = new List<CompiledRule>();
        var storeRules = new List<StoreRule>();
        for (var i = 0; i < definitions.Count; i++)
            new RuleCompiler(type, definitions[i], i, environment, problems).Compile(rules, storeRules);
        if (problems.Count > before)
            return null;

        // Values of the wrong type are out of the way before any other rule looks at the field.
        var typed = definitions.Where(definition => definition.Rule == RuleKind.Type).Select(definition => definition.Field).ToHashSet();
        var implied = type.Fields
            .Where(field => field.Type != FieldType.Text && !typed.Contains(field.Path))
            .Select(field => RuleCompiler.ImpliedType(type, field));
        return new RuleSet([.. implied, .. rules], storeRules);
    }

    /// <summary>
    /// Checks a record; fields that break a rule with <see cref="Otherwise.Blank"/> are emptied in it: of a list only the
    /// bad elements, and a value that stands both in a list and in its primary field (<c>emails[]</c> and <c>email</c>) in both.
    /// Rules of kind <see cref="RuleKind.Unique"/> and <see cref="RuleKind.Exists"/> need the store: the hub checks them a page at a time, by <see cref="StoreRules"/>.
    /// </summary>
    /// <param name="record">The mapped record.</param>
    /// <param name="today">The date that <c>today</c> means.</param>
    /// <param name="violations">Every rule broken is added here; the list is the caller's, to be used again.</param>
    public void Check(EntityRecord record, DateOnly today, List<Violation> violations)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(violations);
        foreach (var rule in _rules)
            rule.Check(record, today, violations);
    }

    /// <summary>The rules that need the store: their index, definition and field.</summary>
    public IReadOnlyList<StoreRule> StoreRules { get; }
}

/// <summary>An error in a rule, found when it is compiled.</summary>
/// <param name="Index">The rule's index in the list.</param>
/// <param name="Property">The property at fault, as JSON names it: <c>pattern</c>.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Fix">What to do, or null.</param>
public sealed record RuleProblem(int Index, string Property, string Message, string? Fix = null)
{
    /// <summary>Where in the property's text it begins, in characters; 0 when the whole of it is meant.</summary>
    public int Offset { get; init; }

    /// <summary>How many characters are at fault; 0 when the whole property is meant.</summary>
    public int Length { get; init; }
}

/// <summary>A rule that a record broke.</summary>
/// <param name="RuleIndex">The rule's index in the pipeline's list; -1 for the rule <c>type</c> that every field has.</param>
/// <param name="Kind">What was checked.</param>
/// <param name="Path">The field, or the fields joined by ", ".</param>
/// <param name="Otherwise">What happened to the record.</param>
/// <param name="Message">What is wrong, naming the value only where the field is not personal (else masked: first character and length).</param>
/// <param name="Fix">What to do about it.</param>
public sealed record Violation(int RuleIndex, RuleKind Kind, string Path, Otherwise Otherwise, string Message, string Fix);

using System.Globalization;
using System.Text.RegularExpressions;
using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Values;

namespace Crm.Integration.Mapping.Validation;

/// <summary>Makes the check of each kind of rule about a single value, with the words for when it fails.</summary>
internal static class ValueChecks
{
    private const int PatternMilliseconds = 100;

    /// <summary>The check of a rule, or null when its settings are wrong.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="field">The field that it checks.</param>
    /// <param name="problem">Told each mistake: property, message, fix.</param>
    public static (ValueCheck Passes, RuleWords Words)? Compile(RuleDefinition rule, EntityField field, Action<string, string, string?> problem) => rule.Rule switch
    {
        RuleKind.Type => OfType(field),
        RuleKind.Email => OnText(field, problem, EmailAddress.IsValid, new("not an e-mail address that could be written to", "correct the e-mail address at the source")),
        RuleKind.Phone => OnText(field, problem, PhoneNumber.IsPossible, new("not a possible phone number with its country code",
            "correct the number at the source, or tell the map its country: | phone('DE')")),
        RuleKind.Pattern => Pattern(rule, field, problem),
        RuleKind.Range => Range(rule, field, problem),
        RuleKind.Length => Length(rule, field, problem),
        RuleKind.OneOf => OneOf(rule, field, problem),
        RuleKind.DateRange => DateRange(rule, field, problem),
        _ => throw new InvalidOperationException($"rule '{rule.Rule}' is not about a single value"),
    };

    private static (ValueCheck, RuleWords) OfType(EntityField field) => field.Type switch
    {
        FieldType.Number => (static (value, _) => value.Kind == ValueKind.Number, new("not a number", "correct it at the source, or tell the map how numbers are written there: | number('de')")),
        FieldType.Boolean => (static (value, _) => value.Kind == ValueKind.Boolean, new("neither true nor false", "correct it at the source, or map it: | boolean, or | lookup('…')")),
        FieldType.Date => (static (value, _) => value.Kind == ValueKind.Date, new("not a date", "correct it at the source, or name its format in the map: | date('dd.MM.yyyy')")),
        FieldType.Instant => (static (value, _) => value.Kind == ValueKind.Instant, new("not a date with time", "correct it at the source, or name its format in the map: | instant('dd.MM.yyyy HH:mm')")),
        FieldType.TextList => (static (value, _) => value.Kind is not (ValueKind.List or ValueKind.Object), new("not a list of texts", "map a field inside the nested object instead of the object")),
        _ => (static (value, _) => value.Kind is not (ValueKind.List or ValueKind.Object), new("not a text but a list or a nested object", "map a field inside it, or join the list: | join(', ')")),
    };

    private static (ValueCheck, RuleWords)? OnText(EntityField field, Action<string, string, string?> problem, Func<string, bool> passes, RuleWords words) =>
        HasText(field, problem) ? ((value, _) => passes(value.AsText ?? value.ToText()!), words) : null;

    private static (ValueCheck, RuleWords)? Pattern(RuleDefinition rule, EntityField field, Action<string, string, string?> problem)
    {
        if (string.IsNullOrEmpty(rule.Pattern))
        {
            problem("pattern", "rule 'pattern' needs 'pattern': a regular expression", "for example \"pattern\": \"[A-Z]{2}[0-9]{6}\"");
            return null;
        }

        if (!HasText(field, problem))
            return null;
        try
        {
            // Alone first: "a)|(b" is wrong, and would be right inside the group that makes it match the whole value.
            _ = new Regex(rule.Pattern, RegexOptions.CultureInvariant, TimeSpan.FromMilliseconds(PatternMilliseconds));
            var (regex, limited) = WholeMatch(rule.Pattern);
            var complaint = limited ? $"does not match the pattern {rule.Pattern} (or not within {PatternMilliseconds} ms)" : $"does not match the pattern {rule.Pattern}";
            return ((value, _) => Matches(regex, value.AsText ?? value.ToText()!), new(complaint, "correct the value at the source"));
        }
        catch (ArgumentException error)
        {
            problem("pattern", $"not a regular expression: {error.Message}", "mind that a backslash is written twice in JSON: \"\\\\d+\"");
            return null;
        }
    }

    private static (Regex Regex, bool Limited) WholeMatch(string pattern)
    {
        var whole = $@"\A(?:{pattern})\z";
        var limit = TimeSpan.FromMilliseconds(PatternMilliseconds);
        try
        {
            return (new Regex(whole, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, limit), false);
        }
        catch (NotSupportedException)
        {
            // Look-arounds and back-references need the engine that can run away: there the time limit counts.
            return (new Regex(whole, RegexOptions.CultureInvariant, limit), true);
        }
    }

    private static bool Matches(Regex regex, string text)
    {
        try
        {
            return regex.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private static (ValueCheck, RuleWords)? Range(RuleDefinition rule, EntityField field, Action<string, string, string?> problem)
    {
        var fits = field.Type is FieldType.Number or FieldType.Text or FieldType.TextList;
        if (!fits)
            problem("field", $"'{field.Path}' is {Noun(field.Type)}; 'range' compares numbers", field.Type is FieldType.Date or FieldType.Instant ? "use \"rule\": \"dateRange\"" : null);
        var min = Bound<decimal>("min", rule.Min, ReadNumber, "a number such as 0 or 99.5", problem);
        var max = Bound<decimal>("max", rule.Max, ReadNumber, "a number such as 0 or 99.5", problem);
        if (!Ordered(rule, min is null || max is null || min <= max, problem) || !fits || (rule.Min is not null && min is null) || (rule.Max is not null && max is null))
            return null;
        decimal least = min ?? decimal.MinValue, most = max ?? decimal.MaxValue;
        return ((value, _) => (value.AsNumber ?? ReadNumber(value.AsText)) is { } number && number >= least && number <= most,
            new($"not a number {Between(rule)}", "correct the number at the source"));
    }

    private static (ValueCheck, RuleWords)? Length(RuleDefinition rule, EntityField field, Action<string, string, string?> problem)
    {
        var fits = HasText(field, problem);
        var min = Bound<int>("min", rule.Min, ReadCount, "a whole number of characters", problem);
        var max = Bound<int>("max", rule.Max, ReadCount, "a whole number of characters", problem);
        if (!Ordered(rule, min is null || max is null || min <= max, problem) || !fits || (rule.Min is not null && min is null) || (rule.Max is not null && max is null))
            return null;
        int least = min ?? 0, most = max ?? int.MaxValue;
        return ((value, _) => Characters(value.AsText ?? value.ToText()!) is var count && count >= least && count <= most,
            new($"not {Between(rule)} characters long", "shorten or complete it at the source, or cut it in the map: | left(…)"));
    }

    private static (ValueCheck, RuleWords)? OneOf(RuleDefinition rule, EntityField field, Action<string, string, string?> problem)
    {
        if (rule.Values is not { Count: > 0 })
        {
            problem("values", "rule 'oneOf' needs 'values': the values allowed", "for example \"values\": [\"open\", \"won\", \"lost\"]");
            return null;
        }

        var allowed = new HashSet<Value>();
        foreach (var text in rule.Values)
        {
            if (Convert(text, field.Type) is { } value)
                allowed.Add(value);
            else
                problem("values", $"'{text}' is not {Noun(field.Type)}, as '{field.Path}' is", null);
        }

        var shown = string.Join(", ", rule.Values.Take(12).Select(value => $"'{value}'")) + (rule.Values.Count > 12 ? ", …" : "");
        return ((value, _) => allowed.Contains(value), new($"not one of {shown}", "correct it at the source, or translate it in the map: | lookup('…')"));
    }

    private static (ValueCheck, RuleWords)? DateRange(RuleDefinition rule, EntityField field, Action<string, string, string?> problem)
    {
        const string Form = "a date as yyyy-MM-dd, or today, today-120y, today+30d (d, w, m, y)";
        var fits = field.Type is FieldType.Date or FieldType.Instant or FieldType.Text;
        if (!fits)
            problem("field", $"'{field.Path}' is {Noun(field.Type)}; 'dateRange' compares dates", field.Type == FieldType.Number ? "use \"rule\": \"range\"" : null);
        var min = rule.Min is null ? null : DateBound.TryParse(rule.Min);
        var max = rule.Max is null ? null : DateBound.TryParse(rule.Max);
        if (rule.Min is not null && min is null)
            problem("min", $"'{rule.Min}' is no bound of a date range", $"write {Form}");
        if (rule.Max is not null && max is null)
            problem("max", $"'{rule.Max}' is no bound of a date range", $"write {Form}");

        // A fixed and a moving bound may cross one day; that is for the calendar to say, not for us.
        var comparable = min is not null && max is not null && min.Fixed.HasValue == max.Fixed.HasValue;
        var sample = new DateOnly(2000, 3, 1);
        if (!Ordered(rule, !comparable || min!.On(sample) <= max!.On(sample), problem) || !fits || (rule.Min is not null && min is null) || (rule.Max is not null && max is null))
            return null;
        return ((value, today) => ReadDate(value) is { } date && (min is null || date >= min.On(today)) && (max is null || date <= max.On(today)),
            new($"not a date {Between(rule)}", "correct the date at the source, or its format in the map"));
    }

    private static bool HasText(EntityField field, Action<string, string, string?> problem)
    {
        if (field.Type is FieldType.Text or FieldType.TextList)
            return true;
        problem("field", $"'{field.Path}' is {Noun(field.Type)}, not text", "check it with 'type', 'range' or 'dateRange'");
        return false;
    }

    private static T? Bound<T>(string property, string? text, Func<string?, T?> read, string form, Action<string, string, string?> problem) where T : struct
    {
        if (text is null)
            return null;
        var bound = read(text);
        if (bound is null)
            problem(property, $"'{text}' is not {form}", null);
        return bound;
    }

    private static bool Ordered(RuleDefinition rule, bool ordered, Action<string, string, string?> problem)
    {
        if (rule.Min is null && rule.Max is null)
            problem("min", $"rule '{ViolationText.NameOf(rule.Rule)}' needs 'min', 'max' or both", null);
        else if (!ordered)
            problem("min", $"'min' ({rule.Min}) is greater than 'max' ({rule.Max}): nothing could pass", "swap them");
        else
            return true;
        return false;
    }

    private static string Between(RuleDefinition rule) => (rule.Min, rule.Max) switch
    {
        ({ } min, { } max) => $"from {min} to {max}",
        ({ } min, null) => $"of at least {min}",
        var (_, max) => $"of at most {max}",
    };

    private static string Noun(FieldType type) => type switch
    {
        FieldType.Number => "a number",
        FieldType.Boolean => "true or false",
        FieldType.Date => "a date (yyyy-MM-dd)",
        FieldType.Instant => "a date with time (ISO 8601)",
        FieldType.TextList => "a list of texts",
        _ => "text",
    };

    // Null is spelt out: a bare null would become the value Null, since text converts to a value by itself.
    private static Value? Convert(string text, FieldType type) => type switch
    {
        FieldType.Number => ReadNumber(text) is { } number ? Value.Number(number) : default(Value?),
        FieldType.Boolean => bool.TryParse(text, out var flag) ? Value.Boolean(flag) : default(Value?),
        FieldType.Date => ReadDate(text) is { } date ? Value.Date(date) : default(Value?),
        FieldType.Instant => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? Value.Instant(instant) : default(Value?),
        _ => Value.Text(text),
    };

    private static decimal? ReadNumber(string? text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static int? ReadCount(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;

    private static DateOnly? ReadDate(Value value) =>
        value.AsDate ?? (value.AsInstant is { } instant ? DateOnly.FromDateTime(instant.UtcDateTime)
            : DateOnly.TryParseExact(value.AsText, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null);

    // As people count: a rare Chinese character takes two code units and is one character.
    private static int Characters(string text)
    {
        var count = text.Length;
        foreach (var unit in text)
        {
            if (char.IsLowSurrogate(unit))
                count--;
        }

        return count;
    }
}

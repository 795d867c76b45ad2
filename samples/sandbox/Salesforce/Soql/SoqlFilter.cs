using System.Text.RegularExpressions;

namespace Crm.Integration.Sandbox.Salesforce.Soql;

/// <summary>Turns a condition into a function of a record; types are checked here, once.</summary>
internal sealed class SoqlFilter(SObjectType type, Org org, Visibility visibility)
{
    public Func<SObject, bool> Compile(SoqlCondition condition) => condition switch
    {
        SoqlAnd(var left, var right) => Both(Compile(left), Compile(right)),
        SoqlOr(var left, var right) => Either(Compile(left), Compile(right)),
        SoqlNot(var of) => Not(Compile(of)),
        SoqlTest test => Compile(test),
        _ => throw new InvalidOperationException($"There is no condition {condition.GetType().Name}."),
    };

    private static Func<SObject, bool> Both(Func<SObject, bool> left, Func<SObject, bool> right) => row => left(row) && right(row);

    private static Func<SObject, bool> Either(Func<SObject, bool> left, Func<SObject, bool> right) => row => left(row) || right(row);

    private static Func<SObject, bool> Not(Func<SObject, bool> of) => row => !of(row);

    private Func<SObject, bool> Compile(SoqlTest test)
    {
        var path = SoqlPath.Find(test.Path, type, org, visibility);
        var field = path.Field;
        if (!field.Filterable)
            throw new SalesforceError(400, "INVALID_FIELD", $"field '{field.Name}' can not be filtered in a query call");

        var values = test.Values.Select(literal => Value(field, literal)).ToArray();
        switch (test.Operator)
        {
            case "in" or "not in":
                var wanted = values.Select(Key).ToHashSet();
                var present = test.Operator == "in";
                return row => wanted.Contains(Key(path.Read(row))) == present;
            case "includes" or "excludes":
                var groups = values.Select(value => ((string?)value ?? "").Split(';')).ToArray();
                var included = test.Operator == "includes";
                return row => groups.Any(group => group.All(((string?)path.Read(row) ?? "").Split(';').Contains)) == included;
            case "like":
                var pattern = new Regex("^" + Regex.Escape((string?)values[0] ?? "").Replace("%", ".*", StringComparison.Ordinal).Replace("_", ".", StringComparison.Ordinal) + "$", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
                return row => path.Read(row) is string text && pattern.IsMatch(text);
            case "=" or "!=":
                var key = Key(values[0]);
                var equal = test.Operator == "=";
                return row => Equals(Key(path.Read(row)), key) == equal;
            default:
                return Compare(path, test.Operator, values[0]);
        }
    }

    private static Func<SObject, bool> Compare(SoqlPath path, string sign, object? bound)
    {
        if (bound is null)
            throw new SalesforceError(400, "MALFORMED_QUERY", $"operator {sign} cannot be used with null");
        return row =>
        {
            if (path.Read(row) is not { } value)
                return false;
            var order = SoqlOrdering.Compare(value, bound);
            return sign switch
            {
                "<" => order < 0,
                "<=" => order <= 0,
                ">" => order > 0,
                _ => order >= 0,
            };
        };
    }

    /// <summary>What is compared for equality: case does not matter in text, nor the three last characters of an id.</summary>
    private static object? Key(object? value) => value switch
    {
        string { Length: 0 } => null,
        string text => text.ToUpperInvariant(),
        _ => value,
    };

    private object? Value(SField field, SoqlLiteral literal)
    {
        if (literal.Kind == SoqlLiteralKind.Null)
            return field.Type == "boolean" ? false : null;

        var fits = field.Type switch
        {
            "boolean" => literal.Kind == SoqlLiteralKind.Boolean,
            "date" => literal.Kind == SoqlLiteralKind.Date,
            "datetime" => literal.Kind is SoqlLiteralKind.DateTime or SoqlLiteralKind.Date,
            _ when field.IsNumber => literal.Kind == SoqlLiteralKind.Number,
            _ => literal.Kind == SoqlLiteralKind.Text,
        };
        if (!fits)
        {
            var quotes = literal.Kind == SoqlLiteralKind.Text ? " and should not be enclosed in quotes" : field.Type is "date" or "datetime" ? "" : " and should be enclosed in quotes";
            throw new SalesforceError(400, "INVALID_FIELD", $"filter criterion for field '{field.Name}' must be of type {(field.Type == "datetime" ? "dateTime" : field.Type)}{quotes}");
        }

        return literal.Value switch
        {
            DateOnly day when field.Type == "datetime" => day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc),
            string id when field.Type is "id" or "reference" => Id(field, id),
            _ => literal.Value,
        };
    }

    private string Id(SField field, string id)
    {
        if (!SalesforceId.LooksRight(id))
            throw new SalesforceError(400, "INVALID_QUERY_FILTER_OPERATOR", $"invalid ID field: {id}");
        // The short form of an id means the same record; an id of another object simply matches nothing.
        return field.Type == "id" ? type.Record(id)?.Id ?? id : org.Record(id)?.Id ?? id;
    }
}

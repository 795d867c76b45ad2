using Crm.Integration.Mapping.Maps.Evaluation;
using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Values;
using static Crm.Integration.Mapping.Maps.Functions.Declare;

namespace Crm.Integration.Mapping.Maps.Functions;

internal static class NumberFunctions
{
    private const string Category = "numbers";

    public static IReadOnlyList<MapFunction> All { get; } =
    [
        new(Category, "number", "A number. Currency signs, blanks, apostrophes and % are passed over, brackets mean minus. The decimal sign is told by ',' or '.' or a locale ('de', 'en-US'); without it, what can mean one number only is understood: 1.234,56 and 12,5, but not 1,234. What is no number stays as it was, for the rule type to catch.",
            [Subject, new("locale", MapParameterType.Text, Optional: true)],
            [Gives("'1.234,56 €' | number", "1234.56"), Gives("'1.234' | number('de')", "1234"), Gives("'(12.50)' | number", "-12.5"), Gives("'1,234' | number", "1,234"), Gives("'n/a' | number", "n/a")], ToNumber),
        new(Category, "round", "Rounds to some decimal places (0 unless told otherwise), halves away from zero.", [Subject, new("places", MapParameterType.Number, Optional: true)],
            [Gives("2.345 | round(2)", "2.35"), Gives("'-2.5' | round", "-3")],
            (subject, rest) => Comparison.Number(subject) is { } number ? Value.Number(Math.Round(number, Math.Clamp(IntAt(rest, 0, 0), 0, 28), MidpointRounding.AwayFromZero)) : subject),
        new(Category, "abs", "Without its sign.", [Subject], [Gives("-3 | abs", "3")], (subject, _) => Comparison.Number(subject) is { } number ? Value.Number(Math.Abs(number)) : subject),
        new(Category, "boolean", "True or false from yes, no, y, n, 1, 0, x, true, false, on, off, ja, nein, oui, non, sí, 是, 否 and their like. With words of your own: true for the first, false for the second. What says neither stays as it was, for the rule type to catch.",
            [Subject, new("true", MapParameterType.Text, Optional: true), new("false", MapParameterType.Text, Optional: true)],
            [Gives("'Ja' | boolean", "true"), Gives("'否' | boolean", "false"), Gives("'perhaps' | boolean", "perhaps"), Gives("'A' | boolean('A', 'I')", "true")], ToBoolean),
    ];

    private static Func<Value, Value> ToNumber(ReadOnlySpan<Value> rest, MapEnvironment environment)
    {
        char? sign = null;
        if (rest.Length > 0)
            sign = NumberText.DecimalSign(TextAt(rest, 0)) ?? throw new MapArgumentException(0, $"'{TextAt(rest, 0)}' is neither a locale nor a decimal sign", "Write ',' or '.' or a language such as 'de' or 'en-US'.");
        return value => value.AsText is { } text && NumberText.Parse(text, sign) is { } number ? Value.Number(number) : value;
    }

    private static Func<Value, Value> ToBoolean(ReadOnlySpan<Value> rest, MapEnvironment environment)
    {
        if (rest.Length == 0)
            return value => Truth.Read(value) is { } truth ? Value.Boolean(truth) : value;
        var (yes, no) = (TextAt(rest, 0), rest.Length > 1 ? TextAt(rest, 1) : null);
        return value =>
        {
            var text = value.ToText().AsSpan().Trim();
            return text.Equals(yes, StringComparison.OrdinalIgnoreCase) ? Value.Boolean(true)
                : no is null || text.Equals(no, StringComparison.OrdinalIgnoreCase) ? Value.Boolean(false)
                : value;
        };
    }
}

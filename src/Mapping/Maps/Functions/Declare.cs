using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Maps.Functions;

/// <summary>Short ways to declare functions.</summary>
internal static class Declare
{
    public static readonly MapParameter Subject = new("value");
    public static readonly MapParameter Subjects = new("list");

    /// <summary>A function from text to text without further arguments.</summary>
    public static MapFunction OfText(string category, string name, string summary, IReadOnlyList<MapExample> examples, Func<string, string?> work) =>
        new(category, name, summary, [Subject], examples, (_, _) => OnText(work));

    /// <summary>Works on texts; numbers and dates are taken in their canonical form, objects are left alone.</summary>
    public static Func<Value, Value> OnText(Func<string, string?> work) => value => Apply(value, work);

    public static Value Apply(Value value, Func<string, string?> work)
    {
        if (value.AsText is { } text)
        {
            var result = work(text);
            return ReferenceEquals(result, text) ? value : Value.Text(result);
        }

        return value.Kind is ValueKind.Object or ValueKind.Null ? value : Value.Text(work(value.ToText()!));
    }

    /// <summary>The text of an argument, or a default when it is left out or empty.</summary>
    public static string TextAt(ReadOnlySpan<Value> rest, int index, string otherwise = "") =>
        index < rest.Length && rest[index].ToText() is { } text ? text : otherwise;

    /// <summary>The whole number of an argument, or a default when there is none.</summary>
    public static int IntAt(ReadOnlySpan<Value> rest, int index, int otherwise) =>
        index < rest.Length && Evaluation.Comparison.Number(rest[index]) is { } number && Math.Abs(number) < 1_000_000 ? (int)number : otherwise;

    public static MapExample Gives(string expression, string? result) => new(expression, result);
}

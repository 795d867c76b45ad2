using Crm.Integration.Mapping.Records;
using static Crm.Integration.Mapping.Maps.Functions.Declare;

namespace Crm.Integration.Mapping.Maps.Functions;

internal static class ListFunctions
{
    private const string Category = "lists";

    public static IReadOnlyList<MapFunction> All { get; } =
    [
        new(Category, "split", "Cuts a text at every separator, trims the pieces and drops empty ones. With an index: that piece alone (0 is the first, -1 the last).",
            [Subject, new("separator", MapParameterType.Text), new("index", MapParameterType.Number, Optional: true)],
            [Gives("'a; b;;c' | split(';')", "a; b; c"), Gives("'Berlin, 10115, DE' | split(',', 1)", "10115"), Gives("'a/b/c' | split('/', -1)", "c")], Split),
        new(Category, "join", "Joins the elements of a list that are not empty, with a comma and a blank unless told otherwise.", [Subjects, new("separator", MapParameterType.Text, Optional: true)],
            [Gives("['a', '', 'b'] | join('-')", "a-b"), Gives("['a', 'b'] | join", "a, b")], Join) { TakesLists = true },
        new(Category, "first", "The first element of a list.", [Subjects], [Gives("['', 'b', 'c'] | first", "b"), Gives("'a' | first", "a")], (subject, _) => Filled(subject).FirstOrDefault()) { TakesLists = true },
        new(Category, "last", "The last element of a list.", [Subjects], [Gives("['b', 'c'] | last", "c")], (subject, _) => Filled(subject).LastOrDefault()) { TakesLists = true },
        new(Category, "at", "An element of a list; 0 is the first, -1 the last.", [Subjects, new("index", MapParameterType.Number)], [Gives("['b', 'c'] | at(1)", "c")], (subject, rest) => At([.. subject.AsList], IntAt(rest, 0, 0))) { TakesLists = true },
        new(Category, "count", "How many elements a list has (0 for nothing).", [Subjects], [Gives("['b', '', 'c'] | count", "2")], (subject, _) => Value.Number(Filled(subject).Count())) { TakesLists = true, TakesNull = true },
        new(Category, "distinct", "A list without duplicates; the first of each stays.", [Subjects], [Gives("['a', 'b', 'a'] | distinct", "a; b")], (subject, _) => subject.Kind == ValueKind.List ? Value.List([.. Filled(subject).Distinct()]) : subject) { TakesLists = true },
    ];

    private static IEnumerable<Value> Filled(Value value) => value.AsList.Where(item => !item.IsEmpty);

    private static Value Split(Value subject, ReadOnlySpan<Value> rest)
    {
        var separator = TextAt(rest, 0);
        var text = subject.ToText()!;
        if (separator.Length == 0)
            return subject;
        var pieces = text.Split(separator, StringSplitOptions.TrimEntries | (rest.Length > 1 ? StringSplitOptions.None : StringSplitOptions.RemoveEmptyEntries));
        if (rest.Length > 1)
            return At([.. pieces.Select(Value.Text)], IntAt(rest, 1, 0));
        return pieces.Length == 0 ? Value.Null : Value.List([.. pieces.Select(Value.Text)]);
    }

    private static Value At(Value[] items, int index)
    {
        var position = index < 0 ? items.Length + index : index;
        return (uint)position < (uint)items.Length ? items[position] : Value.Null;
    }

    private static Value Join(Value subject, ReadOnlySpan<Value> rest)
    {
        var joined = string.Join(TextAt(rest, 0, ", "), Filled(subject).Select(item => item.ToText()));
        return joined.Length == 0 ? Value.Null : Value.Text(joined);
    }
}

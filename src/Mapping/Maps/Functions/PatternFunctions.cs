using System.Text.RegularExpressions;
using Crm.Integration.Mapping.Records;
using static Crm.Integration.Mapping.Maps.Functions.Declare;

namespace Crm.Integration.Mapping.Maps.Functions;

internal static class PatternFunctions
{
    private const string Category = "patterns";

    private static readonly MapParameter s_pattern = new("pattern", MapParameterType.Pattern);

    public static IReadOnlyList<MapFunction> All { get; } =
    [
        new(Category, "match", "Whether a regular expression matches somewhere in the text. (?i) before it ignores case, ^ and $ tie it to the ends.", [Subject, s_pattern],
            [Gives("'DE123456789' | match('^DE\\d{9}$')", "true"), Gives("null | match('x')", "false")],
            (rest, _) => Pattern(rest, (regex, value) => Value.Boolean(regex.IsMatch(value.ToText() ?? "")))) { TakesNull = true },
        new(Category, "extract", "What a regular expression matches, or one of its groups (by number or name; the first group, if there is one, unless told otherwise). Nothing when it does not match.",
            [Subject, s_pattern, new("group", MapParameterType.Text, Optional: true)],
            [Gives("'Order 4711 of May' | extract('\\d+')", "4711"), Gives("'Hauptstr. 5, 10115 Berlin' | extract('(\\d{5}) (.+)', 2)", "Berlin"), Gives("'none' | extract('\\d+')", null)], Extract),
        new(Category, "replaceRegex", "Replaces every match of a regular expression; $1 stands for its first group.", [Subject, s_pattern, new("replacement", MapParameterType.Pattern)],
            [Gives("'a1b22' | replaceRegex('\\d+', '#')", "a#b#"), Gives("'Lee, Ann' | replaceRegex('^(\\w+), (\\w+)$', '$2 $1')", "Ann Lee")], ReplaceAll),
    ];

    private static Func<Value, Value> Extract(ReadOnlySpan<Value> rest, MapEnvironment environment)
    {
        var group = TextAt(rest, 1);
        var regex = Compile(TextAt(rest, 0));
        if (group.Length > 0 && !regex.GetGroupNames().Contains(group))
            throw new MapArgumentException(1, $"the pattern has no group '{group}'", $"It has: {string.Join(", ", regex.GetGroupNames())}.");
        var name = group.Length > 0 ? group : regex.GetGroupNumbers().Length > 1 ? "1" : "0";
        if (group.Length == 0 && name == "1")
            name = regex.GroupNameFromNumber(regex.GetGroupNumbers()[1]);
        return Timed(regex, (compiled, value) => compiled.Match(value.ToText()!) is { Success: true } match && match.Groups[name].Success ? Value.Text(match.Groups[name].Value) : Value.Null);
    }

    private static Func<Value, Value> ReplaceAll(ReadOnlySpan<Value> rest, MapEnvironment environment)
    {
        var replacement = TextAt(rest, 1);
        return Pattern(rest, (regex, value) =>
        {
            var text = value.ToText()!;
            var replaced = regex.Replace(text, replacement);
            return replaced == text ? value : Value.Text(replaced);
        });
    }

    private static Func<Value, Value> Pattern(ReadOnlySpan<Value> rest, Func<Regex, Value, Value> work) => Timed(Compile(TextAt(rest, 0)), work);

    private static Func<Value, Value> Timed(Regex regex, Func<Regex, Value, Value> work) => value =>
    {
        try
        {
            return work(regex, value);
        }
        catch (RegexMatchTimeoutException)
        {
            // A pattern that backtracks without end on one text must not stop the run: that one value is lost, and
            // the coverage report and the rules "required" and "type" show it.
            return Value.Null;
        }
    };

    private static Regex Compile(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, TimeSpan.FromMilliseconds(100));
        }
        catch (NotSupportedException)
        {
            // Back references and look-arounds need the engine that backtracks.
            return new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.Compiled, TimeSpan.FromMilliseconds(100));
        }
        catch (ArgumentException mistake)
        {
            throw new MapArgumentException(0, $"this is no regular expression: {mistake.Message}", "A backslash is written once in an expression and twice in JSON.");
        }
    }
}

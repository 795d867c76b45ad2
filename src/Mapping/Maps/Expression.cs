using Crm.Integration.Mapping.Maps.Evaluation;
using Crm.Integration.Mapping.Maps.Syntax;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Maps;

/// <summary>
/// An expression of the mapping language, parsed and compiled once to delegates. It reads values by ordinal, so the same
/// expression runs over source rows, over entity records and over golden records. Safe to share between threads.
/// </summary>
/// <remarks>
/// <para>From loose to tight: <c>or</c>, <c>and</c>, <c>not</c>, comparisons (<c>= != &lt; &lt;= &gt; &gt;=</c>, <c>in</c>, <c>not in</c>), <c>|</c>, <c>??</c>, <c>+ -</c>, <c>* /</c>.
/// A pipe takes the whole <c>??</c> chain to its left (<c>mobile ?? phone | phone('CN')</c>), not a comparison (<c>status | lower = 'active'</c>).</para>
/// <para>A text in single quotes is a template when it holds braces: <c>'{street} {houseNo}'</c>. A field that is empty takes one separator beside it along;
/// when all are empty, the whole is null. Doubled quotes and braces stand for themselves.</para>
/// </remarks>
public sealed class Expression
{
    private const int MaxLength = 10_000;

    private readonly Plan _plan;

    private Expression(string text, Plan plan, IReadOnlyList<string> paths, TimeZoneInfo timeZone)
    {
        Text = text;
        TimeZone = timeZone;
        Paths = paths;
        _plan = plan;
    }

    /// <summary>The text it was compiled from.</summary>
    public string Text { get; }

    /// <summary>The paths it reads, each once, as written without back-ticks.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>The zone of times that do not say theirs.</summary>
    internal TimeZoneInfo TimeZone { get; }

    /// <summary>Parses and compiles.</summary>
    /// <param name="text">The expression.</param>
    /// <param name="environment">What it may refer to.</param>
    /// <param name="problems">Every error found is added here.</param>
    /// <returns>The expression, or null when there were errors.</returns>
    public static Expression? Compile(string text, MapEnvironment environment, ICollection<MapProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(problems);
        var found = new List<MapProblem>();
        Expression? expression = null;
        if (string.IsNullOrWhiteSpace(text))
        {
            found.Add(new MapProblem(0, 1, "the expression is empty", "Write the source field, such as email, or a text in single quotes."));
        }
        else if (text.Length > MaxLength)
        {
            found.Add(new MapProblem(MaxLength, 1, $"the expression has {text.Length} characters, more than {MaxLength}", "Put long lists of values into a look-up table."));
        }
        else
        {
            var compiler = new Compiler(text, environment, found);
            var plan = compiler.Compile(Parser.Parse(text, 0, text.Length, found));
            expression = new Expression(text, plan, compiler.Paths, environment.TimeZone);
        }

        foreach (var problem in found.DistinctBy(problem => (problem.Offset, problem.Message)).OrderBy(problem => problem.Offset))
            problems.Add(problem);
        return found.Count == 0 ? expression : null;
    }

    /// <summary>Ties the paths to ordinals.</summary>
    /// <param name="find">The ordinal of a name, or -1; asked with whole paths first, then with ever shorter prefixes, so that nested objects can be walked.</param>
    public BoundExpression Bind(Func<string, int> find) => Bind(find, null, "");

    /// <summary>Ties the paths to ordinals, and reports to a trace what happens.</summary>
    /// <param name="find">The ordinal of a name, or -1.</param>
    /// <param name="trace">Who watches, or null.</param>
    /// <param name="field">The field that the expression fills, as the trace is to name it.</param>
    public BoundExpression Bind(Func<string, int> find, MapTrace? trace, string field)
    {
        ArgumentNullException.ThrowIfNull(find);
        return new BoundExpression(_plan.Bind(new Binding(find, field, trace)));
    }
}

/// <summary>An expression whose paths are tied to ordinals.</summary>
public sealed class BoundExpression
{
    private readonly Code _code;

    internal BoundExpression(Code code) => _code = code;

    /// <summary>The value for one row.</summary>
    /// <param name="values">The row's values by ordinal.</param>
    public Value Evaluate(ReadOnlySpan<Value> values) => _code.Run(values);

    /// <summary>Whether the value for one row counts as true: boolean true, a number other than 0, or text such as true, yes, 1.</summary>
    /// <param name="values">The row's values by ordinal.</param>
    public bool Test(ReadOnlySpan<Value> values) => _code.Test(values);
}

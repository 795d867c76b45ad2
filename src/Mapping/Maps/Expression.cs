using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Maps;

/// <summary>
/// An expression of the mapping language, parsed and compiled once to delegates. It reads values by ordinal, so the same
/// expression runs over source rows, over entity records and over golden records. Safe to share between threads.
/// </summary>
public sealed class Expression
{
    private Expression(string text) => Text = text;

    /// <summary>The text it was compiled from.</summary>
    public string Text { get; }

    /// <summary>The paths it reads, each once, as written without back-ticks.</summary>
    public IReadOnlyList<string> Paths => throw new NotImplementedException();

    /// <summary>Parses and compiles.</summary>
    /// <param name="text">The expression.</param>
    /// <param name="environment">What it may refer to.</param>
    /// <param name="problems">Every error found is added here.</param>
    /// <returns>The expression, or null when there were errors.</returns>
    public static Expression? Compile(string text, MapEnvironment environment, ICollection<MapProblem> problems) => throw new NotImplementedException();

    /// <summary>Ties the paths to ordinals.</summary>
    /// <param name="find">The ordinal of a name, or -1; asked with whole paths first, then with ever shorter prefixes, so that nested objects can be walked.</param>
    public BoundExpression Bind(Func<string, int> find) => throw new NotImplementedException();
}

/// <summary>An expression whose paths are tied to ordinals.</summary>
public sealed class BoundExpression
{
    /// <summary>The value for one row.</summary>
    /// <param name="values">The row's values by ordinal.</param>
    public Value Evaluate(ReadOnlySpan<Value> values) => throw new NotImplementedException();

    /// <summary>Whether the value for one row counts as true: boolean true, a number other than 0, or text such as true, yes, 1.</summary>
    /// <param name="values">The row's values by ordinal.</param>
    public bool Test(ReadOnlySpan<Value> values) => throw new NotImplementedException();
}

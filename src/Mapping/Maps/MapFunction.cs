using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Maps;

/// <summary>
/// A function of the mapping language. Declared once: the compiler, the reference page and a test of every example all
/// read this declaration.
/// </summary>
public sealed class MapFunction
{
    /// <summary>What it is called in expressions.</summary>
    public string Name { get; }

    /// <summary>The heading it stands under in the reference: <c>text</c>, <c>names</c>, <c>dates</c>…</summary>
    public string Category { get; }

    /// <summary>What it does, in a sentence or two.</summary>
    public string Summary { get; }

    /// <summary>Its parameters; the first is the value piped into it.</summary>
    public IReadOnlyList<MapParameter> Parameters { get; }

    /// <summary>Expressions that show it, with what they give.</summary>
    public IReadOnlyList<MapExample> Examples { get; }

    /// <summary>Name and parameters as people write them: <c>phone(value, country?)</c>.</summary>
    public string Signature => $"{Name}({string.Join(", ", Parameters.Select(parameter => parameter.ToString()))})";

    /// <summary>What it does when all values are at hand.</summary>
    internal FunctionBody? Body { get; }

    /// <summary>Makes the function for certain arguments; called once when they are constants. Either this or <see cref="Body"/>.</summary>
    internal FunctionMaker? Maker { get; }

    /// <summary>Takes a list as a whole; others are applied to each element.</summary>
    internal bool TakesLists { get; init; }

    /// <summary>Is called for null as well; others give null for null.</summary>
    internal bool TakesNull { get; init; }

    /// <summary>Makes text shorter on purpose, so that a shorter result may be worth a line in the coverage report.</summary>
    internal bool Cuts { get; init; }

    internal int LeastArguments { get; }

    internal int MostArguments { get; }

    internal MapFunction(string category, string name, string summary, IReadOnlyList<MapParameter> parameters, IReadOnlyList<MapExample> examples, FunctionBody body)
        : this(category, name, summary, parameters, examples) => Body = body;

    internal MapFunction(string category, string name, string summary, IReadOnlyList<MapParameter> parameters, IReadOnlyList<MapExample> examples, FunctionMaker maker)
        : this(category, name, summary, parameters, examples) => Maker = maker;

    private MapFunction(string category, string name, string summary, IReadOnlyList<MapParameter> parameters, IReadOnlyList<MapExample> examples)
    {
        (Category, Name, Summary, Parameters, Examples) = (category, name, summary, parameters, examples);
        LeastArguments = parameters.Count(parameter => !parameter.Optional);
        MostArguments = parameters.Any(parameter => parameter.Repeats) ? 100 : parameters.Count;
    }
}

/// <summary>A parameter of a function.</summary>
/// <param name="Name">What it is called in the reference.</param>
/// <param name="Type">What it takes.</param>
/// <param name="Optional">May be left out.</param>
/// <param name="Repeats">May be given several times; the last parameter only.</param>
public sealed record MapParameter(string Name, MapParameterType Type = MapParameterType.Any, bool Optional = false, bool Repeats = false)
{
    /// <summary>As it stands in a signature.</summary>
    public override string ToString() => (Repeats ? "…" : "") + Name + (Optional ? "?" : "");
}

/// <summary>What a parameter takes. Literals are checked when an expression is compiled.</summary>
public enum MapParameterType
{
    /// <summary>Anything.</summary>
    Any,

    /// <summary>Text.</summary>
    Text,

    /// <summary>Text that is taken as it is written: braces in it are no template.</summary>
    Pattern,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A country: its ISO code or its name.</summary>
    Country,
}

/// <summary>An example of a function; a test runs every one.</summary>
/// <param name="Expression">An expression without fields.</param>
/// <param name="Result">What it gives, as text; null for nothing.</param>
public sealed record MapExample(string Expression, string? Result);

/// <summary>A function's work.</summary>
/// <param name="subject">The value piped in.</param>
/// <param name="rest">The other arguments.</param>
internal delegate Value FunctionBody(Value subject, ReadOnlySpan<Value> rest);

/// <summary>Makes a function for certain arguments.</summary>
/// <exception cref="MapArgumentException">An argument makes no sense.</exception>
internal delegate Func<Value, Value> FunctionMaker(ReadOnlySpan<Value> rest, MapEnvironment environment);

/// <summary>An argument that a function cannot work with.</summary>
/// <param name="index">Which one, not counting the subject.</param>
/// <param name="message">What is wrong.</param>
/// <param name="fix">What to do.</param>
internal sealed class MapArgumentException(int index, string message, string? fix = null) : Exception(message)
{
    public int Index { get; } = index;

    public string? Fix { get; } = fix;
}

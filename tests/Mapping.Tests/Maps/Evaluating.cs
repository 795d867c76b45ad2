using Crm.Integration.Mapping.Maps;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Tests.Maps;

/// <summary>Evaluates expressions over rows written in a line.</summary>
internal static class Evaluating
{
    public static Expression Compile(string text, MapEnvironment? environment = null)
    {
        var problems = new List<MapProblem>();
        var expression = Expression.Compile(text, environment ?? MapEnvironment.Empty, problems);
        Assert.True(expression is not null, $"{text}: {string.Join("; ", problems)}");
        Assert.Empty(problems);
        return expression;
    }

    public static List<MapProblem> Problems(string text)
    {
        var problems = new List<MapProblem>();
        Assert.Null(Expression.Compile(text, MapEnvironment.Empty, problems));
        Assert.NotEmpty(problems);
        Assert.All(problems, problem => Assert.True(problem.Offset >= 0 && problem.Offset <= text.Length && problem.Length >= 1, problem.ToString()));
        return problems;
    }

    public static Value Evaluate(string text, params (string Name, Value Value)[] row)
    {
        var shape = new Shape(row.Select(field => field.Name));
        return Compile(text).Bind(shape.Find).Evaluate([.. row.Select(field => field.Value)]);
    }

    public static bool Test(string text, params (string Name, Value Value)[] row)
    {
        var shape = new Shape(row.Select(field => field.Name));
        return Compile(text).Bind(shape.Find).Test([.. row.Select(field => field.Value)]);
    }
}

using Crm.Integration.Mapping.Maps;
using Crm.Integration.Mapping.Records;
using FsCheck;
using FsCheck.Fluent;

namespace Crm.Integration.Mapping.Tests.Maps;

public sealed class MapPropertyTests
{
    /// <summary>Random text is nearly never interesting: these are pieces of what people and machines type.</summary>
    private static readonly string[] s_pieces =
    [
        "a", "Ann", "Lee", " ", "  ", "　", "@", ".", "example.org", "+", "86", "138", "0013", "8000", "0", "(0)", "-", ",", ";", "<", ">", "mailto:", "1984", "02", "31", "/", "年", "月", "日", "张", "三", "·",
        "'", "\"", "=", "|", "??", "(", ")", "[", "]", "{", "}", "`", "*", "and", "not", "in", "if", "trim", "phone", "1", "٣", "\u0000", "\uD83D", "\uDE00", "é", "e\u0301", "Ｔ", "x", "T", ":", "%", "€", "Jan", "UK", "#", "\u200B", "ß", "İ",
    ];

    private static Arbitrary<string> Texts { get; } = Arb.From(Gen.OneOf(
        Gen.Elements(s_pieces).ListOf().Select(pieces => string.Concat(pieces)),
        ArbMap.Default.GeneratorFor<string>().Select(text => text ?? "")));

    private static Gen<Value> Values { get; } = Gen.OneOf(
        Texts.Generator.Select(Value.Text),
        ArbMap.Default.GeneratorFor<decimal>().Select(Value.Number),
        Gen.Elements(Value.Null, Value.Boolean(true), Value.Date(DateOnly.MinValue), Value.Date(DateOnly.MaxValue), Value.Instant(DateTimeOffset.MaxValue), Value.Instant(DateTimeOffset.MinValue),
            Value.List(), Value.List("a", Value.Null, Value.Number(1), Value.List("b")), Value.Object(new Dictionary<string, Value> { ["k"] = "v" })));

    private static readonly Config s_config = Config.QuickThrowOnFailure.WithMaxTest(2000);

    [Theory]
    [InlineData("x | email")]
    [InlineData("x | phone('CN')")]
    [InlineData("x | phone('GB')")]
    [InlineData("x | phone")]
    [InlineData("x | trim")]
    [InlineData("x | collapse")]
    [InlineData("x | ascii")]
    [InlineData("x | halfWidth")]
    [InlineData("x | country")]
    [InlineData("x | postalCode('DE')")]
    [InlineData("x | date")]
    [InlineData("x | number")]
    [InlineData("x | boolean")]
    [InlineData("x | website")]
    [InlineData("x | nameCase")]
    [InlineData("x | digits")]
    [InlineData("x | region('CN')")]
    public void Normalising_twice_is_normalising_once(string text)
    {
        var bound = Evaluating.Compile(text).Bind(_ => 0);
        Prop.ForAll(Arb.From(Values), value =>
        {
            var once = bound.Evaluate([value]);
            return bound.Evaluate([once]) == once;
        }).Check(s_config);
    }

    [Fact]
    public void Compiling_never_throws_and_points_into_the_text()
    {
        Prop.ForAll(Texts, text =>
        {
            var problems = new List<MapProblem>();
            var expression = Expression.Compile(text, MapEnvironment.Empty, problems);
            return expression is null == problems.Count > 0 && problems.TrueForAll(problem => problem.Offset >= 0 && problem.Offset <= text.Length && problem.Length > 0);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(10_000));
    }

    [Fact]
    public void What_compiles_evaluates_over_anything_without_throwing()
    {
        Prop.ForAll(Texts, Arb.From(Values), (text, value) =>
        {
            var expression = Expression.Compile(text, MapEnvironment.Empty, []);
            expression?.Bind(_ => 0).Evaluate([value]);
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(10_000));
    }

    public static TheoryData<string> Functions() => [.. MapFunctions.All.Where(function => function.Name != "lookup").Select(function => function.Name)];

    [Theory]
    [MemberData(nameof(Functions))]
    public void Every_function_takes_any_values_without_throwing(string name)
    {
        var function = MapFunctions.Find(name)!;
        for (var arguments = function.Parameters.Count(parameter => !parameter.Optional); arguments <= function.Parameters.Count; arguments++)
        {
            var call = Evaluating.Compile($"{name}({string.Join(", ", new[] { "a", "b", "c" }.Take(arguments))})").Bind(path => path[0] - 'a');
            Prop.ForAll(Arb.From(Values), Arb.From(Values), Arb.From(Values), (a, b, c) =>
            {
                call.Evaluate([a, b, c]);
                return true;
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
        }
    }
}

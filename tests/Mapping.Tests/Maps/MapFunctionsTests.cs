using Crm.Integration.Mapping.Maps;

namespace Crm.Integration.Mapping.Tests.Maps;

public sealed class MapFunctionsTests
{
    public static TheoryData<string, string?> Examples()
    {
        var data = new TheoryData<string, string?>();
        foreach (var example in MapFunctions.All.SelectMany(function => function.Examples))
            data.Add(example.Expression, example.Result);
        return data;
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_example_of_the_reference_is_true(string expression, string? result) =>
        Assert.Equal(result, Evaluating.Evaluate(expression).ToText());

    [Fact]
    public void Every_function_is_described_and_shown_by_its_own_examples()
    {
        foreach (var function in MapFunctions.All)
        {
            Assert.EndsWith(".", function.Summary, StringComparison.Ordinal);
            Assert.NotEmpty(function.Parameters);
            if (function.Name != "lookup")
                Assert.NotEmpty(function.Examples);
            Assert.All(function.Examples, example => Assert.Contains(function.Name, example.Expression, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Signatures_read_as_people_write_them()
    {
        Assert.Equal("phone(value, country?)", MapFunctions.Find("phone")!.Signature);
        Assert.Equal("date(value, …formats?)", MapFunctions.Find("date")!.Signature);
    }
}

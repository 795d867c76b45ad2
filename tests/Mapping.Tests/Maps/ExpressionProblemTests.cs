using static Crm.Integration.Mapping.Tests.Maps.Evaluating;

namespace Crm.Integration.Mapping.Tests.Maps;

public sealed class ExpressionProblemTests
{
    /// <summary>The caret marks where the first problem begins; it is not part of the expression.</summary>
    [Theory]
    [InlineData("^", "empty")]
    [InlineData("email | ^trmi", "trim(value)")]
    [InlineData("email | ^EMAIL", "email(value)")]
    [InlineData("^phoen(mobile)", "phone(value, country?)")]
    [InlineData("email | ^", "function must follow")]
    [InlineData("email | ^'x'", "write ??")]
    [InlineData("^", "source field")]
    [InlineData("First ^Name", "`First Name`")]
    [InlineData("a ^'b'", "template")]
    [InlineData("a + ^", "missing at the end")]
    [InlineData("^(a ?? b", "not closed")]
    [InlineData("a ?? b^)", "closes nothing")]
    [InlineData("phone | phone^('CN'", "not closed")]
    [InlineData("phone | phone(^'Atlantis')", "ISO code")]
    [InlineData("phone | ^phone('CN', 'x')", "1 to 2 arguments")]
    [InlineData("a | ^replace('x')", "3 arguments")]
    [InlineData("a | left(^'x')", "a number")]
    [InlineData("a | split(^true)", "a text")]
    [InlineData("a | match(^'(')", "no regular expression")]
    [InlineData("a | extract('(?<n>x)', ^'m')", "no group 'm'")]
    [InlineData("a | date(^'dd.mm.yyyy')", "month")]
    [InlineData("a | number(^'German')", "locale")]
    [InlineData("a | lookup(^'tiers')", "no look-up table")]
    [InlineData("^if(a)", "2 or 3")]
    [InlineData("^if a", "brackets")]
    [InlineData("a ^&& b", "and")]
    [InlineData("a ^|| b", "??")]
    [InlineData("^!a", "not")]
    [InlineData("^\"text\"", "single quotes")]
    [InlineData("^'text", "does not end")]
    [InlineData("^`name", "back-tick")]
    [InlineData("^2ndPhone", "`2ndPhone`")]
    [InlineData("'{street} ^{no'", "not closed")]
    [InlineData("'{street}^}'", "twice")]
    [InlineData("'^{}'", "no field")]
    [InlineData("'{street | ^trmi}'", "trim")]
    [InlineData("a < b ^< c", "chained")]
    [InlineData("^and b", "`and`")]
    [InlineData("a ^? b : c", "if(condition")]
    [InlineData("lines^[x]", "lines[0]")]
    public void A_mistake_is_shown_where_it_is_with_what_to_do(string marked, string hint)
    {
        var offset = marked.IndexOf('^', StringComparison.Ordinal);
        var problems = Problems(marked.Remove(offset, 1));
        Assert.Equal(offset, problems[0].Offset);
        Assert.Contains(problems, problem => (problem.Message + " " + problem.Fix).Contains(hint, StringComparison.Ordinal));
    }

    [Fact]
    public void All_mistakes_are_reported_at_once()
    {
        var problems = Problems("[email | trmi, phone | phoen('CN'), name | left('x')] | jion");
        Assert.Equal([9, 23, 48, 56], problems.Select(problem => problem.Offset));
    }

    [Fact]
    public void One_mistake_is_one_problem() =>
        Assert.All(new[] { "First Name | trim", "a | (b)", "x + * y", "f(a b, c)" }, text => Assert.Single(Problems(text), problem => !problem.Message.Contains("no function", StringComparison.Ordinal)));

    [Theory]
    [InlineData("(", 5000)]
    [InlineData("not ", 2400)]
    [InlineData("[", 5000)]
    [InlineData("-", 5000)]
    [InlineData("trim(", 1900)]
    [InlineData("a|trim|", 1400)]
    [InlineData("a+", 4900)]
    [InlineData("a??", 3300)]
    [InlineData("if(a,", 1900)]
    [InlineData("a.", 4900)]
    [InlineData("'{", 4900)]
    public void Hostile_text_ends_in_a_problem_not_in_a_crash(string unit, int times)
    {
        var problems = Problems(string.Concat(Enumerable.Repeat(unit, times)));
        Assert.True(problems.Count < 5000);
    }

    [Fact]
    public void Too_long_is_said_at_once() => Assert.Contains("10000", Problems(new string('a', 10_001))[0].Message, StringComparison.Ordinal);

    [Fact]
    public void Unknown_paths_are_no_problem_of_the_compiler() => Assert.Equal(["nobody.knows[3]"], Compile("nobody.knows[3]").Paths);
}

using Crm.Integration.Hub.Configuration.MappingTests;

namespace Crm.Integration.Hub.Tests.Configuration;

public sealed class MappingTestsTests
{
    private const string Pipeline = """
        { "from": { "connection": "shop", "stream": "s", "key": "id" }, "entity": "customer", "where": "kind != 'firm'",
          "map": { "name.family": "last | trim", "email": "mail ?? mail2", "emails[]": "[mail, mail2]", "birthDate": "born", "company": "firm | left(3)" },
          "validate": [
            { "field": "email", "rule": "email", "otherwise": "blank" },
            { "any": ["email", "name.family"], "rule": "required" },
            { "field": "company", "rule": "length", "max": 3 },
            { "field": "birthDate", "rule": "dateRange", "max": "today" }
          ] }
        """;

    [Theory]
    [InlineData("""{ "name": "n", "given": { "last": " Schulz " }, "expect": { "name.family": "Schulz", "email": null } }""")]
    [InlineData("""{ "name": "n", "given": { "mail": "a@b.example", "mail2": "c@d.example" }, "expect": { "emails[]": ["a@b.example", "c@d.example"] } }""")]
    [InlineData("""{ "name": "n", "given": { "last": "X", "mail": "nonsense" }, "expect": { "email": "" } }""")]
    [InlineData("""{ "name": "n", "given": { "last": " " }, "rejected": "required" }""")]
    [InlineData("""{ "name": "n", "given": { "last": "X", "kind": "firm" }, "filtered": true }""")]
    [InlineData("""{ "name": "n", "given": { "last": "X", "born": "2020-05-01" }, "expect": { "birthDate": "2020-05-01" } }""")]
    [InlineData("""{ "name": "n", "given": { "last": "X", "born": "2020-05-03" }, "rejected": "dateRange" }""")]
    public void What_comes_out_as_expected_passes(string test)
    {
        var result = Assert.Single(Run(test).Cases);
        Assert.True(result.Passed, result.Problem + string.Join(", ", result.Differences));
    }

    [Theory]
    [InlineData("""{ "name": "n", "given": { "last": "Schulz" }, "expect": { "name.family": "Schultz" } }""", "name.family: expected \"Schultz\", was \"Schulz\"")]
    [InlineData("""{ "name": "n", "given": { "last": "X", "mail": "a@b.example" }, "expect": { "email": null } }""", "email: expected (empty), was \"a@b.example\"")]
    [InlineData("""{ "name": "n", "given": { "last": "X" }, "rejected": "required" }""", "rule 'required' was to reject the record, but it passes")]
    [InlineData("""{ "name": "n", "given": { }, "rejected": "email" }""", "rule 'email' was to reject the record, but 'required' did: ")]
    [InlineData("""{ "name": "n", "given": { }, "expect": { "email": null } }""", "rule 'required' (pipelines/p.json:5) rejects the record: ")]
    [InlineData("""{ "name": "n", "given": { "last": "X" }, "filtered": true }""", "`where` was to leave the record out, but takes it")]
    [InlineData("""{ "name": "n", "given": { "kind": "firm" }, "expect": { "email": null } }""", "`where` leaves the record out")]
    public void What_comes_out_otherwise_fails_and_says_how(string test, string how)
    {
        var result = Assert.Single(Run(test).Cases);
        Assert.False(result.Passed);
        Assert.StartsWith(how, result.Problem ?? string.Join("", result.Differences.Select(field => $"{field.Field}: expected {field.Expected}, was {field.Actual}")), StringComparison.Ordinal);
        Assert.StartsWith("tests/t.json:1", result.Place, StringComparison.Ordinal);
    }

    [Fact]
    public void Coverage_tells_what_no_case_tried()
    {
        var coverage = Run(
            """{ "name": "a", "given": { "last": "X", "mail": "a@b.example", "shoeSize": 42 }, "expect": { "email": "a@b.example" } }""",
            """{ "name": "b", "given": { "mail": "nonsense", "firm": "Acme Ltd." }, "rejected": "required" }""").Coverage;

        Assert.Equal(["shoeSize"], coverage.UnusedSourceFields);
        Assert.Equal(["birthDate"], coverage.NeverFilled);
        Assert.Equal(["pipelines/p.json:6: length of company", "pipelines/p.json:7: dateRange of birthDate"], coverage.RulesNeverHit);
        Assert.Equal(["email: mail2"], coverage.BranchesNeverTaken);
        Assert.Equal(["company: a value was cut at left (1×)"], coverage.Losses);
    }

    [Fact]
    public void A_branch_that_any_case_takes_is_taken() =>
        Assert.Empty(Run(
            """{ "name": "a", "given": { "last": "X", "mail": "a@b.example" }, "expect": { "email": "a@b.example" } }""",
            """{ "name": "b", "given": { "last": "X", "mail2": "c@d.example" }, "expect": { "email": "c@d.example" } }""").Coverage.BranchesNeverTaken);

    [Theory]
    [InlineData("""{ "pipeline": "pp", "cases": [] }""", "tests/t.json:1:15: unknown pipeline 'pp'; did you mean 'p'?")]
    [InlineData("""{ "pipeline": "p", "today": "tomorrow", "cases": [] }""", "tests/t.json:1:29: 'tomorrow' is not a day; write yyyy-MM-dd")]
    [InlineData("""{ "pipeline": "p", "cases": [ { "name": "n", "given": {} } ] }""", "tests/t.json:1:31: a case says one thing")]
    [InlineData("""{ "pipeline": "p", "cases": [ { "name": "n", "given": {}, "rejected": "requird" } ] }""", "tests/t.json:1:71: there is no rule 'requird'; did you mean 'required'?")]
    [InlineData("""{ "pipeline": "p", "cases": [ { "name": "n", "given": {}, "expect": { "emial": 1 } } ] }""", "tests/t.json:1:71: 'customer' has no field 'emial'; did you mean 'email'?")]
    public void Mistakes_in_a_test_file_are_named_at_their_place(string file, string problem)
    {
        using var hub = new TemporaryHub().Write("pipelines/p.json", Pipeline).Write("tests/t.json", file);
        var found = Assert.Single(MappingTestReader.Read(hub.Folder, hub.Load().OrThrow()).Problems);
        Assert.StartsWith(problem, found.ToString(), StringComparison.Ordinal);
    }

    private static PipelineTestReport Run(params string[] cases)
    {
        using var hub = new TemporaryHub().Write("pipelines/p.json", Pipeline)
            .Write("tests/t.json", $$"""{ "pipeline": "p", "today": "2020-05-02", "cases": [ {{string.Join(", ", cases)}} ] }""");
        var tests = MappingTestReader.Read(hub.Folder, hub.Load().OrThrow());
        Assert.Empty(tests.Problems);
        return MappingTestRun.Run(tests.Files, new DateOnly(1999, 1, 1));
    }
}

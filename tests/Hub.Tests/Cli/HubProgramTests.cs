using System.CommandLine;
using System.Text.Json;
using Crm.Integration.Hub.Cli;

namespace Crm.Integration.Hub.Tests.Cli;

public sealed class HubProgramTests
{
    [Theory]
    [InlineData("error: `hub runs`: ID is a number, not 'x'", "runs", "x")]
    [InlineData("error: `hub search` needs TEXT", "search")]
    [InlineData("error: `hub review list` needs a value after --limit", "review", "list", "--limit")]
    [InlineData("error: `hub review list`: --state is open, accepted, rejected, not 'foo'", "review", "list", "--state", "foo")]
    public async Task A_wrong_command_line_is_told_in_plain_words(string message, params string[] arguments)
    {
        var (code, _, error) = await CommandLine.RunAsync(arguments);

        Assert.Equal(ExitCode.Usage, code);
        Assert.StartsWith(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_verb_ends_with_2_and_the_nearest_spelling()
    {
        var (code, _, error) = await CommandLine.RunAsync("rnus");

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("'rnus'", error, StringComparison.Ordinal);
        Assert.Contains("did you mean 'runs'?", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--ignore-limit", "--ignore-limits")]
    [InlineData("--jsno", "--json")]
    public async Task An_unknown_option_ends_with_2_and_the_nearest_spelling(string wrong, string right)
    {
        var (code, _, error) = await CommandLine.RunAsync("run", wrong);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains($"did you mean '{right}'?", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_with_json_is_one_document_on_stdout()
    {
        using var folder = new TemporaryFolder();

        var (code, output, _) = await CommandLine.RunAsync("runs", "--json", "--hub", folder.Path);

        Assert.Equal(ExitCode.Usage, code);
        using var document = JsonDocument.Parse(output);
        Assert.Equal(2, document.RootElement.GetProperty("error").GetProperty("exitCode").GetInt32());
        Assert.Contains("hub init", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--hub")]
    [InlineData("runs", "x")]
    [InlineData("show")]
    public async Task A_wrong_argument_ends_with_2_and_with_json_as_a_document(params string[] arguments)
    {
        var (code, output, error) = await CommandLine.RunAsync(["--json", .. arguments]);

        Assert.Equal(ExitCode.Usage, code);
        Assert.NotEmpty(error);
        using var document = JsonDocument.Parse(output);
        Assert.True(document.RootElement.TryGetProperty("error", out _));
    }

    [Fact]
    public async Task Alone_it_says_what_to_do_first()
    {
        using var folder = new TemporaryFolder();

        var (code, output, _) = await CommandLine.RunAsync("--hub", folder.Path);

        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("There is no hub in", output, StringComparison.Ordinal);
        Assert.Contains("hub init --connector csv --from customers.csv", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_help_lists_every_verb_once()
    {
        var (code, output, _) = await CommandLine.RunAsync("--help");

        Assert.Equal(ExitCode.Done, code);
        foreach (var verb in Verbs().Where(verb => verb.Parents.Any() is false))
            Assert.Single(output.Split('\n'), line => line.StartsWith("  " + verb.Name + " ", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_verb_has_a_description_examples_and_described_arguments()
    {
        foreach (var verb in Verbs())
        {
            Assert.False(string.IsNullOrEmpty(verb.Description), verb.Name);
            Assert.All(verb.Arguments, argument => Assert.False(string.IsNullOrEmpty(argument.Description), $"{verb.Name} {argument.Name}"));
            Assert.All(verb.Options, option => Assert.False(string.IsNullOrEmpty(option.Description), $"{verb.Name} {option.Name}"));
            if (verb.Subcommands.Count == 0)
                Assert.InRange(verb.Examples.Count, 1, 5);
        }
    }

    [Fact]
    public void Every_example_is_a_command_line_that_is_understood()
    {
        var root = new Command("hub");
        foreach (var option in new GlobalOptions().All)
            root.Add(option);
        foreach (var verb in HubCommands.All().SelectMany(group => group.Commands))
            root.Add(verb);
        foreach (var (line, _) in Verbs().SelectMany(verb => verb.Examples))
        {
            var call = line.Split('|', '>')[0]["hub ".Length..];
            Assert.True(root.Parse(call).Errors.Count == 0, $"{line}: {string.Join(' ', root.Parse(call).Errors)}");
        }
    }

    [Fact]
    public async Task The_help_of_a_verb_is_the_same_wherever_help_is_asked_for()
    {
        var after = await CommandLine.RunAsync("quarantine", "list", "--help");
        var before = await CommandLine.RunAsync("--help", "quarantine", "list");

        Assert.Equal(after.Out, before.Out);
        Golden.Equal("quarantine-list-help", after.Out);
    }

    private static IEnumerable<HubCommand> Verbs() =>
        HubCommands.All().SelectMany(group => group.Commands).SelectMany(verb => verb.Subcommands.OfType<HubCommand>().Prepend(verb));
}

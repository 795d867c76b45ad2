using System.CommandLine;
using Crm.Integration.Hub.Configuration.MappingTests;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub test</c>.</summary>
internal sealed class TestCommand : HubCommand
{
    private readonly Argument<string[]> _pipelines = new("pipeline") { Description = "Only these pipelines.", Arity = ArgumentArity.ZeroOrMore };

    public TestCommand()
        : base("test", "Run the mapping tests and show what they left untried.")
    {
        Remarks = "Mapping tests are files under tests/: records given, and the entity's fields, or the reject, that should come of them. No system is contacted, and no secret is needed. Rules that need the store (unique, exists) are not checked. Exit code 1 when a test fails.";
        Examples = [("hub test", "run all"), ("hub test shop", "only those of one pipeline")];
        Add(_pipelines);
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var configuration = context.LoadWithoutSecrets();
        var tests = MappingTestReader.Read(context.HubFolder, configuration);
        if (tests.Problems.Count > 0)
            throw new CommandException(ExitCode.Usage, "there are mistakes in the mapping tests", "correct the above") { Problems = tests.Problems };

        var wanted = arguments.GetValue(_pipelines) ?? [];
        foreach (var name in wanted.Where(name => configuration.Pipelines.All(pipeline => pipeline.Name != name)))
            throw CommandException.Usage($"there is no pipeline '{name}'", Suggestion.Of(name, configuration.Pipelines.Select(pipeline => pipeline.Name)));

        var today = DateOnly.FromDateTime(context.Clock.GetUtcNow().UtcDateTime);
        PipelineTestReport[] reports =
        [
            .. tests.Files.Where(file => wanted.Length == 0 || wanted.Contains(file.Pipeline.Name))
                .GroupBy(file => file.Pipeline.Name, StringComparer.Ordinal)
                .Select(group => MappingTestRun.Run([.. group], today)),
        ];
        var failed = reports.Sum(report => report.Failed);
        var passed = reports.Sum(report => report.Cases.Count) - failed;
        context.Show(new { passed, failed, pipelines = reports }, console => Write(console, reports, passed, failed));
        return Task.FromResult(failed == 0 ? ExitCode.Done : ExitCode.Failed);
    }

    private static void Write(IAnsiConsole console, PipelineTestReport[] reports, int passed, int failed)
    {
        if (reports.Length == 0)
        {
            console.WritePlain("There are no mapping tests yet. Write one under tests/: { \"pipeline\": \"…\", \"cases\": [ { \"name\": \"…\", \"given\": { … }, \"expect\": { … } } ] }");
            return;
        }

        foreach (var report in reports)
        {
            console.MarkupLineInterpolated($"[bold]{report.Pipeline}[/]");
            foreach (var test in report.Cases)
                WriteCase(console, test);
            WriteCoverage(console, report.Coverage);
            console.WriteLine();
        }

        console.MarkupLine($"[green]{passed} passed[/], {(failed == 0 ? "0 failed" : $"[red]{failed} failed[/]")}");
    }

    private static void WriteCase(IAnsiConsole console, TestCaseResult test)
    {
        console.MarkupLine($"  {(test.Passed ? "[green]pass[/]" : "[red]FAIL[/]")} {Markup.Escape(test.Name)}{(test.Passed ? "" : $" [grey]{Markup.Escape(test.Place)}[/]")}");
        if (test.Problem is { } problem)
            console.WritePlain($"       {problem}");
        foreach (var difference in test.Differences)
        {
            console.WritePlain($"       {difference.Field}");
            console.MarkupLine($"         expected [green]{Markup.Escape(difference.Expected)}[/]");
            console.MarkupLine($"         but was  [red]{Markup.Escape(difference.Actual)}[/]");
        }
    }

    private static void WriteCoverage(IAnsiConsole console, TestCoverage coverage)
    {
        Part("source fields never used", coverage.UnusedSourceFields);
        Part("mapped fields empty in every case", coverage.NeverFilled);
        Part("rules never broken", coverage.RulesNeverHit);
        Part("branches never taken", coverage.BranchesNeverTaken);
        Part("values lost or cut", coverage.Losses);

        void Part(string heading, IReadOnlyList<string> lines)
        {
            if (lines.Count == 0)
                return;
            console.MarkupLineInterpolated($"  [yellow]{heading}:[/]");
            foreach (var line in lines)
                console.WritePlain($"       {line}");
        }
    }
}

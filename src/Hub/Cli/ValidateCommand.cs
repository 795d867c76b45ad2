using System.CommandLine;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Configuration.MappingTests;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub validate</c>.</summary>
internal sealed class ValidateCommand : HubCommand
{
    public ValidateCommand()
        : base("validate", "Check the whole configuration and name every mistake.")
    {
        Remarks = "Contacts no system. Mistakes are shown as FILE:LINE:COLUMN, so that editors can jump there. Exit code 2 when there are any.";
        Examples = [("hub validate", "check the hub in this folder"), ("hub --json validate", "the same for scripts")];
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var loaded = context.ReadConfiguration();
        var tests = MappingTestReader.Read(context.HubFolder, loaded.Configuration);
        ConfigurationProblem[] problems = [.. loaded.Problems, .. tests.Problems];
        var valid = problems.Length == 0;
        context.Show(
            new { valid, problems, warnings = loaded.ClearSecrets },
            console =>
            {
                ProblemView.Write(console, context.HubFolder, problems, console.Profile.Capabilities.Interactive, context.Secrets.Redact);
                foreach (var warning in loaded.ClearSecrets)
                    console.WritePlain($"{warning.Place}: warning: {warning.Message}; {warning.Fix}");
                if (loaded.Configuration is { } configuration && valid)
                {
                    console.Markup("[green]The configuration is right:[/] ");
                    console.WritePlain($"{Describe(configuration, tests.Cases)}.");
                }
                else
                {
                    console.MarkupLineInterpolated($"[red]{Words.Count(problems.Length, "mistake")}.[/]");
                }
            });
        return Task.FromResult(valid ? ExitCode.Done : ExitCode.Usage);
    }

    private static string Describe(HubConfiguration configuration, int cases)
    {
        var inbound = configuration.Pipelines.OfType<InboundPipeline>().Count();
        return $"{Words.Count(configuration.Connections.Count, "connection")}, {Words.Count(inbound, "inbound pipeline")}, {Words.Count(configuration.Pipelines.Count - inbound, "outbound pipeline")}, {Words.Count(cases, "mapping test")}";
    }
}

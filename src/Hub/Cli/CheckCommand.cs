using System.CommandLine;
using Crm.Integration.Connectors.Contract;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub check</c>.</summary>
internal sealed class CheckCommand : HubCommand
{
    private readonly Argument<string?> _connection = new("connection") { Description = "Only this one.", Arity = ArgumentArity.ZeroOrOne };

    public CheckCommand()
        : base("check", "Try the connections: can the hub reach each system and use it?")
    {
        Remarks = "Writes nothing to any system. Exit code 1 when a connection cannot be used.";
        Examples = [("hub check", "try all connections"), ("hub check shop", "try one")];
        Add(_connection);
    }

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var connections = context.FindConnections(arguments.GetValue(_connection));
        var pipelines = context.ReadConfiguration().Configuration?.Pipelines;
        List<(string Connection, IReadOnlyList<CheckLine> Lines)> results = [];
        foreach (var configured in connections)
            results.Add((configured.Name, await ConnectionCheck.OfAsync(configured, pipelines, context.Open, context.CancellationToken)));

        var passed = results.All(result => result.Lines.All(line => line.Passed));
        context.Show(
            new { passed, connections = results.Select(result => new { name = result.Connection, passed = result.Lines.All(line => line.Passed), checks = result.Lines }) },
            console =>
            {
                if (results.Count == 0)
                    console.WritePlain("There are no connections yet. Make one with `hub init --connector csv --from FILE`.");
                foreach (var (name, lines) in results)
                {
                    console.MarkupLineInterpolated($"[bold]{name}[/]");
                    foreach (var line in lines)
                        console.MarkupLine($"  {(line.Passed ? "[green]ok[/]  " : "[red]fail[/]")} {Markup.Escape(context.Secrets.Redact($"{line.Subject}: {line.Message}"))}");
                }
            });
        return passed ? ExitCode.Done : ExitCode.Failed;
    }
}

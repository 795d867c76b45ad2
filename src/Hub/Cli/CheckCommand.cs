using System.CommandLine;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Configuration;
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
        var pulls = pipelines?.OfType<InboundPipeline>().ToLookup(pipeline => pipeline.Connection.Name, pipeline => pipeline.Stream);
        List<(string Connection, IReadOnlyList<CheckLine> Lines)> results = [];
        foreach (var configured in connections)
        {
            try
            {
                await using var connection = context.Open(configured);
                var lines = (await connection.CheckAsync(context.CancellationToken)).ToList();
                var pulled = pulls?[configured.Name].Distinct(StringComparer.Ordinal).ToList() ?? [];
                if (configured.Connector.Declaration.Capabilities.HasFlag(ConnectorCapabilities.Discover))
                {
                    // Of a folder that others share, only what is pulled through this connection is of interest.
                    if (pulled.Count > 0)
                        lines.RemoveAll(line => line.IsStream && !pulled.Contains(line.Subject));
                    foreach (var stream in pulled)
                        lines.Add(await CheckStream(connection, stream, context.CancellationToken));
                    // A file takes whatever fields it is given, and need not be there yet.
                    foreach (var push in pipelines?.OfType<OutboundPipeline>().Where(pipeline => pipeline.Connection.Name == configured.Name && configured.Connector.Declaration.Hosts.Count > 0) ?? [])
                    {
                        if (await WriteCheck.OfAsync(connection, push, context.CancellationToken) is { } line)
                            lines.Add(line);
                    }
                }

                results.Add((configured.Name, lines));
            }
            catch (ConnectorException e)
            {
                results.Add((configured.Name, [new CheckLine("connection", false, $"{e.Message}; {e.Fix}")]));
            }
        }

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

    // A folder that is missing is fine for a destination, and the end of the night for a source: the pipelines tell which it is.
    private static async Task<CheckLine> CheckStream(IConnection connection, string stream, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var found in connection.DiscoverAsync(stream, cancellationToken))
                return new($"stream {stream}", found.Problem is null, found.Problem ?? $"{found.Fields.Count} fields.");
            return new($"stream {stream}", false, "A pipeline pulls it, but it is not there; `hub discover` lists what is.");
        }
        catch (ConnectorException e)
        {
            return new($"stream {stream}", false, $"{e.Message} {e.Fix}");
        }
    }
}

using System.CommandLine;
using Crm.Integration.Connectors;
using Crm.Integration.Hub.Configuration.Schemas;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub connectors</c>: which kinds of system the hub speaks to, and how each is configured.</summary>
internal static class ConnectorsCommand
{
    /// <summary>The verb with its verbs.</summary>
    public static HubCommand Create() => new HubCommandGroup("connectors", "Show which kinds of system the hub speaks to.", new ListCommand(), new DocsCommand());

    private sealed class ListCommand : HubCommand
    {
        public ListCommand()
            : base("list", "List the connectors.") => Examples = [("hub connectors", "list them")];

        public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
        {
            var all = BuiltInConnectors.All.Select(connector => connector.Declaration).ToList();
            context.Show(
                all.Select(each => new { each.Name, each.Summary, capabilities = ReferencePages.Words(each.Capabilities), each.Deletes }),
                console =>
                {
                    var table = new Table().Border(TableBorder.None).AddColumn("connector").AddColumn("can").AddColumn("what");
                    foreach (var each in all)
                        table.AddRow(new Text(each.Name), new Text(string.Join(", ", ReferencePages.Words(each.Capabilities))), new Text(each.Summary));
                    console.Write(table);
                    console.MarkupLine("[grey]`hub connectors docs NAME` shows the settings of one.[/]");
                });
            return Task.FromResult(ExitCode.Done);
        }
    }

    private sealed class DocsCommand : HubCommand
    {
        private readonly Argument<string> _name = new("name") { Description = "The connector." };

        public DocsCommand()
            : base("docs", "Show the settings of a connector.")
        {
            Examples = [("hub connectors docs csv", "how a CSV connection is configured")];
            Add(_name);
        }

        public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
        {
            var name = arguments.GetValue(_name)!;
            var names = BuiltInConnectors.All.Select(connector => connector.Declaration.Name).ToList();
            var connector = BuiltInConnectors.All.FirstOrDefault(connector => connector.Declaration.Name == name)
                ?? throw CommandException.Usage($"there is no connector '{name}'", Suggestion.Of(name, names));
            var page = ReferencePages.Connector(connector.Declaration);
            context.Show(new { name, markdown = page }, console => console.WritePlain(page.TrimEnd()));
            return Task.FromResult(ExitCode.Done);
        }
    }
}

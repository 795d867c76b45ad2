using System.CommandLine;
using Crm.Integration.Connectors.Certification;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Configuration.Schemas;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub connectors</c>: which kinds of system the hub speaks to, how each is configured, and what is proven of it.</summary>
internal static class ConnectorsCommand
{
    /// <summary>The verb with its verbs.</summary>
    public static HubCommand Create() => new HubCommandGroup("connectors", "Show which kinds of system the hub speaks to.", new ListCommand(), new DocsCommand(), new CertifyCommand());

    private sealed class ListCommand : HubCommand
    {
        public ListCommand()
            : base("list", "List the connectors.") => Examples = [("hub connectors list", "list them")];

        public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
        {
            var connectors = context.Connectors();
            var all = connectors.All.Select(connector => (connector.Declaration, Certified: Certified(context, connector.Declaration))).ToList();
            context.Show(
                new
                {
                    connectors = all.Select(each => new { each.Declaration.Name, each.Declaration.Version, each.Declaration.Summary, capabilities = ConnectorPages.Words(each.Declaration.Capabilities), each.Declaration.Deletes, certified = each.Certified }),
                    problems = connectors.Problems,
                },
                console =>
                {
                    var table = new Table().Border(TableBorder.None).AddColumn("connector").AddColumn("version").AddColumn("certified").AddColumn("can").AddColumn("what");
                    foreach (var (declaration, certified) in all)
                        table.AddRow(new Text(declaration.Name), new Text(declaration.Version), new Text(certified), new Text(string.Join(", ", ConnectorPages.Words(declaration.Capabilities))), new Text(declaration.Summary));
                    console.Write(table);
                    foreach (var problem in connectors.Problems)
                        console.WritePlain(problem.ToString());
                    console.MarkupLine("[grey]`hub connectors docs NAME` shows the page of one.[/]");
                });
            return Task.FromResult(connectors.Problems.Count == 0 ? ExitCode.Done : ExitCode.Usage);
        }

        // A report lies where `certify` put it: in the hub folder, or beside the connector.
        private static string Certified(CommandContext context, ConnectorDeclaration declaration)
        {
            var file = CertifyCommand.ReportName(declaration.Name) + ".json";
            var path = new[] { context.HubFolder, Path.Combine(context.HubFolder, "connectors"), Path.Combine(context.HubFolder, "connectors", declaration.Name) }.Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
            if (path is null)
                return "";
            try
            {
                var report = CertificationReport.Parse(File.ReadAllText(path));
                return !report.IsIntact ? "changed by hand" : report.Version != declaration.Version ? $"{report.Level} (of {report.Version})" : $"{report.Level} {report.Hash[..12]}";
            }
            catch (ConnectorException)
            {
                return "not readable";
            }
        }
    }

    private sealed class DocsCommand : HubCommand
    {
        private readonly Argument<string> _name = new("name") { Description = "The connector." };

        public DocsCommand()
            : base("docs", "Show the page of a connector: setting up, settings, streams, limits.")
        {
            Examples = [("hub connectors docs csv", "how a CSV connection is configured")];
            Add(_name);
        }

        public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
        {
            var name = arguments.GetValue(_name)!;
            var page = ConnectorPages.Page(context.FindConnector(name).Declaration);
            context.Show(new { name, markdown = page }, console => console.WritePlain(page.TrimEnd()));
            return Task.FromResult(ExitCode.Done);
        }
    }
}

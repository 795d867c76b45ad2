using System.CommandLine;
using Crm.Integration.Connectors.Certification;
using Crm.Integration.Connectors.Contract;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub connectors certify</c>: rehearses a connector with every fault and writes down what is proven.</summary>
internal sealed class CertifyCommand : HubCommand
{
    private readonly Argument<string> _name = new("name") { Description = "The connector." };
    private readonly Option<string?> _sandbox = new("--sandbox") { Description = "The address of a running sandbox, for connectors of systems that it plays.", HelpName = "URL" };
    private readonly Option<string?> _out = new("--out") { Description = "Where certify-NAME.json and certify-NAME.md go; by default the hub folder.", HelpName = "DIR" };
    private readonly Option<string> _level = new("--level") { Description = "The level that has to be reached: B(ronze), S(ilver), G(old).", HelpName = "B|S|G", DefaultValueFactory = _ => "B" };
    private readonly Option<string?> _against = new("--against") { Description = "The certify-NAME.json of an earlier release, to compare settings and streams with.", HelpName = "FILE" };
    private readonly Option<string[]> _only = new("--only") { Description = "Only these checks, by their ids.", HelpName = "ID", AllowMultipleArgumentsPerToken = true };
    private readonly Option<int> _rows = new("--rows") { Description = "The rows over which memory has to stay flat.", HelpName = "N", DefaultValueFactory = _ => 20_000 };

    public CertifyCommand()
        : base("certify", "Prove what a connector does: every check of the contract kit, with faults, against a system under rehearsal.")
    {
        Remarks = "Files are rehearsed in a temporary folder, systems with a network against the sandbox; no account of yours is touched. Ends with 1 when the level is not reached.";
        Examples =
        [
            ("hub connectors certify csv", "in a temporary folder"),
            ("hub connectors certify salesforce --sandbox http://127.0.0.1:7070 --level G", "against a running sandbox"),
        ];
        Add(_name);
        Add(_sandbox);
        Add(_out);
        Add(_level);
        Add(_against);
        Add(_only);
        Add(_rows);
    }

    /// <summary>What a report of a connector is called, without its ending.</summary>
    public static string ReportName(string connector) => $"certify-{connector}";

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var name = arguments.GetValue(_name)!;
        var level = Level(arguments.GetValue(_level)!);
        var connector = context.FindConnector(name);
        var fixture = context.Connectors().Fixtures.FirstOrDefault(fixture => fixture.Connector.Declaration.Name == name)
            ?? throw CommandException.Usage($"'{name}' brings no rehearsal, so nothing can be proven of it", $"whoever made it adds a class that implements {nameof(ICertificationFixture)}: docs/add-a-connector.md");
        var only = arguments.GetValue(_only) is { Length: > 0 } ids ? ids : null;
        if (only?.FirstOrDefault(id => ConnectorCertification.Checks.All(check => check.Id != id)) is { } unknown)
            throw CommandException.Usage($"there is no check '{unknown}'", $"there are {string.Join(", ", ConnectorCertification.Checks.Select(check => check.Id))}");
        var options = new CertificationOptions { Only = only, Against = Against(arguments.GetValue(_against)), MemoryRows = arguments.GetValue(_rows) };

        var place = Directory.CreateTempSubdirectory("hub-certify-");
        try
        {
            var report = await new ConnectorCertification(fixture, options).RunAsync(new(place.FullName, Sandbox(arguments.GetValue(_sandbox))), new Told(context), context.CancellationToken);
            var files = Write(report, Path.GetFullPath(arguments.GetValue(_out) ?? context.HubFolder), connector.Declaration);
            context.Show(new { report.Connector, report.Version, report.Level, asked = level, report.Hash, report.Checks, files }, console => Show(console, report, files));
            return report.Level >= level && report.Checks.All(check => check.Level > level || check.Outcome != CheckOutcome.Failed) ? ExitCode.Done : ExitCode.Failed;
        }
        finally
        {
            place.Delete(recursive: true);
        }
    }

    private static CertificationLevel Level(string text) => text.ToUpperInvariant() switch
    {
        "B" or "BRONZE" => CertificationLevel.Bronze,
        "S" or "SILVER" => CertificationLevel.Silver,
        "G" or "GOLD" => CertificationLevel.Gold,
        _ => throw CommandException.Usage($"'{text}' is not a level", "write B, S or G"),
    };

    private static Uri? Sandbox(string? text)
    {
        if (text is null)
            return null;
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw CommandException.Usage($"'{text}' is not the address of a sandbox", "write it like http://127.0.0.1:7070");
    }

    private static Manifest? Against(string? file)
    {
        if (file is null)
            return null;
        if (!File.Exists(file))
            throw CommandException.Usage($"the file {file} does not exist", "name a certify-NAME.json of an earlier release");
        return CertificationReport.Parse(File.ReadAllText(file)).Manifest;
    }

    private static IReadOnlyList<string> Write(CertificationReport report, string folder, ConnectorDeclaration declaration)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, ReportName(declaration.Name));
        File.WriteAllText(path + ".json", report.ToJson());
        File.WriteAllText(path + ".md", report.ToMarkdown());
        return [path + ".json", path + ".md"];
    }

    private static void Show(IAnsiConsole console, CertificationReport report, IReadOnlyList<string> files)
    {
        var table = new Table().Border(TableBorder.None).AddColumn("check").AddColumn("level").AddColumn("result").AddColumn("what");
        foreach (var check in report.Checks)
            table.AddRow(new Text(check.Id), new Text(check.Level.ToString()), new Markup(Marked(check.Outcome)), new Text(check.Reason is null ? check.Title : $"{check.Title}: {check.Reason}"));
        console.Write(table);
        console.WritePlain($"{report.Connector} {report.Version} reaches {report.Level}.");
        console.WritePlain($"Wrote {string.Join(" and ", files)}");
    }

    private static string Marked(CheckOutcome outcome) => outcome switch
    {
        CheckOutcome.Passed => "[green]passed[/]",
        CheckOutcome.Failed => "[red]failed[/]",
        _ => "[grey]skipped[/]",
    };

    // Checks take seconds each: who watches wants to see them come.
    private sealed class Told(CommandContext context) : IProgress<CheckResult>
    {
        public void Report(CheckResult value) => context.Error.WriteLine($"{value.Id} {value.Outcome.ToString().ToLowerInvariant()} ({value.Milliseconds} ms)");
    }
}

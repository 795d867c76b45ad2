using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Crm.Integration.Hub.Tests;

/// <summary>Keeps the house in order: dependencies between folders, projects, and what lies at the top.</summary>
public sealed partial class RoomsTests
{
    /// <summary>A folder, and what it may mention besides itself and its own subfolders. A slash at the end: the folder without its subfolders.</summary>
    private static readonly (string Folder, string[] May)[] s_table =
    [
        // Mapping: pure. What a record is, what its values mean, what is made of them.
        ("Mapping/Records", []),
        ("Mapping/Values", ["Mapping/Records"]),
        ("Mapping/Model", ["Mapping/Records"]),
        ("Mapping/Maps", ["Mapping/Records", "Mapping/Values"]),
        ("Mapping/Validation", ["Mapping/Records", "Mapping/Values", "Mapping/Maps"]),
        ("Mapping/Matching", ["Mapping/Records", "Mapping/Values"]),
        ("Mapping/Survivorship", ["Mapping/Records", "Mapping/Values", "Mapping/Maps"]),

        // Connectors: a system each. None knows another, the store or the scheduler.
        ("Connectors/", ["Connectors/*"]),
        ("Connectors/Contract", ["Mapping/Records"]),
        // What every connector has to prove, and the systems on which it does.
        ("Connectors/Certification", ["Connectors/Contract", "Mapping/Records"]),
        ("Connectors/Files", ["Connectors/Contract", "Mapping/Records", "Mapping/Values"]),
        ("Connectors/Http", ["Connectors/", "Connectors/Contract", "Mapping/Records", "Mapping/Values"]),
        ("Connectors/OneByOne", ["Connectors/Contract", "Mapping/Records"]),
        ("Connectors/*", ["Connectors/Certification", "Connectors/Contract", "Connectors/Files", "Connectors/Http", "Connectors/OneByOne", "Mapping/Records", "Mapping/Values"]),
        // A drop folder holds files of either format.
        ("Connectors/DropFolder", ["Connectors/Certification", "Connectors/Contract", "Connectors/Files", "Connectors/Csv", "Connectors/JsonLines", "Mapping/Records", "Mapping/Values"]),

        // Hub: when, in what order, remembered where, shown to whom. What does the work knows no command line; a subject has its view
        // beside it (runs, quarantine, review, customers), made of the parts in Cli.
        // At its top stand Program, the view into a hub folder's store, and words that all of it uses.
        ("Hub/", ["Hub/Cli", "Hub/Configuration", "Hub/Logging", "Hub/Store", "Mapping"]),
        ("Hub/Configuration", ["Connectors", "Mapping"]),
        ("Hub/Configuration/Settings", ["Connectors/Contract", "Mapping"]),
        ("Hub/Logging", ["Hub/Configuration"]),
        ("Hub/Store", ["Hub/Configuration/Settings", "Mapping/Records", "Mapping/Matching", "Mapping/Survivorship"]),
        ("Hub/Accounts", ["Connectors/Contract", "Hub/Configuration", "Hub/Store", "Mapping/Records"]),
        ("Hub/Runs", ["Hub/", "Hub/Cli", "Hub/Configuration", "Hub/Store", "Mapping/Records"]),
        ("Hub/Quarantine", ["Hub/", "Hub/Matching", "Connectors/Contract", "Hub/Cli", "Hub/Configuration", "Hub/Store", "Hub/Runs", "Hub/Pipelines", "Mapping"]),
        ("Hub/Review", ["Hub/", "Hub/Customers", "Hub/Matching", "Hub/Cli", "Hub/Configuration", "Hub/Store", "Hub/Runs", "Hub/Pipelines", "Mapping"]),
        ("Hub/Customers", ["Hub/", "Hub/Matching", "Hub/Review", "Hub/Cli", "Hub/Configuration", "Hub/Store", "Hub/Runs", "Hub/Pipelines", "Mapping"]),
        ("Hub/Evaluation", ["Hub/Matching", "Hub/Cli", "Hub/Configuration", "Hub/Store", "Mapping"]),
        ("Hub/Bench", ["Connectors/Contract", "Hub/", "Hub/Configuration", "Hub/Matching", "Hub/Pipelines", "Hub/Runs", "Hub/Store", "Mapping"]),
        // Two-way streams land and are pushed like others; what makes them two-way stands apart.
        ("Hub/TwoWay", ["Connectors/Contract", "Hub/", "Hub/Customers", "Hub/Review", "Hub/Matching", "Hub/Configuration", "Hub/Store", "Hub/Runs", "Hub/Pipelines", "Hub/Undo", "Mapping"]),
        // So does what takes writes back, and what compares a system with the store: both go through the pipelines.
        ("Hub/Undo", ["Connectors/Contract", "Hub/", "Hub/Configuration", "Hub/Store", "Hub/Runs", "Hub/Pipelines", "Hub/TwoWay", "Mapping"]),
        ("Hub/Verification", ["Connectors/Contract", "Hub/", "Hub/Configuration", "Hub/Store", "Hub/Runs", "Hub/Pipelines", "Hub/TwoWay", "Mapping"]),
        ("Hub/ChangeFeed", ["Hub/", "Hub/Configuration", "Hub/Store", "Mapping"]),
        ("Hub/Matching", ["Hub/", "Hub/Configuration", "Hub/Store", "Hub/Runs", "Hub/Pipelines", "Mapping"]),
        ("Hub/Pipelines", ["Connectors/Contract", "Hub/", "Hub/Matching", "Hub/Configuration", "Hub/Store", "Hub/Runs", "Hub/Quarantine", "Hub/Review", "Hub/TwoWay", "Hub/Undo", "Hub/Verification", "Hub/Inbox", "Hub/ChangeFeed", "Hub/Accounts", "Mapping", "Hub/Logging", "Hub/Telemetry"]),
        // The service: what runs by itself. Its parts know pipelines and store; the host knows them all.
        ("Hub/Telemetry", ["Hub/", "Hub/Configuration", "Hub/Access", "Hub/Logging"]),
        ("Hub/Access", ["Hub/", "Hub/Configuration", "Hub/Logging", "Hub/Store", "Hub/Service", "Hub/Telemetry"]),
        ("Hub/Triggers", ["Hub/Configuration", "Hub/Logging", "Hub/Pipelines", "Hub/Runs", "Hub/Service", "Hub/Store", "Hub/Telemetry", "Mapping/Records", "Hub/Cli"]),
        ("Hub/Alerts", ["Connectors/Contract", "Hub/", "Hub/Access", "Hub/Accounts", "Hub/Configuration", "Hub/Inbox", "Hub/Runs", "Hub/Service", "Hub/Store"]),
        ("Hub/Retention", ["Hub/Accounts", "Hub/Configuration", "Hub/Service", "Hub/Store"]),
        ("Hub/Backup", ["Hub/Configuration", "Hub/Store"]),
        // What the command line says, over HTTP.
        ("Hub/Api", ["Connectors/Contract", "Hub/*", "Hub/", "Mapping"]),
        ("Hub/Inbox", ["Connectors/Contract", "Hub/", "Hub/Accounts", "Hub/Configuration", "Hub/Logging", "Hub/Pipelines", "Hub/Runs", "Hub/Service", "Hub/Store", "Hub/Telemetry", "Hub/Triggers", "Mapping/Records"]),
        // The service: what runs by itself. Its parts know pipelines and store; the host knows them all.
        ("Hub/Service", ["Hub/*"]),
        ("Hub/Cli", ["Connectors", "Hub/", "Hub/*", "Mapping"]),
    ];

    private static readonly string[] s_top = ["src", "tests", "samples", "docs", "Crm.Integration.sln", "README.md", "Directory.Build.props"];

    [Fact]
    public void Each_folder_mentions_only_what_the_table_allows()
    {
        var violations = new Rooms(s_table).Violations(Sources("src"));

        // Every file by name: a collection's own message is cut short.
        Assert.True(violations.Count == 0, string.Join(Environment.NewLine, violations));
    }

    [Theory]
    [InlineData("Mapping/Values/Phone.cs", "using Crm.Integration.Mapping.Maps;", "Mapping/Maps")]
    [InlineData("Mapping/Records/Value.cs", "using Text = Crm.Integration.Mapping.Values.TextFold;", "Mapping/Values")]
    [InlineData("Mapping/Maps/Compiler.cs", "using static Crm.Integration.Hub.Store.MasterStore;", "Hub/Store")]
    [InlineData("Mapping/Maps/Compiler.cs", "var rule = new global::Crm.Integration.Mapping.Validation.RuleSet();", "Mapping/Validation")]
    [InlineData("Connectors/Zoho/ZohoConnector.cs", "using Crm.Integration.Connectors.Csv;", "Connectors/Csv")]
    [InlineData("Connectors/Zoho/ZohoConnector.cs", "var settings = new Csv.CsvSettings();", "Connectors/Csv")]
    [InlineData("Hub/Store/MasterStore.cs", "using Crm.Integration.Hub.Cli;", "Hub/Cli")]
    [InlineData("Hub/Store/Sqlite/SqliteEngine.cs", "throw new Hub.Cli.UsageError();", "Hub/Cli")]
    [InlineData("Hub/Pipelines/Step.cs", "using Crm.Integration.Connectors.Csv;", "Connectors/Csv")]
    public void A_forbidden_mention_is_found_and_its_file_named(string path, string line, string mentioned)
    {
        var violation = Assert.Single(new Rooms(s_table).Violations([.. MadeUpHouse(), (path, line)]));

        Assert.StartsWith(path + ":", violation, StringComparison.Ordinal);
        Assert.Contains($"may not mention {mentioned};", violation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Connectors/Zoho/ZohoConnector.cs", "using Crm.Integration.Connectors.Contract;")]
    [InlineData("Hub/Store/MasterStore.cs", "// Crm.Integration.Hub.Cli shows this")]
    [InlineData("Hub/Store/MasterStore.cs", "var shown = settings.Cli.UsageError;")]
    [InlineData("Hub/Store/MasterStore.cs", "using Crm.Integration.Hub.Store.Sqlite;")]
    [InlineData("Hub/Cli/RunCommand.cs", "using Crm.Integration.Hub.Store;")]
    public void An_allowed_mention_is_not_held_against_a_file(string path, string line) =>
        Assert.Empty(new Rooms(s_table).Violations([.. MadeUpHouse(), (path, line)]));

    [Fact]
    public void A_folder_that_the_table_forgot_is_found() =>
        Assert.Contains("no line of the table", Assert.Single(new Rooms(s_table).Violations([("Hub/Utils/Helper.cs", "")])), StringComparison.Ordinal);

    [Fact]
    public void A_namespace_that_differs_from_the_folder_is_found() =>
        Assert.Contains("its folder asks for Crm.Integration.Mapping.Values", Assert.Single(new Rooms(s_table).Violations([("Mapping/Values/Phone.cs", "namespace Crm.Integration.Values;")])), StringComparison.Ordinal);

    [Fact]
    public void Projects_refer_only_to_the_room_before_them()
    {
        Assert.Empty(References("Mapping"));
        Assert.Equal(["Mapping"], References("Connectors"));
        // The second stands in for a package: see the comment in it.
        Assert.Equal(["Microsoft.SqlServer.Server", "Connectors"], References("Hub"));
        Assert.Empty(Project("Mapping").Descendants("PackageReference"));

        static XDocument Project(string name) => XDocument.Load(Path.Combine(Root, "src", name, name + ".csproj"));
        static IEnumerable<string> References(string name) =>
            Project(name).Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));
    }

    [Fact]
    public void No_source_file_asks_the_machine_for_the_time() =>
        Assert.Empty(Sources("src").Concat(Sources("tests")).Where(source => WallClock().IsMatch(CodeOf(source.Text))).Select(source => source.Path));

    [Theory]
    [InlineData("Now", true)]
    [InlineData("UtcNow", true)]
    [InlineData("MinValue", false)]
    public void Asking_the_machine_for_the_time_would_be_found(string property, bool found) =>
        Assert.Equal(found, WallClock().IsMatch("var then = DateTime." + property + ";"));

    [Fact]
    public void The_solution_lists_every_project()
    {
        var listed = SolutionProject().Matches(File.ReadAllText(Path.Combine(Root, "Crm.Integration.sln"))).Select(match => match.Groups[1].Value.Replace('\\', '/'));
        var present = new[] { "src", "tests", "samples" }.SelectMany(folder => FilesBelow(folder, "*.csproj"));

        Assert.Equal(present.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_top_of_the_repository_holds_nothing_but_what_belongs_there()
    {
        var generated = new[] { "TestResults", "artifacts" };
        var found = Directory.EnumerateFileSystemEntries(Root).Select(path => Path.GetFileName(path)!).Where(name => name[0] != '.').Except(generated);

        Assert.Empty(found.Except(s_top));
        Assert.Equal(["BannedSymbols.txt", "Connectors", "Hub", "Mapping", "Packages.props"], Directory.EnumerateFileSystemEntries(Path.Combine(Root, "src")).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal));
    }

    internal static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Crm.Integration.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("Crm.Integration.sln is in none of the folders above the tests; run them from a clone");
    }

    /// <summary>Not what stands in for a package: its namespace is the package's.</summary>
    private static List<(string Path, string Text)> Sources(string folder) =>
        [.. FilesBelow(folder, "*.cs").Where(path => !path.Contains("/StandIn/", StringComparison.Ordinal)).Select(path => (path[(folder.Length + 1)..], File.ReadAllText(Path.Combine(Root, path))))];

    /// <summary>Paths relative to the repository, with forward slashes, without what builds leave behind.</summary>
    private static IEnumerable<string> FilesBelow(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Contains("/bin/", StringComparison.Ordinal) && !path.Contains("/obj/", StringComparison.Ordinal));

    private static (string Path, string Text)[] MadeUpHouse() =>
    [
        ("Mapping/Maps/FieldMap.cs", "class FieldMap;"),
        ("Mapping/Values/TextFold.cs", "class TextFold;"),
        ("Mapping/Validation/RuleSet.cs", "class RuleSet;"),
        ("Connectors/Contract/IConnector.cs", "interface IConnector;"),
        ("Connectors/Csv/CsvSettings.cs", "sealed record CsvSettings;"),
        ("Hub/Cli/UsageError.cs", "class UsageError;"),
        ("Hub/Store/Record.cs", "class Record;"),
        ("Hub/Store/Sqlite/Engine.cs", "class Engine;"),
    ];

    private static string CodeOf(string text) => string.Join('\n', text.Split('\n').Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)));

    [GeneratedRegex(@"\bDateTime(?:Offset)?\s*\.\s*(?:Now|UtcNow|Today)\b")]
    private static partial Regex WallClock();

    [GeneratedRegex(@"^Project\([^)]*\) = ""[^""]*"", ""([^""]+\.csproj)""", RegexOptions.Multiline)]
    private static partial Regex SolutionProject();
}

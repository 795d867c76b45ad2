using System.CommandLine;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Configuration.Scaffolding;
using Crm.Integration.Mapping.Model;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub init</c>.</summary>
internal sealed class InitCommand : HubCommand
{
    private readonly Option<string?> _connector = new("--connector") { Description = "The kind of system that the first connection is for: csv, jsonl.", HelpName = "NAME" };
    private readonly Option<string?> _from = new("--from") { Description = "A file to begin with: key, mapping and validation are proposed from what is in it.", HelpName = "FILE" };
    private readonly Option<string?> _name = new("--name") { Description = "The name of the connection; by default that of the file or its folder.", HelpName = "NAME" };
    private readonly Option<string?> _country = new("--country") { Description = "The country (ISO code) of phones and postal codes without one.", HelpName = "CC" };
    private readonly Option<bool> _force = new("--force") { Description = "Overwrite files that exist." };

    public InitCommand()
        : base("init", "Make a hub folder, with a first pipeline from a file you have.")
    {
        Remarks = "Never overwrites a file unless --force is given. In a folder that is a hub already, --from adds one more source.";
        Examples =
        [
            ("hub init --connector csv --from customers.csv", "a hub with a pipeline for this file"),
            ("hub --hub crm init --country DE", "an empty hub in the folder crm"),
            ("hub init --from exports/erp.csv --name erp", "one more source for the hub in this folder"),
        ];
        Add(_connector);
        Add(_from);
        Add(_name);
        Add(_country);
        Add(_force);
    }

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var isHub = File.Exists(Path.Combine(context.HubFolder, ConfigurationLoader.HubFile));
        var (from, country) = (arguments.GetValue(_from), arguments.GetValue(_country));
        if (from is null && arguments.GetValue(_connector) is { } alone)
            throw CommandException.Usage($"--connector {alone} needs --from FILE", "name a file to look at, or leave --connector out");
        if (from is null && !isHub && context.Interactive)
            (from, country) = Ask(context, country);
        if (country is not null && (country = country.Trim().ToUpperInvariant()) is not [>= 'A' and <= 'Z', >= 'A' and <= 'Z'])
            throw CommandException.Usage($"'{country}' is not a country code", "write two letters of ISO 3166-1, such as DE, US or CN");

        var source = from is null ? null : await Look(context, arguments, Path.GetFullPath(from), country);
        List<ScaffoldFile> files = isHub && source is not null && !arguments.GetValue(_force) ? [] : [.. HubScaffold.Base(context.Connectors().All, country, TimeZone(context.Clock))];
        if (source is not null)
            files.AddRange(SourceFiles(context, source, arguments));
        var (written, left) = Write(context, files, arguments.GetValue(_force));

        var mistakes = context.ReadConfiguration().Problems;
        context.Show(
            new { hubFolder = context.HubFolder, written, left, source = source is null ? null : new { source.Connection, source.Stream.Name, source.Proposal.Entity, source.Fields, remarks = source.Proposal.Remarks, notes = source.Stream.Notes }, problems = mistakes },
            console => Show(console, context, written, left, source, mistakes));
        return mistakes.Count == 0 ? ExitCode.Done : ExitCode.Usage;
    }

    private static (string? From, string? Country) Ask(CommandContext context, string? country)
    {
        var from = context.Error.Prompt(new TextPrompt<string>("A file to begin with (empty for none):").AllowEmpty());
        country ??= context.Error.Prompt(new TextPrompt<string>("The country of phones without one, such as DE (empty for none):").AllowEmpty());
        return (string.IsNullOrWhiteSpace(from) ? null : from.Trim(), string.IsNullOrWhiteSpace(country) ? null : country);
    }

    private async Task<FirstSource> Look(CommandContext context, ParseResult arguments, string file, string? country)
    {
        if (!File.Exists(file))
            throw CommandException.Usage($"the file {file} does not exist", "check the path");
        var plain = file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? file[..^3] : file;
        var name = arguments.GetValue(_connector) ?? (Path.GetExtension(plain).ToLowerInvariant() is ".jsonl" or ".ndjson" ? "jsonl" : "csv");
        var names = context.Connectors().All.Select(connector => connector.Declaration.Name).ToList();
        var connector = context.Connectors().All.FirstOrDefault(connector => connector.Declaration.Name == name)
            ?? throw CommandException.Usage($"there is no connector '{name}'", Suggestion.Of(name, names));
        return await FirstSource.LookAsync(connector, context.HubFolder, file, arguments.GetValue(_name), country, context.Clock, context.CancellationToken);
    }

    private List<ScaffoldFile> SourceFiles(CommandContext context, FirstSource source, ParseResult arguments)
    {
        var connector = arguments.GetValue(_connector) ?? (source.Stream.Name.Contains(".jsonl", StringComparison.OrdinalIgnoreCase) || source.Stream.Name.Contains(".ndjson", StringComparison.OrdinalIgnoreCase) ? "jsonl" : "csv");
        List<ScaffoldFile> files =
        [
            HubScaffold.Connection(source.Connection, connector, source.Folder),
            new($"pipelines/{source.Proposal.Name}.json", source.Proposal.PipelineJson),
            new($"tests/{source.Proposal.Name}.json", source.Proposal.TestsJson),
        ];

        // A second source flows into the outbound pipeline that the first one brought.
        if (BuiltInModel.All.FirstOrDefault(type => type.Name == source.Proposal.Entity) is { } entity && (arguments.GetValue(_force) || !File.Exists(Path.Combine(context.HubFolder, $"pipelines/to-{entity.Name}s.json"))))
        {
            var outbound = HubScaffold.Outbound(entity, [.. source.Fields.Where(field => entity.Find(field) is not null)]);
            files.AddRange(outbound.Where(file => file.Path != "connections/out.json" || arguments.GetValue(_force) || !File.Exists(Path.Combine(context.HubFolder, file.Path))));
        }

        return files;
    }

    private static (IReadOnlyList<string> Written, IReadOnlyList<string> Left) Write(CommandContext context, List<ScaffoldFile> files, bool force)
    {
        bool Exists(ScaffoldFile file) => File.Exists(Path.Combine(context.HubFolder, file.Path));
        var inTheWay = files.Where(file => !file.Optional && !file.Generated && Exists(file)).Select(file => file.Path).ToList();
        if (inTheWay.Count > 0 && !force)
            throw CommandException.Usage($"{(inTheWay.Count == 1 ? "this file exists" : "these files exist")} in {context.HubFolder}: {string.Join(", ", inTheWay)}", "choose another folder with --hub DIR or another --name, or overwrite them with --force");

        var left = files.Where(file => file.Optional && Exists(file)).Select(file => file.Path).ToList();
        List<string> written = [];
        foreach (var folder in HubScaffold.Folders)
            Directory.CreateDirectory(Path.Combine(context.HubFolder, folder));
        foreach (var file in files.Where(file => !left.Contains(file.Path)))
        {
            var path = Path.Combine(context.HubFolder, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, file.Text);
            written.Add(file.Path);
        }

        if (written.Contains("connections/out.json"))
            Directory.CreateDirectory(Path.Combine(context.HubFolder, "out"));
        return (written, left);
    }

    private static string TimeZone(TimeProvider clock) =>
        clock.LocalTimeZone is { HasIanaId: true, Id: var id } && id.Length > 0 && TimeZoneInfo.TryFindSystemTimeZoneById(id, out _) ? id : "UTC";

    private static void Show(IAnsiConsole console, CommandContext context, IReadOnlyList<string> written, IReadOnlyList<string> left, FirstSource? source, IReadOnlyList<ConfigurationProblem> problems)
    {
        console.MarkupLine($"[green]A hub in[/] {Markup.Escape(context.HubFolder)}");
        foreach (var file in written.Where(file => !file.StartsWith("schemas/", StringComparison.Ordinal)))
            console.WritePlain($"  {file}");
        if (written.Any(file => file.StartsWith("schemas/", StringComparison.Ordinal)))
            console.WritePlain("  schemas/ (editors complete and check by them)");
        foreach (var file in left)
            console.MarkupLineInterpolated($"  [grey]{file} exists and was left as it is[/]");

        if (source is not null)
            ShowSource(console, source);
        ProblemView.Write(console, context.HubFolder, problems, console.Profile.Capabilities.Interactive, context.Secrets.Redact);
        console.WriteLine();
        console.MarkupLine("[bold]Next[/]");
        var prefix = context.HubFolder == Path.GetFullPath(".") ? "hub" : $"hub --hub {Path.GetRelativePath(".", context.HubFolder)}";
        (string Line, string Purpose)[] next = problems.Count > 0
            ? [("validate", "after you corrected what is named above")]
            : source is null
            ? [("init --from FILE", "add a source"), ("connectors", "see what the hub speaks to")]
            : [("test", "does the mapping do what it should?"), ("plan", "what would a run do?"), ("run", "do it"), ("init --from FILE", "add one more source")];
        foreach (var (line, purpose) in next)
            console.MarkupLineInterpolated($"  {prefix} {line,-18} [grey]{purpose}[/]");
    }

    private static void ShowSource(IAnsiConsole console, FirstSource source)
    {
        var stream = source.Stream;
        var count = stream.ApproximateCount is { } rows ? $"about {Words.Count(rows, "record")}, " : "";
        console.WriteLine();
        console.MarkupLineInterpolated($"[bold]{stream.Name}[/]: {count}{Words.Count(stream.Fields.Count, "field")}, taken for entity [bold]{source.Proposal.Entity}[/]");
        foreach (var note in stream.Notes.Concat(source.Proposal.Remarks))
        {
            var lines = Words.Wrap(note, console.Profile.Width - 4).ToList();
            console.WritePlain($"  - {lines[0]}");
            foreach (var line in lines.Skip(1))
                console.WritePlain($"    {line}");
        }

    }
}

using System.CommandLine;
using System.Text;
using Crm.Integration.Hub.Customers;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub export</c></summary>
internal sealed class ExportCommand : HubCommand
{
    private const string Links = "links";

    private readonly Argument<string> _what = new("entity|links") { HelpName = "ENTITY|links", Description = "An entity (customer, account …) for its golden records; links for which source record belongs to which master." };
    private readonly Option<FileInfo?> _out = new("--out") { HelpName = "FILE", Description = "The file to write; stdout without it." };
    private readonly Option<ExportFormat?> _format = new("--format") { HelpName = "csv|jsonl", Description = "csv, or a JSON object a line; by default what the file is called, else csv." };

    public ExportCommand()
        : base("export", "Write golden records, or the links between sources and masters, as CSV or JSON Lines.")
    {
        Add(_what);
        Add(_out);
        Add(_format);
        Remarks = "Links have the columns entity, connection, stream, source_id, master_id. CSV is written so that a spreadsheet takes no value for a formula.";
        Examples = [("hub export customer --out customers.csv", "all customers"), ("hub export links --out links.csv", "who is who"), ("hub export account --format jsonl | head", "to another program")];
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var configuration = context.LoadConfiguration();
        var what = arguments.GetValue(_what)!;
        configuration.Entities.TryGetValue(what, out var entity);
        if (entity is null && what != Links)
        {
            var names = configuration.Entities.Keys.Append(Links).ToList();
            throw CommandException.Usage($"there is no entity '{what}'", Suggestion.Of(what, names));
        }

        var file = arguments.GetValue(_out);
        if (context.Json && file is null)
            throw CommandException.Usage("--json and an export both want stdout", "give the export a file with --out FILE, or use --format jsonl without --json");
        if (file?.Directory is { Exists: false } folder)
            throw CommandException.Usage($"the folder {folder.FullName} does not exist", "make it, or name another with --out");
        var format = arguments.GetValue(_format) ?? (file?.Extension is ".jsonl" or ".ndjson" ? ExportFormat.Jsonl : ExportFormat.Csv);
        using var view = context.OpenView();
        var export = new Export(view.Store, view.Id);
        long Write(TextWriter output) => entity is null
            ? export.Links(null, format, output, context.CancellationToken)
            : export.Masters(entity.Type, format, output, context.CancellationToken);

        if (file is null)
        {
            Write(context.RawOut);
            return Task.FromResult(ExitCode.Done);
        }

        // Whole or not at all: a reader never sees half an export.
        var temporary = file.FullName + ".tmp";
        long count;
        try
        {
            using (var output = new StreamWriter(temporary, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 16))
                count = Write(output);
            File.Move(temporary, file.FullName, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }

        context.Show(
            new { rows = count, file = file.FullName },
            console => console.WritePlain($"{Words.Count(count, entity is null ? "link" : what)} written to {file}"));
        return Task.FromResult(ExitCode.Done);
    }
}

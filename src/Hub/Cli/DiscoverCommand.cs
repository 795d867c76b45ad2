using System.CommandLine;
using System.Globalization;
using Crm.Integration.Connectors.Contract;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub discover</c>.</summary>
internal sealed class DiscoverCommand : HubCommand
{
    private readonly Argument<string> _connection = new("connection") { Description = "The connection." };
    private readonly Argument<string?> _stream = new("stream") { Description = "Only this stream.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> _showValues = new("--show-values") { Description = "Show examples as they are; without it letters and digits are masked." };

    public DiscoverCommand()
        : base("discover", "List what a connection offers: its streams and their fields.")
    {
        Remarks = "Reads a sample. Examples show the form of the values but not the values, since they may be personal data.";
        Examples = [("hub discover shop", "all streams"), ("hub discover shop customers.csv --show-values", "one stream, with real examples")];
        Add(_connection);
        Add(_stream);
        Add(_showValues);
    }

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var name = arguments.GetValue(_connection)!;
        var wanted = arguments.GetValue(_stream);
        var configured = context.FindConnections(name)[0];
        if (!configured.Connector.Declaration.Capabilities.HasFlag(ConnectorCapabilities.Discover))
            throw CommandException.Usage($"the connector '{configured.Connector.Declaration.Name}' cannot list its streams", $"see `hub connectors docs {configured.Connector.Declaration.Name}`");

        var mask = !arguments.GetValue(_showValues);
        List<StreamDescription> streams = [];
        await using var connection = context.Open(configured);
        await foreach (var stream in connection.DiscoverAsync(wanted, context.CancellationToken))
            streams.Add(mask ? Masked(stream) : stream);

        if (wanted is not null && streams.Count == 0)
            throw CommandException.Usage($"'{name}' has no stream '{wanted}'", await Suggest(connection, wanted, context));
        context.Show(new { connection = name, streams }, console => Write(console, name, streams));
        return streams.Exists(stream => stream.Problem is not null) ? ExitCode.Failed : ExitCode.Done;
    }

    /// <summary>The form of a value: capital letters as X, others, Chinese ones included, as x, digits as 9.</summary>
    public static string FormOf(string value) => string.Create(value.Length, value, (form, original) =>
    {
        for (var i = 0; i < form.Length; i++)
        {
            var character = original[i];
            form[i] = char.IsAsciiDigit(character) || char.IsDigit(character) ? '9' : char.IsUpper(character) ? 'X' : char.IsLetter(character) || char.IsSurrogate(character) ? 'x' : character;
        }
    });

    private static StreamDescription Masked(StreamDescription stream) => stream with { Fields = [.. stream.Fields.Select(Masked)] };

    // Truth values and codes of two or three letters (countries, states) say nothing about a person.
    private static StreamField Masked(StreamField field) =>
        field.Type == StreamFieldType.Boolean || field.Examples.All(example => example.Length <= 3 && example.All(char.IsAsciiLetter))
            ? field
            : field with { Examples = [.. field.Examples.Select(FormOf).Distinct(StringComparer.Ordinal)] };

    private static async Task<string> Suggest(IConnection connection, string wanted, CommandContext context)
    {
        List<string> names = [];
        await foreach (var stream in connection.DiscoverAsync(null, context.CancellationToken))
            names.Add(stream.Name);
        return names.Count == 0 ? "it has no streams at all" : Suggestion.Of(wanted, names);
    }

    private static void Write(IAnsiConsole console, string name, List<StreamDescription> streams)
    {
        if (streams.Count == 0)
            console.WritePlain($"'{name}' has no streams.");
        foreach (var stream in streams)
        {
            var count = stream.ApproximateCount is { } rows ? $", about {Words.Count(rows, "record")}" : "";
            console.MarkupLineInterpolated($"[bold]{stream.Name}[/][grey]{count}[/]");
            if (stream.Problem is { } problem)
                console.MarkupLineInterpolated($"  [red]{problem}[/]");
            foreach (var line in stream.Notes.SelectMany(note => Words.Wrap(note, console.Profile.Width - 2)))
                console.MarkupLineInterpolated($"  [grey]{line}[/]");
            if (stream.Fields.Count > 0)
                console.Write(Fields(stream));
            console.WriteLine();
        }
    }

    private static Table Fields(StreamDescription stream)
    {
        var table = Tables.New("  field", "type", "#filled", "#longest", "", "examples");
        foreach (var field in stream.Fields)
        {
            var key = stream.KeyCandidates.Contains(field.Name) ? "key?" : field.Unique ? "unique" : "";
            table.AddRow(
                Tables.Plain("  " + field.Name),
                new Text(field.Type.ToString().ToLowerInvariant()),
                new Text(field.FillRate is { } fill ? fill.ToString("0%", CultureInfo.InvariantCulture) : ""),
                new Text(field.MaxLength?.ToString(CultureInfo.InvariantCulture) ?? ""),
                new Text(key),
                new Text(string.Join(" · ", field.Examples.Take(3).Select(example => example.Length > 30 ? example[..29] + "…" : example))));
        }

        return table;
    }
}

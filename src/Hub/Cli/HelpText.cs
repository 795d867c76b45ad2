using System.CommandLine;
using System.CommandLine.Parsing;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary>The help: what a verb does, how it is called, examples first.</summary>
internal static class HelpText
{
    private const int Widest = 100;

    /// <summary>The help of the whole program: the verbs by what a person wants.</summary>
    public static void WriteAll(IAnsiConsole console, IReadOnlyList<(string Heading, IReadOnlyList<HubCommand> Commands)> groups, GlobalOptions options)
    {
        console.MarkupLine("[bold]hub[/] keeps a company's customer data the same everywhere.");
        console.WriteLine();
        console.MarkupLine(Markup.Escape("  hub [--hub DIR] [--json] VERB …"));
        var width = groups.SelectMany(group => group.Commands).Select(command => Verbs(command).Length).DefaultIfEmpty(10).Max();
        foreach (var (heading, commands) in groups.Where(group => group.Commands.Count > 0))
        {
            console.WriteLine();
            console.MarkupLineInterpolated($"[bold]{heading}[/]");
            foreach (var command in commands)
                Row(console, Verbs(command), command.Description!, width);
        }

        Options(console, "Options of every verb", options.All.Append(options.Version));
        console.WriteLine();
        console.MarkupLine("[grey]`hub VERB --help` says more and has examples.[/]");
    }

    /// <summary>The help of a verb.</summary>
    public static void Write(IAnsiConsole console, Command command)
    {
        var path = string.Join(' ', Ancestors(command).Select(each => each.Name));
        console.MarkupLineInterpolated($"[bold]{path}[/]: {command.Description}");
        if (command is HubCommand { Remarks: { } remarks })
        {
            console.WriteLine();
            foreach (var line in Words.Wrap(remarks, Math.Min(Widest, console.Profile.Width)))
                console.WriteLine(line);
        }

        console.WriteLine();
        console.MarkupLine(Markup.Escape("  " + Usage(path, command)));
        if (command is HubCommand { Examples: { Count: > 0 } examples })
        {
            Heading(console, "Examples");
            var width = Math.Min(52, examples.Max(example => example.Line.Length));
            foreach (var (line, purpose) in examples)
                Row(console, line, purpose, width);
        }

        if (command.Subcommands.Count > 0)
        {
            Heading(console, "Verbs");
            var width = command.Subcommands.Max(each => Call(each).Length);
            foreach (var each in command.Subcommands)
                Row(console, Call(each), each.Description!, width);
        }

        if (command.Arguments.Count > 0)
        {
            Heading(console, "Arguments");
            var width = command.Arguments.Max(argument => Name(argument).Length);
            foreach (var argument in command.Arguments)
                Row(console, Name(argument), argument.Description ?? "", width);
        }

        Options(console, "Options", command.Options.Where(option => !option.Hidden));
        console.WriteLine();
        console.MarkupLine("[grey]And the options of every verb: --hub DIR, --json, --verbose, --no-color, --help.[/]");
    }

    /// <summary>The verb as it was called: "hub quarantine list".</summary>
    public static string PathOf(CommandResult result) =>
        string.Join(' ', Ancestors(result.Command).Select(command => command.Name));

    private static IEnumerable<Command> Ancestors(Command command) =>
        (command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? Ancestors(parent) : []).Append(command);

    private static string Usage(string path, Command command)
    {
        var parts = new List<string> { path };
        if (command.Subcommands.Count > 0)
            parts.Add(string.Join('|', command.Subcommands.Select(each => each.Name)));
        parts.AddRange(command.Arguments.Select(Bracketed));
        if (command.Options.Any(option => !option.Hidden))
            parts.Add("[options]");
        return string.Join(' ', parts);
    }

    private static string Verbs(Command command) => command.Subcommands.Count > 0
        ? $"{command.Name} {string.Join('|', command.Subcommands.Select(each => each.Name))}"
        : Call(command);

    private static string Call(Command command) => string.Join(' ', command.Arguments.Select(Bracketed).Prepend(command.Name));

    private static string Bracketed(Argument argument)
    {
        var name = Name(argument) + (argument.Arity.MaximumNumberOfValues > 1 ? "…" : "");
        return argument.Arity.MinimumNumberOfValues == 0 ? $"[{name}]" : name;
    }

    /// <summary>What an argument is called in the help.</summary>
    public static string Name(Argument argument) => argument.HelpName ?? argument.Name.ToUpperInvariant();

    private static void Options(IAnsiConsole console, string heading, IEnumerable<Option> options)
    {
        var rows = options.Select(option => (
            Name: string.Join(", ", option.Aliases.Prepend(option.Name)) + (option.ValueType == typeof(bool) ? "" : " " + (option.HelpName ?? "VALUE")),
            Text: option.Description ?? "")).ToList();
        if (rows.Count == 0)
            return;
        Heading(console, heading);
        var width = rows.Max(row => row.Name.Length);
        foreach (var (name, text) in rows)
            Row(console, name, text, width);
    }

    private static void Heading(IAnsiConsole console, string text)
    {
        console.WriteLine();
        console.MarkupLineInterpolated($"[bold]{text}[/]");
    }

    private static void Row(IAnsiConsole console, string left, string right, int leftWidth)
    {
        var indent = leftWidth + 4;
        var lines = Words.Wrap(right, Math.Max(20, Math.Min(Widest, console.Profile.Width) - indent)).ToList();
        if (left.Length > leftWidth)
        {
            console.MarkupLine("  " + Markup.Escape(left));
            left = "";
        }

        console.MarkupLine($"  {Markup.Escape(left.PadRight(leftWidth))}  [grey]{Markup.Escape(lines.FirstOrDefault() ?? "")}[/]");
        foreach (var line in lines.Skip(1))
            console.MarkupLine($"{new string(' ', indent)}[grey]{Markup.Escape(line)}[/]");
    }
}

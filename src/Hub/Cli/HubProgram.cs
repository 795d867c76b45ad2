using System.CommandLine;
using System.CommandLine.Parsing;
using System.Reflection;
using Crm.Integration.Mapping.Maps;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary>The program: finds the verb, runs it, and turns what goes wrong into a message and an exit code.</summary>
/// <param name="terminal">Where it writes.</param>
/// <param name="clock">The time.</param>
internal sealed class HubProgram(Terminal terminal, TimeProvider clock)
{
    private readonly IReadOnlyList<(string Heading, IReadOnlyList<HubCommand> Commands)> _groups = HubCommands.All();
    private readonly GlobalOptions _options = new();

    /// <summary>Runs a command line.</summary>
    /// <param name="arguments">Without the program's own name.</param>
    /// <param name="cancellationToken">Stop at the next checkpoint.</param>
    public async Task<ExitCode> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var root = Root();
        var parsed = root.Parse(arguments);
        var command = parsed.CommandResult.Command;
        if ((parsed.Errors.Count > 0 || UnknownOption(parsed) is not null) && !arguments.Intersect(_options.Help.Aliases.Prepend(_options.Help.Name)).Any() && parsed.UnmatchedTokens is not ["help"])
        {
            // What was parsed of a wrong command line cannot be asked for.
            using var wrong = new CommandContext(terminal, Path.GetFullPath("."), arguments.Contains(_options.Json.Name), verbose: false, keepsLog: false, clock, cancellationToken);
            wrong.ShowFailure(UsageFailure(parsed));
            return ExitCode.Usage;
        }

        if (parsed.GetValue(_options.Help) || (command == root && parsed.UnmatchedTokens is ["help"]))
        {
            if (command == root)
                HelpText.WriteAll(terminal.Out, _groups, _options);
            else
                HelpText.Write(terminal.Out, command);
            return ExitCode.Done;
        }

        if (command == root && parsed.GetValue(_options.Version))
        {
            terminal.RawOut.WriteLine("hub " + Version);
            return ExitCode.Done;
        }

        var json = parsed.GetValue(_options.Json);
        var folder = Path.GetFullPath(parsed.GetValue(_options.Hub) ?? ".");
        var verb = command as HubCommand;
        using var context = new CommandContext(terminal, folder, json, parsed.GetValue(_options.Verbose), verb?.KeepsLog ?? false, clock, cancellationToken);
        if (verb is null)
        {
            Orientation.Write(context);
            return ExitCode.Done;
        }

        return await RunAsync(verb, context, parsed);
    }

    /// <summary>The version of the program.</summary>
    public static string Version => typeof(HubProgram).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    private static async Task<ExitCode> RunAsync(HubCommand verb, CommandContext context, ParseResult parsed)
    {
        try
        {
            return await verb.RunAsync(context, parsed);
        }
        catch (Exception exception)
        {
            var failure = Failures.Of(exception, context.CancellationToken.IsCancellationRequested, context.LogFile);
            if (context.LogFile is not null)
                context.LogFailure(exception, failure);
            context.ShowFailure(failure);
            if (context.Verbose && failure is { Details: { } details, ExitCode: not ExitCode.Cancelled })
                context.Error.WritePlain(context.Secrets.Redact(details));
            return failure.ExitCode;
        }
    }

    private Command Root()
    {
        // Not a RootCommand: that brings a help and a version of its own.
        var root = new Command("hub", "Keeps a company's customer data the same everywhere.");
        root.SetAction(_ => (int)ExitCode.Done);
        foreach (var option in _options.All)
            root.Add(option);
        root.Add(_options.Version);
        foreach (var command in _groups.SelectMany(group => group.Commands))
            root.Add(command);
        return root;
    }

    // The parser takes an option it does not know for an argument where a verb takes any number of them.
    private static string? UnknownOption(ParseResult parsed) =>
        parsed.Tokens.Any(token => token.Type == TokenType.DoubleDash)
            ? null
            : parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Select(token => token.Value)
                .FirstOrDefault(value => value is ['-', '-', ..] or ['-', >= 'a' and <= 'z', ..]);

    // The parser's own messages speak of types and arity.
    private static Failure Mistaken(ParseError error, string path)
    {
        var fix = $"see `{path} --help`";
        var option = (error.SymbolResult as OptionResult ?? error.SymbolResult?.Parent as OptionResult)?.Option;
        var argument = (error.SymbolResult as ArgumentResult)?.Argument;
        if (option is null && argument is null)
            return new Failure(error.Message, fix, ExitCode.Usage);

        var name = option?.Name ?? HelpText.Name(argument!);
        var kind = option?.ValueType ?? argument!.ValueType;
        kind = kind.GetElementType() ?? Nullable.GetUnderlyingType(kind) ?? kind;
        var number = kind == typeof(int) || kind == typeof(long);
        return new Failure(
            error.SymbolResult!.Tokens is not [.., var token] ? $"`{path}` needs {(option is null ? name : $"a value after {name}")}"
                : number && error.SymbolResult.Tokens.FirstOrDefault(one => !long.TryParse(one.Value, out _)) is { } word ? $"`{path}`: {name} is a number, not '{word.Value}'"
                : kind.IsEnum && option?.HelpName is { } values ? $"`{path}`: {name} is {values.Replace("|", ", ", StringComparison.Ordinal)}, not '{token.Value}'"
                : error.Message,
            fix,
            ExitCode.Usage);
    }

    private Failure UsageFailure(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var path = HelpText.PathOf(parsed.CommandResult);
        if ((UnknownOption(parsed) ?? (parsed.UnmatchedTokens is [var first, ..] ? first : null)) is not { } token)
            return Mistaken(parsed.Errors[0], path);

        var (what, candidates) = token.StartsWith('-')
            ? ("option", command.Options.Concat(_options.All).SelectMany(option => option.Aliases.Prepend(option.Name)))
            : (command.Subcommands.Count > 0 ? "verb" : "argument", command.Subcommands.Select(verb => verb.Name));
        var nearest = Spelling.Nearest(token, candidates);
        var message = what == "argument" ? $"`{path}` does not take '{token}'" : $"`{path}` has no {what} '{token}'";
        return new Failure(message, nearest is null ? $"see `{path} --help`" : $"did you mean '{nearest}'? See `{path} --help`", ExitCode.Usage);
    }
}

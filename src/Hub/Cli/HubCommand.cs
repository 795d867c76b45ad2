using System.CommandLine;

namespace Crm.Integration.Hub.Cli;

/// <summary>
/// A verb. One file: what it is called, what it takes, what it does. It appears on the command line and in the help once
/// an instance stands in <see cref="HubCommands"/>.
/// </summary>
internal abstract class HubCommand : Command
{
    /// <summary>A verb; arguments and options are added with <see cref="Command.Add(Argument)"/> in its constructor.</summary>
    /// <param name="name">The verb.</param>
    /// <param name="description">One sentence: what it does.</param>
    protected HubCommand(string name, string description)
        : base(name, description)
    {
        // The program runs the command itself, with a context; the parser only has to know that it can be run.
        SetAction(_ => (int)ExitCode.Done);
    }

    /// <summary>One to three command lines, each with what it is for, shown in the help: ("hub run shop", "only one pipeline").</summary>
    public IReadOnlyList<(string Line, string Purpose)> Examples { get; protected init; } = [];

    /// <summary>More to know, shown in the help below the description; null for nothing.</summary>
    public string? Remarks { get; protected init; }

    /// <summary>Whether the command writes the log files in the hub folder, in place of only showing warnings.</summary>
    public virtual bool KeepsLog => false;

    /// <summary>Does it. Results go to <see cref="CommandContext.Out"/> or, with <c>--json</c>, to <see cref="CommandContext.WriteJson"/>.</summary>
    /// <param name="context">Where it runs.</param>
    /// <param name="arguments">What the user gave.</param>
    /// <returns>How the program ends. Failures are thrown: <see cref="Failures"/> makes messages of them.</returns>
    public abstract Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments);
}

/// <summary>A verb with verbs of its own, such as <c>quarantine</c>. Alone it does what the first of them does.</summary>
internal sealed class HubCommandGroup : HubCommand
{
    private readonly HubCommand _first;

    /// <summary>A group.</summary>
    /// <param name="name">The verb.</param>
    /// <param name="description">One sentence: what it is for.</param>
    /// <param name="commands">Its verbs; the first is what it does alone, and needs no argument.</param>
    public HubCommandGroup(string name, string description, params ReadOnlySpan<HubCommand> commands)
        : base(name, description)
    {
        _first = commands[0];
        foreach (var command in commands)
            Add(command);
        Remarks = $"`hub {name}` alone is `hub {name} {_first.Name}`.";
    }

    public override bool KeepsLog => _first.KeepsLog;

    // Parsed as the first verb itself: only so do its options have their defaults.
    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments) => _first.RunAsync(context, _first.Parse([]));
}

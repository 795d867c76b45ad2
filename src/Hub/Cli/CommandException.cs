using Crm.Integration.Hub.Configuration;

namespace Crm.Integration.Hub.Cli;

/// <summary>Ends a command with a message for the user. Never holds a secret.</summary>
/// <param name="code">How the program ends.</param>
/// <param name="message">What happened and where.</param>
/// <param name="fix">What to do about it, or null when the message says it.</param>
/// <param name="inner">The cause, for the log.</param>
internal sealed class CommandException(ExitCode code, string message, string? fix, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>How the program ends.</summary>
    public ExitCode Code { get; } = code;

    /// <summary>What to do about it.</summary>
    public string? Fix { get; } = fix;

    /// <summary>The mistakes in the configuration, when that is what ended the command.</summary>
    public IReadOnlyList<ConfigurationProblem> Problems { get; init; } = [];

    /// <summary>The command line asks for something that makes no sense or does not exist.</summary>
    public static CommandException Usage(string message, string? fix) => new(ExitCode.Usage, message, fix);
}

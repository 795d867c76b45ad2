using System.CommandLine;

namespace Crm.Integration.Hub.Cli;

/// <summary>The options that every verb has.</summary>
internal sealed class GlobalOptions
{
    public Option<string> Hub { get; } = new("--hub")
    {
        Description = "The hub folder; by default the current one.",
        HelpName = "DIR",
        Recursive = true,
    };

    public Option<bool> Json { get; } = new("--json")
    {
        Description = "Print one JSON document to stdout and nothing else.",
        Recursive = true,
    };

    public Option<bool> Verbose { get; } = new("--verbose")
    {
        Description = "Log details to stderr, and show the stack trace of a failure.",
        Recursive = true,
    };

    public Option<bool> NoColor { get; } = new("--no-color")
    {
        Description = "No colours; so does the environment variable NO_COLOR.",
        Recursive = true,
    };

    public Option<bool> Help { get; } = new("--help", "-h", "-?")
    {
        Description = "Show help for a verb.",
        Recursive = true,
    };

    public Option<bool> Version { get; } = new("--version") { Description = "Show the version." };

    public IReadOnlyList<Option> All => [Hub, Json, Verbose, NoColor, Help];
}

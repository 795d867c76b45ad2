namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub match</c>: its verbs, a line each.</summary>
internal static class MatchCommands
{
    /// <summary>The group.</summary>
    public static HubCommandGroup Create() => new(
        "match",
        "How records are matched here: what there is to go by, what was learned, how right it is.",
        new MatchProfileCommand(),
        new MatchTrainCommand(),
        new MatchEvaluateCommand());
}

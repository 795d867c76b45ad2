namespace Crm.Integration.Hub.Cli;

/// <summary>All verbs, in the order in which the help shows them.</summary>
internal static class HubCommands
{
    /// <summary>The verbs by what a person wants.</summary>
    public static IReadOnlyList<(string Heading, IReadOnlyList<HubCommand> Commands)> All() =>
    [
        ("Set up", [new InitCommand(), new ValidateCommand(), new SchemaCommand(), ConnectorsCommand.Create(), new CheckCommand(), new DiscoverCommand(), new TestCommand()]),
        ("Run", []),
        ("Look", []),
        ("Put right", []),
        ("Keep going", []),
    ];
}

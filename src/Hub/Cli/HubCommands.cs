namespace Crm.Integration.Hub.Cli;

/// <summary>All verbs, in the order in which the help shows them.</summary>
internal static class HubCommands
{
    /// <summary>The verbs by what a person wants.</summary>
    public static IReadOnlyList<(string Heading, IReadOnlyList<HubCommand> Commands)> All() =>
    [
        ("Set up", [new InitCommand(), new ValidateCommand(), new SchemaCommand(), ConnectorsCommand.Create(), new CheckCommand(), new DiscoverCommand(), new TestCommand()]),
        ("Run", [new PlanCommand(), new RunCommand(), new ServeCommand(), new ScheduleCommand(), new RunsCommand(), new UndoCommand(), new VerifyCommand()]),
        ("Look", [new SearchCommand(), new ShowCommand(), new ExplainCommand(), new HistoryCommand(), new ExportCommand()]),
        ("Put right",
        [
            new HubCommandGroup(
                "quarantine", "Rejected rows: what is wrong with them, and how they go on.",
                new QuarantineListCommand(), new QuarantineShowCommand(), new QuarantineRetryCommand(), new QuarantineDiscardCommand()),
            new HubCommandGroup(
                "inbox", "Webhooks: what came, what waits, and what could not be read.",
                new InboxListCommand(), new InboxShowCommand(), new InboxReplayCommand()),
            new HubCommandGroup(
                "review", "Pairs of which only a person can say whether they are one.",
                new ReviewListCommand(), new ReviewShowCommand(), ReviewDecisionCommand.Accept(), ReviewDecisionCommand.Reject()),
            new HubCommandGroup(
                "conflict", "Fields that were edited at a destination while the hub says otherwise.",
                new ConflictListCommand(), new ConflictShowCommand(), new ConflictAcceptCommand()),
            new MergeCommand(),
            new SplitCommand(),
            new ResolveCommand(),
            new SetCommand(),
            new UnsetCommand(),
            MatchCommands.Create(),
        ]),
        ("Keep going",
        [
            new HubCommandGroup(
                "state", "How far pipelines have come: cursors and positions.",
                new StateListCommand(), new StateShowCommand(), new StateSetCommand(), new StateResetCommand()),
            new HubCommandGroup(
                "secret", "The hub's own secrets, sealed in its store: for ${secret:NAME} in configuration files.",
                new SecretListCommand(), new SecretSetCommand(), new SecretRemoveCommand()),
            new HubCommandGroup("alerts", "What is not as it should be, and who is told.", new AlertListCommand(), new AlertTestCommand()),
            RetentionCommand.Create(),
            new BackupCommand(),
            new RestoreCommand(),
            new HubCommandGroup("token", "Tokens of the API: who may use it, and what for.", new TokenListCommand(), new TokenCreateCommand(), new TokenRevokeCommand()),
            new HubCommandGroup("audit", "Who did what through the API.", new AuditListCommand(), new AuditVerifyCommand()),
            new HubCommandGroup(
                "service", "`hub serve` as a service of the machine.",
                ServiceInstallCommand.Show(), ServiceInstallCommand.Install(), new ServiceUninstallCommand()),
            new DoctorCommand(),
            new BenchCommand(),
        ]),
    ];
}

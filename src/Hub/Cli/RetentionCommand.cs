using System.CommandLine;
using Crm.Integration.Hub.Retention;
using Crm.Integration.Hub.Store;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub retention show</c> and <c>run</c></summary>
internal sealed class RetentionCommand : HubCommand
{
    // Nobody needs to know more exactly how much waits.
    private const int Countable = 100_000;

    private readonly bool _clears;

    private RetentionCommand(bool clears, string name, string description)
        : base(name, description) => _clears = clears;

    /// <summary>The verb with its verbs.</summary>
    public static HubCommandGroup Create() => new(
        "retention", "What the hub remembers of its work, and for how long.",
        new RetentionCommand(clears: false, "show", "Show what would be cleared away now.") { Examples = [("hub retention show", "what is older than service.retention in hub.json keeps")] },
        new RetentionCommand(clears: true, "run", "Clear it away now.")
        {
            Remarks = "A running service does so every night. It goes in small steps beside all other work, and may be stopped at any time.",
            Examples = [("hub retention run", "without waiting for the night")],
        });

    public override bool KeepsLog => _clears;

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var settings = HubView.ReadSettings(context.HubFolder, context.Secrets);
        context.StartLog(settings.Log);
        var engine = MasterStore.EngineOf(settings.Store, context.HubFolder);
        var clearance = new Clearance(engine, settings.Service.Retention, context.Clock);
        var lines = _clears ? await clearance.RunAsync(context.CancellationToken) : clearance.Plan(Countable);
        context.Show(lines, console =>
        {
            var table = Tables.New("what", "#kept for", _clears ? "#cleared" : "#would go", "setting");
            foreach (var line in lines)
                table.AddRow(Tables.Plain(line.What), Tables.Plain(Words.Count(line.Days, "day")), Tables.Plain(line.Rows >= Countable && !_clears ? "100,000 or more" : Words.Number(line.Rows)), Tables.Plain("service.retention." + line.Setting));
            console.Write(table);
        });
        return ExitCode.Done;
    }
}

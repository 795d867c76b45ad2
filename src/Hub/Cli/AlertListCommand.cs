using System.CommandLine;
using Crm.Integration.Hub.Store;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub alerts list</c></summary>
internal sealed class AlertListCommand : HubCommand
{
    private readonly Option<int> _limit = new("--limit") { HelpName = "N", DefaultValueFactory = _ => 20, Description = "How many lines at most (20)." };

    public AlertListCommand()
        : base("list", "List what is not as it should be, and what was.")
    {
        Add(_limit);
        Examples = [("hub alerts list", "open ones first")];
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var settings = HubView.ReadSettings(context.HubFolder, context.Secrets);
        using var store = new ServiceStore(MasterStore.EngineOf(settings.Store, context.HubFolder), context.Clock);
        var rows = store.Read(service => service.Query<AlertRow>(
            "select code, severity, title, detail, fix, opened_at, closed_at from alert order by case when closed_at is null then 0 else 1 end, id desc limit @limit", new { limit = arguments.GetValue(_limit) }));
        var unsent = store.Read(service => service.Query<(string Channel, long Messages, string? Problem)>(
            "select channel, count(*), max(problem) from alert_message where sent_at is null group by channel order by channel"));
        context.Show(new { alerts = rows, unsent = unsent.Select(one => new { one.Channel, one.Messages, one.Problem }) }, console =>
        {
            if (rows.Count == 0)
                console.MarkupLine("Nothing is wrong, and nothing was. [grey]A running service looks twice a minute, once service.alerts in hub.json has a channel.[/]");
            foreach (var row in rows)
            {
                var color = row.ClosedAt is not null ? "grey" : row.Severity == "error" ? "red" : "yellow";
                console.MarkupLine($"[{color}]{(row.ClosedAt is null ? row.Severity : "over")}[/]  {Markup.Escape(row.Title)}  [grey]{Words.Time(row.OpenedAt, context.Clock)}{(row.ClosedAt is { } end ? $" to {Words.Time(end, context.Clock)}" : "")}[/]");
                if (row.ClosedAt is null)
                    console.WritePlain($"    {row.Detail}\n    {row.Fix}");
            }

            foreach (var (channel, messages, problem) in unsent)
                console.MarkupLine($"[yellow]{Words.Count(messages, "message")} to {Markup.Escape(channel)} wait{(messages == 1 ? "s" : "")}[/]{(problem is null ? "" : ": " + Markup.Escape(problem))}");
        });
        return Task.FromResult(ExitCode.Done);
    }

    private sealed class AlertRow
    {
        public string Code { get; init; } = "";

        public string Severity { get; init; } = "";

        public string Title { get; init; } = "";

        public string Detail { get; init; } = "";

        public string Fix { get; init; } = "";

        public long OpenedAt { get; init; }

        public long? ClosedAt { get; init; }
    }
}

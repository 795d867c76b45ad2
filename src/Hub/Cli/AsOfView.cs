using Crm.Integration.Hub.Customers;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary>A golden record as it was.</summary>
internal static class AsOfView
{
    /// <summary>Shows a master as it was at an instant.</summary>
    public static void Show(CommandContext context, HubView view, string text, DateTimeOffset instant)
    {
        var number = HubView.Number(text);
        var then = MasterAsOf.Of(view.Store, number, instant.ToUnixTimeMilliseconds()) ?? throw CommandException.Usage($"there is no master {text}", "`hub search NAME` finds them");
        var id = view.Id(then.Master.Entity, then.Master.Id);
        if (then.Version is not { } version)
        {
            var first = MasterHistory.Versions(view.Store, then.Master.Id)[0];
            throw CommandException.Usage($"{id} was not known yet at {Words.Time(instant, context.Clock)}", $"it is known since {Words.Time(first.ChangedAt, context.Clock)}");
        }

        var fields = GoldenText.Fields(version.Data);
        var aliases = then.Aliases.Select(alias => view.Id(then.Master.Entity, alias)).ToList();
        context.Show(
            new
            {
                id,
                asOf = instant,
                version.Version,
                changedAt = DateTimeOffset.FromUnixTimeMilliseconds(version.ChangedAt),
                aliases,
                fields = fields.ToDictionary(field => field.Field, field => field.Value),
                records = then.Records,
                corrections = then.Corrections.Select(correction => new { correction.Id, correction.Field, correction.Kind, correction.Who, correction.Why }),
            },
            console =>
            {
                console.MarkupLine($"[bold]{id}[/] {Markup.Escape(Tables.Visible(GoldenText.Title(fields)))}");
                console.MarkupLine($"[grey]as of {Words.Time(instant, context.Clock)}: version {version.Version}, of {Words.Time(version.ChangedAt, context.Clock)}[/]");
                if (then.Master.Id != number)
                    console.MarkupLine($"[grey]{Markup.Escape(text.Trim().ToUpperInvariant())} had been merged into it[/]");
                if (then.Records.Count == 0)
                    console.MarkupLine("[yellow]No source had it then.[/]");
                if (aliases.Count > 0)
                    console.MarkupLine($"[grey]also known as {string.Join(", ", aliases)}[/]");
                console.WriteLine();
                console.Write(Tables.Facts(fields.Select(field => (field.Field, (string?)field.Value))));
                console.WriteLine();
                console.MarkupLine($"[bold]{Words.Count(then.Records.Count, "source record")}[/]");
                foreach (var record in then.Records)
                    console.MarkupLine($"  {Markup.Escape(Tables.Visible(record))}");
                foreach (var correction in then.Corrections)
                    console.MarkupLine($"  {Markup.Escape(correction.Name)} [grey]{Markup.Escape($"{correction.Field} {CorrectionView.Words(correction, context.Clock)}")}[/]");
            });
    }
}

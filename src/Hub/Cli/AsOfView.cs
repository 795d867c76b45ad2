using Crm.Integration.Hub.Customers;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary>A golden record as it was.</summary>
internal static class AsOfView
{
    /// <summary>Shows a master as it was at an instant.</summary>
    public static void Show(CommandContext context, HubView view, string text, DateTimeOffset instant)
    {
        var sheet = CustomerThen.Of(view, text, instant);
        var (id, then, version, aliases) = (sheet.Id, sheet.Then, sheet.Version, sheet.Aliases);
        var (number, fields) = (HubView.Number(text), GoldenText.Fields(version.Data));
        context.Show(
            sheet.ToDocument(),
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

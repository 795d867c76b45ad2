using System.CommandLine;
using Crm.Integration.Hub.Customers;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub show</c></summary>
internal sealed class ShowCommand : HubCommand
{
    private readonly Argument<string> _id = new("id") { Description = "A master id, such as C1042; one that was merged leads to the one that lives on." };
    private readonly Option<bool> _records = new("--records") { Description = "Also the values of each source record." };
    private readonly Option<string?> _asOf = new("--as-of") { HelpName = "DATE", Description = "As it was at the end of a day (2026-05-01) or at an instant (2026-05-01T12:00): values, source records, aliases." };

    public ShowCommand()
        : base("show", "Show a golden record, its source records and where it was sent.")
    {
        Add(_id);
        Add(_records);
        Add(_asOf);
        Examples = [("hub show C1042", "the golden record"), ("hub show C1042 --records", "and what each source says"), ("hub show C1042 --as-of 2026-05-01", "as it was then")];
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        using var view = context.OpenView();
        if (arguments.GetValue(_asOf) is { } day)
        {
            AsOfView.Show(context, view, arguments.GetValue(_id)!, Days.End(day, context.Clock));
            return Task.FromResult(ExitCode.Done);
        }

        var master = MasterChoice.Of(view, arguments.GetValue(_id)!, context.SayMerged);
        var records = arguments.GetValue(_records);

        // A mistake in the configuration must not keep anybody from looking a customer up.
        var sheet = CustomerSheet.Of(view, master, context.ReadConfiguration().Configuration?.Entities.GetValueOrDefault(master.Entity));
        var (id, fields, members, corrections, deliveries, aliases) = (sheet.Id, master.Fields(), sheet.Members, sheet.Corrections, sheet.Deliveries, sheet.Aliases);
        context.Show(
            sheet.ToDocument(),
            console =>
            {
                console.MarkupLine($"[bold]{id}[/] {Markup.Escape(Tables.Visible(GoldenText.Title(fields)))}");
                console.MarkupLine($"[grey]{master.Entity}, version {master.Version}, changed {Words.Time(master.ChangedAt, context.Clock)} by run {master.ChangedRun}[/]");
                if (master.EndedRun is { } ended)
                    console.MarkupLine($"[yellow]No source has it any more since run {ended}.[/]");
                if (aliases.Count > 0)
                    console.MarkupLine($"[grey]also known as {string.Join(", ", aliases)}[/]");
                console.WriteLine();
                console.Write(Pairs(fields, sheet.Sources));
                console.WriteLine();
                console.MarkupLine($"[bold]{Words.Count(members.Count, "source record")}[/]");
                foreach (var member in members)
                {
                    console.MarkupLine($"  {Markup.Escape(Tables.Visible(member.Name))}{(member.ModifiedAt is { } at ? $" [grey]changed there {Words.Time(at, context.Clock)}[/]" : "")}");
                    if (records)
                        console.Write(new Padder(Tables.Facts(GoldenText.Fields(member.Data).Select(field => (field.Field, (string?)field.Value))), new Padding(2, 0, 0, 0)));
                }

                foreach (var correction in corrections)
                    console.MarkupLine($"  {Markup.Escape(correction.Name)} [grey]{Markup.Escape($"{correction.Field} {CorrectionView.Words(correction, context.Clock)}")}[/]");
                if (deliveries.Count > 0)
                {
                    console.WriteLine();
                    console.MarkupLine("[bold]Sent to[/]");
                }

                foreach (var delivery in deliveries)
                {
                    var color = delivery.State is "done" or "deleted" ? "grey" : "red";
                    console.MarkupLine($"  {Markup.Escape(delivery.Pipeline)} as {Markup.Escape(Tables.Visible(delivery.Key))} [{color}]{delivery.State}, run {delivery.RunId}{Markup.Escape(delivery.Error is null ? "" : ": " + delivery.Error)}[/]");
                }

                console.WriteLine();
                console.MarkupLine($"[grey]`hub explain {id}` says where each value comes from, `hub history {id}` how it came about.[/]");
            });
        return Task.FromResult(ExitCode.Done);
    }

    private static Table Pairs(IReadOnlyList<(string Field, string Value)> fields, IReadOnlyDictionary<string, IReadOnlyList<string>> sources)
    {
        var table = Tables.New("field", "value", sources.Count == 0 ? "" : "from");
        foreach (var (field, value) in fields)
            table.AddRow(new Markup($"[grey]{Markup.Escape(field)}[/]"), Tables.Plain(value), Tables.Plain(string.Join(", ", sources.GetValueOrDefault(field) ?? []), new Style(Color.Grey)));
        return table;
    }
}

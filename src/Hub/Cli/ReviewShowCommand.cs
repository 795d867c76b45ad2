using System.CommandLine;
using Crm.Integration.Hub.Customers;
using Crm.Integration.Hub.Review;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub review show</c></summary>
internal sealed class ReviewShowCommand : HubCommand
{
    private readonly Argument<long> _id = new("pair") { Description = "The pair's number, as `hub review list` shows it." };

    public ReviewShowCommand()
        : base("show", "Show a pair side by side, and what speaks for and against.")
    {
        Add(_id);
        Examples = [("hub review show 3", "pair 3")];
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var configuration = context.LoadConfiguration();
        using var view = context.OpenView();
        var sheet = ReviewSheet.Of(view, configuration, arguments.GetValue(_id));
        var (row, entity, matcher, (left, right, why, remarks, _), idA, idB, fieldsA, fieldsB) = sheet;
        context.Show(
            sheet.ToDocument(),
            console =>
            {
                console.MarkupLine($"[bold]Pair {row.Id}[/] [grey]found by run {row.RunId}, {(row.State == "open" ? "waits for you" : $"{row.State} by {Markup.Escape(row.DecidedBy ?? "?")}")}[/]");
                console.WriteLine();
                var table = Tables.New("field", idA, idB, "");
                foreach (var field in entity.Type.Fields.Select(field => field.Path).Where(field => Value(fieldsA, field) is not null || Value(fieldsB, field) is not null))
                {
                    var (one, other) = (Value(fieldsA, field), Value(fieldsB, field));
                    table.AddRow(new Markup($"[grey]{Markup.Escape(field)}[/]"), Tables.Plain(one), Tables.Plain(other), new Markup(one == other ? "[green]=[/]" : ""));
                }

                console.Write(table);
                console.WriteLine();
                console.MarkupLine($"[grey]compared: {Markup.Escape(Tables.Visible(left.Name))} and {Markup.Escape(Tables.Visible(right.Name))}[/]");
                var waits = row.State == "open" && WaterfallView.Probability(why.Score.Bits) >= matcher.Settings.Link;
                WaterfallView.Write(console, why, matcher.Settings, waits ? $"it waits because {WaterfallView.Doubt(why.Score.Bits, why.Score.Guard, matcher.Settings)}" : null, remarks);
                if (row.State != "open")
                    return;
                console.WriteLine();
                console.MarkupLine($"[grey]`hub review accept {row.Id}`: they are one.  `hub review reject {row.Id}`: they are two, for ever.[/]");
            });
        return Task.FromResult(ExitCode.Done);
    }

    private static string? Value(IReadOnlyList<(string Field, string Value)> fields, string field) => fields.FirstOrDefault(each => each.Field == field).Value;
}

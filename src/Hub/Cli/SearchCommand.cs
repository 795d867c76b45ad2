using System.CommandLine;
using Crm.Integration.Hub.Customers;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub search</c></summary>
internal sealed class SearchCommand : HubCommand
{
    private readonly Argument<string[]> _text = new("text") { Arity = ArgumentArity.OneOrMore, Description = "The beginning of names, an e-mail address, the end of a phone number, or an id of the hub or of a source." };
    private readonly Option<string?> _entity = new("--entity") { HelpName = "NAME", Description = "Only of this entity: customer, account …" };
    private readonly Option<int> _limit = ListLimit.Option("How many at most (20).");

    public SearchCommand()
        : base("search", "Find customers and companies by name, e-mail, phone or id.")
    {
        Add(_text);
        Add(_entity);
        Add(_limit);
        Remarks = "Upper and lower case and accents make no difference.";
        Examples = [("hub search anna muller", "by name"), ("hub search 0664123456", "by phone"), ("hub search 4711", "by an id of a source")];
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        using var view = context.OpenView();
        var text = string.Join(' ', arguments.GetValue(_text)!);
        var limit = arguments.GetValue(_limit);
        var found = CustomerSearch.Find(view.Store, text, arguments.GetValue(_entity), limit, context.CancellationToken)
            .Select(row => (Row: row, Id: view.Id(row.Entity, row.Id), Fields: row.Fields())).ToList();
        context.Show(
            found.Select(each => CustomerBrief.Of(view, each.Row)),
            console =>
            {
                if (found.Count == 0)
                {
                    console.MarkupLine("Nobody found. [grey]Names are compared from their beginning; less text finds more.[/]");
                    return;
                }

                var table = Tables.New("id", "name", "e-mail", "phone", "where");
                foreach (var (_, id, fields) in found)
                {
                    string Value(string field) => fields.FirstOrDefault(each => each.Field == field).Value ?? "";
                    table.AddRow(Tables.Plain(id), Tables.Plain(GoldenText.Title(fields)), Tables.Plain(Value("email")), Tables.Plain(Value("phone")), Tables.Plain($"{Value("address.city")} {Value("address.country")}".Trim()));
                }

                console.Write(table);
                if (found.Count >= limit)
                    console.MarkupLine($"[grey]the first {limit}; more text finds fewer, --limit N shows more[/]");
            });
        return Task.FromResult(ExitCode.Done);
    }
}

using System.CommandLine;
using Crm.Integration.Hub.Customers;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub split</c></summary>
internal sealed class SplitCommand : HubCommand
{
    private readonly Argument<string> _id = new("id") { Description = "A master id, such as C1042." };
    private readonly Argument<string[]> _records = new("record") { Arity = ArgumentArity.OneOrMore, Description = "The source records that are another customer, as `hub show` names them: shop/customers.csv/4711, or the end of it that is clear." };
    private readonly Option<string?> _why = new("--why") { HelpName = "TEXT", Description = "Your reason, kept with the decision." };

    public SplitCommand()
        : base("split", "Say that some source records of a master are another customer.")
    {
        Add(_id);
        Add(_records);
        Add(_why);
        Remarks = "The records named stay together and become a master of their own; they never join the rest again.";
        Examples = [("hub split C1042 shop/customers.csv/4711", "take one record out"), ("hub split C1042 4711 4712", "two of them")];
    }

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        MasterRow master;
        List<MemberRow> leaving;
        MemberRow staying;
        string id;
        using (var view = context.OpenView())
        {
            master = MasterChoice.Of(context, view, arguments.GetValue(_id)!);
            id = view.Id(master.Entity, master.Id);
            var members = MasterQuery.Members(view.Store, master.Id);
            leaving = [.. arguments.GetValue(_records)!.Select(name => Named(id, members, name)).DistinctBy(member => member.Id)];
            if (leaving.Count == members.Count)
                throw CommandException.Usage($"these are all records of {id}", "at least one has to stay");
            staying = members.First(member => leaving.TrueForAll(other => other.Id != member.Id));
        }

        await StewardRun.DoAsync(context, master.Entity, arguments.GetValue(_why), steward => steward.Split(master.Id, [.. leaving.Select(member => member.Id)]));
        using var after = context.OpenView();
        var (to, rest) = (IdOf(after, master.Entity, leaving[0]), IdOf(after, master.Entity, staying));

        // The id stays with the larger part, which may be the one that was named.
        var named = $"{Words.Count(leaving.Count, "record")} of {id} {(leaving.Count == 1 ? "is" : "are")} [bold]{to}[/] now";
        context.Show(
            new { id, split = to, rest, records = leaving.Select(member => member.Name) },
            console => console.MarkupLine($"{(rest == id ? named : $"{named}, the rest is [bold]{rest}[/]")}. [grey]`hub run` sends it out.[/]"));
        return ExitCode.Done;
    }

    private static string IdOf(HubView view, string entity, MemberRow member) =>
        view.Id(entity, view.Store.Scalar<long>("select master_id from xref where record_id = @Id", new { member.Id }));

    private static MemberRow Named(string id, IReadOnlyList<MemberRow> members, string name)
    {
        var exact = members.Where(member => member.Name == name || member.SourceId == name).ToList();
        var found = exact.Count > 0 ? exact : [.. members.Where(member => member.Name.EndsWith("/" + name, StringComparison.Ordinal))];
        return found.Count switch
        {
            1 => found[0],
            0 => throw CommandException.Usage($"{id} has no source record '{name}'", $"it has {string.Join(", ", members.Take(10).Select(member => member.Name))}"),
            _ => throw CommandException.Usage($"'{name}' can be {string.Join(" or ", found.Select(member => member.Name))}", "write the whole name"),
        };
    }
}

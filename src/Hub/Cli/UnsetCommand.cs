using System.CommandLine;
using Crm.Integration.Hub.Customers;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub unset</c></summary>
internal sealed class UnsetCommand : HubCommand
{
    private readonly Argument<string> _id = new("id") { Description = "A master id, such as C1042." };
    private readonly Argument<string[]> _fields = new("field") { Arity = ArgumentArity.OneOrMore, Description = "The fields or groups whose correction or verification is taken back." };

    public UnsetCommand()
        : base("unset", "Take corrections by hand back: the sources decide again.")
    {
        Add(_id);
        Add(_fields);
        Examples = [("hub unset C1042 name.family", "one field"), ("hub unset C1042 email address", "several")];
    }

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        MasterRow master;
        string id;
        List<CorrectionRow> chosen;
        using (var view = context.OpenView())
        {
            master = MasterChoice.Of(context, view, arguments.GetValue(_id)!);
            id = view.Id(master.Entity, master.Id);
            var open = CorrectionQuery.Open(view.Store, master.Id);
            chosen = [.. arguments.GetValue(_fields)!.SelectMany(field => Of(id, open, field)).Distinct()];
        }

        var counts = await StewardRun.CorrectAsync(context, master.Entity, null, correction => correction.Unset(master.Id, [.. chosen.Select(row => row.Id)]));
        context.Show(
            new { id, fields = chosen.Select(row => row.Field), changed = counts.GoldenChanged > 0 },
            console => console.MarkupLine($"The sources decide again about {Markup.Escape(string.Join(", ", chosen.Select(row => row.Field).Distinct()))} of [bold]{id}[/]. [grey]{(counts.GoldenChanged > 0 ? "`hub run` sends it out." : "The golden record stays as it was.")}[/]"));
        return ExitCode.Done;
    }

    private static List<CorrectionRow> Of(string id, IReadOnlyList<CorrectionRow> open, string field)
    {
        // One part of an address names the correction of the whole.
        var found = open.Where(row => row.Field == field || field.StartsWith(row.Field + ".", StringComparison.Ordinal)).ToList();
        if (found.Count > 0)
            return found;
        var others = open.Select(row => row.Field).Distinct().ToList();
        throw CommandException.Usage($"no steward has said anything of '{field}' of {id}", others.Count == 0 ? $"nothing of {id} is corrected by hand" : $"corrected or verified are {string.Join(", ", others)}");
    }
}

using System.CommandLine;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub merge</c></summary>
internal sealed class MergeCommand : HubCommand
{
    private readonly Argument<string> _a = new("id") { Description = "A master id, such as C1042." };
    private readonly Argument<string> _b = new("other") { HelpName = "OTHER-ID", Description = "Another one: the same customer." };
    private readonly Option<string?> _why = new("--why") { HelpName = "TEXT", Description = "Your reason, kept with the decision." };

    public MergeCommand()
        : base("merge", "Say that two masters are one customer, now and for ever.")
    {
        Add(_a);
        Add(_b);
        Add(_why);
        Remarks = "The id that ends stays an alias of the one that lives on. `hub split` takes it back.";
        Examples = [("hub merge C1042 C77 --why \"asked her\"", "make them one")];
    }

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        string a, b, entity;
        long numberA, numberB;
        using (var view = context.OpenView())
        {
            var (one, other) = (MasterChoice.Of(context, view, arguments.GetValue(_a)!), MasterChoice.Of(context, view, arguments.GetValue(_b)!));
            (a, b, entity, numberA, numberB) = (view.Id(one.Entity, one.Id), view.Id(other.Entity, other.Id), one.Entity, one.Id, other.Id);
            if (one.Id == other.Id)
                throw CommandException.Usage($"they are one already: {a}", $"`hub show {a}` lists its source records");
            if (one.Entity != other.Entity)
                throw CommandException.Usage($"{a} is of entity {one.Entity}, {b} of {other.Entity}", "only two of one entity can be merged");
            if (one.EndedRun is not null || other.EndedRun is not null)
                throw CommandException.Usage($"no source has {(one.EndedRun is null ? b : a)} any more", "only masters with source records can be merged");
        }

        await StewardRun.DoAsync(context, entity, arguments.GetValue(_why), steward => steward.Merge(numberA, numberB));
        using var after = context.OpenView();
        var lives = Customers.MasterQuery.Follow(after.Store, numberA)!;
        var id = after.Id(lives.Entity, lives.Id);
        var alias = id == a ? b : a;
        context.Show(new { id, alias }, console => console.MarkupLine($"{a} and {b} are one now: [bold]{id}[/]. [grey]{alias} answers as its alias; `hub run` sends it out.[/]"));
        return ExitCode.Done;
    }
}

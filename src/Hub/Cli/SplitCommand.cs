using System.CommandLine;
using Crm.Integration.Hub.Review;
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
        var done = await new IdentityDecisions(context.Steward()).SplitAsync(
            arguments.GetValue(_id)!, arguments.GetValue(_records)!, arguments.GetValue(_why), context.SayMerged, context.CancellationToken);

        // The id stays with the larger part, which may be the one that was named.
        var named = $"{Words.Count(done.Records.Count, "record")} of {done.Id} {(done.Records.Count == 1 ? "is" : "are")} [bold]{done.Split}[/] now";
        context.Show(
            done,
            console => console.MarkupLine($"{(done.Rest == done.Id ? named : $"{named}, the rest is [bold]{done.Rest}[/]")}. [grey]`hub run` sends it out.[/]"));
        return ExitCode.Done;
    }
}

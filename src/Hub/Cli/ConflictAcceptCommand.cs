using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Crm.Integration.Hub.TwoWay;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub conflict accept</c></summary>
internal sealed class ConflictAcceptCommand : HubCommand
{
    private readonly Argument<long[]> _ids = new("conflict") { Arity = ArgumentArity.OneOrMore, Description = "The conflicts' numbers, as `hub conflict list` shows them.", CustomParser = Numbers };
    private readonly Argument<ConflictSide> _side = new("side") { Description = "`hub`: what the hub says stands. `source`: what the destination says stands, for everybody." };
    private readonly Option<string?> _why = new("--why") { HelpName = "TEXT", Description = "Your reason, kept with the decision." };

    public ConflictAcceptCommand()
        : base("accept", "Say whose value stands; the next run carries it out.")
    {
        _side.AcceptOnlyFromAmong("hub", "source");
        Add(_ids);
        Add(_side);
        Add(_why);
        Examples = [("hub conflict accept 3 hub", "what the hub says is written there"), ("hub conflict accept 3 4 source --why \"asked her\"", "what was typed there is right")];
    }

    // An argument of many takes all that follows unless told otherwise, the side included.
    private static long[] Numbers(ArgumentResult result)
    {
        var texts = result.Tokens.Select(token => token.Value).ToList();
        var numbers = texts.TakeWhile(text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _)).Select(text => long.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        if (numbers.Length == 0)
            result.AddError("these are not the numbers of conflicts");
        else
            result.OnlyTake(numbers.Length);
        return numbers;
    }

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var (ids, side, why) = (arguments.GetValue(_ids)!, arguments.GetValue(_side), arguments.GetValue(_why));
        var done = await new ConflictSettlement(context.Steward()).SettleAsync(ids, side, why, id => context.Error.WritePlain($"conflict {id} no longer waits"), context.CancellationToken);
        context.Show(
            done,
            console => console.MarkupLine(done.Decided == 0 ? "Nothing was decided." : $"{Words.Count(done.Decided, "conflict")} decided for {(side == ConflictSide.Hub ? "the hub" : "the destination")}. [grey]`hub run` carries it out.[/]"));
        return ExitCode.Done;
    }
}

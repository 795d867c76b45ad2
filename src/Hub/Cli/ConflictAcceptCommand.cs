using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Crm.Integration.Hub.Configuration;
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

    private enum ConflictSide
    {
        Hub,
        Source,
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
        var configuration = context.LoadConfiguration();
        List<(ConflictView Row, OutboundPipeline Pipeline, int Field)> chosen = [];
        var over = 0;
        using (var view = context.OpenView())
        {
            foreach (var row in ids.Distinct().Select(id => ConflictChoice.Of(view, id)))
            {
                if (row.State != "open")
                {
                    over++;
                    context.Error.WritePlain($"conflict {row.Id} no longer waits");
                    continue;
                }

                var pipeline = configuration.Pipelines.OfType<OutboundPipeline>().FirstOrDefault(pipeline => pipeline.Name == row.Pipeline);
                var field = pipeline?.Map.ToList().FindIndex(field => field.Field == row.Field) ?? -1;
                if (pipeline is null || field < 0)
                    throw CommandException.Usage($"conflict {row.Id} is about {row.Field} of pipelines/{row.Pipeline}.json, which is no longer there", "the next `hub run` takes it off the list");
                chosen.Add((row, pipeline, field));
            }
        }

        foreach (var (row, pipeline, field) in chosen)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            await StewardRun.DecideAsync(context, row.Entity, why, decision =>
            {
                if (side == ConflictSide.Source)
                    return decision.ForSource(row, pipeline, field);
                decision.ForHub(row);
                return default;
            });
        }

        context.Show(
            new { decided = chosen.Count, over },
            console => console.MarkupLine(chosen.Count == 0 ? "Nothing was decided." : $"{Words.Count(chosen.Count, "conflict")} decided for {(side == ConflictSide.Hub ? "the hub" : "the destination")}. [grey]`hub run` carries it out.[/]"));
        return ExitCode.Done;
    }
}

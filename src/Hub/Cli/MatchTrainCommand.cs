using System.CommandLine;
using System.Globalization;
using Crm.Integration.Hub.Matching;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Mapping.Matching;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub match train</c></summary>
internal sealed class MatchTrainCommand : HubCommand
{
    private readonly Argument<string> _entity = new("entity") { Arity = ArgumentArity.ZeroOrOne, DefaultValueFactory = _ => "customer", Description = "The entity (customer)." };
    private readonly Option<bool> _plan = new("--plan") { Description = "Show what the store's own data teaches, and change nothing." };

    public MatchTrainCommand()
        : base("train", "Learn the weights of matching from the records that are stored, now.")
    {
        Add(_entity);
        Add(_plan);
        Remarks = "Nobody has to do this: a run does it by itself, first when some hundred records are there and then as the store grows. No labels are needed. "
            + "What is stored keeps its scores until `hub resolve --all`, which learns and then weighs everything anew.";
        Examples = [("hub match train --plan", "shipped and learned weights side by side"), ("hub match train account", "take them into use for organisations")];
    }

    public override bool KeepsLog => true;

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var (name, plan) = (arguments.GetValue(_entity)!, arguments.GetValue(_plan));
        var entity = MatchedEntity.Of(context, name);
        if (entity.Matcher!.Settings.Weights == MatchWeights.Shipped && !plan)
            throw CommandException.Usage($"the weights of {name} are pinned to the shipped ones", $"take \"weights\": \"shipped\" out of \"matching\" in model/{name}.json, or look with --plan");
        var configuration = context.LoadConfiguration();
        var (began, started) = (context.Clock.GetUtcNow(), context.Clock.GetTimestamp());
        using var session = await WorkSession.BeginAsync(
            configuration, "match train", new RunOptions { Rehearsal = plan }, new Progress<RunProgress>(), context.Clock, context.Loggers.CreateLogger("hub"), context.CancellationToken);
        MatchModel before, after;
        ModelEstimate estimate;
        using (var transaction = session.Store.Begin())
        {
            before = MatchModels.Latest(transaction, name);
            estimate = new ModelTraining(entity).Estimate(transaction)
                ?? throw new CommandException(ExitCode.Failed, $"there are fewer than {ReweighingRule.LeastRecords} {name} records: too few to learn from", "nothing to do: the shipped weights are made for that");
            after = MatchModels.Save(transaction, name, estimate.Model, session.Run.RunId);
            transaction.Commit();
        }

        session.End(new RunReport
        {
            RunId = plan ? 0 : session.Run.RunId, Rehearsal = plan, State = RunState.Done, StartedAt = began, Took = context.Clock.GetElapsedTime(started), Pipelines = [], Totals = Totals.Read(session.Store, configuration),
        });
        var changed = after.Version != before.Version;
        context.Show(new { entity = name, plan, before = before.Version, version = after.Version, changed, records = estimate.Model.Records, estimate.Parts, estimate.Levels }, console => Write(console, estimate, before, after, plan));
        return ExitCode.Done;
    }

    private static void Write(IAnsiConsole console, ModelEstimate estimate, MatchModel before, MatchModel after, bool plan)
    {
        foreach (var part in estimate.Parts.Where(part => part.PairsMeeting > 0))
        {
            console.MarkupLine($"[bold]{part.Part}[/] [grey]from {Words.Number(part.PairsMeeting)} pairs that share a key, and {Words.Number(part.PairsAtRandom)} at random[/]");
            var table = Tables.New("compared", "says", "#one customer", "#pairs", "#strangers", "#shipped", "#learned");
            foreach (var level in estimate.Levels.Where(level => level.Part == part.Part))
            {
                table.AddRow(
                    Tables.Plain(level.Comparison), Tables.Plain(level.Level), Tables.Plain(Share(level.SameCustomer)), Tables.Number(level.SameCustomerPairs), Tables.Plain(Share(level.Strangers)),
                    Tables.Plain(Bits(level.ShippedBits)), level.LearnedBits == level.ShippedBits ? new Markup("[grey]·[/]") : Tables.Plain(Bits(level.LearnedBits)));
            }

            console.Write(table);
            if (part.PriorShift != 0)
                console.MarkupLine($"every pair starts {Bits(part.PriorShift)} bits {(part.PriorShift > 0 ? "higher: nearly all that meet here are one" : "lower: of those that meet here fewer are one than usual")}");
            foreach (var (guard, bits) in part.LiftedGuards)
                console.MarkupLine($"from {Bits(bits)} bits a pair is linked in spite of: {Markup.Escape(guard)}");
            console.WriteLine();
        }

        console.MarkupLine(after.Version == before.Version ? $"That is what is in force: {before}."
            : plan ? $"In force are {before}; nothing was changed. [grey]`hub match train` takes these into use.[/]"
            : $"In force now: {after}. [grey]`hub resolve --all --plan` shows whose customers they change.[/]");
    }

    private static string Bits(double bits) => bits.ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture);

    private static string Share(double share) => share.ToString("0.00%", CultureInfo.InvariantCulture).Replace(" ", "", StringComparison.Ordinal);
}

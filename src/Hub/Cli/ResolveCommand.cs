using System.CommandLine;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Matching;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Runs;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub resolve</c></summary>
internal sealed class ResolveCommand : HubCommand
{
    private readonly Option<bool> _all = new("--all") { Description = "Everybody anew: keys, pairs and customers as one batch over all records gives them today." };
    private readonly Option<bool> _plan = new("--plan") { Description = "Show what would be different, and change nothing." };
    private readonly Option<bool> _ignoreLimits = PipelineRuns.IgnoreLimits();
    private readonly Option<int> _wait = PipelineRuns.Wait();
    private readonly Option<int> _show = new("--show") { HelpName = "N", DefaultValueFactory = _ => 10, Description = "How many records that move are shown of each entity (10)." };

    public ResolveCommand()
        : base("resolve", "Find out anew who is who: those that wait, or everybody.")
    {
        Add(_all);
        Add(_plan);
        Add(_ignoreLimits);
        Add(_wait);
        Add(_show);
        Remarks = "Alone it matches the records that wait, as the end of a run does. With --all it is worth the while after a change of the matching settings, after a new version of hub, "
            + "and for a large store after its first load. All of it is done or nothing: stopped half way, it leaves the store as it was. It needs free disk space of about the size of the store.";
        Examples = [("hub resolve --all --plan", "what would be different"), ("hub resolve --all", "make it so"), ("hub resolve", "match what waits")];
    }

    public override bool KeepsLog => true;

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var (all, plan, ignore) = (arguments.GetValue(_all), arguments.GetValue(_plan), arguments.GetValue(_ignoreLimits));
        var options = new RunOptions { Rehearsal = plan, IgnoreLimits = ignore, Wait = TimeSpan.FromSeconds(arguments.GetValue(_wait)), ShowWrites = arguments.GetValue(_show) };
        var configuration = context.LoadConfiguration();
        var outcome = await RunProgressView.WatchAsync(context.Error, context.Clock, progress => ResolveAsync(context, configuration, options, all, progress));
        context.Show(new { plan, all, outcome.Entities, problem = outcome.Problem?.Message, fix = outcome.Problem?.Fix }, console => Write(console, outcome, plan, all));
        return outcome.Problem is null ? ExitCode.Done : ExitCode.Stopped;
    }

    private static async Task<Outcome> ResolveAsync(CommandContext context, HubConfiguration configuration, RunOptions options, bool all, IProgress<RunProgress> progress)
    {
        var (began, started) = (context.Clock.GetUtcNow(), context.Clock.GetTimestamp());
        using var session = await WorkSession.BeginAsync(configuration, "resolve", options, progress, context.Clock, context.Loggers.CreateLogger("hub"), context.CancellationToken);
        var outcome = all ? All(session, configuration, context.CancellationToken) : Waiting(session, configuration, context.CancellationToken);
        session.End(new RunReport
        {
            RunId = options.Rehearsal ? 0 : session.Run.RunId,
            Rehearsal = options.Rehearsal,
            State = outcome.Problem is null ? RunState.Done : RunState.Stopped,
            StartedAt = began,
            Took = context.Clock.GetElapsedTime(started),
            Pipelines = [.. outcome.Entities.Select(entity => new PipelineReport
            {
                Name = "resolve", Entity = entity.Entity, Endpoint = all ? "all records" : "what waits", Inbound = true,
                State = outcome.Problem is null ? RunState.Done : RunState.Stopped, Problem = outcome.Problem?.Message, Fix = outcome.Problem?.Fix,
                Matching = outcome.Problem is null ? entity.Counts : default(MatchCounts), Moves = entity.Examples,
            })],
            Totals = Totals.Read(session.Store, configuration),
        });
        return outcome;
    }

    private static Outcome All(WorkSession session, HubConfiguration configuration, CancellationToken cancellationToken)
    {
        using var rehearsal = session.Run.Options.Rehearsal ? null : session.Store.Rehearse();
        var differences = new Reclustering(session.Store, [.. configuration.Entities.Values], session.Run).All(cancellationToken);
        try
        {
            if (!session.Run.Options.IgnoreLimits)
            {
                foreach (var difference in differences)
                    difference.Check(configuration.Settings.Limits);
            }

            rehearsal?.Keep();
            return new Outcome(differences, null);
        }
        catch (LimitException limit)
        {
            return new Outcome(differences, limit);
        }
    }

    private static Outcome Waiting(WorkSession session, HubConfiguration configuration, CancellationToken cancellationToken)
    {
        var done = new List<EntityDifference>();
        foreach (var entity in configuration.Entities.Values)
        {
            var resolver = new Resolver(session.Store, entity, session.Run);
            var waiting = resolver.Queue.Count();
            var counts = resolver.Resolve(entity.Type.Name, cancellationToken);
            if (entity.Matcher is not null)
                done.Add(new EntityDifference(entity.Type.Name, waiting, counts + resolver.Rescore(entity.Type.Name, cancellationToken), 0, []));
        }

        return new Outcome(done, null);
    }

    private static void Write(IAnsiConsole console, Outcome outcome, bool plan, bool all)
    {
        if (plan)
            console.MarkupLine("[grey]Nothing was kept: this is what `hub resolve` would do.[/]");
        if (outcome.Entities.All(entity => entity.None))
        {
            console.WriteLine(all ? "Nothing to do: all customers are as a batch over all records gives them." : "Nothing waits.");
            return;
        }

        foreach (var entity in outcome.Entities.Where(entity => !entity.None))
        {
            (long Count, string Word)[] parts =
            [
                (entity.Counts.NewMasters, "new"), (entity.Counts.Linked, "joined a known one"), (entity.Counts.Merged, "merged"), (entity.Counts.Split, "split off"), (entity.Counts.Ended, "ended"),
                (entity.Counts.GoldenChanged, "with other content"), (entity.Counts.Reviews, "new questions for a person"),
            ];
            var what = string.Join(", ", parts.Where(part => part.Count > 0).Select(part => $"{Words.Number(part.Count)} {part.Word}"));
            console.MarkupLine($"[bold]{Markup.Escape(entity.Entity)}[/]: {what}{(entity.Moved > 0 ? $"; {Words.Count(entity.Moved, "record")} of {Words.Number(entity.Records)} {(plan ? "would go" : "went")} to another master" : "")}");
            foreach (var move in entity.Examples)
                console.MarkupLine($"  [yellow]>[/] {Markup.Escape(Tables.Cut(move.Record, 60))} from {move.From} to {move.To}");
            if (entity.Moved > entity.Examples.Count)
                console.MarkupLine($"  [grey]and {Words.Number(entity.Moved - entity.Examples.Count)} more; --show N shows them[/]");
        }

        if (outcome.Problem is { } problem)
        {
            console.MarkupLine($"[yellow]stopped by a limit:[/] {Markup.Escape(problem.Message)}");
            console.MarkupLine($"[grey]fix: {Markup.Escape(problem.Fix)}[/]");
        }
        else if (!plan)
        {
            console.MarkupLine("[grey]`hub run` sends it out.[/]");
        }
    }

    private sealed record Outcome(IReadOnlyList<EntityDifference> Entities, LimitException? Problem);
}

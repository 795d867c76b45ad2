using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Review;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.TwoWay;

namespace Crm.Integration.Hub.Cli;

/// <summary>Carries out what a person decided, as a run of its own.</summary>
internal static class StewardRun
{
    /// <summary>Takes the store, lets the decision be made, and records the run.</summary>
    public static Task<MatchCounts> DoAsync(CommandContext context, string entity, string? why, Func<Stewardship, MatchCounts> decide) =>
        DoAsync(context, entity, (session, chosen) => decide(new Stewardship(session, chosen, Environment.UserName, why)));

    /// <summary>The same for what is said of values.</summary>
    public static Task<MatchCounts> CorrectAsync(CommandContext context, string entity, string? why, Func<ValueCorrection, MatchCounts> correct) =>
        DoAsync(context, entity, (session, chosen) => correct(new ValueCorrection(session, chosen, Environment.UserName, why)));

    /// <summary>The same for conflicts with a destination.</summary>
    public static Task<MatchCounts> DecideAsync(CommandContext context, string entity, string? why, Func<ConflictDecision, MatchCounts> decide) =>
        DoAsync(context, entity, (session, _) => decide(new ConflictDecision(session, Environment.UserName, why)));

    private static async Task<MatchCounts> DoAsync(CommandContext context, string entity, Func<WorkSession, EntityConfiguration, MatchCounts> work)
    {
        var configuration = context.LoadConfiguration();
        if (!configuration.Entities.TryGetValue(entity, out var chosen))
            throw new CommandException(ExitCode.Usage, $"the configuration has no entity '{entity}' any more", "put its file back into model/");
        var began = context.Clock.GetUtcNow();
        var started = context.Clock.GetTimestamp();
        using var session = await WorkSession.BeginAsync(
            configuration, "review", new RunOptions(), new Progress<RunProgress>(), context.Clock, context.Loggers.CreateLogger("hub"), context.CancellationToken);
        var counts = work(session, chosen);
        session.End(new RunReport
        {
            RunId = session.Run.RunId,
            Rehearsal = false,
            State = RunState.Done,
            StartedAt = began,
            Took = context.Clock.GetElapsedTime(started),
            Pipelines = [new PipelineReport { Name = "steward", Entity = entity, Endpoint = Environment.UserName, Inbound = true, State = RunState.Done, Matching = counts }],
            Totals = Totals.Read(session.Store, configuration),
        });
        return counts;
    }
}

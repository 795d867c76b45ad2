using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Runs;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Hub.Review;

/// <summary>Carries out what a person decided, as a run of its own.</summary>
/// <param name="configuration">The hub folder.</param>
/// <param name="who">Who decides.</param>
/// <param name="open">Opens the store for looking.</param>
/// <param name="clock">The time.</param>
/// <param name="log">The log.</param>
internal sealed class StewardRun(HubConfiguration configuration, string who, Func<HubView> open, TimeProvider clock, ILogger log)
{
    /// <summary>Who decides.</summary>
    public string Who => who;

    /// <summary>The hub folder.</summary>
    public HubConfiguration Configuration => configuration;

    /// <summary>The time.</summary>
    public TimeProvider Clock => clock;

    /// <summary>How long to wait for others who work on the store.</summary>
    public TimeSpan Wait { get; init; } = new RunOptions().Wait;

    /// <summary>Opens the store for looking.</summary>
    public HubView Open() => open();

    /// <summary>Takes the store, lets the decision be made, and records the run.</summary>
    public Task<MatchCounts> DoAsync(string entity, string? why, Func<Stewardship, MatchCounts> decide, CancellationToken cancellationToken) =>
        DoAsync(entity, (session, chosen) => decide(new Stewardship(session, chosen, who, why)), cancellationToken);

    /// <summary>The same for what is said of values.</summary>
    public Task<MatchCounts> CorrectAsync(string entity, string? why, Func<ValueCorrection, MatchCounts> correct, CancellationToken cancellationToken) =>
        DoAsync(entity, (session, chosen) => correct(new ValueCorrection(session, chosen, who, why)), cancellationToken);

    /// <summary>The same for anything else.</summary>
    public async Task<MatchCounts> DoAsync(string entity, Func<WorkSession, EntityConfiguration, MatchCounts> work, CancellationToken cancellationToken)
    {
        if (!configuration.Entities.TryGetValue(entity, out var chosen))
            throw RefusedException.Clash($"the configuration has no entity '{entity}' any more", "put its file back into model/");
        var began = clock.GetUtcNow();
        var started = clock.GetTimestamp();
        using var session = await WorkSession.BeginAsync(configuration, "review", new RunOptions { Wait = Wait }, new Progress<RunProgress>(), clock, log, cancellationToken);
        var counts = work(session, chosen);
        session.End(new RunReport
        {
            RunId = session.Run.RunId,
            Rehearsal = false,
            State = RunState.Done,
            StartedAt = began,
            Took = clock.GetElapsedTime(started),
            Pipelines = [new PipelineReport { Name = "steward", Entity = entity, Endpoint = who, Inbound = true, State = RunState.Done, Matching = counts }],
            Totals = Totals.Read(session.Store, configuration),
        });
        return counts;
    }
}

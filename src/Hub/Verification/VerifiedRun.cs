using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Runs;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Hub.Verification;

/// <summary>Compares a connection with the store, as a run of its own.</summary>
/// <param name="configuration">The hub folder.</param>
/// <param name="clock">The time.</param>
/// <param name="log">The log.</param>
internal sealed class VerifiedRun(HubConfiguration configuration, TimeProvider clock, ILogger log)
{
    /// <summary>Compares, and puts right what differs when that is asked for.</summary>
    /// <param name="pipelines">The connection's pipelines.</param>
    /// <param name="options">What the user asked for.</param>
    /// <param name="progress">Hears how far it has come.</param>
    /// <param name="cancellationToken">Ends it at the next page.</param>
    public async Task<RunReport> RunAsync(IReadOnlyCollection<string> pipelines, RunOptions options, IProgress<RunProgress> progress, CancellationToken cancellationToken)
    {
        var runner = new Runner(configuration, clock, log);
        if (options.Verify!.Repair)
            return await runner.RunAsync(pipelines, options, progress, cancellationToken);

        // Whoever only looks is not stopped by limits: it is undone, and how much it is, is the answer.
        var report = await runner.RunAsync(pipelines, options with { Rehearsal = true, IgnoreLimits = true }, progress, cancellationToken);
        using var session = await WorkSession.BeginAsync(configuration, "verify", options, progress, clock, log, CancellationToken.None);
        report = report with { RunId = session.Run.RunId, Rehearsal = false };
        session.End(report);
        return report;
    }
}

using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Runs;

namespace Crm.Integration.Hub.Pipelines;

/// <summary>What a push will cost at a system that counts calls. One that does not fit into what is left does not begin.</summary>
internal static class PushForecast
{
    private static readonly TimeSpan s_pause = TimeSpan.FromHours(1);

    /// <summary>Asks the connection, where it can tell.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="planned">Its writes.</param>
    /// <param name="report">The forecast goes here.</param>
    /// <param name="run">The run.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ConnectorException">The writes do not fit: the run is to pause.</exception>
    public static async Task CheckAsync(OutboundPipeline pipeline, Counts planned, PipelineReport report, RunContext run, CancellationToken cancellationToken)
    {
        if (planned.Created + planned.Changed + planned.Deleted == 0)
            return;
        var work = new ApiWork(pipeline.Stream) { Creates = planned.Created, Updates = planned.Changed, Deletes = planned.Deleted };
        report.Calls = await AskAsync(pipeline, work, report, run, cancellationToken);
        if (report.Calls is not { Fits: false } calls)
            return;
        var what = $"the writes cost about {calls.Cost:N0} {calls.Unit}; {calls.Left:N0} of {calls.Limit:N0} a day are left, and {calls.Reserve:N0} are kept for people and other programs";
        if (run.Options.Rehearsal || run.Options.IgnoreLimits)
        {
            report.Notes = [.. report.Notes, what];
        }
        else if (!calls.EverFits)
        {
            // No day has as many: it begins, pauses where only the reserve is left, and the runs of the next days go on.
            report.Notes = [.. report.Notes, $"{what}: this takes several days"];
        }
        else
        {
            throw new ConnectorException(
                FailureKind.Transient,
                $"{what}. Nothing was sent",
                $"run again later, when more of the quota is there; `hub run {pipeline.Name} --ignore-limits` sends what fits") { PausedUntil = run.Clock.GetUtcNow() + s_pause };
        }
    }

    /// <summary>A plan also tells what the pull costs.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="read">How many records it read.</param>
    /// <param name="report">The forecast goes here.</param>
    /// <param name="run">The run.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task TellAsync(InboundPipeline pipeline, long read, PipelineReport report, RunContext run, CancellationToken cancellationToken)
    {
        if (run.Options.Rehearsal)
            report.Calls = await AskAsync(pipeline, new ApiWork(pipeline.Stream) { Reads = read }, report, run, cancellationToken);
    }

    private static async Task<CallForecast?> AskAsync(Pipeline pipeline, ApiWork work, PipelineReport report, RunContext run, CancellationToken cancellationToken)
    {
        await using var connection = run.Connections.Open(pipeline.Connection);
        if (connection is not IBudgetedConnection budgeted)
            return null;
        try
        {
            var forecast = await budgeted.ForecastAsync(work, cancellationToken);
            return new(pipeline.Connection.Name, forecast.Cost, forecast.Unit, forecast.Left, forecast.Limit, forecast.Reserve);
        }
        catch (ConnectorException exception) when (run.Options.Rehearsal)
        {
            // A plan is of use without it, and says what the run will meet.
            report.Notes = [.. report.Notes, $"{exception.Message} {exception.Fix}"];
            return null;
        }
    }
}

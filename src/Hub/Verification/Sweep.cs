using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Runs;

namespace Crm.Integration.Hub.Verification;

/// <summary>Compares what a pipeline has brought or sent with what is there, whole.</summary>
internal static class Sweep
{
    /// <summary>Compares, and lands what differs: for good when it is to be put right, else in a rehearsal.</summary>
    /// <param name="session">The right to write.</param>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="report">The counts go here, and what differs.</param>
    /// <param name="cancellationToken">Ends it at the next page.</param>
    public static async Task DoAsync(WorkSession session, Pipeline pipeline, PipelineReport report, CancellationToken cancellationToken)
    {
        var repair = session.Run.Options.Verify!.Repair;
        if (pipeline is InboundPipeline inbound)
        {
            await new InboundRun(session.Store, inbound, session.Run).SweepAsync(report, cancellationToken);
            if (repair)
                report.Drift = report.Drift! with { Recovered = report.Drift.Total };
            return;
        }

        var outbound = (OutboundPipeline)pipeline;
        var drift = await new DeliverySweep(session.Store, outbound, session.Run).CompareAsync(report, repair, cancellationToken);
        report.Drift = drift;
        if (!repair || drift.Total == 0 || outbound.Counterparts.Count > 0)
            return;
        await new OutboundRun(session.Store, outbound, session.Run).PushAsync(report, cancellationToken);
        report.Drift = drift with { Recovered = Math.Min(drift.Total, report.Counts.Created + report.Counts.Changed) };
    }
}

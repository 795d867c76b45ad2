using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Pipelines;

/// <summary>
/// What is read and written is read first. Who writes to a CRM that could not be read makes everybody a second time who is there already, and
/// writes over edits that nobody has seen.
/// </summary>
internal static class ReadFirst
{
    /// <summary>Keeps a pipeline from writing where its stream was not read; says so in its report.</summary>
    /// <param name="store">The store.</param>
    /// <param name="pipeline">The pipeline whose turn it is.</param>
    /// <param name="report">Its report.</param>
    /// <param name="reports">What this run did before.</param>
    /// <returns>Whether it has to wait.</returns>
    public static bool Holds(MasterStore store, Pipeline pipeline, PipelineReport report, IReadOnlyList<PipelineReport> reports)
    {
        if (pipeline is not OutboundPipeline outbound)
            return false;
        if (outbound.Counterparts.FirstOrDefault(inbound => reports.Any(other => other.Name == inbound.Name && other.State != RunState.Done)) is { } unfinished)
        {
            report.State = RunState.Skipped;
            report.Problem = $"{unfinished.Name} has not read {report.Endpoint} to its end, and nothing is written where edits and records may be unseen";
            report.Fix = $"see what is said of {unfinished.Name}; the next run writes";
            return true;
        }

        using var transaction = store.Begin();
        var unread = outbound.Counterparts.FirstOrDefault(inbound => InboundState.Load(transaction, inbound).Counterparts == 0);
        transaction.Commit();
        if (unread is null)
            return false;
        report.State = RunState.Failed;
        report.Problem = $"{report.Endpoint} has never been read to its end, so nobody knows who is there already";
        report.Fix = $"run {unread.Name} first: `hub run`, or `hub run {unread.Name} {outbound.Name}`";
        return true;
    }
}

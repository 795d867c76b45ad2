using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Service;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Inbox;

/// <summary>The messages of one stream that a run takes in place of a pull.</summary>
/// <param name="service">The service's store.</param>
/// <param name="node">Who takes them.</param>
/// <param name="pipelines">All pipelines that read the stream: a message is done when each has taken it.</param>
/// <param name="upTo">The last message.</param>
internal sealed class InboxBatch(ServiceStore service, Node node, IReadOnlyList<InboundPipeline> pipelines, long upTo)
{
    private readonly WaitingMessages _waiting = new(service, node, pipelines[0].Connection.Name, pipelines[0].Stream);

    private bool _empty = true;

    /// <summary>Whether the run before it failed, too: what it says of that needs no second telling.</summary>
    public bool Again { get; init; }

    /// <summary>Whether a run that ended so has nothing to tell.</summary>
    public bool LeavesNoTrace(RunState state) => _empty && (Again || state is RunState.Done or RunState.Cancelled);

    /// <summary>Takes them through a pipeline. The run holds the stream's lock.</summary>
    public async Task DrainAsync(WorkSession session, InboundPipeline pipeline, PipelineReport report, CancellationToken cancellationToken)
    {
        var receipts = MessageReceipts.Load(session.Store, pipelines);
        _waiting.CountDeaths(upTo);
        var pages = new MessagePages(_waiting, receipts, pipeline, session.Run.RunId, session.Run.Clock, session.Run.Log);
        try
        {
            await new InboundRun(session.Store, pipeline, session.Run).DrainAsync((connection, pull, keyOf) => pages.ReadAsync(connection, pull, keyOf, upTo, cancellationToken), report, cancellationToken);
        }
        finally
        {
            report.Webhooks = new WebhookCounts(pages.Read, pages.Poisoned, report.Webhooks?.Stale ?? 0);
            _empty &= pages is { Read: 0, Poisoned: 0 };
            _waiting.LetGo(upTo);
        }

        Settle(session.Store, pipeline);
    }

    /// <summary>Forgets the receipts of what the inbox itself knows to be done by now.</summary>
    private void Settle(MasterStore store, InboundPipeline pipeline)
    {
        if (pipeline != pipelines[^1])
            return;
        var receipts = MessageReceipts.Load(store, pipelines);
        receipts.Remove(store, _waiting.NotWaiting(receipts.Messages));
    }
}

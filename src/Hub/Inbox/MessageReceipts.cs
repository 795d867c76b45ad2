using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Inbox;

/// <summary>
/// Which messages each pipeline of a stream has landed, until the inbox knows it. A receipt is written in the transaction that stores what the
/// message brought: killed between that and the inbox, nothing is taken twice.
/// </summary>
internal sealed class MessageReceipts
{
    private readonly HashSet<(long Inbound, long Message)> _taken;
    private readonly IReadOnlyDictionary<string, long> _inbound;

    private MessageReceipts(HashSet<(long Inbound, long Message)> taken, IReadOnlyDictionary<string, long> inbound)
    {
        _taken = taken;
        _inbound = inbound;
    }

    /// <summary>Reads those of the pipelines of a stream.</summary>
    public static MessageReceipts Load(MasterStore store, IReadOnlyList<InboundPipeline> pipelines)
    {
        using var transaction = store.Begin();
        var inbound = pipelines.ToDictionary(pipeline => pipeline.Name, pipeline => InboundState.Load(transaction, pipeline).Id, StringComparer.Ordinal);
        transaction.Batch([.. inbound.Values]);
        var taken = transaction.Query<(long, long)>("select r.inbound_id, r.inbox_id from batch b join inbox_receipt r on r.inbound_id = b.k");
        transaction.Commit();
        return new MessageReceipts([.. taken], inbound);
    }

    /// <summary>Writes that a pipeline has landed messages; part of the landing's transaction.</summary>
    public static void Write(StoreTransaction transaction, long inbound, IReadOnlyList<long> messages)
    {
        using var receipts = transaction.Insert("inbox_receipt", ["inbound_id", "inbox_id"], WhenExists.Keep);
        foreach (var message in messages)
        {
            receipts.Int64(inbound);
            receipts.Int64(message);
            receipts.EndRow();
        }
    }

    /// <summary>Whether a pipeline has landed a message.</summary>
    public bool Has(InboundPipeline pipeline, long message) => _taken.Contains((_inbound[pipeline.Name], message));

    /// <summary>Whether all pipelines have landed a message, if this one does now.</summary>
    public bool IsLast(InboundPipeline pipeline, long message) =>
        _inbound.All(other => other.Key == pipeline.Name || _taken.Contains((other.Value, message)));

    /// <summary>The inbox knows of these messages: their receipts have done their work.</summary>
    public void Remove(MasterStore store, IReadOnlyCollection<long> messages)
    {
        if (messages.Count == 0)
            return;
        using var transaction = store.Begin();
        foreach (var inbound in _inbound.Values)
        {
            transaction.Batch([.. messages]);
            transaction.Execute("delete from inbox_receipt where inbound_id = @inbound and inbox_id in (select k from batch)", new { inbound });
        }

        transaction.Commit();
    }

    /// <summary>The messages of which there are receipts.</summary>
    public IReadOnlyCollection<long> Messages => [.. _taken.Select(receipt => receipt.Message).Distinct()];
}

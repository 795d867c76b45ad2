using System.Data.Common;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Inbox;

/// <summary>A connection to the store over which groups of webhook requests are written; opened when there is one, and anew after a failure.</summary>
/// <param name="engine">The engine of the service's data.</param>
/// <param name="clock">The time.</param>
internal sealed class InboxSession(StoreEngine engine, TimeProvider clock) : IDisposable
{
    // Who repeats one request mostly repeats many.
    private const int GroupsAfterReplay = 100;

    private static readonly string[] s_columns = ["connection", "stream", "delivery_id", "received_at", "method", "headers", "query", "body"];

    private MasterStore? _store;
    private int _carefully;

    /// <summary>Makes a group durable. Delivery ids make a second time harmless, also when only the answer to the first commit was lost.</summary>
    /// <returns>How many of it were not there before.</returns>
    public long Write(List<InboxMessage> batch)
    {
        try
        {
            return Insert(batch);
        }
        catch (Exception exception) when (_store?.MayRepeat(exception) == true)
        {
            Dispose();
            return Insert(batch);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _store?.Dispose();
        _store = null;
    }

    // On a server, rows that may exist already go by way of a table of their own, which takes three times as long; and few groups hold
    // something that came before.
    private long Insert(List<InboxMessage> batch)
    {
        _store ??= MasterStore.Open(engine, clock);
        if (!engine.OutlivesConnections || _carefully > 0)
        {
            _carefully = Math.Max(0, _carefully - 1);
            return Insert(batch, WhenExists.Keep);
        }

        try
        {
            Insert(batch, WhenExists.Fail);
            return batch.Count;
        }
        catch (DbException) when (!_store.Lost)
        {
            _carefully = GroupsAfterReplay;
            return Insert(batch, WhenExists.Keep);
        }
    }

    private long Insert(List<InboxMessage> batch, WhenExists existing)
    {
        using var transaction = _store!.Begin();
        var insert = transaction.Insert("inbox", s_columns, existing);
        using (insert)
        {
            foreach (var message in batch)
            {
                insert.Text(message.Connection);
                insert.Text(message.Stream);
                insert.Text(message.DeliveryId);
                insert.Int64(message.ReceivedAt);
                insert.Text(message.Method);
                insert.Text(message.Headers);
                insert.Text(message.Query);
                insert.Bytes(message.Body);
                insert.EndRow();
            }
        }

        transaction.Commit();
        return insert.Added;
    }
}

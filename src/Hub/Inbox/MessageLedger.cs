using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Store;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.Inbox;

/// <summary>
/// What the landing of messages asks of the store besides that of a pull: nothing older is written over something newer, whatever the order in
/// which messages come or are taken again; and what was landed is receipted.
/// </summary>
/// <param name="inbound">The pipeline's number in the store.</param>
/// <param name="modifiedAt">When the source says it changed a row; null when it does not say.</param>
internal sealed class MessageLedger(long inbound, Func<SourceRow, long?> modifiedAt)
{
    /// <summary>How many rows were older than what is stored.</summary>
    public long Stale { get; private set; }

    /// <summary>Finds the rows of a page that are older than what is stored. After their records were looked up.</summary>
    public void Compare(StoreTransaction transaction, PageWork page, MessageRows messages)
    {
        var rows = new List<int>();
        for (var i = 0; i < messages.Count; i++)
        {
            if (page.Rows[i].Key is { Length: > 0 })
                rows.Add(i);
        }

        var keys = rows.ConvertAll(i => page.Rows[i].Key!);
        using (var latest = transaction.Lookup("inbox_latest", ("inbound_id", inbound), "source_id", keys, "inbox_id"))
        {
            while (latest.Next())
            {
                var row = rows[latest.Index];
                if (messages.MessageOf(row) < latest.Int64(0))
                    PassOver(ref page.Rows[row]);
            }
        }

        var known = rows.FindAll(i => page.Rows[i] is { RecordId: not 0, Fate: RowFate.ToMap } && modifiedAt(messages[i]) is not null);
        if (known.Count == 0)
            return;
        var records = known.ConvertAll(i => page.Rows[i].RecordId).ToArray();
        using var stored = transaction.Lookup("source_record", "id", records, "modified_at");
        while (stored.Next())
        {
            var row = known[stored.Index];
            if (!stored.IsNull(0) && modifiedAt(messages[row]) < stored.Int64(0))
                PassOver(ref page.Rows[row]);
        }
    }

    /// <summary>Writes which message each record was last taken from, and the receipts of those that end with this page.</summary>
    /// <returns>How many rows were written.</returns>
    public int Write(StoreTransaction transaction, PageWork page, MessageRows messages)
    {
        using (var latest = transaction.Insert("inbox_latest", ["inbound_id", "source_id", "inbox_id"], WhenExists.Replace))
        {
            for (var i = 0; i < messages.Count; i++)
            {
                if (page.Rows[i] is not { Key: { Length: > 0 } key, Fate: not RowFate.Stale })
                    continue;
                latest.Int64(inbound);
                latest.Text(key);
                latest.Int64(messages.MessageOf(i));
                latest.EndRow();
            }
        }

        MessageReceipts.Write(transaction, inbound, messages.Whole);
        return messages.Count + messages.Whole.Count;
    }

    private void PassOver(ref RowWork work)
    {
        if (work.Fate == RowFate.Stale)
            return;
        work.Fate = RowFate.Stale;
        work.Rejection = null;
        Stale++;
    }
}

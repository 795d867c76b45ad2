using System.Text;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Matching;

/// <summary>The records of an entity that wait to be matched, in the order of their numbers.</summary>
/// <param name="store">The store.</param>
/// <param name="entity">The entity's name.</param>
internal sealed class MatchQueue(MasterStore store, string entity)
{
    // Large enough for the index to be walked in order, small enough for memory: about 3 KB a record while it is matched.
    private const int ChunkRecords = 8_192;

    /// <summary>
    /// Queues records that do not wait already. Another transaction may be about to queue or to take the same: whoever is first has it, and nobody fails.
    /// </summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="entity">The entity's name.</param>
    /// <param name="records">The records.</param>
    /// <param name="paired">1 for those that matching has seen as they are, and that wait for their master only.</param>
    public static void Add(StoreTransaction transaction, string entity, IEnumerable<long> records, int paired)
    {
        using var insert = transaction.Insert("pending", ["record_id", "entity", "paired"], WhenExists.Keep);
        foreach (var record in records.Distinct().Order())
        {
            insert.Int64(record);
            insert.Text(entity);
            insert.Int64(paired);
            insert.EndRow();
        }
    }

    /// <summary>How many records wait.</summary>
    public long Count()
    {
        using var transaction = store.Look();
        return transaction.Scalar<long>("select count(*) from pending where entity = @entity", new { entity });
    }

    /// <summary>
    /// The next records of the queue, kept from being changed until the transaction ends; their content is read after that. What a landing is about
    /// to change is passed over: that waits on as what it becomes.
    /// </summary>
    /// <param name="transaction">The chunk's transaction.</param>
    /// <param name="paired">1 for those that wait for their master only.</param>
    /// <param name="after">Begins behind this record.</param>
    public List<MatchRecord> Read(StoreTransaction transaction, int paired, long after = 0)
    {
        var connections = Neighbourhood.Connections(transaction);
        var chunk = new List<MatchRecord>(ChunkRecords);
        var queue = new List<(long Id, byte[]? MatchedData)>(ChunkRecords);
        using (var waiting = transaction.Read(
            """
            select record_id, matched_data from pending where entity = @entity and paired = @paired and record_id > @after
            order by record_id limit @count for update skip locked
            """,
            ("entity", entity),
            ("paired", paired),
            ("after", after),
            ("count", ChunkRecords)))
        {
            while (waiting.Next())
                queue.Add((waiting.Int64(0), waiting.IsNull(1) ? null : waiting.Utf8(1)));
        }

        if (queue.Count == 0)
            return chunk;

        // Not joined: a server may choose to join the whole tables for every chunk.
        var ids = queue.ConvertAll(one => one.Id).ToArray();
        var masters = new long[ids.Length];
        using (var owners = transaction.Lookup("xref", "record_id", ids, "master_id"))
        {
            while (owners.Next())
                masters[owners.Index] = owners.Int64(0);
        }

        using var rows = transaction.Lookup("source_record", "id", ids, "gone_run", "inbound_id", "source_id", "modified_at", "data");
        while (rows.Next())
        {
            chunk.Add(new MatchRecord
            {
                Id = ids[rows.Index],
                Gone = !rows.IsNull(0),
                MasterId = masters[rows.Index],
                Connection = connections[rows.Int64(1)],
                SourceId = Encoding.UTF8.GetString(rows.Utf8(2)),
                ModifiedAt = rows.IsNull(3) ? null : rows.Int64(3),
                Data = rows.Utf8(4).ToArray(),
                MatchedData = queue[rows.Index].MatchedData,
            });
        }

        return chunk;
    }
}

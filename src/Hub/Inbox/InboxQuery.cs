using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Inbox;

/// <summary>Looks into the inbox, and lets messages be taken again. The store is that of the service (<see cref="StoreEngine.Service"/>).</summary>
internal static class InboxQuery
{
    private const string Columns = "i.id, i.connection, i.stream, i.delivery_id, i.received_at, i.method, i.state, i.attempts, i.done_at, i.run_id, i.problem";

    /// <summary>Messages, the newest first.</summary>
    /// <param name="store">The service's store.</param>
    /// <param name="filter">Which.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="before">Only those before this one, for the next page.</param>
    public static IReadOnlyList<InboxEntry> List(MasterStore store, InboxFilter filter, int limit, long before = long.MaxValue) => store.Query<InboxEntry>(
        $"select {Columns} from inbox i where (@State is null or i.state = @State) and (@Connection is null or i.connection = @Connection) and i.id < @before order by i.id desc limit @limit",
        new { State = (long?)filter.State, filter.Connection, limit, before });

    /// <summary>How many wait and how many are poison, by stream.</summary>
    public static IReadOnlyList<InboxGroup> Open(MasterStore store, string? connection) => store.Query<InboxGroup>(
        """
        select i.connection, i.stream, i.state, count(*) as count, min(i.received_at) as since, min(i.id) as first, min(i.problem) as problem
        from inbox i where i.state in (0, 2) and (@connection is null or i.connection = @connection)
        group by i.connection, i.stream, i.state order by i.connection, i.stream, i.state
        """,
        new { connection });

    /// <summary>One message with its content, or null.</summary>
    public static InboxEntry? Find(MasterStore store, long id) =>
        store.First<InboxEntry>($"select {Columns}, i.headers, i.query, i.body from inbox i where i.id = @id", new { id });

    /// <summary>The poison messages.</summary>
    public static IReadOnlyList<long> Poison(MasterStore store, string? connection) =>
        store.Query<long>("select i.id from inbox i where i.state = 2 and (@connection is null or i.connection = @connection) order by i.id", new { connection });

    /// <summary>Lets messages wait again, as if they had just come. What has changed since is not written over by them.</summary>
    /// <returns>How many did not wait already.</returns>
    public static int Replay(StoreTransaction transaction, ReadOnlySpan<long> ids)
    {
        transaction.Batch(ids);
        return transaction.Execute(
            """
            update inbox set state = 0, attempts = 0, done_at = null, run_id = null, problem = null, claimed_by = null, claimed_until = null
            where state <> 0 and id in (select k from batch)
            """);
    }
}

/// <summary>What became of a message.</summary>
internal enum MessageState
{
    /// <summary>It waits to be taken.</summary>
    Waiting = 0,

    /// <summary>All pipelines of its stream have taken it.</summary>
    Done = 1,

    /// <summary>It cannot be read, and waits for a person.</summary>
    Poison = 2,
}

/// <summary>Which messages are meant.</summary>
/// <param name="State">In this state, or null for all.</param>
/// <param name="Connection">To this connection, or null for all.</param>
internal sealed record InboxFilter(MessageState? State, string? Connection);

/// <summary>A message of the inbox.</summary>
internal sealed record InboxEntry
{
    public long Id { get; init; }

    public string Connection { get; init; } = "";

    public string Stream { get; init; } = "";

    public string DeliveryId { get; init; } = "";

    public long ReceivedAt { get; init; }

    public string Method { get; init; } = "";

    public MessageState State { get; init; }

    public long Attempts { get; init; }

    public long? DoneAt { get; init; }

    /// <summary>The run that took it.</summary>
    public long? RunId { get; init; }

    /// <summary>Why it is poison, or what it waits for.</summary>
    public string? Problem { get; init; }

    /// <summary>A JSON object; only of a single message.</summary>
    public string Headers { get; init; } = "{}";

    /// <summary>A JSON object; only of a single message.</summary>
    public string Query { get; init; } = "{}";

    /// <summary>The bytes that came; only of a single message.</summary>
    public byte[] Body { get; init; } = [];
}

/// <summary>Messages of a stream that are not done.</summary>
internal sealed record InboxGroup
{
    public string Connection { get; init; } = "";

    public string Stream { get; init; } = "";

    public MessageState State { get; init; }

    public long Count { get; init; }

    /// <summary>When the oldest of them came.</summary>
    public long Since { get; init; }

    public long First { get; init; }

    public string? Problem { get; init; }
}

using Crm.Integration.Hub.Service;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Inbox;

/// <summary>
/// The messages of one stream that wait, in their order. Who takes them holds the stream's lock, so that one at a time does in the whole
/// cluster; a message is marked while it is in hand, so that one over which programs die is found out.
/// </summary>
/// <param name="service">The service's store.</param>
/// <param name="node">Who takes them.</param>
/// <param name="connection">The connection's name.</param>
/// <param name="stream">The stream.</param>
internal sealed class WaitingMessages(ServiceStore service, Node node, string connection, string stream)
{
    // Bodies are in memory meanwhile, and one may have a megabyte.
    private const int InHand = 200;

    /// <summary>The last message that waits, or of very many the last one that is taken in one go; null when none waits.</summary>
    public long? Last(int most) => service.Read(store => store.Query<long>(
        "select i.id from inbox i where i.connection = @connection and i.stream = @stream and i.state = 0 order by i.id limit @most",
        new { connection, stream, most })) is { Count: > 0 } ids ? ids[^1] : null;

    /// <summary>Whose mark is still there has died: the lock is ours.</summary>
    /// <param name="upTo">The last message that is to be taken: marks lie in front.</param>
    public void CountDeaths(long upTo) => service.Write(transaction => transaction.Execute(
        "update inbox set attempts = attempts + 1, claimed_by = null where connection = @connection and stream = @stream and state = 0 and id <= @upTo and claimed_by is not null",
        new { connection, stream, upTo }));

    /// <summary>Those of some messages that do not wait any more.</summary>
    public IReadOnlyCollection<long> NotWaiting(IReadOnlyCollection<long> ids) => ids.Count == 0 ? [] : service.Write(transaction =>
    {
        transaction.Batch([.. ids]);
        return ids.Except(transaction.Query<long>("select i.id from batch b join inbox i on i.id = b.k where i.state = 0")).ToList();
    });

    /// <summary>Takes the next ones into hand.</summary>
    /// <param name="after">Behind this one.</param>
    /// <param name="upTo">Not beyond this one.</param>
    public IReadOnlyList<WaitingMessage> Next(long after, long upTo) => service.Write(transaction =>
    {
        var messages = transaction.Query<WaitingMessage>(
            """
            select i.id, i.received_at, i.method, i.headers, i.query, i.body, i.attempts from inbox i
            where i.connection = @connection and i.stream = @stream and i.state = 0 and i.id > @after and i.id <= @upTo
            order by i.id limit @InHand
            """,
            new { connection, stream, after, upTo, InHand });

        // One that was in hand when a program died is taken alone, so that only it is blamed if that happens again.
        var alone = messages.FindIndex(message => message.Attempts > 1);
        if (alone >= 0)
            messages.RemoveRange(Math.Max(alone, 1), messages.Count - Math.Max(alone, 1));
        Mark(transaction, messages.ConvertAll(message => message.Id), "claimed_by = @by");
        return messages;
    });

    /// <summary>Gives back what is in hand and was not ended.</summary>
    /// <param name="upTo">The last message that was to be taken: beyond it there may be very many.</param>
    public void LetGo(long upTo) => service.Write(transaction => transaction.Execute(
        "update inbox set claimed_by = null where connection = @connection and stream = @stream and state = 0 and id <= @upTo and claimed_by = @Name",
        new { connection, stream, upTo, node.Name }));

    /// <summary>They were taken for good.</summary>
    public void Done(IReadOnlyList<long> ids, long run) => service.Write(transaction =>
        Mark(transaction, ids, "state = 1, done_at = @Now, run_id = @run, problem = null, claimed_by = null", run));

    /// <summary>It cannot be read, today or ever.</summary>
    public void Poison(long id, string problem, long run) => service.Write(transaction =>
        Mark(transaction, [id], "state = 2, done_at = @Now, run_id = @run, problem = @problem, claimed_by = null", run, problem));

    /// <summary>It could not be read now; counted, since nobody foresaw it.</summary>
    public void Failed(long id, string problem) => service.Write(transaction =>
        Mark(transaction, [id], "attempts = attempts + 1, problem = @problem", problem: problem));

    /// <summary>It waits for something that has nothing to do with it.</summary>
    public void Waits(long id, string problem) => service.Write(transaction =>
        Mark(transaction, [id], "problem = @problem", problem: problem));

    private void Mark(StoreTransaction transaction, IReadOnlyList<long> ids, string what, long? run = null, string? problem = null)
    {
        if (ids.Count == 0)
            return;
        transaction.Batch([.. ids]);
        transaction.Execute(
            $"update inbox set {what} where state = 0 and id in (select k from batch)",
            new { by = node.Name, run, problem, transaction.Store.Now });
    }
}

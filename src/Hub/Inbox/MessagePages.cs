using System.Runtime.CompilerServices;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Mapping.Records;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Hub.Inbox;

/// <summary>
/// Makes pages of the messages that wait for a pipeline, in their order: what a pull is to a run. A message that cannot be read for its content is put
/// aside; one that cannot be read now ends the pages, so that none behind it overtakes it.
/// </summary>
/// <param name="waiting">The messages.</param>
/// <param name="receipts">Which were landed before.</param>
/// <param name="pipeline">The pipeline.</param>
/// <param name="run">The run's number.</param>
/// <param name="clock">The time.</param>
/// <param name="log">The log.</param>
internal sealed class MessagePages(WaitingMessages waiting, MessageReceipts receipts, InboundPipeline pipeline, long run, TimeProvider clock, ILogger log)
{
    private const int PageRows = 512;
    private const int MostFailures = 3;

    // Programs are killed for many reasons; so often over one message is no chance.
    private const int MostDeaths = 10;

    // A system that is asked for each record is slow: what came from it so far is not held back for long.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    /// <summary>How many were read to their end.</summary>
    public long Read { get; private set; }

    /// <summary>How many were put aside.</summary>
    public long Poisoned { get; private set; }

    /// <summary>The pages.</summary>
    /// <param name="connection">Reads the messages.</param>
    /// <param name="pull">The fields that are needed.</param>
    /// <param name="keyOf">The key of a row.</param>
    /// <param name="upTo">The last message.</param>
    /// <param name="cancellationToken">Ends it between messages.</param>
    public async IAsyncEnumerable<Page> ReadAsync(IWebhookConnection connection, PullRequest pull, Func<SourceRow, string?> keyOf, long upTo, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (rows, notes, since, after) = (new MessageRows(), new List<string>(), clock.GetTimestamp(), 0L);
        while (waiting.Next(after, upTo) is { Count: > 0 } messages)
        {
            foreach (var message in messages)
            {
                cancellationToken.ThrowIfCancellationRequested();
                after = message.Id;
                if (receipts.Has(pipeline, message.Id))
                {
                    // Landed before; the others may not have done so yet.
                    if (receipts.IsLast(pipeline, message.Id))
                        waiting.Done([message.Id], run);
                    continue;
                }

                if (message.Attempts >= MostDeaths)
                {
                    Poison(message, $"the program ended {message.Attempts} times while it was read");
                    continue;
                }

                var alone = message.Attempts > 1;
                if (alone && rows.Whole.Count > 0)
                {
                    yield return Close(rows, notes);
                    (rows, notes, since) = (new MessageRows(), [], clock.GetTimestamp());
                }

                var (brought, failure) = await BroughtAsync(connection, message, pull, notes, cancellationToken);
                if (failure is { Kind: FailureKind.Rejected })
                {
                    Poison(message, $"{failure.Message} {failure.Fix}");
                    continue;
                }

                if (failure is not null)
                {
                    if (rows.Whole.Count > 0)
                        yield return Close(rows, notes);
                    throw failure;
                }

                foreach (var row in brought)
                {
                    var key = row.Fault is null ? keyOf(row) : null;
                    if (rows.Count < PageRows && rows.TryAdd(row, key, message.Id))
                        continue;

                    // A record that comes twice is landed twice, one after the other.
                    yield return Close(rows, notes);
                    (rows, notes, since) = (new MessageRows(), [], clock.GetTimestamp());
                    rows.TryAdd(row, key, message.Id);
                }

                rows.End(message.Id);
                Read++;
                if (alone || rows.Whole.Count >= PageRows || clock.GetElapsedTime(since) >= s_patience)
                {
                    yield return Close(rows, notes);
                    (rows, notes, since) = (new MessageRows(), [], clock.GetTimestamp());
                }
            }
        }

        if (rows.Whole.Count > 0)
            yield return Close(rows, notes);
    }

    private Page Close(MessageRows rows, List<string> notes) => new(rows)
    {
        Notes = notes,
        AfterCommit = _ =>
        {
            waiting.Done([.. rows.Whole.Where(message => receipts.IsLast(pipeline, message))], run);
            return ValueTask.CompletedTask;
        },
    };

    private async Task<(List<SourceRow> Rows, ConnectorException? Failure)> BroughtAsync(
        IWebhookConnection connection, WaitingMessage message, PullRequest pull, List<string> notes, CancellationToken cancellationToken)
    {
        var rows = new List<SourceRow>();
        try
        {
            // Neither cursor nor receipt of such a page counts: it says nothing of the stream as a whole.
            await foreach (var page in connection.ReadAsync(message.Request(pipeline.Stream), pull, cancellationToken))
            {
                rows.AddRange(page.Rows);
                notes.AddRange(page.Notes.Except(notes));
            }

            return (rows, null);
        }
        catch (ConnectorException exception)
        {
            if (exception.Kind != FailureKind.Rejected)
                waiting.Waits(message.Id, $"{exception.Message} {exception.Fix}");
            return ([], exception);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // A mistake in a connector. Its text may quote the message, so only the log's debug level has it.
            log.LogError("webhook {Message} to {Connection}/{Stream} could not be read: {Problem}", message.Id, pipeline.Connection.Name, pipeline.Stream, exception.GetType().Name);
            log.LogDebug(exception, "webhook {Message}", message.Id);
            var problem = $"webhook {message.Id} could not be read ({exception.GetType().Name})";
            if (message.Attempts + 1 >= MostFailures)
                return ([], new ConnectorException(FailureKind.Rejected, problem, "Look at it with `hub inbox show`; when the connector was put right, replay it.", exception));
            waiting.Failed(message.Id, problem);
            return ([], new ConnectorException(FailureKind.Transient, problem, "It is tried again by itself, and put aside if that fails, too.", exception));
        }
    }

    private void Poison(WaitingMessage message, string problem)
    {
        waiting.Poison(message.Id, problem, run);
        Poisoned++;
        log.LogWarning("webhook {Message} to {Connection}/{Stream} is put aside: {Problem}", message.Id, pipeline.Connection.Name, pipeline.Stream, problem);
    }
}

using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Zoho;

/// <summary>
/// One push: writes are gathered by what is to be done with them, up to a hundred a request, and several requests are under way at once.
/// Many new records go by bulk jobs.
/// </summary>
internal sealed class ZohoPush(ZohoWriting writing, ZohoBulkWrite bulk, ZohoSettings settings)
{
    private const int OutcomesAhead = 1_000;

    private readonly List<Write> _creates = [];
    private readonly List<Write> _updates = [];
    private readonly List<Write> _deletes = [];

    public async IAsyncEnumerable<WriteOutcome> RunAsync(IAsyncEnumerable<Write> writes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var atOnce = ZohoCredits.AtOnce(settings.Edition);
        var outcomes = Channel.CreateBounded<WriteOutcome>(OutcomesAhead);
        var batches = Channel.CreateBounded<Func<CancellationToken, Task<IReadOnlyList<WriteOutcome>>>>(atOnce);
        // A consumer that stops early must stop the others too, which otherwise wait for room for ever.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var noMore = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        var gathering = Task.Run(() => GatherAsync(writes, batches.Writer, noMore.Token), CancellationToken.None);
        var sending = Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Task.Run(() => SendAsync(batches.Reader, outcomes.Writer, noMore, stop.Token), CancellationToken.None)));
        _ = Task.WhenAll(gathering, sending).ContinueWith(_ => outcomes.Writer.Complete(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        try
        {
            await foreach (var outcome in outcomes.Reader.ReadAllAsync(cancellationToken))
                yield return outcome;
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(gathering, sending).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        // What failed as a whole comes last: the answers of requests that were under way are out by now.
        cancellationToken.ThrowIfCancellationRequested();
        await sending;
        await gathering;
    }

    private async Task GatherAsync(IAsyncEnumerable<Write> writes, ChannelWriter<Func<CancellationToken, Task<IReadOnlyList<WriteOutcome>>>> batches, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var write in writes.WithCancellation(cancellationToken))
            {
                switch (write.Kind)
                {
                    case WriteKind.Delete:
                        await AddAsync(_deletes, write, ZohoApi.WriteRows, writing.DeleteAsync);
                        break;
                    case WriteKind.Update:
                        await AddAsync(_updates, write, ZohoApi.WriteRows, writing.UpdateAsync);
                        break;
                    default:
                        await AddCreateAsync(write);
                        break;
                }
            }

            await FlushAsync(_deletes, writing.DeleteAsync);
            await FlushAsync(_updates, writing.UpdateAsync);
            if (IsMuch)
                await FlushAsync(_creates, bulk.WriteAsync);
            else
                await FlushCreatesAsync();
            batches.Complete();
        }
        catch (Exception exception)
        {
            // The senders end with what they have; the exception itself is awaited by the push.
            batches.TryComplete(exception is OperationCanceledException ? null : exception);
            throw;
        }

        async Task AddCreateAsync(Write write)
        {
            if (settings.BulkWriteFrom == 0 || !bulk.Fits)
                await AddAsync(_creates, write, ZohoApi.WriteRows, writing.CreateAsync);
            else
                await AddAsync(_creates, write, ZohoApi.BulkWriteRows, bulk.WriteAsync);
        }

        async Task FlushCreatesAsync()
        {
            foreach (var some in _creates.Chunk(ZohoApi.WriteRows).ToList())
                await batches.WriteAsync(token => writing.CreateAsync(some, token), cancellationToken);
            _creates.Clear();
        }

        async Task AddAsync(List<Write> open, Write write, int most, Func<IReadOnlyList<Write>, CancellationToken, Task<IReadOnlyList<WriteOutcome>>> send)
        {
            open.Add(write);
            if (open.Count >= most)
                await FlushAsync(open, send);
        }

        async Task FlushAsync(List<Write> open, Func<IReadOnlyList<Write>, CancellationToken, Task<IReadOnlyList<WriteOutcome>>> send)
        {
            if (open.Count == 0)
                return;
            Write[] batch = [.. open];
            open.Clear();
            await batches.WriteAsync(token => send(batch, token), cancellationToken);
        }
    }

    /// <summary>Whether the creates that are left over are worth a job.</summary>
    private bool IsMuch => bulk.Fits && settings.BulkWriteFrom > 0 && _creates.Count >= settings.BulkWriteFrom;

    private static async Task SendAsync(
        ChannelReader<Func<CancellationToken, Task<IReadOnlyList<WriteOutcome>>>> batches, ChannelWriter<WriteOutcome> outcomes, CancellationTokenSource noMore, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var batch in batches.ReadAllAsync(cancellationToken))
            {
                if (noMore.IsCancellationRequested)
                    return;
                foreach (var outcome in await batch(cancellationToken))
                    await outcomes.WriteAsync(outcome, cancellationToken);
            }
        }
        catch
        {
            // Nothing new is begun; what the other senders have sent is still answered.
            await noMore.CancelAsync();
            throw;
        }
    }
}

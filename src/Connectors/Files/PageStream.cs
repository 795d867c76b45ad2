using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Crm.Integration.Connectors.Files;

/// <summary>Runs a producer of pages on a task of its own, so that reading goes on while the consumer maps; a few pages ahead, no more.</summary>
internal static class PageStream
{
    private const int PagesAhead = 3;

    /// <typeparam name="T">A page.</typeparam>
    /// <param name="produce">Writes pages; its end, by return or exception, is the end of the stream.</param>
    /// <param name="cancellationToken">Ends both sides.</param>
    public static async IAsyncEnumerable<T> Of<T>(Func<ChannelWriter<T>, CancellationToken, Task> produce, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<T>(new BoundedChannelOptions(PagesAhead) { SingleReader = true, SingleWriter = true });
        // A consumer that stops early must stop the producer too, which otherwise waits for room for ever.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var producer = Task.Run(
            async () =>
            {
                Exception? failure = null;
                try
                {
                    await produce(channel.Writer, stop.Token);
                }
                catch (Exception exception)
                {
                    failure = exception;
                }

                channel.Writer.Complete(failure);
            },
            CancellationToken.None);
        try
        {
            await foreach (var page in channel.Reader.ReadAllAsync(cancellationToken))
                yield return page;
        }
        finally
        {
            await stop.CancelAsync();
            await producer;
        }
    }
}

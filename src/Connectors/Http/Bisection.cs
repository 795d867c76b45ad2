using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Http;

/// <summary>
/// Sends a batch that a system takes whole or not at all: when it is refused it is sent in halves, until the record at fault stands alone.
/// A bad record among n costs at most 2·log2 n calls more.
/// </summary>
public static class Bisection
{
    /// <summary>Sends a batch.</summary>
    /// <typeparam name="T">What is in it.</typeparam>
    /// <typeparam name="TOutcome">What becomes of each.</typeparam>
    /// <param name="batch">The batch.</param>
    /// <param name="send">Sends some of it, and answers for each, or throws.</param>
    /// <param name="isRefusal">Whether a failure means that the system took nothing because of what is in the batch.</param>
    /// <param name="refused">What became of the record that was refused alone.</param>
    /// <param name="cancellationToken">Ends it between requests.</param>
    /// <returns>The outcomes, in the batch's order.</returns>
    public static async Task<IReadOnlyList<TOutcome>> SendAsync<T, TOutcome>(
        IReadOnlyList<T> batch,
        Func<IReadOnlyList<T>, CancellationToken, Task<IReadOnlyList<TOutcome>>> send,
        Func<ConnectorException, bool> isRefusal,
        Func<T, ConnectorException, TOutcome> refused,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(send);
        ArgumentNullException.ThrowIfNull(isRefusal);
        ArgumentNullException.ThrowIfNull(refused);
        if (batch.Count == 0)
            return [];
        try
        {
            return await send(batch, cancellationToken);
        }
        catch (ConnectorException failure) when (isRefusal(failure))
        {
            if (batch.Count == 1)
                return [refused(batch[0], failure)];
        }

        var half = batch.Count / 2;
        var first = await SendAsync([.. batch.Take(half)], send, isRefusal, refused, cancellationToken);
        var second = await SendAsync([.. batch.Skip(half)], send, isRefusal, refused, cancellationToken);
        return [.. first, .. second];
    }
}

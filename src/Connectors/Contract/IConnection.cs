namespace Crm.Integration.Connectors.Contract;

/// <summary>
/// One configured account of a connector. It knows nothing of the store: what must be remembered between pulls travels
/// as cursors and receipts, which the hub saves in the transaction that stores the records they cover.
/// </summary>
public interface IConnection : IAsyncDisposable
{
    /// <summary>Whether the account can be used. Writes nothing to the system.</summary>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <returns>A line for each thing checked.</returns>
    Task<IReadOnlyList<CheckLine>> CheckAsync(CancellationToken cancellationToken);

    /// <summary>The streams, each with its fields; one broken stream does not hide the others.</summary>
    /// <param name="stream">Only this one, or null for all.</param>
    /// <param name="cancellationToken">Ends the discovery.</param>
    IAsyncEnumerable<StreamDescription> DiscoverAsync(string? stream, CancellationToken cancellationToken);

    /// <summary>The records of a stream, page by page; memory does not grow with their number.</summary>
    /// <param name="request">What to pull.</param>
    /// <param name="cancellationToken">Ends the pull between rows.</param>
    /// <exception cref="ConnectorException">The stream cannot be read, or not to its end.</exception>
    IAsyncEnumerable<Page> PullAsync(PullRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Takes writes and answers each exactly once, when it is durable at the system or refused, in any order.
    /// </summary>
    /// <param name="request">Where to push.</param>
    /// <param name="writes">The writes; read no faster than the system takes them.</param>
    /// <param name="cancellationToken">Ends the push; writes without an answer are sent again by the next run.</param>
    /// <exception cref="ConnectorException">The destination as a whole cannot be written.</exception>
    IAsyncEnumerable<WriteOutcome> PushAsync(PushRequest request, IAsyncEnumerable<Write> writes, CancellationToken cancellationToken);
}

/// <summary>One thing checked.</summary>
/// <param name="Subject">What: "folder in/", "customers.csv".</param>
/// <param name="Passed">Whether it is in order.</param>
/// <param name="Message">What was found; for a failure, also what to do.</param>
public sealed record CheckLine(string Subject, bool Passed, string Message)
{
    /// <summary>Whether the subject is a stream; of those, only the ones that pipelines use are shown.</summary>
    public bool IsStream { get; init; }
}
